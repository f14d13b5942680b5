"""Where the network runs and in which precision."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ..errors import BadInput, NotReady, StudioError

if TYPE_CHECKING:
    import torch

DEVICES = ("cpu", "cuda", "mps")
LOST = (
    "CUDA error",
    "CUDA driver error",
    "NVML",
    "device-side assert",
    "MPS backend",
)  # how torch begins to tell of it


@dataclass(frozen=True, slots=True)
class Device:
    """A place to compute: torch's name for it, and the precision in which the denoiser draws there."""

    name: str  # "cpu", "cuda", "mps"
    drawing_dtype: torch.dtype

    @property
    def trains_in_half(self) -> bool:
        """Whether a UNet in training computes in `drawing_dtype`: never in float16 on Apple's cards, which lose gradients."""
        import torch

        return self.drawing_dtype != torch.float32 and self.name != "mps"

    @property
    def scales_loss(self) -> bool:
        """Whether gradients are so small in its half precision that the loss has to be scaled up (arXiv 1710.03740)."""
        import torch

        return self.trains_in_half and self.drawing_dtype == torch.float16


def best_device() -> Device:
    """Where to draw: where STUDIO_DEVICE says, else the best that is there. Raises BadInput, NotReady."""
    wish = os.environ.get("STUDIO_DEVICE", "")
    if wish and wish not in DEVICES:
        raise BadInput(
            "STUDIO_DEVICE is '{wish}'. Set it to one of: {known}; or leave it out, and the studio takes the best.",
            wish=wish,
            known=", ".join(DEVICES),
        )
    found = processor() if wish == "cpu" else _best()
    if wish and found.name != wish:
        raise NotReady(
            "STUDIO_DEVICE asks for '{wish}', and there is no such graphics card that can be used here. "
            "Leave STUDIO_DEVICE out to draw on what there is; your books are safe.",
            wish=wish,
        )
    return found


def card_gone(error: BaseException) -> StudioError | None:
    """What to tell when the graphics card stopped answering; None for any other error."""
    import torch

    if isinstance(error, torch.OutOfMemoryError) or not isinstance(error, RuntimeError):
        return None
    if not isinstance(error, torch.AcceleratorError) and not str(error).startswith(LOST):
        return None
    return NotReady(
        "The graphics card stopped answering. Start the studio again; if it happens again, set STUDIO_DEVICE to 'cpu' to "
        "draw without it. Pictures drawn before are safe."
    )


@cache
def _best() -> Device:
    """The graphics card if there is one, else the processor: bf16 where the hardware multiplies it, float32 elsewhere.

    Measured on two cores with AVX512-BF16: bf16 takes half the time of float32; autocast over float32 weights is a
    tenth slower than bf16 weights. A processor without such instructions emulates bf16 and is slower than float32.
    """
    import torch

    if torch.cuda.is_available():
        return Device("cuda", torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16)
    if torch.backends.mps.is_available():
        return Device("mps", torch.float16)
    return processor()


@cache
def processor() -> Device:
    """The processor, and the precision in which it is fastest."""
    import torch

    able = torch.cpu.get_capabilities()
    fast_bf16 = any(able.get(name) for name in ("amx_bf16", "avx512_bf16", "bf16"))
    return Device("cpu", torch.bfloat16 if fast_bf16 else torch.float32)
