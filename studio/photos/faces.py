"""Faces that look at the camera, found by OpenCV's own cascade (Viola and Jones, 2001)."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

SMALLEST = 1 / 10  # of the shorter side
ONE_AT_A_TIME = Lock()  # a cascade that two threads ask at once breaks, now and then
SAME_SIZE = 0.6  # of the largest one: those of passers-by are smaller


class Face(NamedTuple):
    """A square around eyes, nose and mouth, in pixels of the photo."""

    left: int
    top: int
    side: int


def faces(grey: np.ndarray) -> list[Face]:
    """Those of about the same size, the largest first; the photo uint8 [height, width] in grey."""
    least = max(24, round(SMALLEST * min(grey.shape)))
    with ONE_AT_A_TIME:
        boxes = _frontal().detectMultiScale(grey, 1.1, 8, minSize=(least, least))
    found = sorted((Face(int(left), int(top), int(side)) for left, top, side, _ in boxes), key=lambda one: -one.side)
    return [face for face in found if face.side >= SAME_SIZE * found[0].side]


@cache
def _frontal() -> Any:
    import cv2.data

    return cv2.CascadeClassifier(f"{cv2.data.haarcascades}haarcascade_frontalface_default.xml")
