"""Several heroes in one picture: each adapter acts in its own region and nowhere else.

At every step the network is asked once for each region, wearing that region's adapter and told its words, and once for what
lies outside of all of them; soft masks put the answers together (MultiDiffusion, arXiv 2302.08113). All see the same latents,
so that each draws its part of one picture. What is worn without a region, a style, acts everywhere.

A region may be asked about the picture moved to the side. A hero who learnt to stand beside one other stands so among three,
too, when the network looks at two of them at a time. What leaves on one side comes in on the other, far from the region.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..adapters.wearing import Clothes
from .conditioning import Conditioning
from .drawing import Box, Drawing
from .guidance import Guidance

if TYPE_CHECKING:
    import torch
    from diffusers import StableDiffusionPipeline

SOFT = 3.0  # cells of the latents over which one region passes into the next


@dataclass(frozen=True, slots=True)
class Part:
    """One of those who are asked at a step: what they wear, by number, how they predict, and by what share of its width the
    picture is moved to the right for them."""

    worn: set[int]
    predict: Guidance
    shift: float

    def __call__(self, latents: torch.Tensor, time: torch.Tensor, step: int) -> torch.Tensor:
        cells = round(self.shift * latents.shape[3])
        return self.predict(latents.roll(cells, 3), time, step).roll(-cells, 3)


class Regions:
    """Predicts for drawings with the same regions, whose prompts may differ, in turns of clothes. These are the drawings' worn
    adapters in their order, and may be followed by others that act everywhere."""

    def __init__(
        self,
        pipeline: StableDiffusionPipeline,
        words: Conditioning,
        drawings: Sequence[Drawing],
        clothes: Clothes,
        predictor: Callable[..., Guidance] = Guidance,
    ) -> None:
        worn = [adapter for adapter, *_ in drawings[0].worn]
        regions = drawings[0].regions
        own = [worn.index(region.adapter) for region in regions]
        everywhere = set(range(clothes.count)).difference(own)
        self._clothes = clothes
        self._boxes = [region.box for region in regions]
        self._parts = [
            Part(everywhere | {number}, predictor(pipeline, words, told), region.shift)
            for number, region, told in zip(own, regions, _told(drawings), strict=True)
        ]
        self._parts.append(Part(everywhere, predictor(pipeline, words, drawings), 0.0))
        self._masks: torch.Tensor | None = None

    def __call__(self, latents: torch.Tensor, time: torch.Tensor, step: int) -> torch.Tensor:
        import torch

        if self._masks is None:
            self._masks = masks(self._boxes, *latents.shape[2:]).to(latents.device)
        total = torch.zeros_like(latents)
        for part, mask in zip(self._parts, self._masks, strict=True):
            if mask.any():  # boxes that fill the picture leave nothing outside
                self._clothes.only(part.worn)
                total += mask * part(latents, time, step)
        return total


def masks(boxes: Sequence[Box], height: int, width: int, soft: float = SOFT) -> torch.Tensor:
    """How much each region counts in each cell, and last what lies outside of all: float32 [n + 1, height, width], which sum
    to 1. Edges pass over `soft` cells, but not at the picture's own; where regions overlap they share."""
    import torch

    inside = torch.stack([_mask(box, height, width, soft) for box in boxes])
    together = inside.sum(0)
    return torch.cat([inside / together.clamp(min=1.0), (1 - together).clamp(min=0.0)[None]])


def _mask(box: Box, height: int, width: int, soft: float) -> torch.Tensor:
    left, top, right, bottom = box
    return _ramp(top, bottom, height, soft)[:, None] * _ramp(left, right, width, soft)[None]


def _ramp(low: float, high: float, cells: int, soft: float) -> torch.Tensor:
    """1 between two shares of a side and 0 outside of them, with slopes about both; [cells]."""
    import torch

    at, reach = torch.arange(cells) + 0.5, max(soft, 1e-6)
    rising = ((at - low * cells) / reach + 0.5).clamp(0, 1) if low > 0 else torch.ones(cells)
    falling = ((high * cells - at) / reach + 0.5).clamp(0, 1) if high < 1 else torch.ones(cells)
    return rising * falling


def _told(drawings: Sequence[Drawing]) -> list[list[Drawing]]:
    """The drawings with what is told of each region."""
    regions = range(len(drawings[0].regions))
    return [[replace(one, prompt=one.regions[at].prompt or one.prompt) for one in drawings] for at in regions]
