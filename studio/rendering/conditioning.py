"""Texts as the denoiser reads them, computed once per text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..models.placing import works_on
from .drawing import Drawing

if TYPE_CHECKING:
    import torch
    from diffusers import StableDiffusionPipeline

KEPT_TEXTS = 256


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's embedding (1, tokens, width) and, for SDXL, its pooled embedding (1, width)."""

    tokens: torch.Tensor
    pooled: torch.Tensor | None = None


class Conditioning:
    """Encodes texts with a pipeline's own encoders and remembers the latest of them."""

    def __init__(self, pipeline: StableDiffusionPipeline) -> None:
        self._pipeline = pipeline
        self._large = hasattr(pipeline, "text_encoder_2")
        self._readings: dict[str, Reading] = {}

    def read(self, text: str) -> Reading:
        """The text's embedding in float32; words beyond the tokenizer's limit are left out."""
        if text not in self._readings:
            while len(self._readings) >= KEPT_TEXTS:
                self._readings.pop(next(iter(self._readings)))
            self._readings[text] = self._encode(text)
        return self._readings[text]

    def _encode(self, text: str) -> Reading:
        import torch

        device = works_on(self._pipeline)
        with torch.inference_mode():
            made = self._pipeline.encode_prompt(
                text, device=device, num_images_per_prompt=1, do_classifier_free_guidance=False
            )
        return Reading(made[0], made[2]) if self._large else Reading(made[0])

    def inputs(self, drawings: Sequence[Drawing]) -> dict[str, Any]:
        """The UNet's keyword arguments: one row for each negative, when they are guided, and then one for each prompt."""
        import torch

        unet, first = self._pipeline.unet, drawings[0]
        readings = [self.read(one.prompt) for one in drawings]
        if first.guided:
            readings = [self._unwanted(one.negative) for one in drawings] + readings
        inputs: dict[str, Any] = {"encoder_hidden_states": torch.cat([each.tokens for each in readings]).to(unet.dtype)}
        if self._large:
            pooled = torch.cat([each.pooled for each in readings if each.pooled is not None])
            inputs["added_cond_kwargs"] = {
                "text_embeds": pooled.to(unet.dtype),
                "time_ids": self._sizes(first, len(readings)),
            }
        return inputs

    def _sizes(self, drawing: Drawing, rows: int) -> torch.Tensor:
        """SDXL was trained to know the size before cropping, the crop's corner and the target size."""
        import torch

        size = (drawing.height, drawing.width)
        told = [[*size, 0, 0, *size]]
        return torch.tensor(told, dtype=self._pipeline.unet.dtype, device=works_on(self._pipeline)).repeat(rows, 1)

    def _unwanted(self, negative: str) -> Reading:
        import torch

        reading = self.read(negative)
        if negative or reading.pooled is None or not self._pipeline.config.get("force_zeros_for_empty_prompt"):
            return reading
        return Reading(torch.zeros_like(reading.tokens), torch.zeros_like(reading.pooled))
