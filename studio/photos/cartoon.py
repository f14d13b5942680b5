"""A photographed subject made to look as if it were drawn: flat colours and an ink line, as pocket's world has them.

Colours are evened out by mean shift (Comaniciu and Meer, 2002, doi 10.1109/34.1000236) and gathered to a few; lifted a
little, because photos are duller than drawings.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .cutout import Cutout

SIDE_PX = 256  # of the longer side: about as large as it will stand on a stage
COLOURS = 10
SPACE_PX, RANGE = 8, 24  # how far mean shift reaches, in pixels and in colour
INK = (58, 47, 58)  # of the world's palette
LINE = 1 / 64  # of the longer side
LIVELY, LIFTED = 1.1, 1.1  # times saturation and brightness


def flattened(cutout: Cutout) -> Cutout:
    """The cut-out in flat colours with an ink line around it."""
    import cv2

    height, width = cutout.picture.shape[:2]
    scale = SIDE_PX / max(height, width)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(cutout.picture, None, fx=scale, fy=scale, interpolation=way)
    solid = small[..., 3]
    even = cv2.pyrMeanShiftFiltering(np.ascontiguousarray(small[..., :3]), SPACE_PX, RANGE)
    return replace(cutout, picture=_outlined(_livelier(_gathered(even, solid > 127)), solid))


def _gathered(picture: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Every colour replaced by the nearest of the few that the subject has most of (k-means in CIELAB)."""
    import cv2

    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    cv2.setRNGSeed(0)
    points = lab[inside].astype(np.float32)
    count = min(COLOURS, len(points))
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    _, nearest, centres = cv2.kmeans(
        points, count, np.zeros((len(points), 1), np.int32), ends, 2, cv2.KMEANS_PP_CENTERS
    )
    lab[inside] = centres[nearest[:, 0]].round().astype(np.uint8)
    return cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)


def _livelier(picture: np.ndarray) -> np.ndarray:
    import cv2

    hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 1:] *= (LIVELY, LIFTED)
    return cv2.cvtColor(hsv.clip(0, 255).astype(np.uint8), cv2.COLOR_HSV2RGB)


def _outlined(picture: np.ndarray, solid: np.ndarray) -> np.ndarray:
    """uint8 [height + 2 lines, width + 2 lines, 4]: the subject with a line of ink around it."""
    import cv2

    line = max(2, round(LINE * max(picture.shape[:2])))
    around = ((line, line), (line, line))
    inner = np.pad(solid, around)
    outer = cv2.dilate(inner, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * line + 1, 2 * line + 1)))
    share = inner[..., None].astype(np.float32) / 255
    drawn = np.pad(picture, (*around, (0, 0))) * share + np.array(INK, np.float32) * (1 - share)
    return np.dstack([drawn.round().astype(np.uint8), outer])
