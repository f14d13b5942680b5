"""Stable Diffusion 1.5 and XL, brought by a person, learn through the same trainer, and what they learnt can be taken away."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline

from studio.adapters.card import AdapterCard
from studio.adapters.wearing import wearing
from studio.models.table import base_model
from studio.progress import Work, finish
from studio.settings import load_settings
from studio.training import recipe
from studio.training.subject import train_subject

PIPELINES = {"sd15": StableDiffusionPipeline, "sdxl": StableDiffusionXLPipeline}
STEPS = 12

pytestmark = [pytest.mark.usefixtures("brought_models"), pytest.mark.parametrize("key", PIPELINES)]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(recipe.STEPS, "draft", STEPS * 4 // 3)  # × 0.75, because there are four photos


def train(key: str, photos: tuple[Path, ...], card: AdapterCard, folder: Path, resume: bool = False) -> Work[Path]:
    own = replace(card, base_model=key, rank=4, alpha=6.0)
    return train_subject(photos, own, base_model(key), load_settings(), folder, effort="draft", resume=resume)


def said(unet: Any) -> torch.Tensor:
    source = torch.Generator().manual_seed(7)
    noise = torch.randn(2, 4, 8, 8, generator=source)
    words = torch.randn(2, 5, unet.config.cross_attention_dim, generator=source)
    more = {"text_embeds": torch.randn(2, 32, generator=source), "time_ids": torch.full((2, 6), 64.0)}
    with torch.no_grad():
        return unet(noise, 500, words, added_cond_kwargs=more).sample


def test_what_a_brought_model_learnt_is_worn_here_and_in_plain_diffusers(
    key: str, photos: tuple[Path, ...], may: AdapterCard, tmp_path: Path, brought_models: Path
) -> None:
    path = finish(train(key, photos, may, tmp_path / "adapter"))
    report = json.loads((path.parent / "report.json").read_text())
    assert (report["model"], report["steps"]) == (key, STEPS)
    pipeline = PIPELINES[key].from_pretrained(brought_models / key, local_files_only=True, use_safetensors=True)
    bare = said(pipeline.unet)
    with wearing(pipeline.unet, [(path, 1.0)]):
        here = said(pipeline.unet)
    pipeline.load_lora_weights(path)
    assert (said(pipeline.unet) - here).abs().max() < 1e-5 < (here - bare).abs().max()


@pytest.mark.slow
def test_a_brought_model_goes_on_to_the_very_same_numbers_wherever_it_was_stopped(
    key: str, photos: tuple[Path, ...], may: AdapterCard, tmp_path: Path
) -> None:
    whole = finish(train(key, photos, may, tmp_path / "whole"))
    for stops in ((1,), (3, 4, 11), (STEPS,)):
        folder = tmp_path / str(stops)
        for stop in stops:
            work = train(key, photos, may, folder, resume=True)
            next(step for step in work if step.done == stop)
            work.close()
        assert finish(train(key, photos, may, folder, resume=True)).read_bytes() == whole.read_bytes()
