"""Cloth and how it is sewn: an outline becomes a piece filled with colour and pattern, shaded, with an ink line around it.

Outlines are drawn in a garment's own units: 0 across is its middle, 0 down its top, and it is about 200 high.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..world.parts import mixed, table

Line = tuple[tuple[float, ...], ...]  # a start, then ends of lines (2 numbers), or curves with their handles (4 or 6)

INK: str = table("palette")["ink"]
# Stripes of these lie on cloth of the colour. Coloured cloth takes white or its own dark; for white cloth only greys
# will do, since any hue would be named first.
LIGHT = "#fff9ee"
DARKER = {"yellow": ("#a8641f", "#8a5a2b"), "white": ("#6f6c78", "#8d8994", "#57525f")}
# Petals on white cloth: grey ones look sad, and white is still most of it.
PETALS = ("#ef8d86", "#7fa8de", "#f2b75c", "#a98fd0")
THIN, THINNEST = 0.3, 0.2  # opacity of a checked cloth's bars; red cloth has the thinnest, or it is taken for pink
DARKEN = 0.58  # share of ink in a colour's own dark


@dataclass(frozen=True, slots=True)
class Cloth:
    """Colours and pattern of one cloth. `second` is the colour of the pattern, `trim` that of cuffs and bands."""

    own: str
    second: str
    trim: str
    pale: str
    pattern: str
    period: float  # from one stripe to the next, in a garment's units
    thin: float  # opacity of the bars of checks
    upright: bool  # stripes from the top to the bottom
    line: float  # width of the ink, in a garment's units


@dataclass(frozen=True, slots=True)
class Piece:
    """One cut of cloth; `turn` in degrees is how its threads run, `trim` says that it is of the trim instead."""

    outline: Line
    turn: float = 0
    trim: bool = False


def weave(colour: str, pattern: str, rng: random.Random, line: float) -> Cloth:
    """A cloth whose colour is a little lighter or darker than the word's."""
    plain = table("palette")["own"][colour]
    own = mixed(plain, rng.choice((LIGHT, INK)), rng.uniform(0, 0.05))
    dark = rng.choice(DARKER.get(colour, (mixed(plain, INK, DARKEN),)))
    dark = rng.choice(PETALS) if colour == "white" and pattern == "flowered" else dark
    light_first = colour != "white" and (rng.random() < 0.7 or pattern == "flowered")
    period = {"striped": (21, 27), "checked": (26, 32), "dotted": (25, 30), "flowered": (44, 50)}.get(pattern, (24, 24))
    return Cloth(
        own=own,
        second=LIGHT if light_first else dark,
        trim=mixed(plain, INK, 0.12 if colour == "white" else 0.24),
        pale=mixed(plain, LIGHT, 0.55),
        pattern=pattern,
        period=rng.uniform(*period),
        thin=THINNEST if colour == "red" else THIN,
        upright=rng.random() < 0.35,
        line=line,
    )


def curve(outline: Line, closed: bool = True) -> str:
    """SVG path data of an outline."""
    letters = {2: "L", 4: "Q", 6: "C"}
    steps = "".join(letters[len(step)] + " ".join(f"{number:.1f}" for number in step) for step in outline[1:])
    return f"M{outline[0][0]:.1f} {outline[0][1]:.1f}{steps}{'z' if closed else ''}"


def flipped(outline: Line) -> Line:
    """The outline as in a mirror."""
    return tuple(tuple(-n if i % 2 == 0 else n for i, n in enumerate(step)) for step in outline)


def whole(*right: tuple[float, ...]) -> Line:
    """An outline of which the right half is given, from the middle of the top to the middle of the bottom."""
    back: list[tuple[float, ...]] = []
    for step, before in zip(reversed(right), reversed(right[:-1]), strict=False):
        handles = [(step[i], step[i + 1]) for i in range(0, len(step) - 2, 2)]
        points = [*reversed(handles), before[-2:]]
        back.append(tuple(number for x, y in points for number in (-x, y)))
    return (*right, *back)


def drawn(line: Line, colour: str, width: float, opacity: float = 1) -> str:
    """An open line: a seam, a fold."""
    return (
        f'<path d="{curve(line, closed=False)}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" '
        f'stroke-opacity="{opacity}" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def filled(outline: Line, colour: str, line: float) -> str:
    """An even area with ink around it."""
    return (
        f'<path d="{curve(outline)}" fill="{colour}" stroke="{INK}" stroke-width="{line:.1f}" stroke-linejoin="round"/>'
    )


def sewn(pieces: Iterable[Piece], cloth: Cloth) -> str:
    """All pieces from the back to the front, SVG."""
    return "".join(_piece(piece, cloth, f"piece-{index}") for index, piece in enumerate(pieces))


def shape(pieces: Iterable[Piece], colour: str) -> str:
    """What all pieces cover, evenly: for shadows and masks. One path each, since in a common one overlaps leave holes."""
    return "".join(f'<path d="{curve(piece.outline)}" fill="{colour}"/>' for piece in pieces)


def _piece(piece: Piece, cloth: Cloth, name: str) -> str:
    d = curve(piece.outline)
    xs, ys = [step[-2] for step in piece.outline], [step[-1] for step in piece.outline]
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    colour = cloth.trim if piece.trim else cloth.own
    marks = "" if piece.trim else MARKS[cloth.pattern](cloth, math.hypot(max(xs) - x, max(ys) - y) + 8)
    # The shaded rim is a broad line moved aside. A gradient looked no better and made up a third of the time.
    shade = (
        f'<path d="{d}" transform="translate(5 2)" fill="none" stroke="{INK}" stroke-width="17" stroke-opacity=".13"/>'
    )
    return (
        f'<clipPath id="{name}"><path d="{d}"/></clipPath><path d="{d}" fill="{colour}"/>'
        f'<g clip-path="url(#{name})"><g transform="translate({x:.1f} {y:.1f}) rotate({piece.turn:.1f})">{marks}</g>{shade}</g>'
        f'<path d="{d}" fill="none" stroke="{INK}" stroke-width="{cloth.line:.1f}" stroke-linejoin="round"/>'
    )


def _steps(period: float, reach: float) -> list[float]:
    """Places one period apart, as far as `reach` to both sides, with one in the middle."""
    count = math.ceil(reach / period)
    return [index * period for index in range(-count, count + 1)]


def _bars(cloth: Cloth, reach: float, share: float, upright: bool, opacity: float = 1) -> str:
    """Bars across all of a piece, each `share` of the period wide."""
    wide = cloth.period * share
    long = f"{'v' if upright else 'h'}{2 * reach:.1f}"
    starts = (f"M{at:.1f} {-reach:.1f}" if upright else f"M{-reach:.1f} {at:.1f}" for at in _steps(cloth.period, reach))
    d = "".join(start + long for start in starts)
    return f'<path d="{d}" stroke="{cloth.second}" stroke-width="{wide:.1f}" stroke-opacity="{opacity}"/>'


def _plain(cloth: Cloth, reach: float) -> str:
    return ""


def _striped(cloth: Cloth, reach: float) -> str:
    return _bars(cloth, reach, 0.38, cloth.upright)


def _checked(cloth: Cloth, reach: float) -> str:
    """Gingham: bars both ways that let the cloth through, and whole squares where they cross."""
    half = cloth.period * 0.21
    squares = "".join(
        f"M{x - half:.1f} {y - half:.1f}h{2 * half:.1f}v{2 * half:.1f}h{-2 * half:.1f}z"
        for x in _steps(cloth.period, reach)
        for y in _steps(cloth.period, reach)
    )
    bars = "".join(_bars(cloth, reach, 0.42, upright, cloth.thin) for upright in (True, False))
    return f'{bars}<path d="{squares}" fill="{cloth.second}"/>'


def _staggered(period: float, reach: float) -> list[tuple[float, float]]:
    """Places in rows of which every other is moved by half a period."""
    rows = _steps(period * 0.86, reach)
    middle = len(rows) // 2
    return [(x + period / 2 * ((row - middle) % 2), y) for row, y in enumerate(rows) for x in _steps(period, reach)]


def _disc(x: float, y: float, r: float) -> str:
    return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 1 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 1 {-2 * r:.1f} 0z"


def _dotted(cloth: Cloth, reach: float) -> str:
    d = "".join(_disc(x, y, cloth.period * 0.27) for x, y in _staggered(cloth.period, reach))
    return f'<path d="{d}" fill="{cloth.second}"/>'


def _flowered(cloth: Cloth, reach: float) -> str:
    """Five petals around a heart, with two leaves."""
    r = cloth.period * 0.15
    turns = [math.radians(18 + 72 * index) for index in range(5)]
    petals, hearts, leaves = "", "", ""
    for x, y in _staggered(cloth.period, reach):
        petals += "".join(_disc(x + 1.25 * r * math.cos(a), y + 1.25 * r * math.sin(a), r) for a in turns)
        hearts += _disc(x, y, 0.85 * r)
        leaves += f"M{x + r:.1f} {y + r:.1f}q{2.4 * r:.1f} {-0.2 * r:.1f} {2.2 * r:.1f} {2.2 * r:.1f}q{-2.2 * r:.1f} 0 {-2.2 * r:.1f} {-2.2 * r:.1f}z"
    return (
        f'<path d="{leaves}" fill="#4f8a52"/><path d="{petals}" fill="{cloth.second}"/>'
        f'<path d="{hearts}" fill="#f0b23c"/>'
    )


MARKS: dict[str, Callable[[Cloth, float], str]] = {
    "plain": _plain,
    "striped": _striped,
    "checked": _checked,
    "dotted": _dotted,
    "flowered": _flowered,
}
