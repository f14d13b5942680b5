"""Square cuts of a picture for training: some whole, some near, never stretched."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

NEAR = (0.8, 1.0)  # side of a near cut, times the picture's short side


def cut(picture: Image.Image, side_px: int, variant: int, flip: bool, seed: int) -> Image.Image:
    """Cut number `variant` as a square of `side_px`: even ones hold the whole picture, odd ones a near part of it.

    The same arguments give the same cut. Where a cut reaches beyond the picture, its edge goes on.
    """
    from PIL import Image

    chance = Random(f"{seed}/{variant}/{picture.width}x{picture.height}")
    width, height = picture.size
    side = max(width, height) if variant % 2 == 0 else round(min(width, height) * chance.uniform(*NEAR))
    left = _place(width - side, chance)
    top = _place(height - side, chance)
    square = _window(picture, left, top, side).resize((side_px, side_px), Image.Resampling.BICUBIC)
    mirrored = flip and chance.random() < 0.5
    return square.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else square


def _place(room: int, chance: Random) -> int:
    """Where the cut begins: anywhere in the picture's room, or with the picture anywhere inside the cut."""
    return round(room * chance.random())


def _window(picture: Image.Image, left: int, top: int, side: int) -> Image.Image:
    """The square at (left, top), which may lie partly outside; there the nearest edge pixel is repeated."""
    import numpy
    from PIL import Image

    pixels = numpy.asarray(picture.convert("RGB"))
    rows = numpy.arange(top, top + side).clip(0, picture.height - 1)
    columns = numpy.arange(left, left + side).clip(0, picture.width - 1)
    return Image.fromarray(pixels[rows[:, None], columns])
