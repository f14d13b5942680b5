"""Each hero stays in the region that is theirs, in every family of UNets."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from studio.adapters.wearing import wearing
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.rendering.conditioning import Conditioning
from studio.rendering.denoising import Denoising
from studio.rendering.drawing import Drawing, Region
from studio.rendering.guidance import Guidance
from studio.rendering.regions import Regions, masks
from studio.rendering.shortcuts import Shortcuts
from studio.settings import Settings, load_settings

ALL = (0.0, 0.0, 1.0, 1.0)
LEFT, RIGHT = (0.0, 0.0, 0.4, 1.0), (0.6, 0.0, 1.0, 1.0)
PLAIN = Drawing(
    prompt="a cat", negative="a dog", seed=4, width=128, height=128, steps=3, guidance=4.0, sampler="ddim", model="pocket",
    revision="", worn=(("may", "", 1.0), ("rex", "", 1.0), ("wool", "", 0.5)),
)  # fmt: skip


@pytest.fixture(params=["pocket", "sd15", "sdxl"])
def pipeline(request, tmp_path):
    if request.param == "pocket":
        request.getfixturevalue("tiny_pocket")
        return load_pipeline(base_model("pocket"), Settings(home=tmp_path, database_url=""))
    request.getfixturevalue("brought_models")
    return load_pipeline(base_model(request.param), load_settings())


@pytest.fixture
def worn(pipeline, tmp_path):
    return [(random_lora(pipeline.unet, tmp_path, seed), weight) for seed, weight in ((1, 1.0), (2, 1.0), (3, 0.5))]


def random_lora(unet, folder, seed):
    import torch
    from peft import LoraConfig

    from studio.adapters.tensors import save_adapter

    torch.manual_seed(seed)
    state = {}
    for name, module in unet.named_modules():
        if name.endswith(("to_q", "to_v", "conv1")):
            outputs, inputs, *kernel = module.weight.shape
            state[f"{name}.lora_A.weight"] = torch.randn(4, inputs, *kernel) / inputs
            state[f"{name}.lora_B.weight"] = torch.randn(outputs, 4, *[1 for _ in kernel])
    return save_adapter(folder / f"{seed}.safetensors", state, LoraConfig(r=4, lora_alpha=4))


def latents(pipeline, seed=0):
    import torch

    rows = torch.randn(1, pipeline.unet.config.in_channels, 32, 32, generator=torch.Generator().manual_seed(seed))
    return rows, torch.tensor(500)


def predicted(pipeline, clothes, drawing, where=Regions, **options):
    import torch

    chosen = partial(where, clothes=clothes, **options) if where is Regions else where
    with torch.inference_mode():
        return chosen(pipeline, Conditioning(pipeline), [drawing])(*latents(pipeline), 0)


def test_one_region_that_covers_everything_is_plain_wearing(pipeline, worn):
    alone = replace(PLAIN, regions=(Region("may", ALL),))
    with wearing(pipeline.unet, worn) as clothes:
        clothes.only({0, 1, 2})
        usual = predicted(pipeline, clothes, PLAIN, Guidance)
        clothes.only({0, 2})
        without = predicted(pipeline, clothes, PLAIN, Guidance)
        confined = predicted(pipeline, clothes, alone)
    assert not usual.equal(without)
    # rex has no region here and acts everywhere
    assert confined.equal(usual)


def test_outside_of_its_box_a_hero_changes_not_one_bit_of_the_prediction(pipeline, worn):
    two = replace(PLAIN, regions=(Region("may", LEFT), Region("rex", RIGHT)))
    with wearing(pipeline.unet, worn) as clothes:
        both = predicted(pipeline, clothes, two)
        clothes.only({2})
        outside = predicted(pipeline, clothes, PLAIN, Guidance)
        clothes.only({0, 2})
        may = predicted(pipeline, clothes, PLAIN, Guidance)
    middle, far_left = slice(15, 17), slice(0, 10)
    assert both[..., middle].equal(outside[..., middle])
    assert both[..., far_left].equal(may[..., far_left])
    assert not may[..., middle].equal(outside[..., middle])


def test_a_region_is_told_its_own_words(pipeline, worn):
    told = replace(PLAIN, regions=(Region("may", LEFT, "a girl"), Region("rex", RIGHT)))
    with wearing(pipeline.unet, worn) as clothes:
        both = predicted(pipeline, clothes, told)
        clothes.only({0, 2})
        girl = predicted(pipeline, clothes, replace(PLAIN, prompt="a girl"), Guidance)
    assert both[..., :10].equal(girl[..., :10])


def test_a_region_may_be_asked_about_the_picture_moved_to_the_side(pipeline, worn):
    import torch

    moved = replace(PLAIN, regions=(Region("may", LEFT, shift=0.25), Region("rex", RIGHT)))
    with wearing(pipeline.unet, worn) as clothes:
        both = predicted(pipeline, clothes, moved)
        clothes.only({0, 2})
        rows, time = latents(pipeline)
        with torch.inference_mode():
            there = Guidance(pipeline, Conditioning(pipeline), [PLAIN])(rows.roll(8, 3), time, 0).roll(-8, 3)
    assert both[..., :10].equal(there[..., :10])


def test_closing_midway_leaves_the_base_bit_identical(pipeline, worn):
    before = {name: tensor.clone() for name, tensor in pipeline.unet.state_dict().items()}
    two = replace(PLAIN, regions=(Region("may", LEFT), Region("rex", RIGHT)))
    with wearing(pipeline.unet, worn) as clothes:
        denoising = iter(
            Denoising(pipeline, Conditioning(pipeline), [two], predictor=partial(Regions, clothes=clothes))
        )
        next(denoising)
    assert all(tensor.equal(before[name]) for name, tensor in pipeline.unet.state_dict().items())


@pytest.mark.parametrize("pipeline", ["pocket"], indirect=True)
def test_pictures_with_the_same_regions_are_drawn_together_as_alone(pipeline, worn):
    regions = tuple(Region(name, box) for name, box in (("may", LEFT), ("rex", RIGHT)))
    told = [replace(PLAIN, regions=regions, prompt=prompt, seed=seed) for seed, prompt in enumerate(("a cat", "a boy"))]
    with wearing(pipeline.unet, worn) as clothes:
        ways = [Denoising(pipeline, Conditioning(pipeline), some, predictor=partial(Regions, clothes=clothes))
                for some in (told, told[:1], told[1:])]  # fmt: skip
        pixels = [picture for way in ways if list(way) for picture in way.pixels()]
    assert max(float((pixels[at] - pixels[at + 2]).abs().max()) for at in (0, 1)) < 1e-4


@pytest.mark.parametrize("pipeline", ["pocket"], indirect=True)
def test_fast_drawings_have_regions_too(pipeline, worn):
    fast = replace(PLAIN, fast=True, steps=8, regions=(Region("may", LEFT), Region("rex", RIGHT)))
    with wearing(pipeline.unet, worn) as clothes:
        way = partial(Regions, clothes=clothes, predictor=Shortcuts)
        denoising = Denoising(pipeline, Conditioning(pipeline), [fast], predictor=way)
        assert list(denoising) == list(range(1, 9))
    assert next(denoising.pixels()).isfinite().all()


def test_weights_that_change_midway_change_in_every_region(pipeline, worn):
    alone = replace(PLAIN, regions=(Region("may", ALL),))
    with wearing(pipeline.unet, worn) as clothes:
        way = Regions(pipeline, Conditioning(pipeline), [alone], clothes)
        clothes.weigh([0.2, 0.0, 0.9])
        later = way(*latents(pipeline), 0)
        clothes.only({0, 1, 2})
        usual = predicted(pipeline, clothes, PLAIN, Guidance)
    assert later.equal(usual)


def test_the_masks_of_regions_and_of_the_rest_sum_to_one():
    boxes = [(0.0, 0.0, 0.5, 1.0), (0.4, 0.2, 1.0, 0.9), (0.3, 0.0, 0.6, 0.5)]
    found = masks(boxes, 32, 48)
    assert found.shape == (4, 32, 48)
    assert (found >= 0).all()
    assert (found.sum(0) - 1).abs().max() < 1e-6


def test_a_mask_is_hard_at_the_edge_of_the_picture_and_soft_within():
    left, outside = masks([(0.0, 0.0, 0.5, 1.0)], 4, 16, soft=4.0)
    assert left[0].tolist() == [1.0] * 6 + [0.875, 0.625, 0.375, 0.125] + [0.0] * 6
    assert outside[0, 15] == 1.0
