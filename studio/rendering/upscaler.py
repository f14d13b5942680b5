"""Enlarges pocket's pictures fourfold: a small convolutional network trained on the same scenes rendered large.

All its layers work at the small size and only then are the pixels spread (arXiv:1609.05158). What it adds to a bilinear
enlargement is measured in the contrast around each pixel, so that flat colour stays exactly flat. How it is trained is
told in `pocket/upscaler.py`; this module knows pixels only.
"""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..models.device import best_device

if TYPE_CHECKING:
    import torch

SCALE = 4
WIDTH = 32  # channels; 48 and eight layers took 1.7 times as long in float32 and three times as long to train a step
LAYERS = 10  # of 3 x 3; each sees one pixel further
TILE_PX = 256
MARGIN_PX = 12  # seen around a tile and thrown away: further than the layers, the contrast and the bilinear skip look


def new_upscaler() -> torch.nn.Sequential:
    """An untrained network (0.09 M parameters): [n, 3, h, w] to [n, 48, h, w], 16 additions for each colour of a pixel.

    Middle layers start as identities with a little noise, the last one at zero: the first picture is the bilinear one.
    """
    import torch
    from torch import nn

    widths = (3, *[WIDTH] * (LAYERS - 1), 3 * SCALE**2)
    layers = [nn.Conv2d(before, after, 3, padding=1) for before, after in pairwise(widths)]
    for number, layer in enumerate(layers):
        weight, bias = layer.parameters()
        nn.init.zeros_(bias)
        nn.init.orthogonal_(weight, gain=0.3 if number else 1.0)
        if weight.shape[0] == weight.shape[1]:
            nn.init.dirac_(identity := torch.empty_like(weight))
            weight.data += identity
    nn.init.zeros_(layers[-1].weight)
    parts = [part for layer in layers for part in (layer, nn.LeakyReLU(0.1))]
    return nn.Sequential(*parts[:-1])


def load_upscaler(path: Path) -> torch.nn.Sequential:
    """The trained network of a .safetensors file, on the best device and in its drawing precision."""
    from safetensors.torch import load_file

    model, device = new_upscaler(), best_device()
    model.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
    return model.eval().requires_grad_(False).to(device.name, device.drawing_dtype)


def enlarge(model: torch.nn.Sequential, pixels: torch.Tensor) -> torch.Tensor:
    """Pixels [n, 3, h, w] in 0..1, float32, as [n, 3, 4h, 4w], float32; may lie a little outside of 0..1."""
    from torch.nn.functional import interpolate, max_pool2d, pixel_shuffle

    contrast = max_pool2d(pixels, 5, 1, 2) + max_pool2d(-pixels, 5, 1, 2)
    added = model((pixels - 0.5).to(next(model.parameters()).dtype)) * contrast.repeat_interleave(SCALE**2, 1)
    return interpolate(pixels, scale_factor=SCALE, mode="bilinear") + pixel_shuffle(added.float(), SCALE)


def upscale(model: torch.nn.Sequential, pictures: np.ndarray, tile_px: int = TILE_PX) -> np.ndarray:
    """Pictures uint8 [n, h, w, 3] as uint8 [n, 4h, 4w, 3]; in tiles, whose size changes memory but not the picture."""
    count, height, width, _ = pictures.shape
    rim = (MARGIN_PX, MARGIN_PX)
    padded = np.pad(pictures, ((0, 0), rim, rim, (0, 0)), mode="edge")
    large = np.empty((count, SCALE * height, SCALE * width, 3), np.uint8)
    for row, top, left in product(range(count), range(0, height, tile_px), range(0, width, tile_px)):
        seen = tile_px + 2 * MARGIN_PX  # slices end by themselves where the picture ends
        tile = _enlarged(model, padded[row, top : top + seen, left : left + seen])
        y, x = SCALE * top, SCALE * left
        large[row, y : y + SCALE * tile_px, x : x + SCALE * tile_px] = tile
    return large


def _enlarged(model: torch.nn.Sequential, tile: np.ndarray) -> np.ndarray:
    """A tile with its margin, enlarged and without it."""
    import torch

    pixels = torch.from_numpy(np.ascontiguousarray(tile)).to(next(model.parameters()).device).permute(2, 0, 1)[None]
    with torch.inference_mode():
        large = enlarge(model, pixels.float() / 255.0)
        rim = slice(SCALE * MARGIN_PX, -SCALE * MARGIN_PX)
        return (large[0, :, rim, rim].clamp(0, 1) * 255.0).round().byte().permute(1, 2, 0).cpu().numpy()
