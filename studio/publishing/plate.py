"""A drawn picture made ready for paper: enlarged, a little sharpened, one JPEG that knows nothing but its pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from ..errors import NotReady
from .geometry import Box

SIDE_PX = 1024  # a picture whose longer side is less is enlarged to this
FOCUS = (0.5, 0.43)  # what must stay when a picture is cut: from the left, from below; children stand a little low


@dataclass(frozen=True, slots=True)
class Plate:
    """A JPEG and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def make_plate(picture: Path, number: int) -> Plate:
    """The picture of page `number` as JPEG, RGB, 4:4:4, quality 92, without metadata. Raises NotReady."""
    from PIL import Image, ImageFilter

    try:
        with Image.open(picture, formats=("PNG", "JPEG", "WEBP")) as opened:
            pixels = opened.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:  # Pillow's words for a missing, cut or damaged file
        raise NotReady(
            "The picture of page {number} is missing or damaged. Draw that page again; the other pages are safe.",
            number=number,
        ) from error
    larger = SIDE_PX / max(pixels.size)
    if larger > 1:
        pixels = pixels.resize([round(side * larger) for side in pixels.size], Image.Resampling.LANCZOS)
        pixels = pixels.filter(ImageFilter.UnsharpMask(radius=2, percent=70, threshold=2))
    pixels.info = {}  # Pillow would write a comment or profile of the old file into the new one
    raw = io.BytesIO()
    pixels.save(raw, "JPEG", quality=92, subsampling="4:4:4", optimize=True)
    return Plate(raw.getvalue(), *pixels.size)


def cover_fit(width: float, height: float, box: Box) -> Box:
    """Where a picture of that shape lies so that it fills `box`, with FOCUS as near the middle as can be."""
    scale = max(box.width / width, box.height / height)
    wide, high = width * scale, height * scale
    left = min(box.left, max(box.right - wide, box.left + box.width / 2 - FOCUS[0] * wide))
    bottom = min(box.bottom, max(box.top - high, box.bottom + box.height / 2 - FOCUS[1] * high))
    return Box(left, bottom, wide, high)
