"""What the studio teaches can be taken elsewhere: plain diffusers opens the file and draws with it at full strength."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from studio.adapters.card import AdapterCard
from studio.adapters.tensors import METADATA, NO_WORDS, read_adapter, save_adapter
from studio.adapters.wearing import wearing
from studio.models.table import base_model
from studio.training.lora import factors, put_on
from studio.training.recipe import TARGETS, subject_recipe

PIPELINES = {"sd15": StableDiffusionPipeline, "sdxl": StableDiffusionXLPipeline}
ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
FORWARD = (*ATTENTION, "ff.net.0.proj", "ff.net.2")
SETS = {
    "attention": ATTENTION,
    "feed-forward": FORWARD,
    "convolutions": (*FORWARD, "conv1", "conv2", "conv_shortcut"),
    "projections": ("to_k", "to_q", "to_v", "to_out.0", "proj_in", "proj_out", "conv1", "conv2"),
    "times": (*FORWARD, "conv1", "conv2", "conv_shortcut", "time_emb_proj"),
    "as taught": TARGETS["sd"],
}
ROUNDING = 1e-5  # of numbers up to about 3, in float32


@pytest.fixture(scope="module", params=PIPELINES)
def pipeline(request: pytest.FixtureRequest, tiny_models: Path) -> Any:
    """Plain diffusers, as anybody opens a model."""
    key = request.param
    return PIPELINES[key].from_pretrained(tiny_models / key, local_files_only=True, use_safetensors=True)


def said(unet: torch.nn.Module) -> torch.Tensor:
    """The UNet's answer to noise that is always the same."""
    source = torch.Generator().manual_seed(7)
    noise = torch.randn(2, 4, 8, 8, generator=source)
    words = torch.randn(2, 5, unet.config.cross_attention_dim, generator=source)
    more = {"text_embeds": torch.randn(2, 32, generator=source), "time_ids": torch.full((2, 6), 64.0)}
    with torch.no_grad():
        return unet.eval()(noise, 500, words, added_cond_kwargs=more).sample


def taught(
    unet: Any, path: Path, targets: tuple[str, ...], rank: int, alpha: float, words: Mapping[str, str] = NO_WORDS
) -> torch.Tensor:
    """Writes a LoRA of random numbers as a training does and gives the UNet's answer while it is still put on."""
    card = AdapterCard(id="may", title="May", kind="subject", base_model="", rank=rank, alpha=alpha, trigger="may")
    recipe = subject_recipe("draft", 4, base_model("sd15"), flip=False)
    config = put_on(unet, card, replace(recipe, targets=targets), seed=1)
    torch.manual_seed(2)
    for factor in factors(unet).values():
        torch.nn.init.normal_(factor, std=0.05)
    save_adapter(path, factors(unet), config, "sd15", words)
    return said(unet)


@pytest.mark.parametrize(("rank", "alpha"), [(12, 24.0), (4, 2.0)], ids=["twice", "half"])
@pytest.mark.parametrize("targets", SETS.values(), ids=SETS)
def test_plain_diffusers_draws_with_the_file_as_the_training_did(
    pipeline: Any, tmp_path: Path, targets: tuple[str, ...], rank: int, alpha: float
) -> None:
    unet, path = pipeline.unet, tmp_path / "adapter.safetensors"
    bare, live = said(unet), taught(deepcopy(unet), path, targets, rank, alpha)
    assert (live - bare).abs().max() > 1e-3
    with wearing(unet, [(path, 1.0)]):
        assert (said(unet) - live).abs().max() < ROUNDING
    pipeline.load_lora_weights(path)
    assert torch.equal(said(unet), live)
    pipeline.unload_lora_weights()
    assert torch.equal(said(unet), bare)


def test_each_documented_way_of_diffusers_gives_full_strength(pipeline: Any, tmp_path: Path) -> None:
    unet, path = pipeline.unet, tmp_path / "adapter.safetensors"
    live = taught(deepcopy(unet), path, TARGETS["pocket"], 12, 24.0)
    for load in (
        lambda: pipeline.load_lora_weights(tmp_path, weight_name=path.name),
        lambda: unet.load_lora_adapter(tmp_path, weight_name=path.name, prefix="unet"),
        lambda: unet.load_lora_adapter(path, prefix="unet", use_safetensors=True),
    ):
        load()
        assert torch.equal(said(unet), live)
        pipeline.unload_lora_weights()


def test_a_file_of_an_older_studio_is_worn_as_before(pipeline: Any, tmp_path: Path) -> None:
    unet, path, old = pipeline.unet, tmp_path / "adapter.safetensors", tmp_path / "old.safetensors"
    live = taught(deepcopy(unet), path, TARGETS["pocket"], 12, 24.0)
    bare = {name.removeprefix("unet."): tensor for name, tensor in load_file(path).items()}
    words = {key.removeprefix("unet."): value for key, value in json.loads(header(path)[METADATA]).items()}
    save_file(bare, old, {METADATA: json.dumps(words)})
    with wearing(unet, [(old, 1.0)]):
        assert (said(unet) - live).abs().max() < ROUNDING


def test_the_header_says_what_it_is_given_and_the_bytes_stay_the_same(pipeline: Any, tmp_path: Path) -> None:
    words = {"modelspec.title": "Bé Mây", "modelspec.sai_model_spec": "1.0.1", "modelspec.trigger_phrase": "may"}
    files = [tmp_path / f"{number}.safetensors" for number in range(4)]
    for file in files:
        taught(deepcopy(pipeline.unet), file, ATTENTION, 4, 2.0, words)
        words = dict(reversed(words.items()))
    assert len({file.read_bytes() for file in files}) == 1
    said_of_it = header(files[0])
    assert words.items() <= said_of_it.items() and said_of_it.keys() == {*words, "format", METADATA}
    assert files[0].stat().st_size % 8 == 0 and read_adapter(files[0], pipeline.unet)


def header(path: Path) -> dict[str, str]:
    with safe_open(path, framework="pt") as file:
        return file.metadata()
