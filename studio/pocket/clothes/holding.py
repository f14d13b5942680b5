"""How clothes are held: a coat hanger, pegs on a line, threads from a ceiling. Drawn in the garment's own units."""

from __future__ import annotations

from collections.abc import Callable

from .cloth import INK, Line, drawn, filled, flipped
from .garment import Cut

WOOD, STEEL, PEG, CORD = "#c98f52", "#8d93a3", "#e2b06a", "#f6efe2"
FAR = 700  # further than any picture reaches
Held = tuple[str, str]  # behind the garment and in front of it


def on_hanger(cut: Cut, reach: float, line: float) -> Held:
    """A hanger whose hook goes up by `reach`: wooden shoulders, or a rod with clips where there are none."""
    steel = line * 1.5
    hook = ((0.0, -4.0), (0.0, 4 - reach), (0, -4 - reach, 9, -4 - reach), (18, -4 - reach, 17, 6 - reach))
    hung = drawn(hook, INK, steel + 2 * line) + drawn(hook, STEEL, steel)
    if cut.shoulders:
        half, y = cut.shoulders
        arms: Line = ((0, -9), (half * 0.6, y - 8, half, y + 8), (half * 0.5, y + 8, 0, 6))
        return hung + filled(arms, WOOD, line) + filled(flipped(arms), WOOD, line), ""
    half, y = cut.held[0] + 16, cut.held[1] - 8
    bent: Line = ((-half, y), (0, y - 13), (half, y), (-half, y))
    rod = drawn(bent, INK, 4 + 2 * line) + drawn(bent, WOOD, 4)
    return hung + rod, "".join(_clip(x, cut.held[1], STEEL, line) for x in (-cut.held[0], cut.held[0]))


def on_line(cut: Cut, reach: float, line: float) -> Held:
    """A line from edge to edge, and a peg on each side."""
    y = cut.held[1] - 3
    across: Line = ((-FAR, y), (FAR, y))
    cord = drawn(across, INK, 2.2 + 1.6 * line) + drawn(across, CORD, 2.2)
    return cord, "".join(_clip(x, cut.held[1], PEG, line) for x in (-cut.held[0], cut.held[0]))


def on_threads(cut: Cut, reach: float, line: float) -> Held:
    """Two threads that come from above."""
    x, y = cut.held
    return "".join(drawn(((side * x, y + 2), (side * x, -FAR)), "#7d7488", line * 0.6) for side in (-1, 1)), ""


def lying(cut: Cut, reach: float, line: float) -> Held:
    """Nothing holds it."""
    return "", ""


def _clip(x: float, y: float, colour: str, line: float) -> str:
    return filled(((x - 4.5, y - 13), (x + 4.5, y - 13), (x + 5.5, y + 13), (x - 5.5, y + 13)), colour, line * 0.8)


HOLDS: dict[str, Callable[[Cut, float, float], Held]] = {
    "hanger": on_hanger,
    "line": on_line,
    "threads": on_threads,
    "lying": lying,
}
