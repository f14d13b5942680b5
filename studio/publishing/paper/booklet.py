"""Where the sides of a book lie on the pages of its file: one by one, or two to a sheet that is folded and stapled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..geometry import Box
from ..marks import Side
from ..profiles import Profile


@dataclass(frozen=True, slots=True)
class Placed:
    """A side with its origin at (x, y), `scale` times as large. `order` counts the sides of the book from 0."""

    side: Side
    order: int
    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0

    def box(self, inner: Box) -> Box:
        """Where a box of the side lies on the sheet."""
        return Box(
            self.x + inner.left * self.scale,
            self.y + inner.bottom * self.scale,
            inner.width * self.scale,
            inner.height * self.scale,
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the file."""

    media: Box
    trim: Box
    placed: tuple[Placed, ...]

    @property
    def folded(self) -> bool:
        return any(one.scale != 1 or self.trim != one.side.frame.trim for one in self.placed)


def sheets_of(sides: Sequence[Side], profile: Profile) -> tuple[Sheet, ...]:
    """The pages of the file in order."""
    if profile.sheet is None:
        return tuple(Sheet(side.frame.media, side.frame.trim, (Placed(side, at),)) for at, side in enumerate(sides))
    return folded(sides, profile.sheet)


def folded(sides: Sequence[Side], size: tuple[float, float]) -> tuple[Sheet, ...]:
    """Fronts and backs in turn: last | first, second | last but one, third from the end | third … Halves beyond the last
    side stay empty."""
    count = -(-len(sides) // 4) * 4
    media = Box(0, 0, *size)
    halves = Box(0, 0, size[0] / 2, size[1]), Box(size[0] / 2, 0, size[0] / 2, size[1])
    found = []
    for front in range(count // 2):
        pair = (count - 1 - front, front)
        left_right = pair if front % 2 == 0 else pair[::-1]
        placed = (_placed(sides[at], at, half) for at, half in zip(left_right, halves, strict=True) if at < len(sides))
        found.append(Sheet(media, media, tuple(placed)))
    return tuple(found)


def _placed(side: Side, order: int, half: Box) -> Placed:
    """What is left after cutting in the middle of the half, never larger than it is."""
    trim = side.frame.trim
    scale = min(half.width / trim.width, half.height / trim.height, 1.0)
    x = half.centre - (trim.left + trim.width / 2) * scale
    y = half.bottom + half.height / 2 - (trim.bottom + trim.height / 2) * scale
    return Placed(side, order, x, y, scale)
