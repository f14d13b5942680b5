"""Large copies of small pictures for paper: each is made once and lies beside its picture."""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NotReady
from ..files import atomic_write
from ..models.loading import model_folder
from ..models.table import base_model
from ..settings import Settings

if TYPE_CHECKING:
    import torch
    from PIL import Image

LARGER = 4  # times the sides
ENOUGH_PX = 512  # a picture whose longer side is this or more is left alone: another model drew it
WEIGHTS = Path("upscaler", "upscaler.safetensors")  # in pocket's folder


class Enlarger:
    """Enlarges with pocket's upscaler. Loads torch for a picture that is not enlarged yet, and for nothing else."""

    def __init__(self, settings: Settings) -> None:
        self._weights = Path()
        with suppress(NotReady):  # without pocket there is nothing to enlarge with
            self._weights = model_folder(base_model("pocket"), settings) / WEIGHTS
        self._model: torch.nn.Sequential | None = None

    def enlarged(self, picture: Path) -> Path:
        """The picture's copy of four times the size, `<picture>-<key>.print.png`; the key stands for pixels and weights.

        The picture itself when it is large, when it cannot be opened (whoever prints it says so), and when the weights
        are not there. Raises NoRoom.
        """
        if not self._weights.is_file() or (small := _opened(picture)) is None or max(small.size) >= ENOUGH_PX:
            return picture
        key = hashlib.sha256(picture.read_bytes() + hashlib.sha256(self._weights.read_bytes()).digest()).hexdigest()
        copy = picture.with_name(f"{picture.stem}-{key[:16]}.print.png")
        return copy if _opened(copy) else atomic_write(copy, self._enlarge(small.convert("RGB")))

    def size(self, picture: Path) -> tuple[int, int]:
        """Width and height in px of what `enlarged` would give; nothing is made. (0, 0) when it cannot be opened."""
        if (small := _opened(picture)) is None:
            return (0, 0)
        larger = LARGER if self._weights.is_file() and max(small.size) < ENOUGH_PX else 1
        return (small.width * larger, small.height * larger)

    def _enlarge(self, small: Image.Image) -> bytes:
        """The bytes of the copy, without any note of where it comes from."""
        import numpy as np
        from PIL import Image

        from .finish import grid
        from .upscaler import load_upscaler, upscale

        raw = io.BytesIO()
        if grid(np.asarray(small)):  # pixel art stays what it is
            size = (LARGER * small.width, LARGER * small.height)
            small.resize(size, Image.Resampling.NEAREST).save(raw, "PNG", compress_level=3)
            return raw.getvalue()
        if self._model is None:
            self._model = load_upscaler(self._weights)
        Image.fromarray(upscale(self._model, np.asarray(small)[None])[0]).save(raw, "PNG", compress_level=3)
        return raw.getvalue()


def _opened(picture: Path) -> Image.Image | None:
    """The picture's pixels; nothing when the file is missing, cut or damaged."""
    from PIL import Image

    try:
        with Image.open(picture, formats=("PNG", "JPEG", "WEBP")) as opened:
            opened.load()
            return opened
    except (OSError, SyntaxError, ValueError):  # Pillow's words for all of that
        return None
