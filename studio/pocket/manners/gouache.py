"""Gouache by night: opaque dabs of deep blue and violet, and all that is warm and bright glows."""

from __future__ import annotations

import numpy as np

from .paper import flat, mixed, noise, shown, wobbled

DEEP = np.array(
    [(10, 14, 44), (26, 40, 92), (52, 76, 138), (112, 132, 186), (190, 204, 232)], np.float32
)  # by lightness
GLOW = (255, 196, 96)
KEPT = 0.30  # of the picture's own colours


def paint(picture: np.ndarray, seed: int) -> np.ndarray:
    """The picture (uint8 [height, width, 3]) as a gouache of the night, same shape and type."""
    import cv2

    rng = np.random.default_rng(seed)
    shape = picture.shape[:2]
    dabs = flat(wobbled(picture, rng, 2.0, 46), 3, 22)
    light = cv2.cvtColor(dabs, cv2.COLOR_RGB2LAB)[..., 0].astype(np.float32) / 255
    at = (light**1.25 * 0.92).clip(0, 1) * (len(DEEP) - 1)
    low = at.astype(int).clip(0, len(DEEP) - 2)
    night = DEEP[low] + (DEEP[low + 1] - DEEP[low]) * (at - low)[..., None]
    red, blue = dabs[..., 0].astype(np.float32), dabs[..., 2].astype(np.float32)
    warm = ((red - blue - 40) / 110).clip(0, 1) * (light * 1.3).clip(0, 1)
    own = mixed(night, dabs * np.array([0.62, 0.66, 0.9], np.float32), KEPT)
    glowing = mixed(own, GLOW, 0.78 * warm)
    halo = cv2.GaussianBlur(warm, (0, 0), 9)[..., None] * np.array([60, 38, 6], np.float32)
    brush = 1 + 0.16 * (noise(shape, 60, rng) - 0.5) + 0.10 * (noise(shape, 18, rng) - 0.5)
    return shown((glowing + halo) * brush[..., None])
