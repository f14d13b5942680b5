"""Pocket's autoencoder: diffusers' `AutoencoderTiny`, 256 × 256 pixels to 8 × 32 × 32 latents and back.

Convolutions at full picture resolution are what costs on a CPU, so there are no blocks at that level. It is trained on
random 64 px crops, which learns about three times faster than whole pictures. Latents are pulled towards zero mean and
unit variance on crops, so that the clamp of the decoder (±3) is rarely reached; `scaling_factor` does the rest.

Tried and dropped, on pictures as busy as ours: factor 16 with 16 channels, L1 on pixels and differences, the default
initialisation: 20.1 dB after twelve minutes, faces gone. Factor 16 with 32 channels, squared error, orthogonal layers:
19.9 dB after nine minutes. Factor 8 with 8 channels holds as many numbers: 24.0 dB after 100 seconds on one core with
AdamW, 26.7 dB with Muon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..progress import Progress, Work
from .manners.watercolour import paint
from .muon import Muon
from .recipe import Recipe
from .run import Run
from .team import Team

if TYPE_CHECKING:
    import torch
    from diffusers import AutoencoderTiny

LATENT_CHANNELS = 8
FACTOR = 8  # pixels of a side per latent
CROP_PX = 64
RATE = 2e-3
PAINTED_SHARE = 8  # one picture in eight is shown as a watercolour, so that styles survive the autoencoder


def new_autoencoder(width: int = 32) -> AutoencoderTiny:
    """An untrained autoencoder of factor 8 with 8 latent channels (0.6 M parameters at width 32).

    Layers that change size start orthogonal and residual blocks start as identities, so that the first steps already
    carry pictures through; the default initialisation loses the signal on the way.
    """
    import torch
    from diffusers import AutoencoderTiny
    from diffusers.models.autoencoders.vae import AutoencoderTinyBlock

    model = AutoencoderTiny(
        encoder_block_out_channels=(width,) * 4,
        decoder_block_out_channels=(width,) * 4,
        num_encoder_blocks=(0, 1, 2, 3),
        num_decoder_blocks=(9, 3, 1, 0),  # most where they cost least
        latent_channels=LATENT_CHANNELS,
        scaling_factor=1.0,
    )
    for part in model.modules():
        if isinstance(part, torch.nn.Conv2d):
            torch.nn.init.orthogonal_(part.weight)
            if part.bias is not None:
                torch.nn.init.zeros_(part.bias)
    for part in model.modules():
        if isinstance(part, AutoencoderTinyBlock):
            torch.nn.init.zeros_(part.conv[-1].weight)
    return model


def train_autoencoder(build: Path, recipe: Recipe, seed: int = 0) -> Work[Path]:
    """Trains for the recipe's time on crops of the world's pictures and saves `build/vae` in diffusers' layout."""
    import torch

    torch.manual_seed(seed)  # the same first weights in every process
    run = Run(build, "autoencoder", recipe.autoencoder_seconds)
    model = new_autoencoder().to(run.device, memory_format=torch.channels_last).train()
    crops = _crops(build, run, recipe.autoencoder_batch // run.team.size)
    yield from fit(run, model, model, RATE, recipe.autoencoder_batch, lambda: _learn(model, next(crops)))
    if run.team.leads:
        model.register_to_config(scaling_factor=1.0 / _spread(model, _pictures(build, run)[:64]))
        model.save_pretrained(build / "vae")
    run.team.wait()
    return build / "vae"


def fit(
    run: Run,
    model: AutoencoderTiny,
    part: torch.nn.Module,
    rate: float,
    batch: int,
    learn: Callable[[], dict[str, float]],
) -> Iterator[Progress]:
    """Trains `part` of the model until the run's time is over; `learn` leaves the gradients of a batch and gives figures.

    Muon takes the convolutions, AdamW the biases; the rate falls in a straight line to 3 %.
    """
    import torch

    weights = list(part.parameters())
    muon = Muon([p for p in weights if p.ndim == 4], rate, run.team.rank, run.team.size)
    biases = [p for p in weights if p.ndim != 4]
    adam = torch.optim.AdamW(biases, lr=rate, betas=(0.9, 0.99), weight_decay=1e-4, fused=True)
    run.resume(model=model, muon=muon, adam=adam)
    while run.going():
        for group in (*muon.param_groups, *adam.param_groups):
            group["lr"] = rate * min(1.0, (run.step + 1) / 100) * max(0.03, 1.0 - run.share)
        figures = learn()
        run.agree(weights)
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        muon.step()
        adam.step()
        model.zero_grad()
        yield from run.tell(batch, **figures)


def encode_world(build: Path) -> Work[Path]:
    """Latents of every picture of the world, float16 [count, 8, 32, 32], saved as `build/latents.npy`."""
    import torch
    from diffusers import AutoencoderTiny

    team, pictures, part = Team(), np.load(build / "world.npy", mmap_mode="r"), build / "latents.part.npy"
    model = AutoencoderTiny.from_pretrained(build / "vae", local_files_only=True).eval()
    model.to(team.device, memory_format=torch.channels_last)
    shape = (len(pictures), LATENT_CHANNELS, pictures.shape[1] // FACTOR, pictures.shape[2] // FACTOR)
    if team.leads:
        np.lib.format.open_memmap(part, "w+", np.float16, shape)
    team.wait()
    latents = np.lib.format.open_memmap(part, "r+")
    for start in range(64 * team.rank, len(pictures), 64 * team.size):
        latents[start : start + 64] = encode(model, pictures[start : start + 64]).numpy()
        yield Progress(min(start + 64, len(pictures)), len(pictures), "encoding scenes")
    latents.flush()
    team.rename(part, build / "latents.npy")
    return build / "latents.npy"


def _spread(model: AutoencoderTiny, pictures: np.ndarray) -> float:
    """Standard deviation of the latents of whole pictures; calm places make it smaller than on the crops."""
    return float(encode(model, pictures).float().std() / model.config.scaling_factor)


def encode(model: AutoencoderTiny, pictures: np.ndarray) -> torch.Tensor:
    """Scaled latents float16 [n, 8, 32, 32] of uint8 pictures [n, 256, 256, 3]."""
    import torch

    pixels = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0).to(model.device)
    with torch.no_grad(), torch.autocast(model.device.type, torch.bfloat16):
        return (model.encoder(pixels).float() * model.config.scaling_factor).half().cpu()


def _learn(model: AutoencoderTiny, pixels: torch.Tensor) -> dict[str, float]:
    """Leaves the gradients of one batch; gives its mean squared error, and that in decibels."""
    import torch

    with torch.autocast(pixels.device.type, torch.bfloat16):
        latents = model.encoder(pixels)
        restored = model.decoder(latents).float()
    error, flat = (restored - pixels).square().mean(), latents.float().transpose(0, 1).flatten(1)
    (error + 0.01 * (flat.mean(1).square().mean() + (flat.std(1) - 1).square().mean())).backward()
    return {"error": error.item(), "psnr_db": float(10 * np.log10(4.0 / error.item()))}


def _pictures(build: Path, run: Run) -> np.ndarray:
    """Up to 4,000 pictures in memory, others in each process, some of them painted."""
    source, rng = np.load(build / "world.npy", mmap_mode="r"), np.random.default_rng(run.team.rank)
    pictures = source[np.sort(rng.choice(len(source), min(4000, len(source)), replace=False))]
    for index in range(0, len(pictures), PAINTED_SHARE):
        pictures[index] = paint(pictures[index], index)
    return pictures


def _crops(build: Path, run: Run, count: int) -> Iterator[torch.Tensor]:
    """Without end: batches of random crops in -1..1, [count, 3, 64, 64], channels last, randomly mirrored.

    Of two random places the busier one is taken: an empty sky teaches nothing.
    """
    import torch

    rng, pictures = np.random.default_rng([run.team.rank, run.step]), _pictures(build, run)
    while True:
        crops = np.empty((count, CROP_PX, CROP_PX, 3), np.uint8)
        for row in range(count):
            picture = pictures[rng.integers(len(pictures))]
            crop = max((_crop(picture, rng) for _ in range(2)), key=lambda part: part[::4, ::4, 1].std())
            crops[row] = crop[:, ::-1] if rng.random() < 0.5 else crop
        yield torch.from_numpy(crops).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0).to(run.device)


def _crop(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    top, left = rng.integers(0, picture.shape[0] - CROP_PX + 1, 2)
    return picture[top : top + CROP_PX, left : left + CROP_PX]
