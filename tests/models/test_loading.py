"""Base models load from local safetensors only, by classes named in the code, and are known by their weights."""

from __future__ import annotations

import json
import shutil

import pytest

from studio.errors import BadInput, NotReady
from studio.models.loading import load_pipeline, model_revision
from studio.models.table import base_model
from studio.rendering.conditioning import Conditioning
from studio.rendering.denoising import Denoising
from studio.rendering.drawing import Drawing


def test_the_embedded_model_loads_frozen_and_precise(tiny_pocket, settings, monkeypatch):
    import torch

    monkeypatch.setenv("STUDIO_POCKET", str(tiny_pocket))
    pipeline = load_pipeline(base_model("pocket"), settings)
    assert {part.dtype for part in (pipeline.unet, pipeline.vae, pipeline.text_encoder)} == {torch.float32}
    assert not pipeline.unet.training
    assert not any(parameter.requires_grad for parameter in pipeline.unet.parameters())


def test_only_the_unet_takes_another_precision(tiny_pocket, settings, monkeypatch):
    import torch

    monkeypatch.setenv("STUDIO_POCKET", str(tiny_pocket))
    pipeline = load_pipeline(base_model("pocket"), settings, torch.bfloat16)
    assert (pipeline.unet.dtype, pipeline.vae.dtype) == (torch.bfloat16, torch.float32)


def test_the_revision_changes_with_one_bit_of_the_weights(tiny_pocket, settings, monkeypatch, tmp_path):
    copy = tmp_path / "pocket"
    shutil.copytree(tiny_pocket, copy)
    monkeypatch.setenv("STUDIO_POCKET", str(copy))
    first = model_revision(base_model("pocket"), settings)
    weights = copy / "vae" / "diffusion_pytorch_model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 1
    weights.write_bytes(raw)
    assert len(first) == 12
    assert model_revision(base_model("pocket"), settings) != first


def test_a_missing_model_says_how_to_bring_it(settings):
    with pytest.raises(NotReady, match=r"'stabilityai/stable-diffusion-xl-base-1.0'.*a folder named 'sdxl'"):
        model_revision(base_model("sdxl"), settings)


def test_missing_pocket_weights_are_told(settings, monkeypatch, tmp_path):
    monkeypatch.setenv("STUDIO_POCKET", str(tmp_path))
    with pytest.raises(NotReady, match="pocket model are missing"):
        load_pipeline(base_model("pocket"), settings)


@pytest.mark.parametrize("guidance", [1.0, 6.0])
def test_a_brought_sdxl_draws_what_diffusers_draws(tiny_sdxl, settings, guidance):
    import torch
    from diffusers import DDIMScheduler

    pipeline = load_pipeline(base_model("sdxl"), settings)
    numbers = {"seed": 4, "width": 64, "height": 64, "steps": 3, "guidance": guidance, "sampler": "ddim"}
    drawing = Drawing(prompt="a cat", negative="", model="sdxl", revision="", **numbers)
    denoising = Denoising(pipeline, Conditioning(pipeline), [drawing])
    assert list(denoising) == [1, 2, 3]
    pipeline.scheduler = DDIMScheduler.from_config(pipeline.scheduler.config)
    sizes = {"num_inference_steps": 3, "guidance_scale": guidance, "width": 64, "height": 64, "output_type": "pt"}
    plain = pipeline("a cat", generator=torch.Generator().manual_seed(4), **sizes).images[0].permute(1, 2, 0)
    assert (next(denoising.pixels()) - plain).abs().max() < 1e-4


def test_pickled_weights_are_not_opened(tiny_sdxl, settings):
    (tiny_sdxl / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    (tiny_sdxl / "vae" / "diffusion_pytorch_model.bin").write_bytes(b"\x80\x04cos\nsystem\n(S'echo caught'\ntR.")
    with pytest.raises(BadInput, match="part 'vae' of Stable Diffusion XL cannot be read"):
        load_pipeline(base_model("sdxl"), settings)


def test_classes_named_in_a_brought_folder_do_not_count(tiny_sdxl, settings):
    index = tiny_sdxl / "model_index.json"
    words = json.loads(index.read_text())
    index.write_text(json.dumps(words | {"unet": ["builtins", "exec"], "_class_name": "Evil"}))
    assert type(load_pipeline(base_model("sdxl"), settings).unet).__name__ == "UNet2DConditionModel"


def test_half_a_model_says_which_part_is_missing(tiny_sdxl, settings):
    shutil.rmtree(tiny_sdxl / "unet")
    with pytest.raises(NotReady, match=r"only half here: 'unet' is missing. Get the rest with: .* models get sdxl"):
        model_revision(base_model("sdxl"), settings)


def test_a_file_that_was_cut_is_told_by_its_name(tiny_sdxl, settings):
    weights = tiny_sdxl / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(BadInput, match="'unet/diffusion_pytorch_model.safetensors' of .* is not whole"):
        load_pipeline(base_model("sdxl"), settings)


@pytest.mark.parametrize("part", ["scheduler/scheduler_config.json", "vae/config.json", "text_encoder_2/config.json"])
@pytest.mark.parametrize("raw", ["", "{", "[]", '{"hidden_size": "many"}'])
def test_a_part_that_cannot_be_read_is_named(tiny_sdxl, settings, part, raw):
    (tiny_sdxl / part).write_text(raw)
    try:
        load_pipeline(base_model("sdxl"), settings)
    except BadInput as told:
        assert f"The part '{part.split('/')[0]}'" in str(told)
    else:
        assert raw.startswith('{"') and "scheduler" in part  # a scheduler takes no notice of what it does not know


def test_the_revision_of_a_brought_model_is_read_through_once_and_noted(tiny_sdxl, settings):
    first = model_revision(base_model("sdxl"), settings)
    assert (tiny_sdxl / "files.json").is_file() and model_revision(base_model("sdxl"), settings) == first


def test_the_embedded_model_is_not_written_into(tiny_pocket, settings, monkeypatch):
    monkeypatch.setenv("STUDIO_POCKET", str(tiny_pocket))
    model_revision(base_model("pocket"), settings)
    assert not (tiny_pocket / "files.json").exists()
