"""Where the single figures of a drawn picture are, told from the spotter's mask of all of them.

Figures that touch hang together in the mask. Where fewer parts hang together than figures are there, the widest part is cut
upright between them, and what the spotter is less sure of goes to the nearest. On renders of two heroes side by side or hand
in hand the right part is found for either in 48 of 48, and as like them as they are alone; by all of the mask a tenth of the
likeness was lost (benchmarks/measuring.py). Parts left as small as the spotter was sure of them lost hair and hats.
"""

from __future__ import annotations

import numpy as np

from .likeness import LEAST

LIKELY, SURE = 0.5, 0.9  # of the spotter: at 0.5 neighbours flow together, 32 % of pairs fell into two parts and not 63
SPECK = 0.004  # of the picture, of less nobody is made
SCRAP = 0.15  # of the largest part: a lantern, a ball
TURNS = 20

Box = tuple[float, float, float, float]  # left, top, right, bottom as shares of the picture


def figures(seen: np.ndarray, count: int = 1) -> list[np.ndarray]:
    """The masks, bool [height, width], of so many figures or of more, from what the spotter says of a drawn picture, float
    [height, width] in 0..1. One alone is all that is seen; none where nobody is."""
    if not anybody(seen):
        return []
    if count < 2:
        return [seen > LIKELY]
    cores = hanging(seen > SURE) or [seen > LIKELY]
    while len(cores) < count:
        widest = max(cores, key=lambda part: int(part.any(0).sum()))
        cut = _cut(widest, count - len(cores) + 1)
        if len(cut) < 2:
            break
        cores = [core for core in cores if core is not widest] + cut
    return _grown(cores, seen > LIKELY)


def anybody(seen: np.ndarray) -> bool:
    """Whether the spotter sees anyone."""
    return float((seen > LIKELY).mean()) > LEAST


def within(masks: list[np.ndarray], box: Box) -> np.ndarray | None:
    """What of the figures is inside of a box; nothing when that is next to nothing."""
    if not masks:
        return None
    height, width = masks[0].shape
    inside = np.zeros((height, width), bool)
    left, top, right, bottom = box
    inside[round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = True
    there = np.any(masks, axis=0) & inside
    return there if there.mean() > SPECK else None


def hanging(mask: np.ndarray) -> list[np.ndarray]:
    """The parts of the mask that hang together, the largest first, without specks and scraps."""
    import cv2

    count, named, told, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = {number: int(told[number, cv2.CC_STAT_AREA]) for number in range(1, count)}
    least = max(SPECK * mask.size, SCRAP * max(areas.values(), default=0))
    return [named == number for number in sorted(areas, key=lambda one: -areas[one]) if areas[number] > least]


def _grown(cores: list[np.ndarray], mask: np.ndarray) -> list[np.ndarray]:
    """All of the mask divided among the cores, each bit to the nearest."""
    import cv2

    away = np.stack([cv2.distanceTransform((~core).astype(np.uint8), cv2.DIST_L2, 3) for core in cores])
    nearest = away.argmin(0)
    return [core | (mask & (nearest == at)) for at, core in enumerate(cores)]


def _cut(mask: np.ndarray, count: int) -> list[np.ndarray]:
    """The mask in `count` parts from left to right, each of what is nearest to its own middle (k-means along the width)."""
    across = np.nonzero(mask)[1].astype(np.float64)
    middles = np.quantile(across, [(at + 0.5) / count for at in range(count)])
    for _ in range(TURNS):
        nearest = np.abs(across[:, None] - middles).argmin(1)
        middles = np.array(
            [across[nearest == at].mean() if (nearest == at).any() else middles[at] for at in range(count)]
        )
    column = np.abs(np.arange(mask.shape[1])[:, None] - middles).argmin(1)
    parts = [mask & (column == at) for at in range(count)]
    return [part for part in parts if part.any()]
