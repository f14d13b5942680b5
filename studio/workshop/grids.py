"""The same picture drawn with different numbers, side by side."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..adapters.card import LoraSet
from ..errors import BadInput
from ..files import atomic_write, private_folder
from ..models.table import base_model
from ..progress import Work
from .easel import Easel

AXES = {"steps": int, "guidance": float, "seed": int}
STEPS = (20, 30, 50)
MOST = 12
GAP_PX = 8
PAPER = (251, 246, 236)


def draw(
    easel: Easel,
    prompt: str,
    out: Path,
    axis: str,
    values: Sequence[float],
    *,
    negative: str = "",
    seed: int = 1,
    adapters: LoraSet = (),
    model: str = "pocket",
    **numbers: Any,
) -> Work[tuple[Path, ...]]:
    """Draws one picture for each value of the axis and all of them side by side in `out`; gives the single files, which lie in
    a folder beside it. Raises BadInput for an axis that is unknown, and for no or too many values."""
    if axis not in AXES or not 1 <= len(values) <= MOST:
        raise BadInput(
            "A row of pictures over '{axis}' cannot be drawn. Give one of {known} and at most {most} numbers: steps=20,30,50",
            axis=axis,
            known=", ".join(AXES),
            most=MOST,
        )
    base = easel.drawing(prompt, negative, seed, base_model(model), adapters)
    given = {name: number for name, number in numbers.items() if number is not None}
    drawings = [replace(base, **(given | {axis: AXES[axis](value)})) for value in values]
    names = [f"{axis}-{value:g}-{drawing.key}.png" for value, drawing in zip(values, drawings, strict=True)]
    room = private_folder(out.with_suffix(""))
    single = yield from easel.draw(model, drawings, room, names)
    atomic_write(out, _beside(single))
    return single


def _beside(pictures: Sequence[Path]) -> bytes:
    """A PNG of all of them in a row."""
    from PIL import Image

    opened = [Image.open(path).convert("RGB") for path in pictures]
    width = sum(one.width for one in opened) + GAP_PX * (len(opened) - 1)
    row, left, raw = Image.new("RGB", (width, max(one.height for one in opened)), PAPER), 0, io.BytesIO()
    for one in opened:
        row.paste(one, (left, 0))
        left += one.width + GAP_PX
    row.save(raw, "PNG")
    return raw.getvalue()
