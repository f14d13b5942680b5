"""Guidance: the network sees each picture twice, with what is wanted and with what is not, and the way from this to that is
gone further (arXiv 2207.12598)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..models.placing import works_on
from .conditioning import Conditioning
from .drawing import Drawing

if TYPE_CHECKING:
    import torch
    from diffusers import StableDiffusionPipeline


class Guidance:
    """Predicts for a few drawings at once. The rows that the UNet sees are all the unwanted and then all the wanted; without
    guidance only these."""

    def __init__(self, pipeline: StableDiffusionPipeline, words: Conditioning, drawings: Sequence[Drawing]) -> None:
        import torch

        self._unet = pipeline.unet
        self._inputs = words.inputs(drawings)
        self._guided = drawings[0].guided
        scales = [one.guidance for one in drawings]
        self._scale = torch.tensor(scales, device=works_on(pipeline)).reshape(-1, 1, 1, 1)

    def __call__(self, latents: torch.Tensor, time: torch.Tensor, step: int) -> torch.Tensor:
        seen = latents.to(self._unet.dtype).repeat(2 if self._guided else 1, 1, 1, 1)
        return self.guided(self._unet(seen, time, **self._inputs, return_dict=False)[0].float())

    def guided(self, predicted: torch.Tensor) -> torch.Tensor:
        """What the rows together say, float32 [n, channels, height, width]."""
        if len(predicted) == len(self._scale):
            return predicted
        unwanted, wanted = predicted.chunk(2)
        return unwanted + self._scale * (wanted - unwanted)
