"""The painted look that the watercolour style learns: a flat rendered scene turned into washes on paper.

Steps of a painter, not of a simulation: wobbling edges, washes without ink lines, pigment that gathers at edges and
varies inside, paper that shines through, and a border left unpainted.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from .paper import noise, wobbled

PAPER = np.array([0.985, 0.965, 0.925], dtype=np.float32)


def paint(picture: np.ndarray, seed: int) -> np.ndarray:
    """The picture (uint8 [height, width, 3]) as a watercolour, same shape and type."""
    rng = np.random.default_rng(seed)
    washes = Image.fromarray(wobbled(picture, rng)).filter(ImageFilter.MedianFilter(3))
    soft = _blurred(washes, 1.0)
    edges = np.abs(soft - _blurred(washes, 3.5)).mean(axis=2, keepdims=True)
    shape = picture.shape[:2]
    pigment = 1.0 + 0.5 * (noise(shape, 7, rng) - 0.5) + 0.25 * (noise(shape, 28, rng) - 0.5)
    depth = (1.0 - soft) * pigment[..., None] * 0.78 + np.minimum(edges * 1.3, 0.3)
    grain = 1.0 + 0.03 * (rng.random((*shape, 1), dtype=np.float32) - 0.5)
    painted = PAPER * (1.0 - np.clip(depth, 0.0, 1.0) * _border(shape, rng)[..., None]) * grain
    return (np.clip(painted, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


def _border(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """1 where paint lies, 0 on the ragged unpainted border, float32 [height, width]."""
    height, width = shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    distance = np.minimum(np.minimum(rows, height - 1 - rows), np.minimum(columns, width - 1 - columns)) / height
    ragged = distance - 0.045 - 0.07 * (noise(shape, 9, rng) - 0.5) - 0.03 * (noise(shape, 40, rng) - 0.5)
    return np.clip(ragged / 0.012, 0.0, 1.0)


def _blurred(picture: Image.Image, radius: float) -> np.ndarray:
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float32) / 255.0
