"""A garment is cut: which pieces, what lies behind them, what is sewn upon them, and where it can be held."""

from __future__ import annotations

from dataclasses import dataclass

from .cloth import INK, Cloth, Piece, drawn

FOLD = 0.32  # opacity of a fold


@dataclass(frozen=True, slots=True)
class Cut:
    """A garment in its own units: middle at x = 0, top at y = 0."""

    pieces: tuple[Piece, ...]
    width: float
    height: float
    held: tuple[float, float]  # pegs and clips sit so far to both sides of the middle, at that height
    behind: str = ""  # SVG under the pieces
    details: str = ""  # SVG upon them
    shoulders: tuple[float, float] | None = None  # half as wide and as far down as a coat hanger fits


def folds(cloth: Cloth, *lines: tuple[tuple[float, ...], ...]) -> str:
    """Soft lines where the cloth falls."""
    return "".join(drawn(line, INK, cloth.line * 0.8, FOLD) for line in lines)


def buttons(cloth: Cloth, colour: str, x: float, heights: list[float], r: float = 4.2) -> str:
    """Round buttons below one another."""
    look = f'fill="{colour}" stroke="{INK}" stroke-width="{cloth.line * 0.7:.1f}"'
    return "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" {look}/>' for y in heights)
