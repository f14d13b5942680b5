"""From noise to pixels, a micro-batch of pictures at a time, one step after the other, so that the work can be watched and
stopped between two steps.

Each picture has noise of its own and meets no number of its neighbours'. How many are drawn at once changes how a matrix
product may round; on the processors tried (AVX512-BF16) not one bit differed.
Latents and guidance are float32; only the UNet computes in its own precision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from inspect import signature
from typing import TYPE_CHECKING, Any, Protocol

from ..models.placing import works_on
from .conditioning import Conditioning
from .drawing import Drawing
from .guidance import Guidance
from .samplers import make_sampler
from .starts import Beginning, encoded

if TYPE_CHECKING:
    import torch
    from diffusers import StableDiffusionPipeline

PREVIEW_PX = 256  # of the longer side, about; a preview of a large picture is decoded from pooled latents


class Predictor(Protocol):
    """What the network makes of latents: they are float32 [n, channels, height, width] as the sampler scales them, and so
    is the answer, guided; `step` counts from 0."""

    def __call__(self, latents: torch.Tensor, time: torch.Tensor, step: int) -> torch.Tensor: ...


class Denoising:
    """The way of a few pictures from noise: iterate it for the numbers of the finished steps, from 1, then take the pixels.

    The drawings are alike in size, steps, sampler, pace and strength of their start, and are all guided or all not; see
    `batching.alike`. `beginnings` are the pictures that they start from, None for noise; with one, the first `skipped` steps
    are not needed.
    """

    def __init__(
        self,
        pipeline: StableDiffusionPipeline,
        words: Conditioning,
        drawings: Sequence[Drawing],
        beginnings: Sequence[Beginning | None] = (),
        predictor: Callable[..., Predictor] | None = None,
    ) -> None:
        import torch

        self._pipeline, first = pipeline, drawings[0]
        self.drawings = drawings
        self._sources = [torch.Generator("cpu").manual_seed(one.seed) for one in drawings]  # the same on every device
        self._predict = (predictor or _predictor)(pipeline, words, drawings)
        self._sampler = make_sampler(first.sampler, pipeline.scheduler.config)
        self._sampler.set_timesteps(first.steps, device=works_on(pipeline))
        self._options = self._generators()
        noise = self._noise()
        self._start = _Start(pipeline, drawings, beginnings, noise)
        self.skipped = self._start.skipped(first.steps)
        self._times = self._sampler.timesteps[self.skipped * self._sampler.order :]
        if hasattr(self._sampler, "set_begin_index"):  # or it would search for a time that may stand there twice
            self._sampler.set_begin_index(self.skipped * self._sampler.order)
        self._latents = self._start.latents(self._sampler, self._times, noise)

    def __iter__(self) -> Iterator[int]:
        for number, time in enumerate(self._times):
            self._step(time, number)
            yield self.skipped + number + 1

    def _noise(self) -> torch.Tensor:
        import torch

        factor, first = self._pipeline.vae_scale_factor, self.drawings[0]
        shape = (1, self._pipeline.unet.config.in_channels, first.height // factor, first.width // factor)
        return torch.cat([torch.randn(shape, generator=source) for source in self._sources]).to(
            works_on(self._pipeline)
        )

    def _generators(self) -> dict[str, Any]:
        """Samplers without noise of their own take no generator; diffusers tells them apart by signature only."""
        return {"generator": self._sources} if "generator" in signature(self._sampler.step).parameters else {}

    def _step(self, time: torch.Tensor, number: int) -> None:
        import torch

        # Entered anew at each step: held across a yield, it would leak to whoever resumes the generator.
        with torch.inference_mode():
            seen = self._sampler.scale_model_input(self._latents, time)
            predicted = self._predict(seen, time, self.skipped + number)
            self._latents = self._sampler.step(predicted, time, self._latents, **self._options, return_dict=False)[0]
            later = self._times[number + 1 : number + 2]
            self._latents = self._start.held(self._latents, self._sampler, later)

    def pixels(self) -> Iterator[torch.Tensor]:
        """The pictures one after another: (height, width, 3) in 0 … 1, float32, on the processor; all NaN where the latents
        are not finite. One at a time: measured, eight at once take a third longer each and eight times the memory."""
        for row in range(len(self.drawings)):
            yield self._start.merged(row, self._decoded(self._latents[row : row + 1]))

    def preview(self) -> torch.Tensor:
        """About what the first picture will be, (height, width, 3) in 0 … 1, of 256 px or less."""
        import torch
        from torch.nn.functional import avg_pool2d

        factor = max(1, max(self._latents.shape[2:]) * self._pipeline.vae_scale_factor // PREVIEW_PX)
        with torch.inference_mode():
            return self._decoded(avg_pool2d(self._latents[:1], factor)).nan_to_num(0.5)

    def _decoded(self, latents: torch.Tensor) -> torch.Tensor:
        import torch

        vae = self._pipeline.vae
        with torch.inference_mode():
            scaled = latents / vae.config.scaling_factor + (getattr(vae.config, "shift_factor", None) or 0.0)
            pixels = vae.decode(scaled.to(vae.dtype), return_dict=False)[0]
            if not latents.isfinite().all():  # a decoder may squash infinity into a colour
                pixels = torch.full_like(pixels, torch.nan)
        return ((pixels[0].float() + 1) / 2).clamp(0, 1).permute(1, 2, 0).cpu()


def _predictor(pipeline: StableDiffusionPipeline, words: Conditioning, drawings: Sequence[Drawing]) -> Predictor:
    """Exact, or with the shortcuts of fast drawings."""
    moved = hasattr(
        pipeline.unet, "_hf_hook"
    )  # a UNet that goes to the card part by part goes there when it is called whole
    if drawings[0].fast and not moved:
        from .shortcuts import Shortcuts

        return Shortcuts(pipeline, words, drawings)
    return Guidance(pipeline, words, drawings)


class _Start:
    """What the pictures begin from, and what of it has to stay as it was."""

    def __init__(
        self,
        pipeline: StableDiffusionPipeline,
        drawings: Sequence[Drawing],
        beginnings: Sequence[Beginning | None],
        noise: torch.Tensor,
    ) -> None:
        import torch

        self._beginnings = [one for one in beginnings if one]
        self._strength = drawings[0].start.strength if drawings[0].start else 1.0
        self._noise = noise
        if self._beginnings:
            self._former = torch.cat([encoded(pipeline.vae, one.pixels) for one in self._beginnings]).to(noise)
            self._anew = torch.cat([one.coarse(noise.shape[2:]) for one in self._beginnings]).to(noise)

    def skipped(self, steps: int) -> int:
        """How many of the steps a picture that is begun with needs not."""
        return steps - min(steps, max(1, int(steps * self._strength))) if self._beginnings else 0

    def latents(self, sampler: Any, times: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """Pure noise, or what is begun with under as much noise as its strength asks for."""
        if not self._beginnings or self._strength >= 1.0:
            return noise * sampler.init_noise_sigma
        return sampler.add_noise(self._former, noise, times[:1].repeat(len(noise)))

    def held(self, latents: torch.Tensor, sampler: Any, later: torch.Tensor) -> torch.Tensor:
        """The latents, in which whatever is not drawn anew is as noisy as the next step expects (RePaint, arXiv 2201.09865,
        without its resampling)."""
        if not self._beginnings:
            return latents
        former = self._former
        if len(later):
            former = sampler.add_noise(former, self._noise, later.repeat(len(latents)))
        return former + self._anew * (latents - former)

    def merged(self, row: int, pixels: torch.Tensor) -> torch.Tensor:
        """The picture, in which what is not drawn anew is to the last bit as it was."""
        return self._beginnings[row].merged(pixels) if self._beginnings else pixels
