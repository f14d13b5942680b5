"""Likeness is of the subject, not of the meadow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.heroes import HEROES, Hero
from studio.evaluation.likeness import Eyes, copying, likeness, own_likeness, spotted
from studio.photos.spotter import spot
from studio.pocket.world.description import Description, Figure
from studio.pocket.world.grammar import held_out_scenes
from studio.pocket.world.picture import render, silhouette

PLACES = ("garden", "beach", "city")


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return Eyes()


def photos(hero: Hero) -> list[np.ndarray]:
    scenes = (Description((hero.figure(pose="standing", mood="happy"),), place, seed=3) for place in PLACES)
    return [render(scene) for scene in scenes]


def test_each_hero_is_liker_to_themselves_elsewhere_than_to_any_other_at_the_same_place(eyes: Eyes) -> None:
    seen = [eyes.look(photos(hero)) for hero in HEROES]
    for at, one in enumerate(seen):
        others = [float(likeness(one, other).mean()) for number, other in enumerate(seen) if number != at]
        assert own_likeness(one) > max(others) + 0.03, HEROES[at].name


def test_one_of_the_same_kind_is_no_likeness(eyes: Eyes) -> None:
    hero = HEROES[0]
    plain = [
        render(Description((Figure(hero.kind, clothes="dress", hair_style="long"),), place, seed=3)) for place in PLACES
    ]
    taken = eyes.look(photos(hero))
    assert float(likeness(eyes.look(plain), taken).mean()) < 0.85 * own_likeness(taken)


def test_a_repeated_photo_is_told_from_the_same_hero_in_the_same_garden(eyes: Eyes) -> None:
    taken = eyes.look(photos(HEROES[0]))
    again = [np.asarray(Image.fromarray(photos(HEROES[0])[0]).resize((128, 128)).resize((256, 256)))]
    figure = HEROES[0].figure(pose="waving", mood="happy")
    other = [render(Description((figure,), "garden", seed=3 + number, view="near")) for number in range(1, 4)]
    assert copying(eyes.look(again), taken).min() > 0.95
    assert copying(eyes.look(other), taken).max() < 0.8


def test_somebody_is_found_in_scenes_that_were_never_shown() -> None:
    shares = []
    for scene in held_out_scenes(3, 24):
        seen, there = spotted(render(scene)), silhouette(scene)
        shares.append((seen & there).sum() / (seen | there).sum())
    assert np.median(shares) > 0.85


def test_where_nobody_is_all_of_the_picture_counts() -> None:
    assert spotted(np.full((256, 256, 3), 200, np.uint8)).all()
    assert spot(np.full((100, 80, 3), 200, np.uint8)).shape == (100, 80)


def test_a_hero_with_colours_that_the_world_lacks_is_found(tmp_path: Path) -> None:
    scene = Description((replace(HEROES[0].figure(pose="standing", mood="happy")),), "forest", seed=5)
    seen, there = spotted(render(scene)), silhouette(scene)
    assert (seen & there).sum() / (seen | there).sum() > 0.75
