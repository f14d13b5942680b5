"""Wax crayons on white paper: broad strokes in one direction, the paper's white between them, coloured contours."""

from __future__ import annotations

import numpy as np

from .paper import flat, lines, mixed, noise, shown, wobbled

PAPER = (253, 251, 245)
STROKE_PX = 11.0  # from one stroke to the next: the coarsest that a hand makes and the finest that pocket draws
BARE = 0.62  # of the white that shows between two strokes
CONTOUR = 0.5  # of their areas' colours


def paint(picture: np.ndarray, seed: int) -> np.ndarray:
    """The picture (uint8 [height, width, 3]) in crayon, same shape and type."""
    import cv2

    rng = np.random.default_rng(seed)
    drawn = wobbled(picture, rng, 3.5, 14)
    areas = flat(drawn, 5).astype(np.float32)
    grey = areas.mean(2, keepdims=True)
    vivid = (grey + 1.35 * (areas - grey) + 22).clip(0, 255)  # wax is lighter and purer than paint
    wax = _strokes(picture.shape[:2], rng)
    coloured = mixed(np.full_like(vivid, PAPER), vivid, 1 - BARE * (1 - wax))
    pen = cv2.GaussianBlur(lines(drawn), (0, 0), 1.1) * 1.7
    return shown(mixed(coloured, CONTOUR * vivid, pen.clip(0, 1)))


def _strokes(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """How much wax lies where, float32 [height, width] in 0..1: strokes from top right to bottom left, never straight."""
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    along = (rows + columns) / 2**0.5 + 7 * noise(shape, 9, rng) + 2 * noise(shape, 40, rng)
    wave = 0.5 + 0.5 * np.cos(2 * np.pi * along / STROKE_PX)
    tooth = 0.9 * (noise(shape, 110, rng) - 0.5)
    return 1 / (1 + np.exp(-7.0 * (wave - 0.36 + tooth)))
