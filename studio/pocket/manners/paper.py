"""What all manners are made of: noise that looks like paper and hands, blurs, and hands that shake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Colour = tuple[int, int, int]
FAINT, STRONG = 7.0, 26.0  # steps of lightness by which a line is darker, to be seen at all and to be black


def noise(shape: tuple[int, int], cells: int, rng: np.random.Generator) -> np.ndarray:
    """Smooth noise in 0..1 with about `cells` bumps along a side, float32 [height, width]."""
    import cv2

    return cv2.resize(rng.random((cells, cells), np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC).clip(0, 1)


def wobbled(picture: np.ndarray, rng: np.random.Generator, far_px: float = 3.0, cells: int = 20) -> np.ndarray:
    """The picture with every pixel moved by up to about so many along smooth noise."""
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width]
    down = (noise((height, width), cells, rng) - 0.5) * 2 * far_px
    right = (noise((height, width), cells, rng) - 0.5) * 2 * far_px
    across = np.clip(columns + right, 0, width - 1).astype(np.intp)
    return picture[np.clip(rows + down, 0, height - 1).astype(np.intp), across]


def lines(picture: np.ndarray) -> np.ndarray:
    """Where a pen went, float32 [height, width] in 0..1: what is darker than all around it, thin as it was."""
    import cv2

    light = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[..., 0].astype(np.float32)
    fine, around = cv2.GaussianBlur(light, (0, 0), 0.6), cv2.GaussianBlur(light, (0, 0), 3.5)
    return ((around - fine - FAINT) / STRONG).clip(0, 1)


def flat(picture: np.ndarray, size: int = 7, reach: int = 26) -> np.ndarray:
    """The picture in even areas without thin lines, uint8."""
    import cv2

    return cv2.pyrMeanShiftFiltering(cv2.medianBlur(picture, size), 6, reach)


def nearest(picture: np.ndarray, colours: Sequence[Colour], light: float = 0.6) -> np.ndarray:
    """Every pixel in the nearest of the colours, uint8; lightness counts by `light` of what hue does."""
    import cv2

    def lab(pixels: np.ndarray) -> np.ndarray:
        return cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).astype(np.float32) * (light, 1, 1)

    known = lab(np.array([colours], np.uint8))[0]
    seen = lab(picture)
    away = np.stack([np.linalg.norm(seen - one, axis=2) for one in known])
    return np.array(colours, np.uint8)[away.argmin(0)]


def mixed(below: np.ndarray, above: np.ndarray | Colour, share: np.ndarray | float) -> np.ndarray:
    """Two pictures, one laid over the other where `share` [height, width] is 1; float32."""
    part = share[..., None] if isinstance(share, np.ndarray) else share
    return np.asarray(below, np.float32) * (1 - part) + np.asarray(above, np.float32) * part


def shown(picture: np.ndarray) -> np.ndarray:
    """Numbers in 0..255 as uint8."""
    return (picture.clip(0, 255) + 0.5).astype(np.uint8)
