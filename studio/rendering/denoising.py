"""From noise to pixels, one step at a time, so that the work can be watched and stopped between two steps.

One picture at a time: measured on two cores, four at once take two thirds of the time per picture, but then a page
waits for its neighbours, and its last bits depend on them, because a matrix product rounds differently by batch size.
Latents and guidance are float32; only the UNet computes in its own precision.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature
from typing import TYPE_CHECKING

from .conditioning import Conditioning
from .drawing import Drawing
from .samplers import make_sampler

if TYPE_CHECKING:
    import torch
    from diffusers import StableDiffusionPipeline


class Denoising:
    """One picture's way from noise: iterate it for the numbers of the finished steps, from 1, then take the pixels."""

    def __init__(self, pipeline: StableDiffusionPipeline, words: Conditioning, drawing: Drawing) -> None:
        import torch

        self._pipeline = pipeline
        self._drawing = drawing
        self._inputs = words.inputs(
            drawing.prompt, drawing.negative, drawing.guidance > 1.0, drawing.width, drawing.height
        )
        self._source = torch.Generator("cpu").manual_seed(drawing.seed)  # the same noise on every device
        self._sampler = make_sampler(drawing.sampler, pipeline.scheduler.config)
        self._sampler.set_timesteps(drawing.steps, device=pipeline.unet.device)
        self._latents = self._noise() * self._sampler.init_noise_sigma

    def __iter__(self) -> Iterator[int]:
        for number, time in enumerate(self._sampler.timesteps, start=1):
            self._step(time)
            yield number

    def _noise(self) -> torch.Tensor:
        import torch

        factor = self._pipeline.vae_scale_factor
        channels = self._pipeline.unet.config.in_channels
        shape = (1, channels, self._drawing.height // factor, self._drawing.width // factor)
        return torch.randn(shape, generator=self._source).to(self._pipeline.unet.device)

    def _step(self, time: torch.Tensor) -> None:
        import torch

        # Entered anew at each step: held across a yield, it would leak to whoever resumes the generator.
        with torch.inference_mode():
            predicted = self._predict(time)
            # Samplers without noise of their own take no generator; diffusers tells them apart by signature only.
            noisy = "generator" in signature(self._sampler.step).parameters
            options = {"generator": self._source} if noisy else {}
            self._latents = self._sampler.step(predicted, time, self._latents, **options, return_dict=False)[0]

    def _predict(self, time: torch.Tensor) -> torch.Tensor:
        """What the UNet predicts, guided away from the negative; float32."""
        unet = self._pipeline.unet
        rows = self._inputs["encoder_hidden_states"].shape[0]
        seen = self._sampler.scale_model_input(self._latents, time).to(unet.dtype).repeat(rows, 1, 1, 1)
        predicted = unet(seen, time, **self._inputs, return_dict=False)[0].float()
        if rows == 1:
            return predicted
        unwanted, wanted = predicted.chunk(2)
        return unwanted + self._drawing.guidance * (wanted - unwanted)

    def pixels(self) -> torch.Tensor:
        """Pixels (height, width, 3) in 0 … 1, float32, on the processor; all NaN if the latents are not finite."""
        import torch

        vae = self._pipeline.vae
        with torch.inference_mode():
            latents = self._latents / vae.config.scaling_factor + (getattr(vae.config, "shift_factor", None) or 0.0)
            pixels = vae.decode(latents.to(vae.dtype), return_dict=False)[0]
            if not latents.isfinite().all():  # a decoder may squash infinity into a colour
                pixels = torch.full_like(pixels, torch.nan)
        return ((pixels[0].float() + 1) / 2).clamp(0, 1).permute(1, 2, 0).cpu()
