"""The denoising loop draws what diffusers' own pipeline draws, and holds nothing of the caller's between steps."""

from __future__ import annotations

import pytest

from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.rendering.conditioning import Conditioning
from studio.rendering.denoising import Denoising
from studio.rendering.drawing import Drawing
from studio.rendering.samplers import SAMPLERS, make_sampler
from studio.settings import Settings


@pytest.fixture
def pipeline(tiny_pocket, tmp_path):
    return load_pipeline(base_model("pocket"), Settings(home=tmp_path, database_url=""))


def drawing(sampler="ddim", prompt="a cat"):
    numbers = {"seed": 4, "width": 64, "height": 96, "steps": 4, "guidance": 5.0, "sampler": sampler}
    return Drawing(prompt=prompt, negative="a dog", model="pocket", revision="", **numbers)


# With Karras' steps two times of pocket's schedule fall together, and diffusers' own pipeline looks for the wrong one.
@pytest.mark.parametrize("sampler", [name for name in SAMPLERS if "karras" not in name])
def test_it_draws_what_diffusers_draws(pipeline, sampler):
    import torch

    denoising = Denoising(pipeline, Conditioning(pipeline), [drawing(sampler)])
    assert list(denoising) == [1, 2, 3, 4]
    pipeline.scheduler = make_sampler(sampler, pipeline.scheduler.config)
    sizes = {"num_inference_steps": 4, "guidance_scale": 5.0, "width": 64, "height": 96, "output_type": "pt"}
    plain = pipeline("a cat", negative_prompt="a dog", generator=torch.Generator().manual_seed(4), **sizes).images[0]
    assert (next(denoising.pixels()) - plain.permute(1, 2, 0)).abs().max() < 1e-4


def test_gradients_are_as_before_between_two_steps(pipeline):
    import torch

    for _ in Denoising(pipeline, Conditioning(pipeline), [drawing()]):
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()


def test_a_text_is_encoded_once(pipeline):
    words = Conditioning(pipeline)
    assert words.read("a cat") is words.read("a cat")
    assert words.read("a cat") is not words.read("a dog")


def test_words_beyond_the_limit_are_left_out(pipeline):
    reading = Conditioning(pipeline).read("cat " * 500)
    assert reading.tokens.shape[1] == pipeline.tokenizer.model_max_length
