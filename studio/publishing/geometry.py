"""Rectangles, soft edges and the frame of one side of a leaf. Points; the origin is the lower left corner."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .profiles import TEXT_MARGIN_PT, Profile, Trim

# Pairs are corners, the first is where the pen starts; six numbers are a Bézier curve (handle, handle, end).
Outline = tuple[tuple[float, ...], ...]

ROUND = 4 / 3 * math.tan(math.pi / 8)  # handle length with which four Bézier curves make a circle


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def top(self) -> float:
        return self.bottom + self.height

    @property
    def centre(self) -> float:
        """The x of the upright middle line."""
        return self.left + self.width / 2

    def inset(self, by: float) -> Box:
        return Box(self.left + by, self.bottom + by, self.width - 2 * by, self.height - 2 * by)

    def within(self, other: Box) -> Box:
        """What lies in both; of no size when they do not meet."""
        left, bottom = max(self.left, other.left), max(self.bottom, other.bottom)
        wide, high = min(self.right, other.right) - left, min(self.top, other.top) - bottom
        return Box(left, bottom, max(0.0, wide), max(0.0, high))

    @property
    def area(self) -> float:
        return self.width * self.height

    def moved(self, by: float) -> Box:
        """To the right."""
        return Box(self.left + by, self.bottom, self.width, self.height)

    def holds(self, other: Box, slack: float = 0.01) -> bool:
        """Whether `other` lies inside, give or take `slack` points."""
        return (
            other.left >= self.left - slack
            and other.bottom >= self.bottom - slack
            and other.right <= self.right + slack
            and other.top <= self.top + slack
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """The boxes of one side: the whole sheet, what stays after cutting, where colour may go, where words may stand."""

    media: Box
    trim: Box
    ink: Box
    safe: Box

    @property
    def wide(self) -> bool:
        return self.trim.width > 1.1 * self.trim.height

    @property
    def em(self) -> float:
        """A measure of the page that type sizes are taken from: the side of a square as large."""
        return math.sqrt(self.trim.width * self.trim.height)


def frame(trim: Trim, profile: Profile, side: int, pages: int = 24) -> Frame:
    """The frame of side 1, 2, 3 … of a book of so many; odd sides are right-hand, bound at their left."""
    bleed, bind = profile.bleed_pt, profile.bleed_pt if profile.bleed_at_bind else 0.0
    left = bind if side % 2 else bleed
    media = Box(0, 0, trim.width_pt + bleed + bind, trim.height_pt + 2 * bleed)
    cut = Box(left, bleed, trim.width_pt, trim.height_pt)
    safe, gutter = cut.inset(TEXT_MARGIN_PT), profile.gutter_pt(pages) - TEXT_MARGIN_PT
    safe = Box(safe.left + (gutter if side % 2 else 0.0), safe.bottom, safe.width - gutter, safe.height)
    ink = media.inset(profile.edge_pt)
    if profile.sheet:  # both pages of an opening lie on one sheet, which has no white edge between them
        ink = Box(
            ink.left - (profile.edge_pt if side % 2 else 0.0), ink.bottom, ink.width + profile.edge_pt, ink.height
        )
    return Frame(media, cut, ink, safe)


def around(box: Box) -> Outline:
    """Its four corners."""
    return (box.left, box.bottom), (box.right, box.bottom), (box.right, box.top), (box.left, box.top)


def bounds(outline: Outline) -> Box:
    """The smallest box that holds an outline and the handles of its curves."""
    xs = [x for step in outline for x in step[::2]]
    ys = [y for step in outline for y in step[1::2]]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def wave(start: tuple[float, float], end: tuple[float, float], swell: float) -> tuple[float, ...]:
    """The curve from `start` to `end` that swells first to its left, then to its right, by about `swell` / 3."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    length = math.hypot(dx, dy)
    nx, ny = -dy / length * swell, dx / length * swell
    return (x0 + dx / 3 + nx, y0 + dy / 3 + ny, x0 + dx * 2 / 3 - nx, y0 + dy * 2 / 3 - ny, x1, y1)


def circle(x: float, y: float, radius: float) -> Outline:
    """A circle around (x, y)."""
    r, h = radius, radius * ROUND
    return (
        (x + r, y),
        (x + r, y + h, x + h, y + r, x, y + r),
        (x - h, y + r, x - r, y + h, x - r, y),
        (x - r, y - h, x - h, y - r, x, y - r),
        (x + h, y - r, x + r, y - h, x + r, y),
    )
