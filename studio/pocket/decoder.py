"""Pocket's decoder, trained further once the denoiser is finished: crisp pictures also from latents that are not quite right.

What the denoiser draws is never quite what the encoder would say, and a decoder that saw only the encoder's latents turns
each small fault into a fleck. So half of what it learns from was redrawn: noise is added to the latents of a scene and the
last steps of a drawing take it away again, which keeps the picture and has all faults of the denoiser. The latents of the
encoder stay as they are, so that the denoiser stays valid; the error is absolute, which keeps outlines crisp.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..models.table import base_model
from ..progress import Progress, Work
from .autoencoder import FACTOR, PAINTED_SHARE, RATE, encode, fit
from .clip import tokens
from .denoiser import SIDE
from .manners.watercolour import paint
from .recipe import Recipe
from .run import Run
from .schedule import new_schedule
from .sheet import build_pipeline
from .team import Team
from .world.captions import caption
from .world.grammar import training_scenes

if TYPE_CHECKING:
    import torch
    from diffusers import AutoencoderTiny, StableDiffusionPipeline

SCENES = 2400  # that are redrawn
BATCH = 16  # scenes redrawn at once
STEPS, FEWEST, MOST = 12, 2, 6  # of a whole drawing; so many of its last ones are drawn again
GUIDANCE = base_model("pocket").guidance
REDRAWN_SHARE = 0.5
CROP = 12  # latents of a side of a crop
RIM = 2  # of them, without a say: there the layers see the end of the crop


def train_decoder(build: Path, recipe: Recipe, seed: int = 0) -> Work[Path]:
    """Trains only the decoder of `build/vae`, in place, for the recipe's time. Goes on after an interruption.

    Redraws `build/redrawn.npy` first if it is not there, which does not count as time; needs `build/unet`.
    """
    import torch
    from diffusers import AutoencoderTiny

    torch.manual_seed(seed)
    if not (build / "redrawn.npy").exists():
        yield from redraw(build, seed)
    run = Run(build, "decoder", recipe.decoder_seconds)
    vae = AutoencoderTiny.from_pretrained(build / "vae", local_files_only=True)
    vae.to(run.device, memory_format=torch.channels_last).train().encoder.requires_grad_(False)
    crops = _crops(build, vae, run, recipe.autoencoder_batch // run.team.size)
    yield from fit(run, vae, vae.decoder, RATE / 2, recipe.autoencoder_batch, lambda: _learn(vae, *next(crops)))
    if run.team.leads:
        vae.save_pretrained(build / "vae")
    run.team.wait()
    return build / "vae"


def redraw(build: Path, seed: int = 0) -> Work[Path]:
    """Latents of the first scenes, drawn again from halfway: float16 [n, 8, 32, 32], saved as `build/redrawn.npy`."""
    import torch

    team, clean = Team(), np.load(build / "latents.npy", mmap_mode="r")
    scenes, part = list(training_scenes(seed, min(SCENES, len(clean)))), build / "redrawn.part.npy"
    if team.leads:
        np.lib.format.open_memmap(part, "w+", np.float16, (len(scenes), *clean.shape[1:]))
    team.wait()
    drawn, pipeline = np.lib.format.open_memmap(part, "r+"), build_pipeline(build).to(team.device)
    rng = random.Random(f"redrawn-{team.rank}")
    torch.manual_seed(1_000_003 * (seed + 1) + team.rank)
    for start in range(BATCH * team.rank, len(scenes), BATCH * team.size):
        told = [caption(scene, rng) for scene in scenes[start : start + BATCH]]
        some = torch.from_numpy(clean[start : start + len(told)].copy()).to(team.device).float()
        drawn[start : start + len(told)] = _redrawn(pipeline, some, told, rng.randint(FEWEST, MOST)).half().cpu()
        yield Progress(start + len(told), len(scenes), "redrawing scenes")
    drawn.flush()
    team.rename(part, build / "redrawn.npy")
    return build / "redrawn.npy"


def _redrawn(pipeline: StableDiffusionPipeline, clean: torch.Tensor, told: list[str], last: int) -> torch.Tensor:
    """Latents [n, 8, 32, 32], noisy as before the last so many steps of a drawing and then drawn to the end."""
    import torch

    schedule = new_schedule()
    schedule.set_timesteps(STEPS)
    times = schedule.timesteps[-last:]
    now = schedule.add_noise(clean, torch.randn_like(clean), times[:1].expand(len(clean)))
    with torch.no_grad(), torch.autocast(clean.device.type, torch.bfloat16):
        read = tokens(pipeline.tokenizer, told + [""] * len(told)).to(clean.device)
        context = pipeline.text_encoder(read).last_hidden_state
        for time in times:
            both = pipeline.unet(torch.cat([now, now]), time, context, return_dict=False)[0].float()
            asked, plain = both.chunk(2)
            now = schedule.step(plain + GUIDANCE * (asked - plain), time, now, return_dict=False)[0]
    return now


def _crops(
    build: Path, vae: AutoencoderTiny, run: Run, count: int
) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Without end: latents [n, 8, 12, 12] as the decoder takes them, their pixels uint8 [n, 96, 96, 3], and which count,
    bool [n, 96, 96]."""
    import torch

    pictures, clean, redrawn = _scenes(build, vae)
    rng = np.random.default_rng([run.team.rank, run.step])
    while True:
        given, wanted, counts = [], [], []
        for row in rng.integers(len(pictures), size=count):
            source = redrawn if rng.random() < REDRAWN_SHARE else clean
            top, left = _busier(pictures[row], rng)
            given.append(source[row, :, top : top + CROP, left : left + CROP])
            wanted.append(_pixels(pictures[row], top, left))
            counts.append(_counted(top, left))
        latents = torch.from_numpy(np.stack(given)).to(run.device).float() / vae.config.scaling_factor
        yield latents, *(torch.from_numpy(np.stack(part)).to(run.device) for part in (wanted, counts))


def _scenes(build: Path, vae: AutoencoderTiny) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pictures uint8 [n, 256, 256, 3] with the latents of the encoder and the redrawn ones; some are painted."""
    redrawn = np.load(build / "redrawn.npy")
    pictures = np.load(build / "world.npy", mmap_mode="r")[: len(redrawn)].copy()
    clean = np.load(build / "latents.npy", mmap_mode="r")[: len(redrawn)].copy()
    painted = slice(0, None, PAINTED_SHARE)
    pictures[painted] = [paint(picture, seed) for seed, picture in enumerate(pictures[painted])]
    clean[painted] = redrawn[painted] = encode(vae, pictures[painted]).numpy()
    return pictures, clean, redrawn


def _busier(picture: np.ndarray, rng: np.random.Generator) -> tuple[int, int]:
    """Of two random places for a crop the one where more is drawn; often at the rim of the picture, which is seen least."""
    last = len(picture) // FACTOR - CROP
    tops, lefts = rng.integers(-RIM, last + RIM + 1, (2, 2)).clip(0, last).tolist()
    places = list(zip(tops, lefts, strict=True))
    return max(places, key=lambda place: _pixels(picture, *place)[::4, ::4, 1].std())


def _pixels(picture: np.ndarray, top: int, left: int) -> np.ndarray:
    return picture[FACTOR * top : FACTOR * (top + CROP), FACTOR * left : FACTOR * (left + CROP)]


def _counted(top: int, left: int) -> np.ndarray:
    """All pixels of a crop but those near an end of it that is not the end of the picture."""
    counted, last = np.ones((FACTOR * CROP, FACTOR * CROP), bool), SIDE - CROP
    for at, lines in ((top, counted), (left, counted.T)):
        lines[: FACTOR * RIM] &= at == 0
        lines[-FACTOR * RIM :] &= at == last
    return counted


def _learn(vae: AutoencoderTiny, latents: torch.Tensor, wanted: torch.Tensor, counts: torch.Tensor) -> dict[str, float]:
    """Leaves the gradients of one batch; gives its mean absolute error, in levels of 255."""
    import torch

    with torch.autocast(latents.device.type, torch.bfloat16):
        drawn = vae.decoder(latents).float()
    error = (drawn - (wanted.permute(0, 3, 1, 2).float() / 127.5 - 1.0)).abs().mean(1)[counts].mean()
    error.backward()
    return {"error": 127.5 * error.item()}
