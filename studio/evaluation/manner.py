"""How two pictures differ in manner: their colours, and how rough they are at every scale. Who is in them hardly counts.

For pictures of one scene and one seed, so that what differs is how they are drawn. The colours are a softened histogram in
CIELAB; the roughness is how often each strength of detail comes in each band of a Laplacian pyramid (Burt and Adelson, 1983),
which tells wash from stroke from line.
"""

from __future__ import annotations

import numpy as np

from .likeness import softened_colours

SIDE_PX = 256
BANDS = 4
STRENGTHS = np.array([0.0, 0.6, 1.2, 2.4, 4.8, 9.6, 19.2, 300.0])  # of detail, in steps of lightness or colour
LEAST = 0.02  # between two pictures, below which they are the same


def apart(some: np.ndarray, other: np.ndarray) -> float:
    """How far apart two pictures, uint8 [height, width, 3], are in manner: 0 the same, 1 nothing in common."""
    one, two = _told(some), _told(other)
    return float(np.mean([1 - np.minimum(a, b).sum() for a, b in zip(one, two, strict=True)]))


def share(drawn: np.ndarray, plain: np.ndarray, whole: np.ndarray) -> float:
    """How far a picture went on the way from the plain one to the one in the whole style, 0..1; 1 where the two are alike."""
    way = apart(plain, whole)
    return 1.0 if way < LEAST else float(np.clip(1 - apart(drawn, whole) / way, 0, 1))


def _told(picture: np.ndarray) -> list[np.ndarray]:
    """Distributions that sum to 1 each: of colours, and of detail by channel and band."""
    import cv2

    small = cv2.resize(picture, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    found = [softened_colours(small, np.ones(small.shape[:2], bool))]
    for _ in range(BANDS):
        coarse = cv2.pyrDown(lab)
        detail = np.abs(lab - cv2.pyrUp(coarse, dstsize=lab.shape[1::-1]))
        for channel in (detail[..., 0], detail[..., 1:].max(2)):
            counts = np.histogram(channel, STRENGTHS)[0].astype(np.float32)
            found.append(counts / counts.sum())
        lab = coarse
    return found
