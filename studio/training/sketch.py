"""Small pictures drawn on the way with what is left of a pipeline once a training has begun: its decoder and its schedule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..models.table import BaseModel
from ..rendering.samplers import make_sampler
from .batches import answer

if TYPE_CHECKING:
    import numpy as np
    import torch
    from diffusers import StableDiffusionPipeline, UNet2DConditionModel

    from .conditioning import Texts

STEPS = 10
SEED = 20


class Sketches:
    """Draws texts in few steps, all at once, each from the next seed, with a guidance of its own."""

    def __init__(
        self, pipeline: StableDiffusionPipeline, model: BaseModel, guidance: float = 0.0, steps: int = STEPS
    ) -> None:
        self._model, self._guidance, self._steps = model, guidance or model.guidance, steps
        self._vae, self._schedule, self._factor = pipeline.vae, pipeline.scheduler.config, pipeline.vae_scale_factor

    def draw(self, unet: UNet2DConditionModel, texts: Texts) -> list[np.ndarray]:
        """Pictures uint8 [height, width, 3] of all texts but row 0, which is the empty one that guidance pushes away from."""
        import torch

        count = len(texts.tokens) - 1
        sampler = make_sampler(self._model.sampler, self._schedule)
        sampler.set_timesteps(self._steps, device=unet.device)
        latents = self._noise(count, texts.size_px, unet) * sampler.init_noise_sigma
        rows = torch.tensor([*[0] * count, *range(1, count + 1)])
        for time in sampler.timesteps:
            seen = sampler.scale_model_input(latents, time).repeat(2, 1, 1, 1)
            with torch.no_grad():
                bare, told = answer(unet, texts, seen, time.repeat(2 * count), rows).chunk(2)
            latents = sampler.step(bare + self._guidance * (told - bare), time, latents, return_dict=False)[0]
        return self._pixels(latents)

    def _noise(self, count: int, size_px: Sequence[int], unet: UNet2DConditionModel) -> torch.Tensor:
        import torch

        shape = (unet.config.in_channels, *(side // self._factor for side in size_px))
        seeds = (torch.Generator("cpu").manual_seed(SEED + number) for number in range(count))
        return torch.stack([torch.randn(shape, generator=seed) for seed in seeds]).to(unet.device)

    def _pixels(self, latents: torch.Tensor) -> list[np.ndarray]:
        import torch

        config = self._vae.config
        latents = latents / config.scaling_factor + (getattr(config, "shift_factor", None) or 0.0)
        with torch.no_grad():
            pixels = self._vae.decode(latents.to(self._vae.dtype), return_dict=False)[0].float()
        return list(pixels.add(1).mul(127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).cpu().numpy())
