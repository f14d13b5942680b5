"""Pocket's autoencoder: diffusers' `AutoencoderTiny`, 256 × 256 pixels to 8 × 32 × 32 latents and back.

Convolutions at full picture resolution are what costs on a CPU, so there are no blocks at that level. It is trained on
random 64 px crops, which learns about three times faster than whole pictures. Latents are pulled towards zero mean and
unit variance on crops, so that the clamp of the decoder (±3) is rarely reached; `scaling_factor` does the rest.

Tried and dropped, on pictures as busy as ours: factor 16 with 16 channels, L1 on pixels and differences, the default
initialisation: 20.1 dB after twelve minutes, faces gone. Factor 16 with 32 channels, squared error, orthogonal layers:
19.9 dB after nine minutes. Factor 8 with 8 channels holds as many numbers and was at 23.9 dB after 100 seconds.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..progress import Progress, Work
from .team import Team
from .world.watercolour import paint

if TYPE_CHECKING:
    import torch
    from diffusers import AutoencoderTiny

LATENT_CHANNELS = 8
CROP_PX = 64
BATCH = 16
RATE = 2e-3
PAINTED_SHARE = 8  # one picture in eight is shown as a watercolour, so that styles survive the autoencoder


def new_autoencoder(width: int = 32) -> AutoencoderTiny:
    """An untrained autoencoder of factor 8 with 8 latent channels (0.4 M parameters at width 32).

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
        num_decoder_blocks=(3, 3, 1, 0),
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


def train_autoencoder(
    world: Path, folder: Path, seconds: float, seed: int = 0, decoder_only: bool = False
) -> Work[Path]:
    """Trains for `seconds` of wall time on crops of `world` (uint8 [n, 256, 256, 3]) and saves diffusers' layout.

    Goes on from `folder` if something is there. With `decoder_only` the latents stay as they are, so that a denoiser
    trained on them stays valid, and the error is absolute instead of squared, which keeps outlines crisp.
    """
    import torch

    torch.manual_seed(seed)  # the same first weights in every process
    team, model = Team(), _load_or_new(folder)
    parameters = list((model.decoder if decoder_only else model).parameters())
    rng, rate = np.random.default_rng(seed * 100 + team.rank), RATE / 3 if decoder_only else RATE
    optimizer = torch.optim.AdamW(parameters, lr=rate, fused=True, betas=(0.9, 0.99), weight_decay=1e-4)
    pictures, losses, step, spent = _pictures(world, rng), [], 0, 0.0
    while spent < seconds:
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 100) * max(0.03, 1.0 - spent / seconds)
        losses.append(_learn(model, _crops(pictures, rng, BATCH // team.size), decoder_only))
        spent = team.agree(parameter.grad for parameter in parameters)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        if step % 100 == 0:
            yield Progress(int(spent), int(seconds), f"autoencoder step {step} loss {np.mean(losses[-100:]):.4f}")
    if team.leads:
        if not decoder_only:
            model.register_to_config(scaling_factor=1.0 / _spread(model, pictures[:64]))
        model.save_pretrained(folder)
    team.wait()
    return folder


def _spread(model: AutoencoderTiny, pictures: np.ndarray) -> float:
    """Standard deviation of the latents of whole pictures; calm places make it smaller than on the crops."""
    return float(encode(model, pictures).float().std() / model.config.scaling_factor)


def encode(model: AutoencoderTiny, pictures: np.ndarray) -> torch.Tensor:
    """Scaled latents float16 [n, 8, 32, 32] of uint8 pictures [n, 256, 256, 3]."""
    import torch

    pixels = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        return (model.encoder(pixels).float() * model.config.scaling_factor).half()


def _load_or_new(folder: Path) -> AutoencoderTiny:
    import torch
    from diffusers import AutoencoderTiny

    found = (folder / "config.json").is_file()
    model = AutoencoderTiny.from_pretrained(folder, local_files_only=True) if found else new_autoencoder()
    return model.train().to(memory_format=torch.channels_last)


def _learn(model: AutoencoderTiny, pixels: torch.Tensor, frozen: bool) -> float:
    """Leaves the gradients of one batch; gives its mean squared error."""
    import torch

    with torch.autocast("cpu", torch.bfloat16):
        with torch.set_grad_enabled(not frozen):
            latents = model.encoder(pixels)
        restored = model.decoder(latents).float()
    difference = restored - pixels
    loss = difference.abs().mean() if frozen else difference.square().mean()
    if not frozen:
        flat = latents.float().transpose(0, 1).flatten(1)
        loss = loss + 0.01 * (flat.mean(1).square().mean() + (flat.std(1) - 1).square().mean())
    loss.backward()
    return float(difference.detach().square().mean())


def _pictures(world: Path, rng: np.random.Generator) -> np.ndarray:
    """Up to 4,000 pictures in memory, some of them painted."""
    source = np.load(world, mmap_mode="r")
    chosen = np.sort(rng.choice(len(source), min(4000, len(source)), replace=False))
    pictures = source[chosen].copy()
    for index in range(0, len(pictures), PAINTED_SHARE):
        pictures[index] = paint(pictures[index], index)
    return pictures


def _crops(pictures: np.ndarray, rng: np.random.Generator, count: int) -> torch.Tensor:
    """One batch of random crops in -1..1, [batch, 3, 64, 64], channels last, randomly mirrored.

    Of two random places the busier one is taken: an empty sky teaches nothing.
    """
    import torch

    crops = np.empty((count, CROP_PX, CROP_PX, 3), np.uint8)
    for row in range(count):
        picture = pictures[rng.integers(len(pictures))]
        crop = max((_crop(picture, rng) for _ in range(2)), key=lambda part: part[::4, ::4, 1].std())
        crops[row] = crop[:, ::-1] if rng.random() < 0.5 else crop
    return torch.from_numpy(crops).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0)


def _crop(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    top, left = rng.integers(0, picture.shape[0] - CROP_PX + 1, 2)
    return picture[top : top + CROP_PX, left : left + CROP_PX]
