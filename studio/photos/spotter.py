"""The spotter: tells where in a drawn picture somebody is, so that they can be cut out and likeness is measured on them
and not on the meadow.

A small U-Net (arXiv:1505.04597), taught by `studio.pocket.spotter`. It is read with numpy alone, because the web studio,
which proposes the cut, never loads torch. GrabCut, which finds the subject of a photo, takes the trees along in a drawn one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from ..settings import ASSETS

SIDE_PX = 128
DEPTH = 4  # sizes at which it looks: 128, 64, 32 and 16 px
WEIGHTS = ASSETS / "pocket" / "spotter" / "spotter.safetensors"

Weights = Mapping[str, np.ndarray]  # 'down.0.0.kernel' float32 [3, 3, inputs, outputs] and 'down.0.0.bias' [outputs] …


def spot(picture: np.ndarray) -> np.ndarray:
    """Where somebody is in a picture uint8 [height, width, 3]: float32 [height, width] in 0..1."""
    import cv2

    height, width = picture.shape[:2]
    small = cv2.resize(picture, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    found = look(_weights(), small.astype(np.float32) / 255)
    return cv2.resize(1 / (1 + np.exp(-found)), (width, height), interpolation=cv2.INTER_LINEAR)


def look(weights: Weights, pixels: np.ndarray) -> np.ndarray:
    """A picture float32 [128, 128, 3] in 0..1 to logits [128, 128]."""
    kept: list[np.ndarray] = []
    for number in range(DEPTH):
        pixels = _block(weights, f"down.{number}", _halved(pixels) if number else pixels)
        kept.append(pixels)
    for number, beside in enumerate(reversed(kept[:-1])):
        wide = pixels.repeat(2, 0).repeat(2, 1)
        pixels = _block(weights, f"up.{number}", np.concatenate([wide, beside], 2))
    return (pixels @ weights["out.kernel"][0, 0] + weights["out.bias"])[..., 0]


def _block(weights: Weights, name: str, pixels: np.ndarray) -> np.ndarray:
    """Two convolutions, each cut off below zero."""
    for part in (f"{name}.0", f"{name}.1"):
        pixels = np.maximum(_convolved(pixels, weights[f"{part}.kernel"]) + weights[f"{part}.bias"], 0)
    return pixels


def _convolved(pixels: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """[height, width, inputs] and [3, 3, inputs, outputs] to [height, width, outputs], zeros around."""
    height, width = pixels.shape[:2]
    wide = np.pad(pixels, ((1, 1), (1, 1), (0, 0)))
    parts = (wide[y : y + height, x : x + width] @ kernel[y, x] for y in range(3) for x in range(3))
    return sum(parts, np.zeros((height, width, kernel.shape[3]), np.float32))


def _halved(pixels: np.ndarray) -> np.ndarray:
    height, width, channels = pixels.shape
    return pixels.reshape(height // 2, 2, width // 2, 2, channels).max((1, 3))


@cache
def _weights() -> Weights:
    from safetensors.numpy import load_file

    return {name: array.astype(np.float32) for name, array in load_file(WEIGHTS).items()}
