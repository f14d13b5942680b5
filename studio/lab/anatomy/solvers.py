"""Three ways back from the same noise, each with few and with many steps: DDPM (arXiv 2006.11239), DDIM (arXiv 2010.02502) and
DPM-Solver++ of second order (arXiv 2211.01095)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from .course import Told, guided, predictions

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

# Name → class of diffusers, and what is set beyond the model's own schedule, as `rendering.samplers` has it.
SOLVERS: dict[str, tuple[str, dict[str, Any]]] = {
    "DDPM": ("DDPMScheduler", {}),
    "DDIM": ("DDIMScheduler", {}),
    "DPM++": ("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++"}),
}
COUNTS = (5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Solved:
    """Where a solver came to: latents float32 [1, channels, h, w] after so many steps and seconds."""

    solver: str
    steps: int
    latents: torch.Tensor
    seconds: float


def solved(
    pipeline: StableDiffusionPipeline, told: Told, noise: torch.Tensor, name: str, steps: int, seed: int
) -> Iterator[Solved | int]:
    """Yields the number of each finished step, and at last what came of it. `seed` is that of the noise DDPM adds at each step."""
    import diffusers

    kind, options = SOLVERS[name]
    scheduler = getattr(diffusers, kind).from_config(pipeline.scheduler.config, **options)
    scheduler.set_timesteps(steps, device=noise.device)
    chance = {} if name == "DPM++" else {"generator": torch.Generator("cpu").manual_seed(seed + 1)}
    latents, seconds = noise * scheduler.init_noise_sigma, 0.0
    for number, stage in enumerate(scheduler.timesteps, 1):
        begun = time.perf_counter()
        with torch.inference_mode():
            seen = scheduler.scale_model_input(latents, stage)
            predicted = guided(predictions(pipeline.unet, seen, stage, told), told.guidance)
            latents = scheduler.step(predicted, stage, latents, **chance, return_dict=False)[0]
        seconds += time.perf_counter() - begun
        yield number
    yield Solved(name, steps, latents, seconds)
