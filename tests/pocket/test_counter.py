"""The counter and the hand are made anew from the judge and the autoencoder as they are."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from studio.pocket.counter import counted, load_counter, train_counter
from studio.pocket.hand import HAND, load_hand, train_hand
from studio.pocket.judge import load_judge, weighed
from studio.pocket.world.grammar import training_scenes
from studio.pocket.world.picture import render
from studio.progress import finish
from studio.settings import ASSETS


@pytest.fixture
def build(tmp_path: Path) -> Path:
    for part in ("judge", "vae"):
        shutil.copytree(ASSETS / "pocket" / part, tmp_path / part)
    return tmp_path


@pytest.mark.soak
def test_a_counter_of_few_scenes_counts_those(build: Path) -> None:
    saved = finish(train_counter(build, 6)) / "counter.safetensors"
    scenes = [s for n in (1, 2, 3) for s in islice((s for s in training_scenes(0, 1600) if len(s.figures) == n), 6)]
    told, seen = weighed(load_judge(build / "judge" / "judge.safetensors"), [render(scene) for scene in scenes])
    chances = counted(load_counter(saved), told, seen)
    assert np.allclose(chances.sum(1), 1, atol=1e-5)
    assert (chances.argmax(1) + 1 == [len(scene.figures) for scene in scenes]).mean() > 0.9


@pytest.mark.soak
def test_a_hand_is_made_of_few_scenes_in_the_shape_of_the_one_that_ships(build: Path) -> None:
    made, ships = load_hand(finish(train_hand(build, 4)) / HAND.name), load_hand()
    assert {name: part.shape for name, part in made.items()} == {name: part.shape for name, part in ships.items()}
    assert np.isfinite(made["precision"]).all()
