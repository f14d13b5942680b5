"""Sample sheets: what the model in training draws for the same captions and seeds, to be looked at as it learns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..models.table import base_model
from .world.captions import canonical
from .world.grammar import held_out_scenes

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

COLUMNS, ALONE, TOGETHER = 6, 12, 6
STEPS, GUIDANCE = 20, base_model("pocket").guidance


def draw_sheet(build: Path, step: int) -> Path:
    """Draws captions of twelve figures alone and six pairs with `build/unet`; gives `build/log/denoiser-STEP.jpg`."""
    scenes = [*held_out_scenes(5, ALONE), *held_out_scenes(5, TOGETHER, figures=2)]
    pipeline = build_pipeline(build)
    drawn: list[np.ndarray] = []
    for start in range(0, len(scenes), COLUMNS):
        drawn += draw(pipeline, [canonical(scene) for scene in scenes[start : start + COLUMNS]], STEPS, GUIDANCE, start)
    return contact_sheet(drawn, COLUMNS, build / "log" / f"denoiser-{step:06d}.jpg")


def build_pipeline(build: Path) -> StableDiffusionPipeline:
    """The parts of a build folder as a pipeline, as far as drawing needs them."""
    from diffusers import AutoencoderTiny, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    from .schedule import new_schedule

    pipeline = StableDiffusionPipeline(
        vae=AutoencoderTiny.from_pretrained(build / "vae", local_files_only=True),
        text_encoder=CLIPTextModel.from_pretrained(build / "text_encoder", local_files_only=True),
        tokenizer=CLIPTokenizer.from_pretrained(build / "tokenizer", local_files_only=True),
        unet=UNet2DConditionModel.from_pretrained(build / "unet", local_files_only=True),
        scheduler=new_schedule(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def draw(pipeline: Any, prompts: list[str], steps: int, guidance: float, seed: int) -> list[np.ndarray]:
    """One picture uint8 [256, 256, 3] per prompt, each with its own seed, from `seed` on."""
    import torch

    generators = [torch.Generator("cpu").manual_seed(seed + index) for index in range(len(prompts))]
    drawn = pipeline(
        prompts, num_inference_steps=steps, guidance_scale=guidance, generator=generators, output_type="np"
    ).images
    return list((drawn * 255).round().astype(np.uint8))


def contact_sheet(pictures: list[np.ndarray], columns: int, path: Path) -> Path:
    """The pictures side by side, saved as one file."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [np.concatenate(pictures[i : i + columns], 1) for i in range(0, len(pictures) - columns + 1, columns)]
    Image.fromarray(np.concatenate(rows, 0)).save(path, quality=90)
    return path
