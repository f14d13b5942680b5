"""The manners in which styles are drawn: each keeps the scene, looks like nothing but itself, and is the same each time."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from studio.pocket.manners.paper import lines
from studio.pocket.styles import MANNERS, redrawn
from studio.pocket.world.description import Description, Figure
from studio.pocket.world.picture import render

SCENES = [
    Description((Figure("rabbit"),), "garden", seed=3),
    Description((Figure("girl"),), "castle", "sunset", seed=4),
]


def structure(picture: np.ndarray) -> np.ndarray:
    """Where it is light and dark, on 12 × 12 fields, as a direction; the rim does not count, which a painter leaves white."""
    grey = picture[32:-32, 32:-32].mean(2).reshape(12, 16, 12, 16).mean((1, 3)).ravel()
    bare = grey - grey.mean()
    return bare / np.linalg.norm(bare)


@pytest.mark.parametrize("name", MANNERS)
def test_a_manner_keeps_the_scene(name: str) -> None:
    for seed, scene in enumerate(SCENES):
        plain = render(scene)
        painted = redrawn(name, plain, seed)
        assert painted.shape == plain.shape and painted.dtype == np.uint8
        assert structure(painted) @ structure(plain) > 0.45
        assert np.abs(painted.astype(int) - plain).mean() > 8


@pytest.mark.parametrize("name", MANNERS)
def test_a_manner_is_the_same_each_time(name: str) -> None:
    plain = render(SCENES[0])
    assert np.array_equal(redrawn(name, plain, 5), redrawn(name, plain, 5))


def test_no_two_manners_look_alike() -> None:
    plain = render(SCENES[0])
    painted = {name: redrawn(name, plain, 1).astype(int) for name in MANNERS}
    for one, other in combinations(painted, 2):
        assert np.abs(painted[one] - painted[other]).mean() > 12, (one, other)


def test_a_pen_is_found_where_it_went() -> None:
    page = np.full((64, 64, 3), 220, np.uint8)
    page[30:32] = 40
    found = lines(page)
    assert found[30:32, 10:54].min() > 0.9 and found[:20].max() == found[44:].max() == 0
