"""Shared parts of the tests: a home of their own, a workshop in it, and a tiny model of the real classes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh user folder that STUDIO_HOME points to."""
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("STUDIO_DATABASE_URL", raising=False)
    return tmp_path / "home"


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
