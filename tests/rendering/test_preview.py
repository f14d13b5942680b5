"""Whoever waits has something to look at, which is gone when the picture is there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from studio.models.loading import load_pipeline, model_revision
from studio.models.table import base_model
from studio.rendering.conditioning import Conditioning
from studio.rendering.denoising import Denoising
from studio.rendering.drawing import Drawing
from studio.rendering.illustrator import DRAFTS, Illustrator
from studio.rendering.preview import preview_of
from studio.settings import Settings

POCKET = base_model("pocket")


@pytest.fixture
def settings(tiny_pocket: Path, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", database_url="")


@pytest.fixture
def cat(settings: Settings) -> Drawing:
    return Drawing(
        prompt="a cat", negative="", seed=1, width=64, height=64, steps=3, guidance=5.0, sampler="ddim", model="pocket",
        revision=model_revision(POCKET, settings),
    )  # fmt: skip


@pytest.fixture
def drafting(settings: Settings, tiny_folder: Path) -> Iterator[None]:
    """The tiny model can draw drafts."""
    drafts = tiny_folder / DRAFTS
    drafts.parent.mkdir()
    shutil.copy(lora(settings), drafts)
    yield
    shutil.rmtree(drafts.parent)


@pytest.mark.usefixtures("drafting")
def test_rough_pictures_of_all_come_before_the_first_and_go_with_each(settings, cat, tmp_path):
    names, seen = ["1.png", "2.png"], set()
    for step in Illustrator(POCKET, settings).draw([cat, replace(cat, seed=2)], tmp_path, names, previews=True):
        if step.note == "step 1 of 3":
            seen = {path.name for path in (tmp_path / "previews").iterdir()}
    assert seen == {"1.jpg", "2.jpg"}
    assert not list((tmp_path / "previews").iterdir())


@pytest.mark.usefixtures("drafting")
def test_memory_that_is_short_for_previews_goes_on_to_the_pictures(settings, cat, tmp_path):
    def load(*told: Any) -> Any:
        pipeline = load_pipeline(*told)
        pipeline.unet.register_forward_pre_hook(refuse_once)
        return pipeline

    def refuse_once(unet: Any, seen: Any) -> None:
        if refused:
            raise refused.pop()

    refused = [torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")]
    list(Illustrator(POCKET, settings, load).draw([cat], tmp_path, ["1.png"], previews=True))
    assert not refused
    assert (tmp_path / "1.png").is_file()


def test_a_model_without_drafts_draws_without_them(settings, cat, tmp_path):
    list(Illustrator(POCKET, settings).draw([cat], tmp_path, ["1.png"], previews=True))
    assert (tmp_path / "1.png").is_file()
    assert not preview_of(tmp_path / "1.png").exists()


def test_a_preview_is_small_whatever_the_picture(settings, cat):
    pipeline = load_pipeline(POCKET, settings)
    for side, shown in ((64, 64), (512, 256)):
        denoising = Denoising(pipeline, Conditioning(pipeline), [replace(cat, width=side, height=side)])
        next(iter(denoising))
        assert denoising.preview().shape == (shown, shown, 3)


def lora(settings: Settings) -> Path:
    import torch
    from peft import LoraConfig

    from studio.adapters.tensors import save_adapter

    module = "mid_block.attentions.0.transformer_blocks.0.attn1.to_v"
    state = {f"{module}.lora_A.weight": torch.randn(4, 64), f"{module}.lora_B.weight": torch.randn(64, 4)}
    return save_adapter(settings.home / "drafts.safetensors", state, LoraConfig(r=4, lora_alpha=4), "pocket")
