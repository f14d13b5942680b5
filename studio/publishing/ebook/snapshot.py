"""A side as one picture, words and all: the cover that e-readers show on their shelves."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from ..faces import FACES, TITLE
from ..fonts import FOLDER, load_fonts
from ..geometry import Box, Outline
from ..marks import PAPER, Fill, Line, Mark, Picture, Rule, Side, Text
from ..plate import QUALITY, Plate

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFont import FreeTypeFont

FINER = 2  # drawn so many times larger and made smaller again: edges are smooth then
CURVE_STEPS = 24


def snapshot(side: Side, plates: Callable[[Picture], Plate], width_px: int) -> bytes:
    """The trimmed side as a JPEG of that width. It knows no words that are turned, as on a spine."""
    from PIL import Image

    trim, raw = side.frame.trim, io.BytesIO()
    scale = FINER * width_px / trim.width
    sheet = Image.new("RGB", (FINER * width_px, round(trim.height * scale)), PAPER)
    brush = _Brush(sheet, trim, scale, plates)
    for mark in side.marks:
        brush.draw(mark)
    small = sheet.resize((width_px, round(sheet.height / FINER)), Image.Resampling.LANCZOS)
    small.save(raw, "JPEG", quality=QUALITY)
    return raw.getvalue()


class _Brush:
    def __init__(self, sheet: Image.Image, trim: Box, scale: float, plates: Callable[[Picture], Plate]) -> None:
        from PIL import ImageDraw

        self._sheet, self._trim, self._scale, self._plates = sheet, trim, scale, plates
        self._pen = ImageDraw.Draw(sheet)

    def draw(self, mark: Mark) -> None:
        match mark:
            case Fill(outline, colour):
                self._pen.polygon(self._path(outline), colour)
            case Rule(path, colour, width):
                self._pen.line(self._path(path), colour, max(1, round(width * self._scale)), "curve")
            case Picture():
                self._picture(mark)
            case Text():
                self._words(mark)

    def _picture(self, mark: Picture) -> None:
        from PIL import Image, ImageDraw

        seen = mark.seen
        corner = self._at(seen.left, seen.top)
        size = max(1, round(seen.width * self._scale)), max(1, round(seen.height * self._scale))
        with Image.open(io.BytesIO(self._plates(mark).jpeg), formats=("JPEG",)) as opened:
            pixels = opened.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        shown = Image.new("L", self._sheet.size)
        ImageDraw.Draw(shown).polygon(self._path(mark.outline), 255)
        laid = Image.new("RGB", self._sheet.size)
        laid.paste(pixels, (round(corner[0]), round(corner[1])))
        self._sheet.paste(laid, (0, 0), shown)

    def _words(self, mark: Text) -> None:
        fonts = load_fonts()
        lines: list[tuple[Line, str, float]] = [(line, mark.face, mark.size) for line in mark.lines]
        if mark.cap:
            lines.append((mark.cap, TITLE, mark.cap_size))
        for line, set_in, size in lines:
            x = line.x
            for face, words in fonts.runs(line.words, set_in):
                self._pen.text(self._at(x, line.y), words, mark.colour, _font(face, size * self._scale), "ls")
                x += fonts.width(words, face, size)

    def _path(self, outline: Outline) -> list[tuple[float, float]]:
        return [self._at(*point) for point in _flat(outline)]

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (x - self._trim.left) * self._scale, (self._trim.top - y) * self._scale


def _font(face: str, size: float) -> FreeTypeFont:
    from PIL import ImageFont

    file = next(known.file for known in FACES if known.name == face)
    return ImageFont.truetype(str(FOLDER / file), size, layout_engine=ImageFont.Layout.BASIC)


def _flat(outline: Outline) -> Iterator[tuple[float, float]]:
    """The corners of the outline, curves in short straight steps."""
    here = (0.0, 0.0)
    for step in outline:
        if len(step) == 6:
            yield from map(partial(_on_curve, here, step), (n / CURVE_STEPS for n in range(1, CURVE_STEPS + 1)))
        else:
            yield step[0], step[1]
        here = step[-2], step[-1]


def _on_curve(start: tuple[float, float], curve: tuple[float, ...], share: float) -> tuple[float, float]:
    """A point of a cubic Bézier curve."""
    rest = 1 - share
    weights = (rest**3, 3 * rest * rest * share, 3 * rest * share * share, share**3)
    points = (start, curve[:2], curve[2:4], curve[4:])
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
    return x, y
