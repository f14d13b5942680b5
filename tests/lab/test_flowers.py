"""Drawn flowers: what words tell is what is to be seen, and some combinations are kept back."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from studio.lab.flowers import CENTRES, COLOURS, GROUNDS, SHAPES, Flower, captions, drawn, flowers


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])


def test_the_same_seed_gives_the_same_flowers_and_pictures() -> None:
    one, other = (tuple(flowers(3, 5)) for _ in range(2))
    assert one == other and all((drawn(a) == drawn(b)).all() for a, b in zip(one, other, strict=True))


def test_what_is_kept_back_is_never_among_what_is_learnt_from() -> None:
    def told(flower: Flower) -> tuple[str, str, str]:
        return flower.colour, flower.centre, flower.ground

    learnt, kept = {told(one) for one in flowers(0, 4000)}, {told(one) for one in flowers(0, 400, held_out=True)}
    assert kept and not learnt & kept
    assert {colour for colour, _, _ in kept} == set(COLOURS), "every colour is asked for in the examination"


@pytest.mark.parametrize("colour", COLOURS)
def test_petals_centre_and_ground_have_the_colours_that_are_told(colour: str) -> None:
    centre = next(name for name in CENTRES if name != colour)
    for ground, shape in zip(GROUNDS, [*SHAPES, "round"], strict=True):
        flower = Flower(8, shape, colour, centre, "no", ground, seed=11)
        picture = drawn(flower).astype(int)
        near = {
            name: (np.abs(picture - _rgb(wanted)).max(-1) < 40).mean()
            for name, wanted in (("petals", COLOURS[colour]), ("centre", CENTRES[centre]), ("ground", GROUNDS[ground]))
        }
        assert near["petals"] > 0.08 and near["centre"] > 0.01 and near["ground"] > 0.15, near


def test_a_flower_is_told_in_ten_different_ways_in_two_languages() -> None:
    for flower in islice(flowers(1, 50), 50):
        told = captions(flower)
        assert len(set(told)) == 10 and sum("hoa" in one for one in told) == 2
        assert all(flower.colour in one for one in told[:8])
