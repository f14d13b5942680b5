"""The drawn flowers as lessons: as many as were asked for, each with its ten captions, told on the way."""

from __future__ import annotations

import numpy as np

from studio.lab.flowers import captions, drawn, flowers
from studio.lab.garden import CHUNK, SEED, garden
from studio.progress import Progress, finish


def reader(texts: list[str]) -> np.ndarray:
    return np.array([[len(text), text.count("a")] for text in texts], np.float32)


def test_every_flower_comes_with_its_own_captions() -> None:
    steps: list[Progress] = []
    learnt = finish(garden(reader, CHUNK + 20), steps.append)
    grown = [*flowers(SEED, CHUNK + 20)]
    assert learnt.pictures.shape == (CHUNK + 20, 3, 64, 64) and learnt.texts.shape == (CHUNK + 20, 10, 2)
    for place in (0, CHUNK - 1, CHUNK, CHUNK + 19):
        assert np.array_equal(learnt.pictures[place], drawn(grown[place]).transpose(2, 0, 1))
        assert np.array_equal(learnt.texts[place], reader(list(captions(grown[place]))))
    assert [step.done for step in steps] == sorted(step.done for step in steps) and steps[-1].done == steps[-1].total
