"""Putting LoRAs on and taking them off: W = W₀ + Σ wᵢ·sᵢ·BᵢAᵢ, always computed from the pristine W₀.

The sum is made in float32 and rounded once to the weight's own precision. It is written into the same storage, and W₀
is copied back afterwards, never subtracted, so that the base model stays bit for bit what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .tensors import Layer, read_adapter

if TYPE_CHECKING:
    import torch


@contextmanager
def wearing(unet: torch.nn.Module, worn: Sequence[tuple[Path, float]], base_model: str = "") -> Iterator[None]:
    """The UNet with those LoRAs at those weights while the block runs, then bare again, also after an exception.

    Every file is read and judged before the first weight changes; a weight of 0 leaves its file unread. Raises
    BadAdapter, which names `base_model`, when a file does not fit.
    """
    terms: dict[str, list[tuple[float, Layer]]] = {}
    for path, weight in worn:
        if weight:
            for module, layer in read_adapter(path, unet, base_model).items():
                terms.setdefault(module, []).append((weight, layer))
    pristine: list[tuple[torch.Tensor, torch.Tensor]] = []
    try:
        for module, layers in terms.items():
            _put_on(unet.get_parameter(f"{module}.weight"), layers, pristine)
        yield
    finally:
        _take_off(pristine)


def _put_on(
    weight: torch.Tensor, layers: Sequence[tuple[float, Layer]], pristine: list[tuple[torch.Tensor, torch.Tensor]]
) -> None:
    import torch

    # Not held open across the block: a grad mode set inside a generator would leak to whoever resumes it.
    with torch.no_grad():
        pristine.append((weight, weight.detach().clone()))
        total = weight.to(torch.float32, copy=True)
        for strength, layer in layers:
            total += strength * layer.delta(weight.shape)
        weight.copy_(total)


def _take_off(pristine: Sequence[tuple[torch.Tensor, torch.Tensor]]) -> None:
    import torch

    with torch.no_grad():
        for weight, kept in pristine:
            weight.copy_(kept)
