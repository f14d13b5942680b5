"""The captioned pictures that a shipped style learns from: rendered scenes with a painted look."""

from __future__ import annotations

import random
from pathlib import Path

from ..files import private_folder
from .world.captions import caption
from .world.grammar import training_scenes
from .world.picture import render
from .world.watercolour import paint


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
