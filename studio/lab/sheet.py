"""A sheet: pictures side by side, each with a few words below, to compare them at a look."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import atomic_path
from ..settings import ASSETS

if TYPE_CHECKING:
    import numpy as np

    Captioned = tuple[np.ndarray, str]

FONT = ASSETS / "fonts" / "BeVietnamPro-Regular.ttf"
TITLE_FONT = ASSETS / "fonts" / "Baloo2-Bold.ttf"
PAPER, INK, FRAME = (252, 248, 240), (61, 52, 46), (222, 212, 196)
GAP, LINE, LETTERS, TITLE = 20, 24, 17, 30  # px
LINES = 2  # of a caption; what is longer ends with …


def sheet(pictures: Sequence[Captioned], path: Path, columns: int = 4, side_px: int = 256, title: str = "") -> Path:
    """Draws pictures uint8 [h, w, 3] with their captions, row by row, and writes a PNG. Raises NoRoom."""
    drawn = laid(pictures, columns, side_px, title)
    with atomic_path(path) as part:
        drawn.save(part, "PNG")
    return path


def laid(pictures: Sequence[Captioned], columns: int = 4, side_px: int = 256, title: str = "") -> Any:
    """The sheet as a picture of Pillow."""
    from PIL import Image, ImageDraw

    columns = max(1, min(columns, len(pictures)))
    lines = max((len(wrapped(caption, _font(FONT, LETTERS), side_px)) for _, caption in pictures), default=0)
    cell, top = side_px + lines * LINE + GAP // 2, GAP + (TITLE + GAP if title else 0)
    rows = -(-len(pictures) // columns)
    drawn = Image.new("RGB", (GAP + columns * (side_px + GAP), top + rows * (cell + GAP // 2)), PAPER)
    pen = ImageDraw.Draw(drawn)
    if title:
        pen.text((GAP, GAP - 6), title, INK, _font(TITLE_FONT, TITLE))
    for number, (pixels, caption) in enumerate(pictures):
        row, column = divmod(number, columns)
        _place(drawn, pen, pixels, caption, (GAP + column * (side_px + GAP), top + row * (cell + GAP // 2)), side_px)
    return drawn


def _place(drawn: Any, pen: Any, pixels: np.ndarray, caption: str, at: tuple[int, int], side_px: int) -> None:
    """One picture in the middle of its square, its caption in the middle below."""
    from PIL import Image, ImageOps

    picture = ImageOps.contain(Image.fromarray(pixels), (side_px, side_px), Image.Resampling.LANCZOS)
    left, top = at[0] + (side_px - picture.width) // 2, at[1] + (side_px - picture.height) // 2
    drawn.paste(picture, (left, top))
    pen.rectangle((left - 1, top - 1, left + picture.width, top + picture.height), outline=FRAME)
    font = _font(FONT, LETTERS)
    for number, line in enumerate(wrapped(caption, font, side_px)):
        pen.text((at[0] + side_px / 2, at[1] + side_px + 8 + number * LINE), line, INK, font, anchor="ma")


def wrapped(caption: str, font: Any, width_px: int) -> list[str]:
    """The caption in at most `LINES` lines that are no wider than that."""
    lines: list[str] = []
    rest = caption.split()
    while rest and len(lines) < LINES:
        taken = next((n for n in range(len(rest), 1, -1) if font.getlength(" ".join(rest[:n])) <= width_px), 1)
        lines.append(" ".join(rest[:taken]))
        rest = rest[taken:]
    if rest:
        lines[-1] += "…"
    return [_cut(line, font, width_px) for line in lines]


def _cut(line: str, font: Any, width_px: int) -> str:
    """A line that fits, its end left out if it must be."""
    while font.getlength(line) > width_px and len(line) > 1:
        line = line.rstrip("…")[:-1] + "…"
    return line


def _font(path: Path, size_px: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(path), size_px)
