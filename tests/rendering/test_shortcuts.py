"""Fast pictures leave out what a timetable says, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.errors import BadInput
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.rendering.conditioning import Conditioning
from studio.rendering.denoising import Denoising
from studio.rendering.drawing import Drawing
from studio.rendering.pace import check_pace, paced
from studio.rendering.shortcuts import Shortcuts, SplitUNet, Timetable
from studio.settings import Settings

ALL = Timetable(whole=99, guided=1.0)
KEYS = ("pocket", "sd15", "sdxl")


@pytest.fixture(scope="module", params=KEYS)
def studio(request, tiny_folder: Path, tiny_models: Path, tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(tiny_models)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_POCKET", str(tiny_folder))
        pipeline = load_pipeline(base_model(request.param), Settings(home=home, database_url=""))
        yield pipeline, Conditioning(pipeline)


def cat(guidance: float = 5.0, **more) -> Drawing:
    numbers = {"seed": 3, "width": 64, "height": 64, "steps": 6, "sampler": "ddim", "model": "pocket", "revision": ""}
    return Drawing(prompt="a cat", negative="a dog", guidance=guidance, **numbers, **more)


def drawn(studio, drawing: Drawing, table: Timetable | None):
    predictor = (lambda *told: Shortcuts(*told, table)) if table else None
    denoising = Denoising(*studio, [drawing], predictor=predictor)
    assert len(list(denoising)) == drawing.steps
    return next(denoising.pixels())


@pytest.mark.parametrize("guidance", [1.0, 5.0])
def test_with_nothing_left_out_it_is_the_exact_picture(studio, guidance):
    assert drawn(studio, cat(guidance), ALL).equal(drawn(studio, cat(guidance), None))


@pytest.mark.parametrize("table", [Timetable(2, 2, 1.0), Timetable(99, 1, 0.5), Timetable(1, 3, 0.5, layers=1)])
def test_what_is_left_out_changes_the_picture(studio, table):
    fast, exact = drawn(studio, cat(), table), drawn(studio, cat(), None)
    assert fast.isfinite().all()
    assert not fast.equal(exact)


@pytest.mark.parametrize("layers", [1, 2, 9])
def test_the_last_layers_continue_from_the_features_as_the_whole_network_does(studio, layers):
    import torch

    pipeline, words = studio
    inputs, split = words.inputs([cat()]), SplitUNet(pipeline.unet, layers)
    latents = torch.randn(2, pipeline.unet.config.in_channels, 8, 8)
    with torch.inference_mode():
        plain = pipeline.unet(latents, torch.tensor(500), **inputs, return_dict=False)[0]
        whole, deep = split.whole(latents, torch.tensor(500), **inputs)
        outer = split.outer(latents, torch.tensor(500), deep, **inputs)
    assert whole.equal(plain)
    assert outer.equal(plain)


def test_a_timetable_begins_with_whole_steps_and_takes_turns_after_them():
    table = Timetable(whole=3, every=2, guided=0.5)
    assert [table.is_whole(step) for step in range(8)] == [True, True, True, False, True, False, True, False]
    assert [table.is_guided(step, 8) for step in range(8)] == [True] * 4 + [False] * 4


def test_each_pace_has_its_numbers_and_exact_changes_nothing():
    pocket, asked = base_model("pocket"), cat()
    fast, draft = paced(asked, "fast", pocket), paced(asked, "draft", pocket)
    assert paced(asked, "exact", pocket) == asked
    assert (fast.fast, fast.steps < asked.steps, fast.guidance) == (True, True, asked.guidance)
    assert (draft.draft, draft.steps, draft.guidance) == (True, 4, 1.0)
    assert paced(asked, "draft", base_model("sd15")) == asked  # it has no drafts
    assert len({one.key for one in (asked, fast, draft)}) == 3


def test_an_unknown_pace_is_refused_with_those_there_are():
    with pytest.raises(BadInput, match="'warp'.*exact, fast, draft"):
        check_pace("warp")


def test_a_fast_picture_has_another_key_than_an_exact_one():
    assert replace(cat(), fast=True).key != cat().key
