"""A lacquer painting, sơn mài: a ground of black and brown, vermilion, gold and silver leaf, crushed eggshell, gilt lines."""

from __future__ import annotations

import numpy as np

from .paper import Colour, flat, lines, mixed, nearest, noise, shown, wobbled

GROUND = (30, 16, 14)
GOLD = (224, 176, 82)
SHELL = (236, 226, 204)
COLOURS: tuple[Colour, ...] = (
    GROUND, (70, 30, 20), (118, 44, 26), (176, 42, 28), (206, 132, 48), GOLD, SHELL, (58, 62, 36), (28, 44, 44),
)  # fmt: skip


def paint(picture: np.ndarray, seed: int) -> np.ndarray:
    """The picture (uint8 [height, width, 3]) as a lacquer painting, same shape and type."""
    import cv2

    rng = np.random.default_rng(seed)
    shape = picture.shape[:2]
    drawn = wobbled(picture, rng, 1.8, 22)
    areas = flat(drawn, 7, 30)
    darker = 255 * (areas / 255.0) ** 1.7 * np.array([0.95, 0.78, 0.62])  # as through brown varnish
    few = cv2.medianBlur(nearest(shown(darker), COLOURS, 1.1), 5).astype(np.float32)
    shell = (np.abs(few - SHELL).sum(2) < 12).astype(np.float32)
    cracks = (noise(shape, 70, rng) > 0.62).astype(np.float32) * shell
    leaf = 1 + 0.30 * (noise(shape, 34, rng) - 0.5) + 0.16 * (noise(shape, 100, rng) - 0.5)
    polished = mixed(few * leaf[..., None], GROUND, 0.55 * cracks)
    gilt = (lines(drawn) * 1.3).clip(0, 1)
    return shown(mixed(polished, GOLD, gilt * (0.6 + 0.4 * noise(shape, 50, rng))))
