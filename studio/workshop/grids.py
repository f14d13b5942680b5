"""The same picture with different numbers: one axis along the row, another one down, and both written beside the pictures."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..adapters.card import HEAVIEST, LoraSet
from ..errors import N_, BadInput
from ..rendering.parameters import TITLES
from ..rendering.samplers import check_sampler
from ..rendering.wish import Axis, Wish
from ..settings import ASSETS

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

STEPS = (20, 30, 50)
MOST = 12  # values of an axis
MOST_PICTURES = 48
GAP_PX = 8
LONGEST_PX = 6000  # of the sheet; larger pictures are made smaller on it
PAPER, INK = (251, 246, 236), (43, 36, 48)
FONT = ASSETS / "fonts" / "BeVietnamPro-SemiBold.ttf"
TYPE = 0.1  # size of the letters, as a share of a picture's width
GUTTER = 0.5  # width of what stands beside the first picture, at least
NAMES = {
    "steps": N_("Steps"),
    "guidance": N_("Guidance"),
    "seed": N_("Seed"),
    "sampler": N_("Sampler"),
    "weight": N_("Strength"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture of a wish: its values on the axes, and the wish that gives it alone."""

    at: tuple[str, ...]
    wish: Wish


def cells(wish: Wish) -> tuple[Cell, ...]:
    """The pictures of a wish: of a grid row by row, else one for each seed. Raises BadInput for axes that cannot be drawn."""
    alone = replace(wish, count=1, axes=())
    if not wish.axes:
        return tuple(Cell((), replace(alone, seed=wish.seed + number)) for number in range(wish.count))
    _check(wish.axes)
    found = []
    for values in product(*(axis.values for axis in reversed(wish.axes))):
        at = tuple(reversed(values))
        one = alone
        for axis, value in zip(wish.axes, at, strict=True):
            one = _with(one, axis, value)
        found.append(Cell(at, one))
    return tuple(found)


def _check(axes: Sequence[Axis]) -> None:
    for axis in axes:
        if axis.name not in NAMES or not 1 <= len(axis.values) <= MOST:
            raise BadInput(
                "A row of pictures over '{axis}' cannot be drawn. "
                "Give one of {known} and at most {most} values: steps=20,30,50",
                axis=axis.name,
                known=", ".join(NAMES),
                most=MOST,
            )
    count = math.prod(len(axis.values) for axis in axes)
    if len(axes) > 2 or count > MOST_PICTURES:
        raise BadInput(
            "A grid of {axes} axes and {count} pictures cannot be drawn. Give at most 2 axes and {most} pictures.",
            axes=len(axes),
            count=count,
            most=MOST_PICTURES,
        )
    if len({(axis.name, axis.adapter) for axis in axes}) < len(axes):
        raise BadInput(
            "Both axes of the grid change the same: '{axis}'. Choose another for one of them.", axis=axes[0].name
        )


def _with(wish: Wish, axis: Axis, value: str) -> Wish:
    """The wish with one value of the axis. Raises BadInput for one that is none."""
    read: dict[str, Callable[[str], Any]] = {"steps": int, "seed": int, "guidance": float, "sampler": check_sampler}
    try:
        if axis.name == "weight":
            return replace(wish, worn=_weighed(wish.worn, axis.adapter, float(value)))
        number = read[axis.name](value)
    except ValueError:
        raise BadInput(
            "'{value}' cannot stand on the axis '{axis}'. Give numbers between commas, such as 8,20,30.",
            value=value,
            axis=axis.name,
        ) from None
    return replace(wish, **{axis.name: number})


def _weighed(worn: LoraSet, adapter: str, weight: float) -> LoraSet:
    """The set with another weight for that adapter, or for the first; what comes late changes alike."""
    adapter = adapter or (worn[0].adapter if worn else "")
    if adapter not in [one.adapter for one in worn]:
        raise BadInput(
            "No style or character is worn whose strength could change. Choose one first, or another axis.",
        )
    if not -HEAVIEST <= weight <= HEAVIEST:
        raise BadInput(
            "'{adapter}' cannot be worn with a weight of '{weight:g}'. Give 0 to {most:g}; 1 is usual.",
            adapter=adapter,
            weight=weight,
            most=HEAVIEST,
        )
    return tuple(
        replace(one, weight=weight, late=None if one.late is None or not one.weight else one.late * weight / one.weight)
        if one.adapter == adapter
        else one
        for one in worn
    )


# The sheet


def sheet(pictures: Sequence[Path], axes: Sequence[Axis]) -> bytes:
    """A PNG of all pictures, row by row, with what differs written above and beside them."""
    from PIL import Image, ImageDraw, ImageFont

    along, down = axes[0], axes[1] if len(axes) > 1 else None
    opened = [Image.open(path).convert("RGB") for path in pictures]
    columns, rows = len(along.values), len(down.values) if down else 1
    widest, highest = max(one.width for one in opened), max(one.height for one in opened)
    scale = min(1.0, LONGEST_PX / (columns * widest), LONGEST_PX / (rows * highest))
    width, height = round(widest * scale), round(highest * scale)
    font = ImageFont.truetype(str(FONT), max(11, round(TYPE * width)))
    head = round(1.6 * font.size)
    beside = [_title(along)] if down is None else [_title(down), *(_said(down, value) for value in down.values)]
    gutter = max(round(GUTTER * width), *(round(font.getlength(words)) + 2 * GAP_PX for words in beside))
    heads = head if down is None else 2 * head
    size = (gutter + columns * (width + GAP_PX) - GAP_PX, heads + rows * (height + GAP_PX) - GAP_PX)
    paper = Image.new("RGB", size, PAPER)
    written = _Writing(ImageDraw.Draw(paper), font)
    written.axis(along, down, gutter, head, width, height)
    for number, one in enumerate(opened):
        row, column = divmod(number, columns)
        place = (gutter + column * (width + GAP_PX), heads + row * (height + GAP_PX))
        paper.paste(one if one.size == (width, height) else one.resize((width, height)), place)
    raw = io.BytesIO()
    paper.save(raw, "PNG")
    return raw.getvalue()


@dataclass(frozen=True, slots=True)
class _Writing:
    """Letters on the sheet."""

    draw: ImageDraw
    font: FreeTypeFont

    def axis(self, along: Axis, down: Axis | None, gutter: int, head: int, width: int, height: int) -> None:
        """The values above the columns and beside the rows; the axes' names where both meet."""
        top = 0 if down is None else head
        if down is None:
            self._put(_title(along), gutter / 2, head / 2, gutter)
        else:
            self._put(_title(along), gutter + (len(along.values) * (width + GAP_PX) - GAP_PX) / 2, head / 2, width * 4)
            self._put(_title(down), gutter / 2, top + head / 2, gutter)
            for row, value in enumerate(down.values):
                self._put(_said(down, value), gutter / 2, 2 * head + row * (height + GAP_PX) + height / 2, gutter)
        for column, value in enumerate(along.values):
            self._put(_said(along, value), gutter + column * (width + GAP_PX) + width / 2, top + head / 2, width)

    def _put(self, words: str, x: float, y: float, room: float) -> None:
        """The words around that point, cut where there is no more room."""
        while len(words) > 2 and self.font.getlength(words) > room:
            words = words.rstrip("…")[:-1] + "…"
        self.draw.text((x, y), words, INK, self.font, anchor="mm")


def _title(axis: Axis) -> str:
    return axis.title or NAMES[axis.name]


def _said(axis: Axis, value: str) -> str:
    return TITLES.get(value, value) if axis.name == "sampler" else value
