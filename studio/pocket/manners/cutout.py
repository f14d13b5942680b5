"""Coloured paper cut out and laid in layers: few flat colours, every piece with a white rim and a shadow, no ink."""

from __future__ import annotations

import numpy as np

from .paper import flat, mixed, noise, shown

COLOURS = 14
INK_PX = 5  # a line thinner than this is no piece
PIECE_PX = 220  # a smaller area is drawn on its piece: eyes, mouths, buttons
RIM, RIM_PX = (253, 250, 242), 3  # the cut edge of the paper, which tells this manner from a plain picture at a glance
SHADOW_PX, DARK = 4, 0.5


def paint(picture: np.ndarray, seed: int) -> np.ndarray:
    """The picture (uint8 [height, width, 3]) as a paper cut-out, same shape and type."""
    import cv2

    rng = np.random.default_rng(seed)
    round_ink = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (INK_PX, INK_PX))
    bare = cv2.medianBlur(cv2.morphologyEx(picture, cv2.MORPH_CLOSE, round_ink), 5)
    colour = _gathered(flat(bare, 3, 24))
    piece = _pieces(colour)
    cut = _edges(piece)
    fallen = cv2.GaussianBlur(np.roll(cut, (SHADOW_PX, SHADOW_PX), (0, 1)), (0, 0), 2.0)
    grain = 1 + 0.05 * (noise(cut.shape, 110, rng) - 0.5) + 0.03 * (rng.random(cut.shape, np.float32) - 0.5)
    lit = _drawn_on(colour, picture, piece).astype(np.float32) * ((1 - DARK * fallen) * grain)[..., None]
    return shown(mixed(lit, RIM, cv2.GaussianBlur(cut, (0, 0), 0.7)))


def _pieces(colour: np.ndarray) -> np.ndarray:
    """The number of the piece of paper that every pixel belongs to, int32 [height, width]; small areas lie on the nearest."""
    import cv2

    large, number = np.zeros(colour.shape[:2], np.int32), 0
    for one in np.unique(colour.reshape(-1, 3), axis=0):
        count, areas, stats, _ = cv2.connectedComponentsWithStats((colour == one).all(2).astype(np.uint8))
        for at in range(1, count):
            if stats[at, cv2.CC_STAT_AREA] >= PIECE_PX:
                number += 1
                large[areas == at] = number
    _, near = cv2.distanceTransformWithLabels(
        (large == 0).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    known = np.zeros(near.max() + 1, np.int32)
    known[near[large > 0]] = large[large > 0]
    return known[near]


def _edges(piece: np.ndarray) -> np.ndarray:
    """1 along the border of the pieces, float32 [height, width]."""
    import cv2

    found = (piece != np.roll(piece, 1, 1)) | (piece != np.roll(piece, 1, 0))
    found[0], found[:, 0] = False, False
    return cv2.dilate(found.astype(np.uint8), np.ones((RIM_PX, RIM_PX), np.uint8)).astype(np.float32)


def _drawn_on(colour: np.ndarray, picture: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """Every piece in its own colour, with what is small and much darker or lighter on it, uint8."""
    sums = np.stack([np.bincount(piece.ravel(), colour[..., channel].ravel()) for channel in range(3)], 1)
    even = (sums / np.maximum(1, np.bincount(piece.ravel()))[:, None])[piece]
    apart = np.abs(even.mean(2) - picture.astype(np.float32).mean(2))
    return mixed(even, picture, ((apart - 45) / 40).clip(0, 1)).astype(np.uint8)


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
