"""How far a picture went from plain to a style is told from how it is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from studio.evaluation.manner import apart, share
from studio.pocket.styles import MANNERS, redrawn
from studio.pocket.world.grammar import training_scenes
from studio.pocket.world.picture import render


@pytest.fixture(scope="module")
def plain() -> np.ndarray:
    return render(next(iter(training_scenes(5, 1))))


@pytest.mark.parametrize("name", MANNERS)
def test_half_of_a_manner_is_between_none_and_all_of_it(plain: np.ndarray, name: str) -> None:
    whole = redrawn(name, plain, 0)
    half = ((plain.astype(float) + whole) / 2).astype(np.uint8)
    assert share(plain, plain, whole) == 0 and share(whole, plain, whole) == pytest.approx(1)
    assert 0.05 < share(half, plain, whole) < 0.95


def test_a_manner_is_nearer_to_itself_in_another_scene_than_to_another_manner() -> None:
    scenes = [render(scene) for scene in training_scenes(6, 2)]
    pencils, lacquers = ([redrawn(name, scene, 0) for scene in scenes] for name in ("pencil", "lacquer"))
    assert apart(*pencils) < apart(pencils[0], lacquers[0])


def test_two_pictures_that_are_the_same_are_not_apart(plain: np.ndarray) -> None:
    assert apart(plain, plain) == pytest.approx(0, abs=1e-6)
    assert share(plain, plain, plain) == pytest.approx(1)
