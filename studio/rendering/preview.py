"""What a picture that is being drawn looks like so far: a small JPEG in `previews/`, gone when the picture is there."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from .. import vault
from ..files import private_folder

if TYPE_CHECKING:
    import torch

FOLDER = "previews"
QUALITY = 80


def preview_of(picture: Path) -> Path:
    """Where the preview of a picture lies while it is drawn."""
    return picture.parent / FOLDER / f"{picture.stem}.jpg"


def show(pixels: torch.Tensor, picture: Path) -> Path:
    """Writes the preview of a picture, from pixels (height, width, 3) in 0 … 1. Raises NoRoom."""
    from PIL import Image

    raw = io.BytesIO()
    Image.fromarray((pixels * 255).round().byte().numpy()).save(raw, "JPEG", quality=QUALITY)
    private_folder(picture.parent / FOLDER)
    return vault.write(preview_of(picture), raw.getvalue())


def forget(picture: Path) -> None:
    """Removes the preview of a picture, if there is one."""
    preview_of(picture).unlink(missing_ok=True)
