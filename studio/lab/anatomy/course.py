"""The way from noise to a picture, one step at a time, with all that can be seen at each.

The same loop as `rendering.denoising` runs, for one picture and with DDIM (arXiv 2010.02502), laid open: what the network sees,
what it is told and what not, which finished picture it expects, and where it listened to which word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from .attention import gathered, watching
from .words import device_of

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline


@dataclass(frozen=True, slots=True)
class Told:
    """What the network is told: the states [1, places, width] of the wanted words and of the unwanted ones, and how far guidance
    goes; at 1 the unwanted are not looked at."""

    wanted: torch.Tensor
    unwanted: torch.Tensor
    guidance: float


@dataclass(frozen=True, slots=True)
class Step:
    """One finished step, counted from 1. Latents are float32 [1, channels, h, w]."""

    number: int
    time: int  # of the training's noise stages, 999 … 0
    latents: torch.Tensor  # after the step
    clean: torch.Tensor  # the latents of the finished picture that the network expected at this step
    pull: torch.Tensor | None  # [h, w]: mean of |noise guessed with words − without| over channels; None unguided
    reach: float  # how far the words move the expected latents: mean |clean with − without|; 0 unguided
    attention: torch.Tensor  # [places, gh, gw]: how much each place of the prompt was heard, 1 in all in each cell


def noise_for(pipeline: StableDiffusionPipeline, seed: int) -> torch.Tensor:
    """The noise that drawing begins with, the same as `studio draw` takes for that seed at the model's own size."""
    unet = pipeline.unet.config
    height, width = (unet.sample_size,) * 2 if isinstance(unet.sample_size, int) else unet.sample_size
    source = torch.Generator("cpu").manual_seed(seed)
    return torch.randn((1, unet.in_channels, height, width), generator=source).to(device_of(pipeline))


def course(pipeline: StableDiffusionPipeline, told: Told, noise: torch.Tensor, steps: int) -> Iterator[Step]:
    """Draws with DDIM on the model's own noise schedule, and yields each step."""
    from diffusers import DDIMScheduler

    scheduler = DDIMScheduler.from_config(pipeline.scheduler.config)
    scheduler.set_timesteps(steps, device=noise.device)
    kind, latents = scheduler.config.prediction_type, noise * scheduler.init_noise_sigma
    for number, time in enumerate(scheduler.timesteps, 1):
        kept = scheduler.alphas_cumprod[int(time)].to(noise.device)
        # Entered anew at each step: held across a yield, they would be on whoever resumes the generator.
        with torch.inference_mode(), watching(pipeline.unet) as heard:
            each = predictions(pipeline.unet, latents, time, told)
            predicted = guided(each, told.guidance)
            clean = clean_from(kind, latents, predicted, kept)
            pull = _apart([noise_from(kind, latents, one, kept) for one in each])
            reach = _apart([clean_from(kind, latents, one, kept) for one in each])
            latents = scheduler.step(predicted, time, latents, return_dict=False)[0]
            attention = gathered(heard, latents.shape[2:])
        yield Step(number, int(time), latents, clean, pull, 0.0 if reach is None else float(reach.mean()), attention)


def predictions(unet: Any, latents: torch.Tensor, time: torch.Tensor, told: Told) -> tuple[torch.Tensor, ...]:
    """What the network makes of the latents: without the words and with them; only with them where nothing is guided."""
    states = told.wanted if told.guidance == 1 else torch.cat([told.unwanted, told.wanted])
    seen = latents.to(unet.dtype).repeat(len(states), 1, 1, 1)
    made = unet(seen, time, encoder_hidden_states=states.to(unet.dtype), return_dict=False)[0]
    return made.float().split(1)


def guided(each: tuple[torch.Tensor, ...], scale: float) -> torch.Tensor:
    """Classifier-free guidance (arXiv 2207.12598): from the guess without words through the one with them, and further."""
    return each[0] if len(each) == 1 else each[0] + scale * (each[1] - each[0])


def clean_from(kind: str, latents: torch.Tensor, predicted: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """The finished latents that a prediction means: x = √ᾱ·x₀ + √(1−ᾱ)·ε (arXiv 2006.11239, equation 4) solved for x₀.

    `kind` is the schedule's prediction type, `kept` is ᾱ: epsilon, sample, or v = √ᾱ·ε − √(1−ᾱ)·x₀ (arXiv 2202.00512).
    """
    signal, noise = kept.sqrt(), (1 - kept).sqrt()
    if kind == "sample":
        return predicted
    if kind == "v_prediction":
        return signal * latents - noise * predicted
    return (latents - noise * predicted) / signal


def noise_from(kind: str, latents: torch.Tensor, predicted: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """The noise ε that a prediction means, as `clean_from` has it."""
    signal, noise = kept.sqrt(), (1 - kept).sqrt()
    if kind == "sample":
        return (latents - signal * predicted) / noise
    if kind == "v_prediction":
        return signal * predicted + noise * latents
    return predicted


def shares(pipeline: StableDiffusionPipeline) -> tuple[torch.Tensor, torch.Tensor]:
    """How much of the picture and how much noise there is at each stage of training: √ᾱ and √(1−ᾱ), [stages] each."""
    from diffusers import DDIMScheduler

    kept = DDIMScheduler.from_config(pipeline.scheduler.config).alphas_cumprod.float()
    return kept.sqrt(), (1 - kept).sqrt()


def _apart(guesses: list[torch.Tensor]) -> torch.Tensor | None:
    """How far the guesses without and with words are from each other, [h, w]; None where there is but one."""
    return (guesses[1] - guesses[0]).abs().mean((0, 1)).cpu() if len(guesses) == 2 else None
