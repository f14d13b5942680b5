"""Pictures are drawn together where they can be, and never look at one another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.rendering.batching import alike, groups, portions
from studio.rendering.conditioning import Conditioning
from studio.rendering.denoising import Denoising
from studio.rendering.drawing import Drawing
from studio.rendering.samplers import SAMPLERS
from studio.settings import Settings

CAT = Drawing(
    prompt="a cat", negative="", seed=1, width=64, height=64, steps=4, guidance=5.0, sampler="ddim", model="pocket",
    revision="",
)  # fmt: skip
DOG = replace(CAT, prompt="a dog", negative="rain", seed=7, guidance=3.0)


@pytest.fixture(scope="module")
def studio(tiny_folder, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_POCKET", str(tiny_folder))
        pipeline = load_pipeline(base_model("pocket"), Settings(home=tmp_path_factory.mktemp("home"), database_url=""))
        yield pipeline, Conditioning(pipeline)


def pixels(studio, *drawings):
    denoising = Denoising(*studio, drawings)
    assert list(denoising) == [1, 2, 3, 4]
    return list(denoising.pixels())


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_neighbours_change_no_bit_and_company_hardly_any(studio, sampler, fast):
    import torch

    cat, dog = (replace(one, sampler=sampler, fast=fast) for one in (CAT, DOG))
    (alone,) = pixels(studio, cat)
    first, other = pixels(studio, cat, dog), pixels(studio, cat, replace(dog, prompt="a fish", seed=9))
    assert torch.equal(first[0], other[0])
    assert -10 * torch.log10((first[0] - alone).square().mean() + 1e-12) > 45  # decibels of PSNR
    assert not torch.allclose(first[1], other[1])


def test_a_batch_is_of_pictures_that_take_the_same_steps():
    jobs = [CAT, replace(CAT, width=128), DOG, replace(CAT, guidance=1.0), replace(CAT, steps=5), CAT]
    assert [len(group) for group in groups(jobs, alike)] == [3, 1, 1, 1]


@pytest.mark.parametrize(
    ("count", "most", "sizes"), [(8, 8, [8]), (9, 8, [5, 4]), (3, 1, [1, 1, 1]), (5, 2, [2, 2, 1])]
)
def test_portions_are_about_even(count, most, sizes):
    assert [len(some) for some in portions(range(count), most)] == sizes
