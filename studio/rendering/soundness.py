"""Whether a picture is one: a denoiser that went astray gives no numbers, or a plain surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import BadAdapter, BadInput, StudioError
from .drawing import Drawing

if TYPE_CHECKING:
    import torch

COARSE = 3  # px between those that are looked at
FLAT = 1.0  # levels of 255: renders of the emptiest scenes, snow in snow at night, spread over ten


def is_sound(pixels: torch.Tensor) -> bool:
    """Whether pixels (height, width, 3) in 0 … 1 are numbers and more than one colour."""
    if not pixels.isfinite().all():
        return False
    coarse = pixels[::COARSE, ::COARSE].reshape(-1, pixels.shape[-1])
    return float(coarse.std(0).max()) * 255 > FLAT


def no_picture(drawing: Drawing) -> StudioError:
    """What to tell when nothing came out of a drawing, whichever way it was tried."""
    if drawing.worn:
        adapter, _, weight = max(drawing.worn, key=lambda worn: abs(worn[2]))  # the one most likely at fault
        return BadAdapter(
            "No picture came out with '{adapter}' at {weight:g}. Give smaller weights; all other pictures are safe.",
            adapter=adapter,
            weight=weight,
        )
    return BadInput(
        "No picture came out with a guidance of '{guidance}' and the sampler '{sampler}'. "
        "Try another seed, a smaller guidance or another sampler; all other pictures are safe.",
        guidance=drawing.guidance,
        sampler=drawing.sampler,
    )
