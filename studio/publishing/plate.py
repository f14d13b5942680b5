"""A drawn picture made ready for paper: the part that is seen, at the resolution of the press, one JPEG that knows
nothing but its pixels."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NotReady
from .geometry import Box
from .marks import PAPER, Picture, Veil
from .profiles import INCH_PT

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    Inked = Callable[[Image.Image], Image.Image]

FOCUS = (0.5, 0.43)  # what must stay when a picture is cut: from the left, from below; children stand a little low
MOST_STRETCH = 4.0  # times that plain enlarging may stretch a side: beyond it no printer's eye is deceived
QUALITY, INKED_QUALITY = (
    90,
    84,
)  # JPEG keeps each ink as finely as it keeps light alone, colours of screens more coarsely
VEIL_PX = 4  # a veil is soft: it is worked out for every fourth pixel


@dataclass(frozen=True, slots=True)
class Plate:
    """A JPEG, its size in pixels, and its pixels to an inch where it is printed."""

    jpeg: bytes
    width: int
    height: int
    ppi: float


def make_plate(
    picture: Path, mark: Picture, ppi: float, paper: str = PAPER, wide: float = 1.0, inked: Inked | None = None
) -> Plate:
    """What is seen of the picture, as JPEG, RGB, 4:4:4, without metadata, with at most `ppi` pixels to an inch.

    `wide`: how many points of paper a point of the mark becomes, for sides that are printed smaller. `inked` turns the
    pixels into the inks of a press. Raises NotReady.
    """
    pixels = open_picture(picture, mark.number)
    laid, seen = cover_fit(*pixels.size, mark.box), mark.seen
    scale = pixels.width / laid.width  # pixels to a point
    cut = ((seen.left - laid.left) * scale, (laid.top - seen.top) * scale, (seen.right - laid.left) * scale,
           (laid.top - seen.bottom) * scale)  # fmt: skip
    stretch = plate_ppi(*pixels.size, mark.box, ppi, wide) * wide / INCH_PT / scale
    size = max(1, round((cut[2] - cut[0]) * stretch)), max(1, round((cut[3] - cut[1]) * stretch))
    drawn = _stretched(pixels, size, cut, stretch)
    for veil in mark.veils:
        drawn = _veiled(drawn, veil, seen, paper)
    if inked:
        drawn = inked(drawn)
    raw = io.BytesIO()
    drawn.info = {}  # Pillow would write a comment or profile of the old file into the new one
    drawn.save(raw, "JPEG", quality=INKED_QUALITY if inked else QUALITY, subsampling="4:4:4")
    return Plate(raw.getvalue(), *size, size[0] / (seen.width * wide) * INCH_PT)


def plate_ppi(width_px: int, height_px: int, box: Box, ppi: float, wide: float = 1.0) -> float:
    """Pixels to an inch that a picture of that size gets when it fills `box`: `ppi`, or as many as it can be stretched to."""
    laid = cover_fit(width_px, height_px, box)
    return min(ppi, MOST_STRETCH * width_px / (laid.width * wide) * INCH_PT)


def open_picture(picture: Path, number: int) -> Image.Image:
    """The pixels of page `number`, RGB. Raises NotReady."""
    from PIL import Image

    try:
        with Image.open(picture, formats=("PNG", "JPEG", "WEBP")) as opened:
            return opened.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:  # Pillow's words for a missing, cut or damaged file
        raise NotReady(
            "The picture of page {number} is missing or damaged. Draw that page again; the other pages are safe.",
            number=number,
        ) from error


def _stretched(pixels: Image.Image, size: tuple[int, int], cut: tuple[float, ...], stretch: float) -> Image.Image:
    """The part `cut` (left, top, right, bottom) in the new size; what became larger is sharpened a little."""
    from PIL import Image, ImageFilter

    left, top = max(0.0, cut[0]), max(0.0, cut[1])
    right, bottom = min(float(pixels.width), cut[2]), min(float(pixels.height), cut[3])
    drawn = pixels.resize(size, Image.Resampling.LANCZOS, (left, top, right, bottom), reducing_gap=3.0)
    if stretch <= 1.2:
        return drawn
    return drawn.filter(ImageFilter.UnsharpMask(radius=max(1.0, 0.6 * stretch), percent=60, threshold=2))


def _veiled(drawn: Image.Image, veil: Veil, seen: Box, paper: str) -> Image.Image:
    from PIL import Image

    hidden = Image.fromarray(_hidden(veil, seen, drawn.size), "L").resize(drawn.size, Image.Resampling.BILINEAR)
    return Image.composite(Image.new("RGB", drawn.size, veil.colour or paper), drawn, hidden)


def _hidden(veil: Veil, seen: Box, size: tuple[int, int]) -> np.ndarray:
    """How much is hidden, uint8 [height, width], for every fourth pixel: by the distance from the rounded edge."""
    import numpy as np

    wide, high = math.ceil(size[0] / VEIL_PX), math.ceil(size[1] / VEIL_PX)
    x = seen.left + (np.arange(wide, dtype=np.float32) + 0.5) / wide * seen.width
    y = seen.top - (np.arange(high, dtype=np.float32) + 0.5) / high * seen.height
    box, feather = veil.box, max(veil.feather, 0.5)
    radius = min(box.width / 2, box.height / 2, 2 * feather)
    over = np.abs(x - box.centre)[None] - (box.width / 2 - radius)
    above = np.abs(y - (box.bottom + box.height / 2))[:, None] - (box.height / 2 - radius)
    far = np.hypot(np.maximum(over, 0), np.maximum(above, 0)) + np.minimum(np.maximum(over, above), 0) - radius
    inside = np.clip(0.5 - far / feather, 0, 1)
    soft = inside * inside * (3 - 2 * inside)
    return (255 * veil.strength * (1 - soft if veil.around else soft)).round().astype(np.uint8)


def cover_fit(width: float, height: float, box: Box) -> Box:
    """Where a picture of that shape lies so that it fills `box`, with FOCUS as near the middle as can be."""
    scale = max(box.width / width, box.height / height)
    wide, high = width * scale, height * scale
    left = min(box.left, max(box.right - wide, box.left + box.width / 2 - FOCUS[0] * wide))
    bottom = min(box.bottom, max(box.top - high, box.bottom + box.height / 2 - FOCUS[1] * high))
    return Box(left, bottom, wide, high)
