"""Shared parts of the tests: a home of their own, a workshop in it, and tiny models of the real classes."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

# One thread for each of the two processes that share the tests. With two each, threads wait for one another turning in circles,
# and two tests that compute at once take ten times as long; on the two halves of one core a second thread gains nothing anyway.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_OFFLINE"] = "1"
TESTS = Path(__file__).parent


def pytest_collection_finish() -> None:
    """Seven thousand tests are half a million objects, which stay to the end: no need to look through them at each collection."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_main():
    """The tests' own main module once more after each: a screen that is tried takes its place, and a process that is begun later would
    look for the file of that screen, which is gone."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh user folder that STUDIO_HOME points to."""
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("STUDIO_DATABASE_URL", raising=False)
    return tmp_path / "home"


@pytest.fixture(scope="session")
def postgres():
    """A real Postgres server of the tests' own; `stop` and `start` cut it off and bring it back."""
    from tests.postgres import running_postgres

    with running_postgres() as server:
        yield server


@pytest.fixture
def shared_home(home: Path, postgres, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home whose jobs are kept in a fresh database of that server, for several workers."""
    monkeypatch.setenv("STUDIO_DATABASE_URL", postgres.new_database())
    return home


@pytest.fixture
def workshop(home: Path):
    """A workshop in the fresh home."""
    from studio.workshop import Workshop

    return Workshop()


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved pipeline of the real classes with random weights of the smallest sizes: draws noise in milliseconds."""
    import torch
    from diffusers import AutoencoderTiny, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    from studio.pocket.schedule import new_schedule
    from studio.pocket.text import MAX_TOKENS, train_tokenizer

    folder = tmp_path_factory.mktemp("tiny") / "pocket"
    torch.manual_seed(0)
    tokenizer = train_tokenizer(folder / "tokenizer", captions=200)
    words = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=MAX_TOKENS,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
    )
    StableDiffusionPipeline(
        vae=AutoencoderTiny(
            encoder_block_out_channels=(8,) * 5,
            decoder_block_out_channels=(8,) * 5,
            num_encoder_blocks=(0, 1, 1, 1, 1),
            num_decoder_blocks=(1, 1, 1, 1, 0),
            latent_channels=16,
        ),
        text_encoder=CLIPTextModel(words),
        tokenizer=tokenizer,
        unet=UNet2DConditionModel(
            sample_size=16,
            in_channels=16,
            out_channels=16,
            layers_per_block=1,
            block_out_channels=(32, 64),
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=32,
            attention_head_dim=8,
        ),
        scheduler=new_schedule(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder)
    return folder


@pytest.fixture
def tiny_pocket(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny model stands in the place of pocket, through the same setting that a person may use."""
    monkeypatch.setenv("STUDIO_POCKET", str(tiny_folder))
    return tiny_folder


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders `sd15` and `sdxl`: random numbers in the layout of both, as a person would bring them."""
    import torch
    from diffusers import (
        AutoencoderKL,
        EulerDiscreteScheduler,
        PNDMScheduler,
        StableDiffusionPipeline,
        StableDiffusionXLPipeline,
    )
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("models")
    tokenizer, text = _letters(folder / "letters"), _text_config()
    vae = AutoencoderKL(
        block_out_channels=(32,) * 4,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
    )
    StableDiffusionPipeline(
        vae=vae,
        text_encoder=CLIPTextModel(text),
        tokenizer=tokenizer,
        unet=_tiny_unet(cross_attention_dim=32),
        scheduler=PNDMScheduler.from_config(
            {"beta_schedule": "scaled_linear", "skip_prk_steps": True, "steps_offset": 1, "clip_sample": False}
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder / "sd15")
    StableDiffusionXLPipeline(
        vae=vae,
        text_encoder=CLIPTextModel(text),
        text_encoder_2=CLIPTextModelWithProjection(text),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=_tiny_unet(
            cross_attention_dim=64,
            transformer_layers_per_block=2,
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=32 + 6 * 8,
        ),
        scheduler=EulerDiscreteScheduler(beta_schedule="scaled_linear"),
    ).save_pretrained(folder / "sdxl")
    return folder


@pytest.fixture
def brought_models(tiny_models: Path, home: Path) -> Path:
    """Both tiny models where a person's own stand."""
    return shutil.copytree(tiny_models, home / "models")


@pytest.fixture
def tiny_styles(home: Path, tiny_pocket: Path) -> None:
    """The tiny model, and a style of the id that ships which it can wear: a few steps on plain colours."""
    import torch
    from peft import LoraConfig

    from studio.adapters.card import AdapterCard
    from studio.adapters.shelf import Shelf
    from studio.adapters.tensors import save_adapter
    from studio.settings import load_settings

    torch.manual_seed(3)
    module = "mid_block.attentions.0.transformer_blocks.0.attn1.to_v"
    state = {f"{module}.lora_A.weight": torch.randn(4, 64), f"{module}.lora_B.weight": torch.randn(64, 4)}
    path = save_adapter(home / "made.safetensors", state, LoraConfig(r=4, lora_alpha=4), "pocket")
    card = AdapterCard(
        id="watercolour", title="Mine", kind="style", base_model="pocket", rank=4, alpha=4.0, trigger="wet paint"
    )
    Shelf(load_settings()).put(card, path)


@pytest.fixture(scope="session")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `clip`: random numbers in the layout of transformers, as a person would bring it to `models`."""
    import torch
    from transformers import CLIPConfig, CLIPModel

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("judges") / "clip"
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    text = sizes | {"vocab_size": 514, "bos_token_id": 512, "eos_token_id": 513, "pad_token_id": 513}
    seen = sizes | {"image_size": 32, "patch_size": 8}
    CLIPModel(CLIPConfig(text_config=text, vision_config=seen, projection_dim=12)).save_pretrained(folder)
    _letters(folder / "letters").save_pretrained(folder)
    return folder


def _tiny_unet(**options: Any) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=8,
        **options,
    )


def _text_config() -> Any:
    from transformers import CLIPTextConfig

    return CLIPTextConfig(
        vocab_size=514,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        projection_dim=32,
        max_position_embeddings=77,
        bos_token_id=512,
        eos_token_id=513,
        pad_token_id=513,
    )


def _letters(folder: Path) -> Any:
    """A tokenizer that knows single letters only."""
    from transformers import CLIPTokenizer
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    folder.mkdir()
    letters = list(bytes_to_unicode().values())
    words = letters + [letter + "</w>" for letter in letters] + ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer(vocab=str(folder / "vocab.json"), merges=str(folder / "merges.txt"), model_max_length=77)
