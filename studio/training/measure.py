"""How long a training will take and how much memory it needs, from steps that were measured on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ..files import atomic_write
from ..models.table import BaseModel
from ..progress import Progress, Work
from ..settings import Settings
from .recipe import Recipe

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

    from ..adapters.card import AdapterCard

FILE = "measures.json"
RUNS = 3
LOOKS = 4 * 10  # pictures times steps of one look at the hero while they are taught


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Seconds of the parts of a training on this machine; `memory_mb` is what the process held at its height."""

    revision: str  # of the model's weights
    load_s: float  # to open the model
    encode_s: float  # of one cut of one picture
    answer_s: float  # of the UNet for one picture, as when a picture is drawn
    step_s: float  # of the optimizer, with the recipe's batch
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a training will take."""

    seconds: float
    memory_mb: int


def estimate(measure: Measure, recipe: Recipe, lessons: int, kept: int, drawn_steps: int) -> Estimate:
    """Of a training with so many cuts and kept pictures that ends with portraits of `drawn_steps` steps in all."""
    moments = recipe.steps // recipe.saved_every + 1
    remembered = min(recipe.answers, recipe.steps * recipe.batch * recipe.prior)
    answers = 2 * moments * LOOKS + 2 * drawn_steps + remembered
    seconds = measure.load_s + (lessons + kept) * measure.encode_s + answers * measure.answer_s
    return Estimate(round(seconds + recipe.steps * measure.step_s, 1), measure.memory_mb)


def read_measure(settings: Settings, model: BaseModel, revision: str) -> Measure | None:
    """What was measured here before with those weights, if anything."""
    try:
        found = Measure(**_known(settings)[model.key])
    except (KeyError, TypeError):  # never measured, or by a studio with other numbers
        return None
    return found if found.revision == revision else None


def measure(model: BaseModel, recipe: Recipe, rank: int, settings: Settings) -> Work[Measure]:
    """Opens the model, trains a few steps on noise, and notes what it took. Raises what opening the model raises."""
    from ..adapters.card import AdapterCard
    from ..models.loading import load_pipeline, model_revision
    from .report import peak_memory_mb

    yield Progress(0, 1, "measuring this machine")
    load_s, pipeline = _timed(lambda: load_pipeline(model, settings))
    card = AdapterCard(
        id="", title="", kind="subject", base_model=model.key, rank=rank, alpha=float(rank), trigger="", class_word=""
    )
    encode_s, answer_s, step_s = _parts(pipeline, card, recipe)
    found = Measure(
        revision=model_revision(model, settings),
        load_s=load_s,
        encode_s=encode_s,
        answer_s=answer_s,
        step_s=step_s,
        memory_mb=peak_memory_mb(),
    )
    known = _known(settings) | {model.key: asdict(found)}
    atomic_write(settings.house / FILE, json.dumps(known, indent=2) + "\n")
    return found


def _parts(pipeline: StableDiffusionPipeline, card: AdapterCard, recipe: Recipe) -> tuple[float, float, float]:
    """Seconds of encoding a picture, of an answer of the UNet to one, and of a step of the optimizer."""
    import torch
    from PIL import Image

    from .batches import answer
    from .conditioning import encode_picture, read_phrases
    from .lora import factors, put_on, quicken

    quicken(pipeline.unet)
    unet, size_px = pipeline.unet, pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    texts = read_phrases(pipeline, [""], size_px)
    side, channels = unet.config.sample_size, unet.config.in_channels
    noisy = torch.randn(recipe.batch, channels, side, side, device=unet.device)
    times, rows = torch.full((recipe.batch,), 500), torch.zeros(recipe.batch, dtype=torch.long)
    blank = Image.new("RGB", (size_px, size_px))

    def look() -> None:
        with torch.no_grad():
            answer(unet, texts, noisy, times, rows).sum().item()

    def step() -> None:
        answer(unet, texts, noisy, times, rows).square().mean().backward()
        optimizer.step()
        optimizer.zero_grad()

    encode_s, answer_s = _least(lambda: encode_picture(pipeline, blank)), _least(look) / recipe.batch
    put_on(unet, card, recipe, 0)
    optimizer = torch.optim.AdamW(factors(unet).values(), lr=0.0, fused=True)
    return encode_s, answer_s, _least(step)


def _least(work: Callable[[], object]) -> float:
    """Seconds of the quickest of several runs, because other work only ever adds time."""
    return min(_timed(work)[0] for _ in range(RUNS))


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = perf_counter()
    made = work()
    return perf_counter() - begun, made


def _known(settings: Settings) -> dict[str, Any]:
    try:
        return dict(json.loads((settings.house / FILE).read_text()))
    except (OSError, ValueError):
        return {}
