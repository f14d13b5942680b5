"""Pixels to latents and back: the autoencoder that a diffusion model paints through, and what it loses of a photo.

Latent diffusion: Rombach et al. 2022, arXiv 2112.10752. What is lost is told by the mean squared error, by PSNR, and by SSIM
(Wang et al. 2004), which looks at structure and not at single pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import conv2d

from ...errors import BadPhoto
from .words import device_of

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

LEAST_PX = 32
WINDOW, SIGMA = 11, 1.5  # of SSIM, and its constants for values in 0 … 1
C1, C2 = 0.01**2, 0.03**2
LUMA = (0.299, 0.587, 0.114)


@dataclass(frozen=True, slots=True)
class Mirrored:
    """A photo and what came back, uint8 [h, w, 3]; its latents float32 [channels, h / 8, w / 8]; and the loss."""

    photo: np.ndarray
    back: np.ndarray
    latents: np.ndarray
    mse: float  # of values in 0 … 1
    psnr: float  # dB
    ssim: float  # 1: the same


def mirrored(pipeline: StableDiffusionPipeline, photo: np.ndarray) -> Mirrored:
    """A photo uint8 [h, w, 3] through the autoencoder, at the size that the model draws. Raises BadPhoto for a tiny one."""
    fitted = fit(photo, side_px(pipeline), pipeline.vae_scale_factor)
    latents = encoded(pipeline, fitted)
    back = decoded(pipeline, latents)
    mse = mean_square(fitted, back)
    return Mirrored(fitted, back, latents[0].float().cpu().numpy(), mse, psnr(mse), ssim(fitted, back))


def side_px(pipeline: StableDiffusionPipeline) -> int:
    """The longer side of what the model draws by itself."""
    size = pipeline.unet.config.sample_size
    return (size if isinstance(size, int) else max(size)) * pipeline.vae_scale_factor


def fit(photo: np.ndarray, side: int, unit: int) -> np.ndarray:
    """The photo uint8 [h, w, 3] with that longer side, both sides multiples of `unit`. Raises BadPhoto."""
    height, width = photo.shape[:2]
    if min(height, width) < LEAST_PX:
        raise BadPhoto(
            "The photo has {width} x {height} px, which is too small to see anything. Give one with sides of {least} px or more; "
            "nothing was changed.",
            width=width,
            height=height,
            least=LEAST_PX,
        )
    share = side / max(height, width)
    across, down = (max(2 * unit, round(length * share / unit) * unit) for length in (width, height))
    return np.asarray(Image.fromarray(photo).resize((across, down), Image.Resampling.LANCZOS))


def encoded(pipeline: StableDiffusionPipeline, pixels: np.ndarray) -> torch.Tensor:
    """The latents [1, channels, h, w] of pixels uint8 [h, w, 3], scaled as the denoiser knows them."""
    vae: Any = pipeline.vae
    seen = torch.from_numpy(pixels.copy()).to(device_of(pipeline)).float().permute(2, 0, 1)[None] / 127.5 - 1
    with torch.inference_mode():
        made = vae.encode(seen.to(vae.dtype))
        latents = made.latents if hasattr(made, "latents") else made.latent_dist.mode()
    return (latents.float() - _shift(vae)) * vae.config.scaling_factor


def decoded(pipeline: StableDiffusionPipeline, latents: torch.Tensor) -> np.ndarray:
    """The pixels uint8 [h, w, 3] of latents [1, channels, h, w]; grey where they are no numbers."""
    vae: Any = pipeline.vae
    with torch.inference_mode():
        scaled = latents / vae.config.scaling_factor + _shift(vae)
        pixels = vae.decode(scaled.to(vae.dtype), return_dict=False)[0]
    shown = ((pixels[0].float() + 1) / 2).nan_to_num(0.5).clamp(0, 1)
    return (shown * 255).round().byte().permute(1, 2, 0).cpu().numpy()


def _shift(vae: Any) -> float:
    return getattr(vae.config, "shift_factor", None) or 0.0


def mean_square(one: np.ndarray, other: np.ndarray) -> float:
    """The mean squared error of two pictures uint8 [h, w, 3], their values taken as 0 … 1."""
    return float(np.square((one.astype(np.float64) - other) / 255).mean())


def psnr(mse: float) -> float:
    """Peak signal-to-noise ratio in dB; 99 for pictures that are the same."""
    return min(99.0, -10 * math.log10(mse)) if mse > 0 else 99.0


def ssim(one: np.ndarray, other: np.ndarray) -> float:
    """Structural similarity of two pictures uint8 [h, w, 3], of their lightness, in −1 … 1."""
    x, y = (torch.from_numpy(picture @ np.array(LUMA) / 255)[None, None] for picture in (one, other))
    line = torch.exp(-((torch.arange(WINDOW, dtype=x.dtype) - WINDOW // 2) ** 2) / (2 * SIGMA**2))
    window = (line[:, None] * line / line.sum() ** 2)[None, None]
    mx, my = conv2d(x, window), conv2d(y, window)
    vx, vy, both = conv2d(x * x, window) - mx**2, conv2d(y * y, window) - my**2, conv2d(x * y, window) - mx * my
    alike = (2 * mx * my + C1) * (2 * both + C2) / ((mx**2 + my**2 + C1) * (vx + vy + C2))
    return float(alike.mean())
