"""A picture's file: a PNG that knows which drawing it is, and nothing of the story or the person."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .. import vault
from ..errors import BadInput
from . import source
from .drawing import Drawing
from .parameters import numbers
from .versions import NOTE, versions_note

if TYPE_CHECKING:
    import numpy as np


def save_picture(pixels: np.ndarray, drawing: Drawing, path: Path) -> Path:
    """Writes pixels uint8 [height, width, 3] as PNG with the drawing's numbers and the tools that drew it. Raises NoRoom.

    The prompt and the adapters' names stay out, because a child's name may stand in them.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    for name, value in _notes(drawing).items():
        notes.add_text(name, value)
    notes.add_itxt(source.NOTE, source.PACKET)  # from birth on, so that it is there however the file goes its way
    raw = io.BytesIO()
    Image.fromarray(pixels).save(raw, "PNG", pnginfo=notes)
    sys.audit("studio.page.drawn")
    written = vault.write(path, raw.getvalue())
    sys.audit("studio.page.saved")
    return written


def _notes(drawing: Drawing) -> dict[str, str]:
    return {
        "Software": "Storybook Studio",
        "key": drawing.key,
        "parameters": numbers(drawing),
        NOTE: versions_note(),
    }


def is_drawn(drawing: Drawing, path: Path) -> bool:
    """Whether the file is there, whole, and that very drawing."""
    from PIL import Image

    try:
        with vault.stream(path) as file, Image.open(file, formats=("PNG",)) as picture:
            fits = picture.size == (drawing.width, drawing.height) and picture.info.get("key") == drawing.key
            picture.verify()  # reads every chunk to the end and checks its sum
    except (OSError, SyntaxError, ValueError, BadInput):  # what Pillow raises for missing, cut and damaged files
        return False
    return fits
