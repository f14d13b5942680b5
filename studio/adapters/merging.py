"""Several LoRAs baked into one: the weighted sum of what they add to each layer, exact or of limited rank.

Exact by concatenation: Σ wᵢ·sᵢ·BᵢAᵢ is one product whose rank is the sum of theirs. Limited by the QR decompositions of both
tall factors and a singular value decomposition of the small matrix between: the best of that rank (Eckart and Young, 1936)
without ever forming the layer's own matrix, 2 ms in place of half a second for a layer of 1280 × 1280.
PEFT's `linear` adds the factors and not the products, and `dare` drops some at random: neither is this sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .tensors import Layer

if TYPE_CHECKING:
    import torch

Part = tuple[Mapping[str, Layer], float]  # a LoRA's layers, and the weight it is worn with


def baked(parts: Sequence[Part], rank: int = 0) -> tuple[dict[str, Layer], float]:
    """The sum's layers in float32, alpha = rank, and the lost share of its size (Frobenius norm), 0..1.

    With `rank` 0 the ranks add up and nothing is lost.
    """
    modules = dict.fromkeys(module for layers, _ in parts for module in layers)
    sums = {
        module: _sum([(layers[module], weight) for layers, weight in parts if module in layers]) for module in modules
    }
    if not rank:
        return sums, 0.0
    limited = {module: _limited(layer, rank) for module, layer in sums.items()}
    kept, whole = (sum(part[at] for _, *part in limited.values()) for at in (0, 1))
    lost = max(0.0, 1 - kept / whole) ** 0.5 if whole else 0.0
    return {module: layer for module, (layer, _, _) in limited.items()}, lost


def _sum(terms: Sequence[tuple[Layer, float]]) -> Layer:
    import torch

    down = torch.cat([layer.down.float() for layer, _ in terms])
    up = torch.cat([weight * layer.scale * layer.up.float() for layer, weight in terms], dim=1)
    return Layer(down, up, 1.0)


def _limited(layer: Layer, rank: int) -> tuple[Layer, float, float]:
    """The layer with at most that rank, and the squared sizes of what is kept and of the whole."""
    import torch

    outer, left = torch.linalg.qr(layer.up.flatten(1).double())
    inner, right = torch.linalg.qr(layer.down.flatten(1).double().T)
    turned, sizes, back = torch.linalg.svd(left @ right.T)
    count = min(rank, len(sizes))
    root = sizes[:count].sqrt()
    up = _like(outer @ turned[:, :count] * root, layer.up)
    down = ((inner @ back[:count].T) * root).T.float().reshape(count, *layer.down.shape[1:]).contiguous()
    return Layer(down, up, 1.0), float(sizes[:count].square().sum()), float(sizes.square().sum())


def _like(matrix: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    """float32 [outputs, rank] with as many axes as a factor."""
    return matrix.float().reshape(*matrix.shape, *factor.shape[2:]).contiguous()
