"""Pixel art: large square pixels of few colours and dark outlines. Woven tones were tried; pocket draws them as grit."""

from __future__ import annotations

import numpy as np

from .paper import lines

PIXELS = 64  # of a side
STEPS = 5  # of each of red, green and blue
DARK = 0.42


def paint(picture: np.ndarray, seed: int) -> np.ndarray:
    """The picture (uint8 [height, width, 3]) as pixel art, same shape and type; there is no chance in it."""
    import cv2

    height, width = picture.shape[:2]
    small = cv2.resize(picture, (PIXELS, PIXELS), interpolation=cv2.INTER_AREA).astype(np.float32)
    grey = small.mean(2, keepdims=True)
    vivid = grey + 1.3 * (small - grey)
    step = 255 / (STEPS - 1)
    few = np.round(vivid.clip(0, 255) / step) * step
    pen = cv2.resize(lines(picture), (PIXELS, PIXELS), interpolation=cv2.INTER_AREA) > 0.30
    few[pen] *= DARK
    return cv2.resize(few.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
