"""SDXL's refiner takes over for the last fifth, and draws what diffusers' two pipelines draw one after the other."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import BadInput, NotReady
from studio.models.loading import load_pipeline
from studio.models.table import REFINER, base_model
from studio.progress import finish
from studio.rendering.drawing import Drawing
from studio.rendering.illustrator import Illustrator
from studio.settings import Settings
from tests.conftest import _letters, _text_config, _tiny_unet

SDXL = base_model("sdxl")
CAT = Drawing(
    prompt="a cat", negative="ugly", seed=4, width=64, height=64, steps=10, guidance=5.0, sampler="ddim", model="sdxl",
    revision="", refined=True,
)  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path, tiny_models: Path) -> Settings:
    """A home with a tiny SDXL and its tiny refiner."""
    import torch
    from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLImg2ImgPipeline
    from transformers import CLIPTextModelWithProjection

    home = Settings(home=tmp_path / "home", database_url="")
    shutil.copytree(tiny_models / "sdxl", home.models / "sdxl")
    torch.manual_seed(7)
    letters = tmp_path / "letters"
    StableDiffusionXLImg2ImgPipeline(
        vae=AutoencoderKL.from_pretrained(tiny_models / "sdxl" / "vae"),
        text_encoder=None,
        text_encoder_2=CLIPTextModelWithProjection(_text_config()),
        tokenizer=None,
        tokenizer_2=_letters(letters),
        unet=_tiny_unet(
            cross_attention_dim=32,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=32 + 5 * 8,
        ),
        scheduler=EulerDiscreteScheduler(beta_schedule="scaled_linear"),
        requires_aesthetics_score=True,
        force_zeros_for_empty_prompt=False,
    ).save_pretrained(home.models / REFINER.key)
    return home


def drawn(settings: Settings, drawing: Drawing, folder: Path) -> np.ndarray:
    illustrator = Illustrator(SDXL, settings, lambda model, home, _dtype, **_laid: load_pipeline(model, home))
    (path,) = finish(illustrator.draw([drawing], folder, [f"{drawing.key}.png"]))
    return np.asarray(Image.open(path)).astype(int)


def by_diffusers(settings: Settings, drawing: Drawing) -> np.ndarray:
    import torch
    from diffusers import DDIMScheduler

    base, refiner = load_pipeline(SDXL, settings), load_pipeline(REFINER, settings)
    for pipeline in (base, refiner):
        pipeline.scheduler = DDIMScheduler.from_config(base.scheduler.config)
    words = {"prompt": drawing.prompt, "negative_prompt": drawing.negative, "num_inference_steps": drawing.steps}
    words["guidance_scale"] = drawing.guidance
    source = torch.Generator().manual_seed(drawing.seed)
    begun = base(**words, width=64, height=64, generator=source, denoising_end=0.8, output_type="latent").images
    return refiner(**words, image=begun, denoising_start=0.8, output_type="np").images[0] * 255


@pytest.mark.parametrize("guidance", [5.0, pytest.param(1.0, marks=pytest.mark.soak)])
def test_it_draws_what_the_two_pipelines_of_diffusers_draw(settings, tmp_path, guidance):
    asked = replace(CAT, guidance=guidance)
    assert np.abs(drawn(settings, asked, tmp_path) - by_diffusers(settings, asked)).max() < 1


@pytest.mark.soak
def test_refining_changes_the_picture_and_its_key(settings, tmp_path):
    plain = replace(CAT, refined=False)
    assert plain.key != CAT.key
    assert np.abs(drawn(settings, CAT, tmp_path) - drawn(settings, plain, tmp_path)).mean() > 2


def test_without_the_refiner_it_is_told_how_to_get_it(settings, tmp_path):
    shutil.rmtree(settings.models / REFINER.key)
    with pytest.raises(NotReady, match="python -m studio models get sdxl-refiner"):
        drawn(settings, CAT, tmp_path)


def test_another_model_is_refused(tiny_pocket, settings, tmp_path):
    pocket = base_model("pocket")
    asked = replace(CAT, model="pocket")
    with pytest.raises(BadInput, match="does not fit Pocket"):
        finish(Illustrator(pocket, settings).draw([asked], tmp_path, ["x.png"]))
