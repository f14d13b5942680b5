"""Which numbers a model can draw with: each that it cannot is refused in one sentence, with the nearest that it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import BadInput
from .newer import check_newer
from .samplers import check_sampler

if TYPE_CHECKING:
    from ..models.table import BaseModel
    from .drawing import Drawing

MOST_STEPS = 200
MOST_GUIDANCE = 30.0
MOST_SEED = 2**63 - 1
LONGEST_SIDES = 2  # times the model's native size


def check_drawing(drawing: Drawing, model: BaseModel) -> None:
    """Raises BadInput for numbers that the model cannot draw with."""
    if drawing.model != model.key:
        raise ValueError(f"a drawing for {drawing.model} was given to the illustrator of {model.key}")
    check_sampler(drawing.sampler, model)
    _check_size(drawing, model)
    _check_numbers(drawing)
    _check_start(drawing)
    if model.network == "transformer":
        check_newer(drawing, model)
    if drawing.style_only and not model.style_blocks:
        raise BadInput(
            "Nobody knows which blocks of {model} hold the style. Wear all of '{adapter}'.",
            model=model.title,
            adapter=drawing.style_only[0],
        )


def _check_size(drawing: Drawing, model: BaseModel) -> None:
    native, unit = model.native_size_px, model.size_unit_px
    longest = LONGEST_SIDES * native
    sides = (drawing.width, drawing.height)
    if any(isinstance(side, bool) or not isinstance(side, int) for side in sides) or any(
        side % unit or not unit <= side <= longest for side in sides
    ):
        raise BadInput(
            "A picture of {width} x {height} px cannot be drawn by {model}. Give sides of {unit} to {longest} px that "
            "divide by {unit}, such as {near_width} x {near_height}.",
            width=drawing.width,
            height=drawing.height,
            model=model.title,
            unit=unit,
            longest=longest,
            near_width=_nearest(drawing.width, unit, longest, native),
            near_height=_nearest(drawing.height, unit, longest, native),
        )


def _nearest(side: object, unit: int, longest: int, native: int) -> int:
    """The side nearest to the one asked for that can be drawn; the native one for what is no number."""
    if isinstance(side, bool) or not isinstance(side, (int, float)) or side != side:
        return native
    return min(max(unit, round(min(max(side, 0), longest) / unit) * unit), longest)


def _check_numbers(drawing: Drawing) -> None:
    if not _whole(drawing.steps) or not 1 <= drawing.steps <= MOST_STEPS:
        raise BadInput(
            "'{steps}' steps cannot be drawn. Give 1 to {most}; 24 is usual.", steps=drawing.steps, most=MOST_STEPS
        )
    if not _number(drawing.guidance) or not 0.0 <= drawing.guidance <= MOST_GUIDANCE:
        raise BadInput(
            "A guidance of '{guidance}' cannot be used. Give 0 to {most:g}; 5 is usual.",
            guidance=drawing.guidance,
            most=MOST_GUIDANCE,
        )
    if not _whole(drawing.seed) or not 0 <= drawing.seed <= MOST_SEED:
        raise BadInput(
            "The seed '{seed}' cannot be used. Give a whole number from 0 to {most}, such as 1.",
            seed=drawing.seed,
            most=MOST_SEED,
        )


def _check_start(drawing: Drawing) -> None:
    start = drawing.start
    if start and (not _number(start.strength) or not 0.0 < start.strength <= 1.0):
        raise BadInput(
            "A strength of '{strength}' cannot be used. Give more than 0 and at most 1: 0.3 changes little, 0.8 much.",
            strength=start.strength,
        )


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _number(number: object) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool)
