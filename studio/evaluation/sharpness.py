"""How sharp a picture is, whatever its size."""

from __future__ import annotations

import numpy as np

USUAL_PX = 256
# Of the spread below: what pocket drew had 104 to 1334, the same blurred by 1.5 px 11 to 69. Of 50 it is so-so (0.36), of 100
# good (0.6).
BLURRED, SHARP = 18.0, 317.0


def spread(picture: np.ndarray) -> float:
    """The variance of the Laplacian of a picture uint8 [height, width, 3], as it would be at 256 px.

    Edges are lines, so their share of all pixels falls as the sides grow: a sharp picture of four times the sides has a
    quarter of the variance, and a blurred one far less.
    """
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_64F).var()) * max(grey.shape) / USUAL_PX


def sharpness(picture: np.ndarray) -> float:
    """0 … 1: from what looks soft to what looks crisp, by the logarithm, as the eye judges."""
    share = np.log(max(spread(picture), 1e-6) / BLURRED) / np.log(SHARP / BLURRED)
    return float(np.clip(share, 0.0, 1.0))
