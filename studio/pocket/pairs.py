"""What the upscaler learns from: crops of scenes rendered large, and what pocket would hand it of the same crops.

What pocket draws went through its autoencoder, which blurs and rings; an upscaler that saw only clean small renders
would enlarge the ringing. So each crop has two small forms: area-averaged, and redrawn by the autoencoder.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..files import atomic_folder
from ..progress import Progress, Work
from ..rendering.upscaler import SCALE
from .autoencoder import encode
from .world.description import Description
from .world.grammar import training_scenes
from .world.picture import SIZE_PX, render

if TYPE_CHECKING:
    import torch
    from diffusers import AutoencoderTiny

SCENES = 600
CROPS = 4  # of one scene
CROP_PX = 64  # of the small picture
CHUNK = 4
ASTRAY = 0.05  # most noise on the latents, in their own spread: the denoiser's are never quite those of a render; 0.15 cost 3 dB


def render_pairs(build: Path, count: int = SCENES, seed: int = 0, workers: int = 2) -> Work[Path]:
    """Writes the folder `build/pairs`, whole or not at all; about half a second and 1 MB a scene.

    large.npy is uint8 [n, 256, 256, 3]; small.npy uint8 [n, 2, 64, 64, 3], first clean, then redrawn by `build/vae`.
    """
    from diffusers import AutoencoderTiny

    vae = AutoencoderTiny.from_pretrained(build / "vae", local_files_only=True).eval()
    scenes, rng = list(training_scenes(seed, count)), np.random.default_rng(seed)
    chunks = [scenes[start : start + CHUNK] for start in range(0, count, CHUNK)]
    side, rows = SCALE * CROP_PX, count * CROPS
    with atomic_folder(build / "pairs") as folder, multiprocessing.get_context("spawn").Pool(workers) as pool:
        large = np.lib.format.open_memmap(folder / "large.npy", "w+", np.uint8, (rows, side, side, 3))
        small = np.lib.format.open_memmap(folder / "small.npy", "w+", np.uint8, (rows, 2, CROP_PX, CROP_PX, 3))
        done = 0
        for rendered in pool.imap(render_large, chunks):
            clean = shrunk(rendered)
            for row, pair in enumerate(zip(rendered, clean, redrawn(vae, clean, rng), strict=True), done):
                for crop in range(row * CROPS, (row + 1) * CROPS):
                    large[crop], small[crop, 0], small[crop, 1] = _crops(*pair, rng)
            done += len(rendered)
            yield Progress(done, count, "rendering scenes large")
        large.flush()
        small.flush()
    return build / "pairs"


def render_large(scenes: Sequence[Description]) -> np.ndarray:
    """The scenes as uint8 [n, 1024, 1024, 3]."""
    return np.stack([render(scene, SCALE * SIZE_PX) for scene in scenes])


def shrunk(pictures: np.ndarray) -> np.ndarray:
    """uint8 [n, h, w, 3] as uint8 [n, h/4, w/4, 3], each pixel the mean of sixteen."""
    count, height, width, _ = pictures.shape
    blocks = pictures.reshape(count, height // SCALE, SCALE, width // SCALE, SCALE, 3)
    return (blocks.mean((2, 4), dtype=np.float32) + 0.5).astype(np.uint8)


def redrawn(vae: AutoencoderTiny, pictures: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
    """Pictures uint8 [n, 256, 256, 3] as the autoencoder gives them back; with `rng` from latents a little astray."""
    import torch

    latents = encode(vae, pictures).float()
    if rng is not None:
        amounts = rng.uniform(0, ASTRAY, (len(latents), 1, 1, 1))
        latents = latents + torch.from_numpy((rng.standard_normal(latents.shape) * amounts).astype(np.float32))
    with torch.no_grad():
        pixels = vae.decode(latents / vae.config.scaling_factor, return_dict=False)[0]
    return _bytes(pixels)


def _bytes(pixels: torch.Tensor) -> np.ndarray:
    """Pixels [n, 3, h, w] in -1..1 as uint8 [n, h, w, 3]."""
    return pixels.add(1).mul(127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()


def _crops(large: np.ndarray, clean: np.ndarray, again: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """The same random place of all three; of two places the busier one, because an empty sky teaches nothing."""
    places = rng.integers(0, clean.shape[0] - CROP_PX + 1, (2, 2))
    top, left = max(places, key=lambda at: clean[at[0] : at[0] + CROP_PX, at[1] : at[1] + CROP_PX, 1].std())
    small = slice(top, top + CROP_PX), slice(left, left + CROP_PX)
    wide = tuple(slice(SCALE * part.start, SCALE * part.stop) for part in small)
    return large[wide], clean[small], again[small]
