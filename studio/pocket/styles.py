"""The styles that ship with pocket: LoRAs taught by rendered scenes, each redrawn in one manner.

They are trained by the same trainer as anyone's own styles; only their pictures come from here.
"""

from __future__ import annotations

import random
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..adapters.card import SHOWN, SHOWN_SEED, STYLE_WEIGHT, AdapterCard
from ..adapters.merging import baked
from ..adapters.shapes import weight_shapes
from ..adapters.shelf import Shelf
from ..adapters.tensors import Layer, read_layers, write_layers
from ..files import private_folder
from ..models.table import BaseModel, base_model
from ..progress import Progress, Work
from ..rendering.finish import finished
from ..settings import ASSETS, SHIPPED_ADAPTERS, Settings
from ..training.course import modelspec
from ..training.style import train_style
from .world.captions import caption
from .world.grammar import training_scenes
from .world.picture import render

if TYPE_CHECKING:
    import numpy as np

PICTURES = 160
RANK, KEPT = 12, 5  # while taught, and of what is left of it: in float16 a file of 0.84 MB
# Guidance enlarges what is left of the model's own colours by as much as it enlarges the scene. Worn half as strong again as
# it was taught, a pencil has none left.
STRENGTH = 1.5
MANNERS = {  # the module of each in `manners`: title, Vietnamese title, trigger
    "watercolour": ("Watercolour", "Màu nước", "watercolour painting"),
    "crayon": ("Crayon", "Sáp màu", "crayon drawing"),
    "cutout": ("Paper cut-out", "Cắt giấy", "paper cut-out"),
    "pixels": ("Pixel art", "Tranh điểm ảnh", "pixel art"),
    "pencil": ("Pencil", "Bút chì", "pencil drawing"),
    "gouache": ("Gouache by night", "Bột màu đêm", "gouache painting"),
    "dongho": ("Đông Hồ print", "Tranh Đông Hồ", "dong ho print"),
    "lacquer": ("Lacquer", "Sơn mài", "lacquer painting"),
}
FINISHES = {"pixels": "pixels"}


def style_card(name: str) -> AdapterCard:
    """What is known of the style in that manner."""
    title, vietnamese, trigger = MANNERS[name]
    return AdapterCard(
        id=name,
        title=title,
        titles={"en": title, "vi": vietnamese},
        kind="style",
        base_model="pocket",
        rank=KEPT,
        alpha=float(KEPT),
        trigger=trigger,
        made=f"Taught by this project from {PICTURES} rendered scenes redrawn in this manner.",
        licence="Apache-2.0",
        finish=FINISHES.get(name, ""),
    )


def teach_style(name: str, build: Path, settings: Settings, out: Path = SHIPPED_ADAPTERS) -> Work[Path]:
    """Trains one style on pocket as it is now and stands it in `out/<name>`, `out` being an `adapters` folder."""
    card, model = style_card(name), base_model("pocket")
    pairs = redrawn_pairs(name, build / f"{name}-pictures", PICTURES)
    taught = replace(card, rank=RANK, alpha=float(RANK))
    tensors = yield from train_style(pairs, taught, model, settings, build / name, effort="good")
    Shelf(replace(settings, home=out.parent)).put(card, _small(tensors, card, model))
    return out / name


def _small(tensors: Path, card: AdapterCard, model: BaseModel) -> Path:
    """The adapter at the card's rank and strength, in float16, beside it."""
    known = weight_shapes(ASSETS / "pocket" / "unet", model.title)
    layers, _lost = baked([(read_layers(tensors, known), STRENGTH)], card.rank)
    halves = {module: Layer(layer.down.half(), layer.up.half(), layer.scale) for module, layer in layers.items()}
    return write_layers(tensors.with_name("small.safetensors"), halves, model.key, modelspec(card, model))


def draw_samples(settings: Settings) -> Work[Path]:
    """Draws the scene that the cards of the looks show, plain and in each style, as sample.jpg beside the weights."""
    from PIL import Image

    from ..adapters.wearing import wearing
    from ..models.loading import load_pipeline

    model = base_model("pocket")
    pipeline = load_pipeline(model, settings)
    looks: list[tuple[Path, list[tuple[Path, float]], str]] = [(ASSETS / "pocket", [], SHOWN)]
    for name in MANNERS:
        folder = SHIPPED_ADAPTERS / name
        looks.append((folder, [(folder / "adapter.safetensors", STYLE_WEIGHT)], f"{SHOWN}, {MANNERS[name][2]}"))
    for number, (folder, worn, words) in enumerate(looks, 1):
        with wearing(pipeline.unet, worn, model.key):
            picture = finished(drawn(pipeline, words, SHOWN_SEED), FINISHES.get(folder.name, ""))
            Image.fromarray(picture).save(folder / "sample.jpg", quality=90)
        yield Progress(number, len(looks), "drawing samples")
    return SHIPPED_ADAPTERS


def drawn(pipeline: Any, words: str, seed: int, guidance: float | None = None) -> np.ndarray:
    """A picture by pocket with its own numbers, or another guidance, uint8 [256, 256, 3]."""
    import torch

    model, seeded = base_model("pocket"), torch.Generator("cpu").manual_seed(seed)
    picture = pipeline(
        words,
        num_inference_steps=model.steps,
        guidance_scale=guidance or model.guidance,
        generator=seeded,
        output_type="np",
    ).images[0]
    return (picture * 255).round().astype("uint8")


def redrawn(name: str, picture: np.ndarray, seed: int) -> np.ndarray:
    """A rendered scene, uint8 [height, width, 3], in that manner."""
    return import_module(f".manners.{name}", __package__).paint(picture, seed)


def redrawn_pairs(name: str, folder: Path, count: int, seed: int = 4242) -> list[tuple[Path, str]]:
    """`count` scenes in that manner written to `folder` as PNG, each with its caption."""
    from PIL import Image

    rng, pairs = random.Random(f"painted-{seed}"), []
    private_folder(folder)
    for index, scene in enumerate(training_scenes(seed, count)):
        path = folder / f"{index:04d}.png"
        Image.fromarray(redrawn(name, render(scene), index)).save(path)
        pairs.append((path, caption(scene, rng)))
    return pairs
