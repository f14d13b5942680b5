"""How well a picture was enlarged: on held-out scenes rendered large, beside what Pillow makes of the same small ones.

Four figures: PSNR in dB of the whole picture; the same within 4 px of an edge of the truth; crispness, the steepness at
those edges as a share of the truth's (1 is as crisp, less is blurred, more is oversharp); halo, by how many levels of
255 pixels near edges lie outside of all that the truth has within 4 px.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..progress import Progress, Work
from ..rendering.upscaler import SCALE, upscale
from .pairs import redrawn, render_large, shrunk
from .world.grammar import held_out_scenes

if TYPE_CHECKING:
    import torch
    from diffusers import AutoencoderTiny

NEAR_PX = 4
STEEP = 24  # levels from one pixel to the next that make an edge
Figures = dict[str, float]


def measure_upscaler(
    model: torch.nn.Sequential, vae: AutoencoderTiny, count: int = 24, seed: int = 3
) -> Work[dict[str, dict[str, Figures]]]:
    """Mean figures by input (`clean` renders, and `redrawn` by the autoencoder) and by way of enlarging.

    `sharpened` is Lanczos with an unsharp mask, by which books were printed before there was an upscaler.
    """
    ways = {"ours": lambda picture: upscale(model, picture[None])[0], **_by_pillow()}
    found: dict[str, dict[str, list[Figures]]] = {given: {name: [] for name in ways} for given in ("clean", "redrawn")}
    for done, scene in enumerate(held_out_scenes(seed, count), 1):
        truth = render_large([scene])
        clean = shrunk(truth)
        for given, picture in (("clean", clean[0]), ("redrawn", redrawn(vae, clean)[0])):
            for name, way in ways.items():
                found[given][name].append(figures(way(picture), truth[0]))
        yield Progress(done, count, "measuring the upscaler")
    return {given: {name: _mean(all) for name, all in by.items()} for given, by in found.items()}


def figures(picture: np.ndarray, truth: np.ndarray) -> Figures:
    """The four figures of a picture uint8 [h, w, 3] against the truth of the same size."""
    from torch.nn.functional import max_pool2d

    said, right = _levels(picture), _levels(truth)
    steep = _steepness(right)
    edges = (steep > STEEP).float()
    near = max_pool2d(edges, 2 * NEAR_PX + 1, 1, NEAR_PX)
    most, least = (sign * max_pool2d(sign * right, 2 * NEAR_PX + 1, 1, NEAR_PX) for sign in (1, -1))
    outside = (said - most).clamp(min=0) + (least - said).clamp(min=0)
    errors = (said - right).square().mean(1, keepdim=True)
    return {
        "psnr": _psnr(float(errors.mean())),
        "edge_psnr": _psnr(_over(errors, near)),
        "crispness": _over(_steepness(said), edges) / max(_over(steep, edges), 1e-6),
        "halo": _over(outside.mean(1, keepdim=True), near),
    }


def _levels(picture: np.ndarray) -> torch.Tensor:
    """[1, 3, h, w], 0..255."""
    import torch

    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float()


def _steepness(levels: torch.Tensor) -> torch.Tensor:
    """The largest step of any colour to the pixel on the right or below, [1, 1, h, w]."""
    from torch.nn.functional import pad

    down, right = levels.diff(dim=2).abs().amax(1), levels.diff(dim=3).abs().amax(1)
    return pad(down, (0, 0, 0, 1)).maximum(pad(right, (0, 1)))[:, None]


def _over(values: torch.Tensor, mask: torch.Tensor) -> float:
    """The mean where the mask is 1; 0 when it is nowhere."""
    return float((values * mask).sum() / mask.sum().clamp(min=1))


def _psnr(error: float) -> float:
    """dB of a mean squared error in levels; at most 99."""
    return float(min(99.0, 10 * np.log10(255**2 / max(error, 1e-9))))


def _mean(all: list[Figures]) -> Figures:
    return {name: round(float(np.mean([one[name] for one in all])), 3) for name in all[0]}


def _by_pillow() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """What one would use instead: uint8 [h, w, 3] to uint8 [4h, 4w, 3]."""
    from PIL import Image, ImageFilter

    def enlarged(picture: np.ndarray, how: Image.Resampling) -> Image.Image:
        return Image.fromarray(picture).resize((SCALE * picture.shape[1], SCALE * picture.shape[0]), how)

    unsharp = ImageFilter.UnsharpMask(radius=2, percent=70, threshold=2)
    return {
        "bicubic": lambda picture: np.asarray(enlarged(picture, Image.Resampling.BICUBIC)),
        "lanczos": lambda picture: np.asarray(enlarged(picture, Image.Resampling.LANCZOS)),
        "sharpened": lambda picture: np.asarray(enlarged(picture, Image.Resampling.LANCZOS).filter(unsharp)),
    }
