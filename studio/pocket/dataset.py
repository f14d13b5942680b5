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


def render_world(build: Path, count: int, seed: int = 0, workers: int = 2) -> Work[Path]:
    """Renders `count` training scenes into `build/world.npy`, several processes wide; about 30 ms a scene.

    Until all are there the file is called `world.part.npy`. It begins as zeros, which no picture is, so that an
    interrupted run finds what is left to do.
    """
    build.mkdir(parents=True, exist_ok=True)
    part, path, shape = build / "world.part.npy", build / "world.npy", (count, SIZE_PX, SIZE_PX, 3)
    known = part.is_file() and np.load(part, mmap_mode="r").shape == shape
    pictures = np.lib.format.open_memmap(part, "r+" if known else "w+", np.uint8, shape)
    scenes = list(training_scenes(seed, count))
    starts = [at for at in range(0, count, CHUNK) if not pictures[min(at + CHUNK, count) - 1].any()]
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        chunks = pool.imap(_render_chunk, [scenes[at : at + CHUNK] for at in starts])
        for index, (at, rendered) in enumerate(zip(starts, chunks, strict=True)):
            pictures[at : at + len(rendered)] = rendered
            yield Progress((index + 1) * CHUNK, len(starts) * CHUNK, "rendering scenes")
    pictures.flush()
    part.replace(path)
    return path


def _render_chunk(scenes: Sequence[Description]) -> np.ndarray:
    return np.stack([render(scene) for scene in scenes])
