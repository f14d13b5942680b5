"""Pencil on white paper: searching lines, hatching where it is dark, and a breath of colour."""

from __future__ import annotations

import numpy as np

from .paper import lines, mixed, noise, shown, wobbled

PAPER, GRAPHITE = (250, 248, 243), (58, 56, 60)
HATCH_PX = 6.5  # from one line of the hatching to the next
TINT = 0.22  # of the colours: with less a hero is not known again, by whom nobody can tell


def paint(picture: np.ndarray, seed: int) -> np.ndarray:
    """The picture (uint8 [height, width, 3]) as a pencil drawing, same shape and type."""
    import cv2

    rng = np.random.default_rng(seed)
    shape = picture.shape[:2]
    once, twice = (wobbled(picture, rng, 1.6, 16) for _ in range(2))  # a line is never drawn once
    pen = np.maximum(lines(once), 0.7 * lines(twice))
    dark = 1 - cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (0, 0), 1.5).astype(np.float32) / 255
    hatch = np.maximum(_hatched(shape, 52, rng) * (dark - 0.18), _hatched(shape, -40, rng) * (dark - 0.52))
    grain = 0.6 + 0.8 * noise(shape, 128, rng)
    tone = (pen * 0.95 + hatch.clip(0) * 1.05 + 0.10 * dark) * grain
    paper = mixed(np.full(picture.shape, PAPER, np.float32), picture, TINT)
    return shown(mixed(paper, GRAPHITE, tone.clip(0, 0.95)))


def _hatched(shape: tuple[int, int], degrees: float, rng: np.random.Generator) -> np.ndarray:
    """Lines side by side at that angle, 0..1, a little uneven."""
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    turn = np.deg2rad(degrees)
    along = columns * np.sin(turn) + rows * np.cos(turn) + 5 * noise(shape, 9, rng)
    return (0.5 + 0.5 * np.cos(2 * np.pi * along / HATCH_PX)) ** 2
