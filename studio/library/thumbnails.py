"""Small copies of pictures for the screens, made once and kept."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from .. import vault
from ..errors import BadInput

LONG_SIDE_PX = 480
SHOWN_PX = 768  # of a picture that is painted on
LIMIT_BYTES = 60_000
QUALITIES = (85, 75, 60, 45, 30, 15)


def thumbnail(picture: Path, folder: Path) -> Path | None:
    """A JPEG of at most 60 KB and 480 px of `picture`, kept in `folder`; nothing when the picture cannot be opened.
    It lies sealed where the picture does."""
    small = folder / f"{picture.stem}.jpg"
    if not vault.opens(picture):
        return None
    if small.is_file() and small.stat().st_mtime_ns >= picture.stat().st_mtime_ns:
        return small
    raw = _shrink(picture)
    sys.audit("studio.thumbnail.made")
    return vault.write(small, raw) if raw else None


def shown(raw: bytes) -> tuple[bytes, int, int]:
    """A JPEG of 768 px at most of any picture, and the width and height of the picture itself. Raises BadInput."""
    from PIL import Image

    buffer = io.BytesIO()
    try:
        with Image.open(io.BytesIO(raw)) as opened:
            size, image = opened.size, opened.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as damaged:
        raise BadInput(
            "This picture cannot be opened: its file is damaged. Choose another; nothing was changed."
        ) from damaged
    image.thumbnail((SHOWN_PX, SHOWN_PX))
    image.save(buffer, "JPEG", quality=88)
    return buffer.getvalue(), *size


def _shrink(picture: Path) -> bytes | None:
    from PIL import Image

    try:
        with vault.stream(picture) as file, Image.open(file) as opened:
            image = opened.convert("RGB")
    except (OSError, SyntaxError, BadInput):  # Pillow's two words for a damaged file, and the vault's
        return None
    image.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX))
    for quality in QUALITIES:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        if buffer.tell() <= LIMIT_BYTES:
            break
    return buffer.getvalue()
