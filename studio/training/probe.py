"""A look at a hero in training: a few pictures with fixed seeds, and how like, obedient and uncopied they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..models.table import BaseModel
from ..rendering.samplers import make_sampler
from .batches import answer
from .conditioning import Texts, read_phrases
from .moment import LEAST_GAIN, Moment

if TYPE_CHECKING:
    import numpy as np
    import torch
    from diffusers import StableDiffusionPipeline, UNet2DConditionModel

    from ..evaluation.likeness import Eyes, Impression

STEPS = 10
SEED = 20
OTHERS = 2  # of the sitting are drawn without the trigger too


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a hero is drawn as while they are taught: `prompts` with the trigger, `plain` the same without it,
    `elsewhere` other scenes for which their pictures might be taken, the impression of the photos, and the eyes that had
    it."""

    prompts: tuple[str, ...]
    plain: tuple[str, ...]
    elsewhere: tuple[str, ...]
    photos: Impression
    eyes: Eyes


class Probe:
    """Draws the sitting with what is left of a pipeline once the training has begun: its decoder and its schedule."""

    def __init__(self, pipeline: StableDiffusionPipeline, model: BaseModel, sitting: Sitting) -> None:
        from ..evaluation.likeness import likeness, matching, own_likeness

        self._model, self._sitting, self._eyes = model, sitting, sitting.eyes
        self._vae, self._schedule, self._factor = pipeline.vae, pipeline.scheduler.config, pipeline.vae_scale_factor
        self._texts = read_phrases(pipeline, ["", *sitting.prompts], model.native_size_px)
        plain = read_phrases(pipeline, ["", *sitting.plain], model.native_size_px)
        self._others = read_phrases(pipeline, ["", *sitting.plain[:OTHERS]], model.native_size_px)
        bare = self._eyes.look(self._draw(pipeline.unet, plain))
        self._asked = self._eyes.read(pipeline, (*sitting.plain, *sitting.elsewhere))
        self._fit = float(matching(bare, self._asked).mean()) if self._asked.any() else 0.0
        self._own = own_likeness(sitting.photos)
        without = likeness(bare, sitting.photos) / self._own
        self.before = float(without.mean())  # without the adapter
        self._alike = float(without[:OTHERS].mean())

    def look(self, unet: UNet2DConditionModel, step: int) -> tuple[Moment, list[np.ndarray]]:
        """What the hero is like after so many steps, and the pictures, uint8 [height, width, 3], that say so."""
        from ..evaluation.likeness import copying, likeness, matching

        pictures = self._draw(unet, self._texts)
        seen, photos = self._eyes.look(pictures), self._sitting.photos
        like = float(likeness(seen, photos).mean()) / self._own
        others = float(likeness(self._eyes.look(self._draw(unet, self._others)), photos).mean()) / self._own
        moment = Moment(
            step=step,
            likeness=round(like, 4),
            match=round(float(matching(seen, self._asked).mean()) / self._fit, 4) if self._fit > 0 else 1.0,
            copy=round(float(copying(seen, photos).max()), 4),
            leak=round((others - self._alike) / max(LEAST_GAIN, like - self.before), 4),
        )
        return moment, pictures

    def _draw(self, unet: UNet2DConditionModel, texts: Texts) -> list[np.ndarray]:
        """The sitting in few steps. Row 0 of the texts is the empty one, from which guidance pushes away."""
        import torch

        count = len(texts.tokens) - 1
        sampler = make_sampler(self._model.sampler, self._schedule)
        sampler.set_timesteps(STEPS, device=unet.device)
        latents = self._noise(count, unet) * sampler.init_noise_sigma
        rows = torch.tensor([*[0] * count, *range(1, count + 1)])
        for time in sampler.timesteps:
            seen = sampler.scale_model_input(latents, time).repeat(2, 1, 1, 1)
            with torch.no_grad():
                bare, told = answer(unet, texts, seen, time.repeat(2 * count), rows).chunk(2)
            latents = sampler.step(bare + self._model.guidance * (told - bare), time, latents, return_dict=False)[0]
        return self._pixels(latents)

    def _noise(self, count: int, unet: UNet2DConditionModel) -> torch.Tensor:
        import torch

        side = self._model.native_size_px // self._factor
        shape = (unet.config.in_channels, side, side)
        seeds = (torch.Generator("cpu").manual_seed(SEED + number) for number in range(count))
        return torch.stack([torch.randn(shape, generator=seed) for seed in seeds]).to(unet.device)

    def _pixels(self, latents: torch.Tensor) -> list[np.ndarray]:
        import torch

        config = self._vae.config
        latents = latents / config.scaling_factor + (getattr(config, "shift_factor", None) or 0.0)
        with torch.no_grad():
            pixels = self._vae.decode(latents.to(self._vae.dtype), return_dict=False)[0].float()
        return list(pixels.add(1).mul(127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).cpu().numpy())
