"""The curves of a training as a picture that any browser opens: the loss of every step, and the error on what was kept back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..files import atomic_write
from .validation import Check

CURVES = "curves.svg"
WIDTH, HEIGHT, MARGIN = 720, 360, 48
POINTS = 120
TEAL, ORANGE, INK = 0x1F7A74, 0xD9683F, 0x2B2430


def write_curves(folder: Path, losses: Sequence[float], found: Sequence[Check]) -> Path:
    """Draws `curves.svg`. Raises NoRoom."""
    from reportlab.graphics import renderSVG
    from reportlab.graphics.charts.lineplots import LinePlot
    from reportlab.graphics.shapes import Drawing, String
    from reportlab.lib.colors import HexColor

    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = MARGIN, MARGIN, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    plot.data = [line for line in (smoothed(losses), [(one.step, one.mse) for one in found]) if line]
    plot.yValueAxis.valueMin = 0
    for at, colour in enumerate((TEAL, ORANGE)[: len(plot.data)]):
        plot.lines[at].strokeColor, plot.lines[at].strokeWidth = HexColor(colour), 2
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.add(plot)
    told = (("loss while learning, each piece of the way", TEAL), ("error on pictures kept back", ORANGE))
    for at, (words, colour) in enumerate(told):
        drawing.add(String(MARGIN + 320 * at, HEIGHT - 24, words, fillColor=HexColor(colour), fontSize=12))
    drawing.add(String(WIDTH - MARGIN - 30, 14, "steps", fillColor=HexColor(INK), fontSize=11))
    return atomic_write(folder / CURVES, renderSVG.drawToString(drawing))


def smoothed(losses: Sequence[float], points: int = POINTS) -> list[tuple[int, float]]:
    """Step and mean loss of each piece of the way, because single steps jump."""
    each = max(1, -(-len(losses) // points))
    pieces = [losses[at : at + each] for at in range(0, len(losses), each)]
    return [(min((at + 1) * each, len(losses)), sum(piece) / len(piece)) for at, piece in enumerate(pieces)]
