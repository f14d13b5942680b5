"""What is done to a picture after it was drawn, for manners that no diffusion model draws to the last pixel.

Pixel art: latents of a model stand for patches of 8 px and never agree on a grid, whatever they were taught (tried: 64 and 32
pixels a side, 1,000 steps; the larger ones ate the faces). So the style brings the colours and outlines, and this the grid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

PIXEL = 4  # px of a side of a large pixel, at pocket's 256
COLOURS = 28
NATIVE = 256


def finished(picture: np.ndarray, finish: str) -> np.ndarray:
    """The picture, uint8 [height, width, 3], with that finish: '' leaves it as it is. Raises ValueError for another name."""
    if not finish:
        return picture
    if finish != "pixels":
        raise ValueError(f"there is no finish '{finish}'")
    return pixelated(picture)


def pixelated(picture: np.ndarray) -> np.ndarray:
    """Large square pixels of few colours: each the middle of what it covers (k-means in CIELAB)."""
    import cv2

    height, width = picture.shape[:2]
    side = PIXEL * max(1, round(min(height, width) / NATIVE))
    small = cv2.resize(cv2.medianBlur(picture, 3), (width // side, height // side), interpolation=cv2.INTER_AREA)
    few = _gathered(small, COLOURS)
    return cv2.resize(few, (width, height), interpolation=cv2.INTER_NEAREST)


def grid(picture: np.ndarray) -> int:
    """How large the pixels of pixel art are: the side in px of the squares of one colour that it is made of, 0 for any other."""
    height, width = picture.shape[:2]
    if height % PIXEL or width % PIXEL:
        return 0
    squares = picture.reshape(height // PIXEL, PIXEL, width // PIXEL, PIXEL, -1)
    return PIXEL if (squares == squares[:, :1, :, :1]).all() and picture.std() > 0 else 0


def _gathered(picture: np.ndarray, colours: int) -> np.ndarray:
    """The picture in so many of its own colours."""
    import cv2
    import numpy as np

    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    points = lab.reshape(-1, 3).astype(np.float32)
    cv2.setRNGSeed(0)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    start = np.zeros((len(points), 1), np.int32)
    _, near, centres = cv2.kmeans(points, min(colours, len(points)), start, ends, 2, cv2.KMEANS_PP_CENTERS)
    found = centres[near[:, 0]].clip(0, 255).round().astype(np.uint8).reshape(lab.shape)
    return cv2.cvtColor(found, cv2.COLOR_LAB2RGB)
