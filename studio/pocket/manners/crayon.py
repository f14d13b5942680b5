"""Wax crayons on rough paper: strokes in one direction, the paper's white between them, coloured contours."""

from __future__ import annotations

import numpy as np

from .paper import flat, lines, mixed, noise, shown, wobbled

PAPER = (252, 249, 240)
ROUGH = 0.34  # share of the paper that the wax does not reach
CONTOUR = 0.38  # how much darker than their areas contours are


def paint(picture: np.ndarray, seed: int) -> np.ndarray:
    """The picture (uint8 [height, width, 3]) in crayon, same shape and type."""
    import cv2

    rng = np.random.default_rng(seed)
    drawn = wobbled(picture, rng, 3.5, 14)
    areas = flat(drawn, 5).astype(np.float32)
    grey = areas.mean(2, keepdims=True)
    vivid = (grey + 1.25 * (areas - grey)).clip(0, 255)
    shape = picture.shape[:2]
    grain = rng.random(shape, np.float32)
    turned = cv2.warpAffine(
        cv2.GaussianBlur(cv2.resize(grain, None, fx=2, fy=2), (0, 0), sigmaX=9, sigmaY=0.9),
        cv2.getRotationMatrix2D((shape[1], shape[0]), float(rng.uniform(35, 55)), 1.0),
        (2 * shape[1], 2 * shape[0]),
    )[shape[0] // 2 : shape[0] // 2 + shape[0], shape[1] // 2 : shape[1] // 2 + shape[1]]
    strokes = (turned - turned.mean()) / max(1e-6, float(turned.std()))
    tooth = (noise(shape, 120, rng) - 0.5) * 2.2
    wax = 1 / (1 + np.exp(-3.0 * (strokes * 0.8 + tooth + 1.1)))
    coloured = mixed(np.full_like(vivid, PAPER), vivid, (wax * (1 - ROUGH) + ROUGH * 0.55).clip(0, 1))
    pen = cv2.GaussianBlur(lines(drawn), (0, 0), 1.0) * 1.5 * (0.5 + 0.5 * wax)
    return shown(mixed(coloured, CONTOUR * vivid, pen.clip(0, 1)))
