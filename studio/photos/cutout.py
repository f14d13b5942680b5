"""The subject of a photo cut out of its background, by GrabCut (Rother, Kolmogorov and Blake, 2004) as OpenCV has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

SIDE_PX = 256  # finer is slower and no better at telling a dog from a wall
ROUNDS = 4
MARGIN = 0.06  # of each side, where background is taken for granted; people stand in the middle of their photos
SPECK_PX = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """`mask` is bool [height, width] of the photo, its `box` left, top, right and bottom as shares of the photo."""

    mask: np.ndarray
    box: tuple[float, float, float, float]


def cut_out(picture: np.ndarray) -> Subject:
    """The largest thing in the middle of the photo, uint8 [height, width, 3]; all of the photo where nothing stands out."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    scale = min(1.0, SIDE_PX / max(height, width))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = _largest(_foreground(small))
    if not found.any():
        return Subject(np.ones((height, width), bool), (0.0, 0.0, 1.0, 1.0))
    rows, columns = np.flatnonzero(found.any(1)), np.flatnonzero(found.any(0))
    box = (columns[0] / small.shape[1], rows[0] / small.shape[0])
    far = ((columns[-1] + 1) / small.shape[1], (rows[-1] + 1) / small.shape[0])
    mask = cv2.resize(found.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
    return Subject(mask, (float(box[0]), float(box[1]), float(far[0]), float(far[1])))


def _foreground(small: np.ndarray) -> np.ndarray:
    """Bool [height, width]: what is unlike the rim of the photo. OpenCV's chance is seeded, so a photo is cut the same twice."""
    import cv2
    import numpy as np

    cv2.setRNGSeed(0)
    height, width = small.shape[:2]
    across, down = round(MARGIN * width), round(MARGIN * height)
    mask = np.zeros((height, width), np.uint8)
    inner = (across, down, width - 2 * across, height - 2 * down)
    cv2.grabCut(small, mask, inner, np.zeros((1, 65)), np.zeros((1, 65)), ROUNDS, cv2.GC_INIT_WITH_RECT)
    return (mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)


def _largest(found: np.ndarray) -> np.ndarray:
    """The largest connected part, its specks and threads taken away."""
    import cv2
    import numpy as np

    brush = np.ones((SPECK_PX, SPECK_PX), np.uint8)
    calm = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_OPEN, brush)
    count, labels, parts, _ = cv2.connectedComponentsWithStats(calm)
    if count < 2:
        return np.zeros_like(found)
    return labels == 1 + int(parts[1:, cv2.CC_STAT_AREA].argmax())
