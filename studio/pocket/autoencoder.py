"""Pocket's autoencoder: diffusers' `AutoencoderTiny`, 256 × 256 pixels to 16 × 16 × 16 latents and back.

Convolutions at full picture resolution are what costs on a CPU, so there are no blocks at that level. It is trained on
random 64 px crops, which learns about three times faster than whole pictures. Latents are pulled towards zero mean and
unit variance, so that `scaling_factor` is 1 and the clamp of the decoder (±3) is rarely reached.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..progress import Progress, Work
from .world.watercolour import paint

if TYPE_CHECKING:
    import torch
    from diffusers import AutoencoderTiny

CROP_PX = 64
BATCH = 16
PAINTED_SHARE = 8  # one picture in eight is shown as a watercolour, so that styles survive the autoencoder


def new_autoencoder(width: int = 48) -> AutoencoderTiny:
    """An untrained autoencoder of factor 16 with 16 latent channels (1.2 M parameters at width 48)."""
    from diffusers import AutoencoderTiny

    return AutoencoderTiny(
        encoder_block_out_channels=(width,) * 5,
        decoder_block_out_channels=(width,) * 5,
        num_encoder_blocks=(0, 1, 2, 2, 3),
        num_decoder_blocks=(3, 2, 2, 1, 0),
        latent_channels=16,
        scaling_factor=1.0,
    )


def train_autoencoder(world: Path, folder: Path, seconds: float, seed: int = 0, decoder_only: bool = False) -> Work[Path]:
    """Trains for `seconds` of wall time on crops of `world` (uint8 [n, 256, 256, 3]) and saves diffusers' layout.

    Goes on from `folder` if something is there. With `decoder_only` the latents stay as they are, so that a denoiser
    trained on them stays valid. Loss: L1 on pixels and on their finite differences, which keeps outlines crisp.
    """
    import torch

    model = _load_or_new(folder)
    parameters = list((model.decoder if decoder_only else model).parameters())
    rng, start, losses, step = np.random.default_rng(seed), time.monotonic(), [], 0
    optimizer = torch.optim.AdamW(parameters, lr=1.5e-3, fused=True, betas=(0.9, 0.99), weight_decay=1e-4)
    pictures = _pictures(world, rng)
    while (spent := time.monotonic() - start) < seconds:
        for group in optimizer.param_groups:
            group["lr"] = 1.5e-3 * min(1.0, (step + 1) / 100) * max(0.03, 1.0 - spent / seconds)
        losses.append(_step(model, optimizer, _crops(pictures, rng), decoder_only))
        step += 1
        if step % 100 == 0:
            note = f"autoencoder loss {np.mean(losses[-100:]):.4f}"
            yield Progress(int(spent), int(seconds), note)
    model.save_pretrained(folder)
    return folder


def _load_or_new(folder: Path) -> AutoencoderTiny:
    import torch
    from diffusers import AutoencoderTiny

    found = (folder / "config.json").is_file()
    model = AutoencoderTiny.from_pretrained(folder, local_files_only=True) if found else new_autoencoder()
    return model.train().to(memory_format=torch.channels_last)


def _step(model: AutoencoderTiny, optimizer: torch.optim.Optimizer, pixels: torch.Tensor, frozen: bool) -> float:
    import torch

    with torch.autocast("cpu", torch.bfloat16):
        with torch.set_grad_enabled(not frozen):
            latents = model.encoder(pixels)
        restored = model.decoder(latents).float()
    difference = restored - pixels
    across, down = difference.diff(dim=3), difference.diff(dim=2)
    loss = difference.abs().mean() + 0.5 * (across.abs().mean() + down.abs().mean())
    if not frozen:
        flat = latents.float().transpose(0, 1).flatten(1)
        loss = loss + 0.01 * (flat.mean(1).square().mean() + (flat.std(1) - 1).square().mean())
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return float(difference.detach().square().mean())


def _pictures(world: Path, rng: np.random.Generator) -> np.ndarray:
    """Up to 4,000 pictures in memory, some of them painted."""
    source = np.load(world, mmap_mode="r")
    chosen = np.sort(rng.choice(len(source), min(4000, len(source)), replace=False))
    pictures = source[chosen].copy()
    for index in range(0, len(pictures), PAINTED_SHARE):
        pictures[index] = paint(pictures[index], index)
    return pictures


def _crops(pictures: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
    """One batch of random crops in -1..1, [batch, 3, 64, 64], channels last, randomly mirrored."""
    import torch

    edge = pictures.shape[1] - CROP_PX
    crops = np.empty((BATCH, CROP_PX, CROP_PX, 3), np.uint8)
    for row in range(BATCH):
        top, left = rng.integers(0, edge + 1, 2)
        crop = pictures[rng.integers(len(pictures)), top : top + CROP_PX, left : left + CROP_PX]
        crops[row] = crop[:, ::-1] if rng.random() < 0.5 else crop
    return torch.from_numpy(crops).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0)
