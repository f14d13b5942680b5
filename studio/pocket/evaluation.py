"""How well pocket obeys: held-out captions are drawn, and the reader says what it sees in the pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..errors import NotReady
from ..progress import Progress, Work
from ..settings import ASSETS, Settings
from .reader import QUESTIONS, answers, load_reader, read
from .world.captions import canonical
from .world.description import Description
from .world.grammar import held_out_scenes
from .world.picture import render

CAPTIONS = 200
DRAWN_AT_ONCE = 8
READER = ASSETS / "pocket" / "reader" / "reader.safetensors"


def evaluate_pocket(settings: Settings, count: int = CAPTIONS, steps: int | None = None) -> Work[dict[str, Any]]:
    """Shares of pictures, of `count` held-out captions, whose subject, place and time the reader reads as asked.

    `reader` holds the reader's own shares on renders of as many other held-out scenes: the ceiling of the measure.
    """
    from ..models.loading import load_pipeline
    from ..models.table import base_model

    if not READER.is_file():
        raise NotReady("The reader that judges pocket's pictures is missing. Fetch the studio again, whole.")
    reader, model = load_reader(READER), base_model("pocket")
    pipeline = load_pipeline(model, settings)
    scenes = list(held_out_scenes(1, count))
    seen: list[np.ndarray] = []
    for start in range(0, count, DRAWN_AT_ONCE):
        pictures = draw(pipeline, scenes[start : start + DRAWN_AT_ONCE], steps or model.steps, model.guidance, start)
        seen.extend(read(reader, pictures))
        yield Progress(len(seen), count, "drawing held-out captions")
    others = list(held_out_scenes(2, count))
    ceiling = read(reader, [render(scene) for scene in others])
    return {
        "captions": count,
        "steps": steps or model.steps,
        "guidance": model.guidance,
        **shares(scenes, np.array(seen)),
        "reader": shares(others, ceiling),
    }


def draw(pipeline: Any, scenes: list[Description], steps: int, guidance: float, seed: int) -> list[np.ndarray]:
    """One picture uint8 [256, 256, 3] per scene, from its caption alone, each with its own seed."""
    import torch

    generators = [torch.Generator("cpu").manual_seed(seed + index) for index in range(len(scenes))]
    drawn = pipeline(
        [canonical(scene) for scene in scenes],
        num_inference_steps=steps,
        guidance_scale=guidance,
        generator=generators,
        output_type="np",
    ).images
    return list((drawn * 255).round().astype(np.uint8))


def shares(scenes: list[Description], seen: np.ndarray) -> dict[str, float]:
    """How often each question is answered rightly, 0..1. The time of day is not asked in space."""
    right = np.array([answers(scene) for scene in scenes])
    asked = np.array([scene.place != "space" for scene in scenes])
    result = {name: float((seen[:, i] == right[:, i]).mean()) for i, name in enumerate(QUESTIONS)}
    result["time"] = float((seen[asked, 2] == right[asked, 2]).mean())
    return {name: round(value, 4) for name, value in result.items()}


def contact_sheet(pictures: list[np.ndarray], columns: int, path: Path) -> Path:
    """The pictures side by side, saved as one file."""
    from PIL import Image

    rows = [np.concatenate(pictures[i : i + columns], 1) for i in range(0, len(pictures) - columns + 1, columns)]
    Image.fromarray(np.concatenate(rows, 0)).save(path)
    return path
