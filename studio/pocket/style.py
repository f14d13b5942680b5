"""The style that ships with pocket: a LoRA taught by rendered scenes with a painted look.

It is trained by the same trainer as anyone's own style; only its pictures come from here.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from ..adapters.card import AdapterCard
from ..adapters.shelf import Shelf
from ..files import private_folder
from ..models.table import base_model
from ..progress import Progress, Work
from ..settings import ASSETS, SHIPPED_ADAPTERS, Settings
from ..training.style import train_style
from .world.captions import caption
from .world.grammar import training_scenes
from .world.picture import render
from .world.watercolour import paint

PICTURES = 160
SAMPLE = "a happy rabbit standing in the garden by day"  # what the cards of all looks show
SAMPLE_SEED = 7
WATERCOLOUR = AdapterCard(
    id="watercolour",
    title="Watercolour",
    titles={"en": "Watercolour", "vi": "Màu nước"},
    kind="style",
    base_model="pocket",
    rank=8,
    alpha=8.0,
    trigger="watercolour painting",
    made=f"Taught by this project from {PICTURES} rendered scenes with a painted look.",
    licence="Apache-2.0",
)


def teach_watercolour(build: Path, settings: Settings, out: Path = SHIPPED_ADAPTERS) -> Work[Path]:
    """Trains the style on pocket as it is now and stands it in `out/watercolour`, `out` being an `adapters` folder."""
    pairs = painted_pairs(build / "painted", PICTURES)
    tensors = yield from train_style(
        pairs, WATERCOLOUR, base_model("pocket"), settings, build / "watercolour", effort="good"
    )
    Shelf(replace(settings, home=out.parent)).put(WATERCOLOUR, tensors)
    return out / WATERCOLOUR.id


def draw_samples(settings: Settings) -> Work[Path]:
    """Draws the scene that the cards of the looks show, plain and in watercolour, as sample.jpg beside the weights."""
    import torch
    from PIL import Image

    from ..adapters.wearing import wearing
    from ..models.loading import load_pipeline

    model = base_model("pocket")
    pipeline, style = load_pipeline(model, settings), SHIPPED_ADAPTERS / WATERCOLOUR.id
    looks: tuple[tuple[Path, list[tuple[Path, float]], str], ...] = (
        (ASSETS / "pocket", [], SAMPLE),
        (style, [(style / "adapter.safetensors", 1.0)], f"{SAMPLE}, {WATERCOLOUR.trigger}"),
    )
    for number, (folder, worn, words) in enumerate(looks, 1):
        seeded = torch.Generator("cpu").manual_seed(SAMPLE_SEED)
        with wearing(pipeline.unet, worn, model.key):
            drawn = pipeline(
                words,
                num_inference_steps=model.steps,
                guidance_scale=model.guidance,
                generator=seeded,
                output_type="np",
            ).images[0]
        Image.fromarray((drawn * 255).round().astype("uint8")).save(folder / "sample.jpg", quality=90)
        yield Progress(number, len(looks), "drawing samples")
    return style


def painted_pairs(folder: Path, count: int, seed: int = 4242) -> list[tuple[Path, str]]:
    """`count` watercolours written to `folder` as PNG, each with its caption."""
    from PIL import Image

    rng, pairs = random.Random(f"painted-{seed}"), []
    private_folder(folder)
    for index, scene in enumerate(training_scenes(seed, count)):
        path = folder / f"{index:04d}.png"
        Image.fromarray(paint(render(scene), index)).save(path)
        pairs.append((path, caption(scene, rng)))
    return pairs
