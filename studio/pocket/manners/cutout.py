"""Coloured paper cut out and laid in layers: few flat colours, no lines, a soft shadow under every edge."""

from __future__ import annotations

import numpy as np

from .paper import flat, noise, shown

COLOURS = 16
SHADOW_PX = 3


def paint(picture: np.ndarray, seed: int) -> np.ndarray:
    """The picture (uint8 [height, width, 3]) as a paper cut-out, same shape and type."""
    import cv2

    rng = np.random.default_rng(seed)
    areas = cv2.medianBlur(_gathered(flat(picture, 5, 30)), 5)
    grey = cv2.cvtColor(areas, cv2.COLOR_RGB2GRAY).astype(np.float32)
    moved = np.roll(grey, (SHADOW_PX, SHADOW_PX), (0, 1))
    edge = (np.abs(moved - grey) > 9).astype(np.float32)
    shadow = cv2.GaussianBlur(edge, (0, 0), 2.2) * 0.62
    rim = (np.abs(np.roll(grey, (-1, -1), (0, 1)) - grey) > 9).astype(np.float32) * 0.22
    grain = 1 + 0.05 * (noise(grey.shape, 110, rng) - 0.5) + 0.03 * (rng.random(grey.shape, np.float32) - 0.5)
    lit = areas.astype(np.float32) * (1 - shadow[..., None]) * grain[..., None]
    return shown(lit + rim[..., None] * (255 - lit))


def _gathered(picture: np.ndarray) -> np.ndarray:
    """The picture in its own few colours, a little livelier (k-means in CIELAB)."""
    import cv2

    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    points = lab.reshape(-1, 3).astype(np.float32)
    cv2.setRNGSeed(0)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
    start = np.zeros((len(points), 1), np.int32)
    _, near, centres = cv2.kmeans(points, COLOURS, start, ends, 1, cv2.KMEANS_PP_CENTERS)
    centres[:, 1:] = 128 + 1.15 * (centres[:, 1:] - 128)
    found = centres[near[:, 0]].clip(0, 255).astype(np.uint8).reshape(lab.shape)
    return cv2.cvtColor(found, cv2.COLOR_LAB2RGB)
