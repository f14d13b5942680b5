"""Putting LoRAs on and taking them off: W = W₀ + Σ wᵢ·sᵢ·BᵢAᵢ, always computed from the pristine W₀.

The sum is made in float32 and rounded once to the weight's own precision. It is written into the same storage, and W₀
is copied back afterwards, never subtracted, so that the base model stays bit for bit what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..errors import BadAdapter
from .tensors import Layer, read_adapter, shown

if TYPE_CHECKING:
    import torch

ALL: Mapping[Path, str] = MappingProxyType({})
KEPT_MB = 512  # of sums that are worn in turns; larger ones are made anew each time, which a graphics card does at once


class Clothes:
    """What a UNet wears: each layer's own weight, and what is added to it at weight 1, by the number of the LoRA."""

    def __init__(self, layers: Mapping[str, Sequence[tuple[int, Layer]]], unet: torch.nn.Module) -> None:
        self._layers = [(unet.get_parameter(f"{module}.weight"), terms) for module, terms in layers.items()]
        self._pristine = [weight.detach().clone() for weight, _ in self._layers]
        self._weights: tuple[float, ...] = ()
        self._kept: dict[tuple[float, ...], list[torch.Tensor]] = {}

    @property
    def count(self) -> int:
        """How many LoRAs there are to wear."""
        return len(self._weights)

    def weigh(self, weights: Sequence[float]) -> None:
        """Wears each LoRA with this weight from now on; 10 ms for one of pocket's."""
        self._weights = tuple(weights)
        self._kept.clear()
        self._wear(self._sums(self._weights))

    def only(self, numbers: Collection[int]) -> None:
        """Wears those LoRAs alone, at the weights last given, until told otherwise. Made for taking turns at every step: sums
        that are not too large are kept until then."""
        chosen = tuple(weight if number in numbers else 0.0 for number, weight in enumerate(self._weights))
        if sum(kept.nbytes for kept in self._pristine) > KEPT_MB * 2**20:
            self._wear(self._sums(chosen))
            return
        if chosen not in self._kept:
            self._kept[chosen] = list(self._sums(chosen))
        self._wear(self._kept[chosen])

    def take_off(self) -> None:
        """Leaves the UNet bare."""
        self._kept.clear()
        self._wear(self._pristine)

    def _sums(self, weights: Sequence[float]) -> Iterator[torch.Tensor]:
        for (weight, terms), kept in zip(self._layers, self._pristine, strict=True):
            yield _sum(kept, [(weights[number], layer) for number, layer in terms if weights[number]]).to(weight.dtype)

    def _wear(self, sums: Iterable[torch.Tensor]) -> None:
        import torch

        # Not held open across a block: a grad mode set inside a generator would leak to whoever resumes it.
        with torch.no_grad():
            for (weight, _), total in zip(self._layers, sums, strict=True):
                weight.copy_(total)


def _sum(kept: torch.Tensor, terms: Sequence[tuple[float, Layer]]) -> torch.Tensor:
    """A layer's own weight with those added to it, float32."""
    import torch

    total = kept.to(torch.float32, copy=True)
    for strength, layer in terms:
        total += strength * layer.delta(kept.shape)
    return total


@contextmanager
def wearing(
    unet: torch.nn.Module,
    worn: Sequence[tuple[Path, float]],
    base_model: str = "",
    late: Sequence[float] = (),
    only: Mapping[Path, str] = ALL,
) -> Iterator[Clothes]:
    """The UNet with those LoRAs at those weights while the block runs, then bare again, also after an exception.

    The block may `weigh` them anew; `late` are the weights that it will give them then. `only` limits a LoRA to the modules whose
    names begin so. Every file is read and judged before the first weight changes; one that is never worn is left unread.
    Raises BadAdapter, which names `base_model`, when a file does not fit or has nothing where it is limited to.
    """
    layers: dict[str, list[tuple[int, Layer]]] = {}
    for number, (path, weight) in enumerate(worn):
        if weight or (late and late[number]):
            for module, layer in _read(path, unet, base_model, only.get(path, "")).items():
                layers.setdefault(module, []).append((number, layer))
    clothes = Clothes(layers, unet)
    try:
        clothes.weigh([weight for _, weight in worn])
        yield clothes
    finally:
        clothes.take_off()


def _read(path: Path, unet: torch.nn.Module, base_model: str, only: str) -> dict[str, Layer]:
    layers = read_adapter(path, unet, base_model)
    found = {module: layer for module, layer in layers.items() if module.startswith(only)}
    if not found:
        raise BadAdapter(
            "The adapter '{name}' has nothing in the blocks that hold the style. Wear all of it.", name=shown(path)
        )
    return found
