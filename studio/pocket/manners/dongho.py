"""A Đông Hồ print: five earth colours and shell white from wooden blocks, under one bold black line, on shining paper.

The village prints one block for each colour on dó paper brushed with shell powder, which glitters; the black block comes
last, and no block meets the one before it quite.
"""

from __future__ import annotations

import numpy as np

from .paper import Colour, flat, lines, mixed, nearest, noise, shown, wobbled

PAPER = (243, 222, 178)
INK = (34, 26, 28)
BLOCKS: tuple[Colour, ...] = (
    PAPER, (196, 58, 40), (232, 158, 46), (74, 124, 78), (58, 82, 122), (120, 72, 46), (250, 244, 228),
)  # fmt: skip
BRUSHED = 26  # strokes of the pine brush from the upper to the lower edge


def paint(picture: np.ndarray, seed: int) -> np.ndarray:
    """The picture (uint8 [height, width, 3]) as a Đông Hồ print, same shape and type."""
    import cv2

    rng = np.random.default_rng(seed)
    shape = picture.shape[:2]
    cut = wobbled(picture, rng, 2.0, 18)
    blocks = cv2.medianBlur(nearest(flat(cut, 7, 36), BLOCKS, 0.55), 5).astype(np.float32)
    worn = 0.86 + 0.28 * (noise(shape, 90, rng) - 0.35)  # wood prints unevenly
    rows = np.linspace(0, 2 * np.pi * BRUSHED, shape[0], dtype=np.float32)[:, None]
    shine = 7 * np.sin(rows + 5 * noise(shape, 6, rng)) + 10 * (rng.random(shape, np.float32) > 0.985)
    paper = np.full(picture.shape, PAPER, np.float32) + shine[..., None]
    printed = mixed(paper, np.roll(blocks, (1, -1), (0, 1)), worn.clip(0, 1))
    pen = cv2.GaussianBlur(cv2.dilate(lines(cut), np.ones((2, 2), np.uint8)), (0, 0), 0.7)
    return shown(mixed(printed, INK, ((pen - 0.2) * 2.4).clip(0, 1)))
