"""How much time a picture is worth: `exact` as the model's own pipeline draws it, `fast` with what is hardly seen left out, `draft`
in a few steps with the model's own few-step LoRA."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from ..errors import BadInput
from ..models.table import BaseModel
from .drawing import Drawing

Pace = Literal["exact", "fast", "draft"]
PACES: tuple[Pace, ...] = get_args(Pace)
FAST_SAMPLER = "unipc"  # of higher order (arXiv 2302.04867): half the steps lead as far
FAST_SHARE = 0.5
LEAST_STEPS = 4


def check_pace(pace: str) -> Pace:
    """The pace of that name. Raises BadInput, which lists the names."""
    for known in PACES:
        if pace == known:
            return known
    raise BadInput("There is no pace '{pace}'. Choose one of: {known}.", pace=pace, known=", ".join(PACES))


def paced(drawing: Drawing, pace: Pace, model: BaseModel) -> Drawing:
    """The drawing at that pace; as it is where the model has no such pace."""
    if model.distilled:  # it has this pace only
        return drawing
    if pace == "draft" and model.draft_steps:
        return replace(drawing, draft=True, steps=model.draft_steps, guidance=1.0)
    if pace == "fast" and model.network == "unet":  # shortcuts are written for UNets
        steps = min(drawing.steps, max(LEAST_STEPS, round(FAST_SHARE * drawing.steps)))
        return replace(drawing, fast=True, steps=steps, sampler=FAST_SAMPLER)
    return drawing
