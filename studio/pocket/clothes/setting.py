"""Where clothes are shown: backgrounds of any shape, 256 units along the shorter side, and the space that they leave.

Each comes in several tones, of which one is taken that is far from the garment's colour.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from ..world.parts import mixed
from .cloth import INK, LIGHT

Canvas = tuple[float, float]
LINE = 2.4  # of the ink in backgrounds, thinner than that of the garment


@dataclass(frozen=True, slots=True)
class Stage:
    """SVG behind and in front of the garment, the box (left, top, width, height) that it fills, and what holds it."""

    back: str
    front: str
    box: tuple[float, float, float, float]
    hold: str
    rail: float = 0  # how far down the thing is from which it hangs
    shadow: tuple[float, float] = (5, 6)


def rect(x: float, y: float, wide: float, high: float, fill: str, line: float = 0, round_: float = 0) -> str:
    """A rectangle, with ink around it if `line` says so."""
    ink = f' stroke="{INK}" stroke-width="{line}"' if line else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="{round_}" fill="{fill}"{ink}/>'


def path(d: str, fill: str, line: float = 0) -> str:
    """A closed area, with ink around it if `line` says so."""
    ink = f' stroke="{INK}" stroke-width="{line}" stroke-linejoin="round"' if line else ""
    return f'<path d="{d}" fill="{fill}"{ink}/>'


def circle(x: float, y: float, r: float, fill: str, line: float = 0) -> str:
    """A disc, with ink around it if `line` says so."""
    ink = f' stroke="{INK}" stroke-width="{line}"' if line else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}"{ink}/>'


def stroke(d: str, colour: str, width: float) -> str:
    """Open lines with round ends."""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"/>'


def placed(x: float, y: float, size: float, turn: float, content: str) -> str:
    """A drawing at a place."""
    return f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.0f}) scale({size:.2f})">{content}</g>'


def far_from(colour: str, tones: tuple[str, ...], rng: random.Random) -> str:
    """One of the two tones that differ most from the colour."""

    def away(tone: str) -> int:
        pairs = zip(bytes.fromhex(tone[1:]), bytes.fromhex(colour[1:]), strict=True)
        return sum((a - b) ** 2 for a, b in pairs)

    return rng.choice(sorted(tones, key=away)[-2:])


def around(canvas: Canvas, rng: random.Random, count: int, free: float = 0.72) -> list[tuple[float, float]]:
    """Places near the edges, where a garment in the middle does not hide them."""
    (wide, high), spots = canvas, list[tuple[float, float]]()
    while len(spots) < count:
        x, y = rng.uniform(6, wide - 6), rng.uniform(6, high - 6)
        if max(abs(x / wide - 0.5), abs(y / high - 0.5)) * 2 > free and all(
            (x - a) ** 2 + (y - b) ** 2 > 500 for a, b in spots[-6:]
        ):
            spots.append((x, y))
    return spots


def hanger(canvas: Canvas, rng: random.Random, colour: str) -> Stage:
    """A room with a clothes rail along the top, panelling below, and empty hangers to the sides."""
    wide, high = canvas
    wall = far_from(colour, ("#f3dfc4", "#cfe6df", "#f4d4d0", "#d5dcf2", "#e4eccb"), rng)
    panel, rail = mixed(wall, LIGHT, 0.62), rng.uniform(15, 20)
    low = high - rng.uniform(46, 60)
    step = rng.uniform(30, 38)
    boards = "".join(f"M{x * step:.1f} {low + 10:.1f}V{high:.0f}" for x in range(int(wide / step) + 2))
    paper = "".join(circle(x, y, 2.6, mixed(wall, LIGHT, 0.5)) for x, y in _rows(wide, low, 30))
    spare = "".join(_spare_hanger(x, rail, rng) for x in (rng.uniform(18, 30), wide - rng.uniform(18, 30)))
    pole = rect(-6, rail - 4.5, wide + 12, 9, "#a86a3c", LINE) + rect(-6, rail - 3, wide + 12, 2.4, "#cf9560")
    floor = rect(-4, low, wide + 8, high - low + 8, panel, LINE) + stroke(boards, mixed(panel, INK, 0.2), 2)
    back = rect(0, 0, wide, high, wall) + paper + floor + rect(-4, low, wide + 8, 9, LIGHT, LINE) + spare + pole
    top = rail + 34
    return Stage(back, "", (10, top, wide - 20, high - top - 8), "hanger", rail, (9, 7))


def _rows(wide: float, high: float, step: float) -> list[tuple[float, float]]:
    return [
        (x * step + (y % 2) * step / 2, y * step + 12)
        for y in range(int(high / step))
        for x in range(int(wide / step) + 2)
    ]


def _spare_hanger(x: float, rail: float, rng: random.Random) -> str:
    """An empty wooden hanger seen almost from its edge."""
    half = rng.uniform(10, 22)
    hook = f"M{x:.1f} {rail + 20:.1f}v-14q0 -12 7 -12"
    arms = f"M{x:.1f} {rail + 19:.1f}L{x + half:.1f} {rail + 36:.1f}H{x - half:.1f}z"
    look = 'fill="none" stroke-linejoin="round"'
    return (
        stroke(hook, INK, 3)
        + f'<path d="{arms}" {look} stroke="{INK}" stroke-width="8"/>'
        + f'<path d="{arms}" {look} stroke="#d3a066" stroke-width="4"/>'
    )


def washing_line(canvas: Canvas, rng: random.Random, colour: str) -> Stage:
    """A garden under the sky: clouds, a sun, hills, a post at one side."""
    wide, high = canvas
    top, low = far_from(colour, ("#8fd0f2", "#a9dcf3", "#c7e8f6"), rng), "#eef8f6"
    sky = "".join(rect(0, high * index / 12, wide, high / 12 + 1, mixed(top, low, index / 11)) for index in range(12))
    side = rng.choice((0.0, 1.0))
    sun = circle(abs(side * wide - rng.uniform(24, 44)), rng.uniform(30, 46), 19, "#ffd75e", 0)
    clouds = "".join(
        placed(rng.uniform(0.05, 0.95) * wide, high * at + rng.uniform(-10, 10), rng.uniform(0.7, 1.15), 0, CLOUD)
        for at in (0.14, 0.36, 0.52)
    )
    ground = high - rng.uniform(44, 64)
    hills = path(
        f"M-6 {ground:.0f}q{wide * 0.25:.0f} -44 {wide * 0.5:.0f} -8t{wide * 0.6:.0f} -4V{high + 6}H-6z", "#a5d38c"
    )
    meadow = path(
        f"M-6 {ground + 22:.0f}q{wide * 0.3:.0f} -18 {wide * 0.6:.0f} -4t{wide * 0.5:.0f} 0V{high + 6}H-6z",
        "#82bf6b",
        LINE,
    )
    tufts = "".join(
        placed(
            rng.uniform(0, wide),
            rng.uniform(ground + 34, high - 2),
            1,
            0,
            stroke("M-5 -7L-2 0L1 -9L3 0L7 -6", "#5d9a4f", 2.2),
        )
        for _ in range(7)
    )
    post = rect(wide - 17 if side else 6, 12, 11, high, "#b57a48", LINE) + rect(
        wide - 26 if side else -3, 20, 29, 8, "#b57a48", LINE, 2
    )
    back = sky + sun + clouds + hills + meadow + tufts + post
    return Stage(back, "", (16, 24, wide - 32, high - 34), "line", 26, (0, 0))


CLOUD = path("M-34 10a12 12 0 0 1 2 -23a19 19 0 0 1 34 -6a15 15 0 0 1 26 9a10.500 10.500 0 0 1 4 20z", "#ffffff")


def bed(canvas: Canvas, rng: random.Random, colour: str) -> Stage:
    """A bed from above: floor boards at the sides, headboard, two pillows, a sheet and a blanket."""
    wide, high = canvas
    blanket = far_from(colour, ("#9cc3de", "#f1b7ab", "#b9d7a6", "#f0d694", "#c6b4e0"), rng)
    step = rng.uniform(22, 28)
    boards = "".join(f"M{x * step:.1f} 0V{high:.0f}" for x in range(int(wide / step) + 2))
    floor = rect(0, 0, wide, high, "#d9a873") + stroke(boards, "#bb8956", 2)
    side = rng.uniform(15, 20)
    across = wide - 2 * side
    head = rect(side - 7, -12, across + 14, 26, "#9b6238", LINE, 6)
    sheet = rect(side, 10, across, high + 20, "#fbf6ea", LINE, 8)
    pillow = across / 2 - 12
    pillows = "".join(
        rect(x, 15 + rng.uniform(-2, 2), pillow, 46, "#ffffff", LINE, 15)
        + stroke(f"M{x + 14:.1f} 50q{pillow / 2 - 14:.1f} 8 {pillow - 28:.1f} 0", "#cfd2de", 2.4)
        for x in (side + 7, side + across / 2 + 5)
    )
    fold = rng.uniform(74, 88)
    cover = rect(side - 6, fold, across + 12, high, blanket, LINE, 7)
    seams = "".join(f"M{side - 6:.1f} {y:.1f}h{across + 12:.1f}" for y in range(int(fold) + 56, int(high), 46))
    seams += "".join(f"M{side + across * at:.1f} {fold + 20:.1f}V{high:.0f}" for at in (0.08, 0.36, 0.64, 0.92))
    turned = rect(side - 6, fold, across + 12, 20, mixed(blanket, LIGHT, 0.65), LINE, 6)
    back = floor + sheet + head + pillows + cover + stroke(seams, mixed(blanket, INK, 0.12), 2.4) + turned
    return Stage(back, "", (side + 4, 26, across - 8, high - 36), "lying")
