"""A painted person whom OpenCV takes for one: so that no photo of anybody has to lie in the house."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
SIDE_PX, UNIT = 512, 82
SKY = (150, 190, 220)


def sitter(skin: Colour, hair: Colour, clothes: Colour, long: bool = False) -> np.ndarray:
    """Head and shoulders before the sky, uint8 [512, 512, 3]; with `long` hair it falls on the shoulders."""
    picture = Image.new("RGB", (SIDE_PX, SIDE_PX), SKY)
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle(_box(-1.5, 1.0, 1.5, 4.0), 60, fill=clothes)
    if long:
        pen.rounded_rectangle(_box(-1.25, -1.5, 1.25, 1.6), 40, fill=hair)
    pen.rectangle(_box(-0.4, 0.8, 0.4, 1.3), fill=skin)
    pen.ellipse(_box(-1.15, -1.75, 1.15, 0.6), fill=hair)
    pen.ellipse(_box(-0.95, -1.2, 0.95, 1.1), fill=skin)
    for at in (-0.4, 0.4):
        pen.ellipse(_box(at - 0.24, -0.42, at + 0.24, -0.1), fill=_shade(skin, 0.75))
        pen.rectangle(_box(at - 0.26, -0.52, at + 0.26, -0.42), fill=(50, 35, 30))
        pen.ellipse(_box(at - 0.17, -0.34, at + 0.17, -0.14), fill=(245, 245, 245))
        pen.ellipse(_box(at - 0.09, -0.34, at + 0.09, -0.14), fill=(30, 20, 20))
    pen.ellipse(_box(-0.13, 0.26, 0.13, 0.36), fill=_shade(skin, 0.45))
    pen.ellipse(_box(-0.36, 0.55, 0.36, 0.75), fill=(150, 60, 60))
    return cv2.GaussianBlur(np.asarray(picture), (0, 0), 2.0)


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    middle = SIDE_PX / 2
    return middle + left * UNIT, middle + top * UNIT, middle + right * UNIT, middle + bottom * UNIT


def _shade(colour: Colour, share: float) -> Colour:
    red, green, blue = (round(value * share) for value in colour)
    return red, green, blue
