"""The drawn flowers as lessons: pictures rendered and captions read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..progress import Progress, Work
from .embedding import Reader
from .flowers import SIDE_PX, Flower, captions, drawn, flowers
from .schooling import Lessons

COUNT = 8192
SEED = 1
CHUNK = 256


def garden(reader: Reader, count: int = COUNT, seed: int = SEED, held_out: bool = False) -> Work[Lessons]:
    """So many flowers that training sees, or with `held_out` of those that it never does; about 3 ms each."""
    grown = list(flowers(seed, count, held_out))
    pictures = np.empty((count, 3, SIDE_PX, SIDE_PX), np.uint8)
    for at in range(0, count, CHUNK):
        for place, flower in enumerate(grown[at : at + CHUNK], at):
            pictures[place] = drawn(flower).transpose(2, 0, 1)
        yield Progress(min(at + CHUNK, count), 2 * count, "drawing flowers")
    texts = []
    for at in range(0, count, CHUNK):
        texts.append(told(reader, grown[at : at + CHUNK]))
        yield Progress(count + min(at + CHUNK, count), 2 * count, "reading their captions")
    return Lessons(pictures, np.concatenate(texts))


def told(reader: Reader, grown: Sequence[Flower]) -> np.ndarray:
    """What the reader makes of the captions, float32 [n, 10, text]."""
    sentences = [captions(flower) for flower in grown]
    read = reader([sentence for ten in sentences for sentence in ten])
    return read.reshape(len(grown), -1, read.shape[1])
