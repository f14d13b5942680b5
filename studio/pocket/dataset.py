"""The training set on disk: rendered pictures as one uint8 array, their descriptions, and their latents.

`world.npy` is [count, 256, 256, 3] uint8; descriptions are made again from the seed, so nothing else is stored.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..progress import Progress, Work
from .world.description import Description
from .world.grammar import training_scenes
from .world.picture import SIZE_PX, render

CHUNK = 64


def render_world(folder: Path, count: int, seed: int = 0, workers: int = 2) -> Work[Path]:
    """Renders `count` training scenes into `folder/world.npy`, several processes wide. Takes about 8 ms a scene."""
    path = folder / "world.npy"
    folder.mkdir(parents=True, exist_ok=True)
    scenes = list(training_scenes(seed, count))
    pictures = np.lib.format.open_memmap(path, "w+", np.uint8, (count, SIZE_PX, SIZE_PX, 3))
    chunks = [scenes[start : start + CHUNK] for start in range(0, count, CHUNK)]
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for index, rendered in enumerate(pool.imap(_render_chunk, chunks)):
            pictures[index * CHUNK : index * CHUNK + len(rendered)] = rendered
            yield Progress(min((index + 1) * CHUNK, count), count, "rendering scenes")
    pictures.flush()
    return path


def _render_chunk(scenes: Sequence[Description]) -> np.ndarray:
    return np.stack([render(scene) for scene in scenes])
