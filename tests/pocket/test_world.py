"""The world that pocket learns: what is described is what is drawn and told."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from studio.pocket.manners.watercolour import paint
from studio.pocket.world.captions import canonical, caption
from studio.pocket.world.description import INDOORS, PLACES, POSES, SUBJECTS, TIMELESS, Description, Figure
from studio.pocket.world.grammar import (
    all_props,
    held_out,
    held_out_combinations,
    held_out_scenes,
    random_figure,
    training_scenes,
)
from studio.pocket.world.parts import table
from studio.pocket.world.picture import importance, render


@pytest.mark.parametrize("kind", SUBJECTS)
def test_every_subject_is_drawn_in_every_pose(kind: str):
    rng = random.Random(1)
    figure = random_figure(kind, rng)
    pictures = [render(_scene(kind=kind, pose=pose, figure=figure)) for pose in POSES]
    assert all(picture.shape == (256, 256, 3) for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == len(POSES)


def test_the_same_description_gives_the_same_picture():
    scene = next(training_scenes(5, 1))
    assert np.array_equal(render(scene), render(scene))


@pytest.mark.parametrize("place", [place for place in PLACES if place not in TIMELESS])
def test_night_is_darker_than_day(place: str):
    day, night = (render(Description((Figure("cat"),), place, time, seed=3)).mean() for time in ("day", "night"))
    assert night < (0.92 if place in INDOORS else 0.8) * day  # lamps burn in the rooms


@pytest.mark.parametrize("weather", ["rain", "snow", "storm"])
def test_weather_is_seen_but_does_not_hide_the_figure(weather: str):
    fair, foul = (
        render(Description((Figure("pig"),), "farm", weather=one, seed=3)).astype(int) for one in ("sun", weather)
    )
    changed = np.abs(fair - foul).max(2) > 40
    assert changed[:90].mean() > 0.1
    assert changed[110:220, 100:156].mean() < 0.25


def test_everything_in_the_world_can_be_told_in_both_languages():
    for language in ("en", "vi"):
        said = table("phrases")[language]
        assert set(said["kind"]) == set(SUBJECTS)
        assert set(said["place"]) == set(PLACES)
        assert set(said["pose"]) == set(POSES)
        assert set(said["prop"]) == set(all_props())
        for kind in table("people/kinds").values():
            assert set(kind["clothes"]) <= set(said["clothes"])
            assert set(kind["hat"]) - {"none"} <= set(said["hat"])


@pytest.mark.parametrize("prop", all_props())
def test_every_thing_is_seen_in_the_picture(prop: str):
    scene = Description((Figure("girl", clothes="dress", hair_style="bob"),), "beach", seed=4)
    without, with_it = render(scene).astype(int), render(replace(scene, prop=prop)).astype(int)
    assert (np.abs(with_it - without).max(2) > 30).sum() > 100


def test_held_out_combinations_never_reach_training():
    scenes = list(training_scenes(0, 3000))
    assert not any(held_out(scene) for scene in scenes)
    assert {figure.kind for scene in scenes for figure in scene.figures} == set(SUBJECTS)
    assert {len(scene.figures) for scene in scenes} == {1, 2, 3}


def test_held_out_scenes_ask_for_every_subject_in_unseen_combinations():
    scenes = list(held_out_scenes(1, 210))
    assert all((scene.figures[0].kind, scene.place, scene.time) in held_out_combinations() for scene in scenes)
    assert {scene.figures[0].kind for scene in scenes} == set(SUBJECTS)


def test_two_beside_each_other_are_named_from_the_left_or_by_their_sides():
    cat, dog = Figure("cat", mood="", colour=""), Figure("dog", mood="", colour="")
    assert canonical(Description((cat, dog), "farm")).startswith("a cat and a dog standing")
    right = Description((cat, dog), "farm", hero=1)
    assert canonical(right).startswith("a dog on the right and a cat on the left")
    assert canonical(right, "vi").startswith("chú chó ở bên phải và chú mèo ở bên trái")


@pytest.mark.parametrize("kind", ("girl", "fish", "buffalo"))
def test_what_counts_most_is_where_the_figure_stands(kind: str):
    scene = _scene(kind=kind, pose="standing")
    cells = importance(scene, 32, 4.0, 7.0)
    assert {1.0, 4.0, 7.0} == set(np.unique(cells))
    assert cells[:, :4].max() == cells[:, -4:].max() == 1.0  # the figure of this scene is in the middle


def test_things_count_like_the_figure_that_has_them():
    alone = _scene(kind="girl", pose="standing")
    empty, full = (importance(replace(alone, prop=prop), 32, 4.0, 7.0) for prop in ("none", "teddy"))
    assert (full >= empty).all()
    assert (full > empty).any()


def test_captions_vary_but_the_canonical_one_does_not():
    scene = next(training_scenes(9, 1))
    rng = random.Random(2)
    assert len({caption(scene, rng) for _ in range(20)}) > 10
    assert canonical(scene) == canonical(scene)


def test_a_caption_says_who_where_and_when():
    figure = Figure("fox", pose="waving", mood="happy")
    assert (
        canonical(Description((figure,), "beach", "sunset"))
        == "a happy fox with a red scarf waving on the beach at sunset"
    )


def test_a_watercolour_keeps_the_scene_and_leaves_the_border_unpainted():
    picture = render(_scene(kind="girl", pose="standing"))
    painted = paint(picture, 1)
    assert painted.shape == picture.shape
    assert painted[:3].mean() > 225
    middle = (slice(80, 176), slice(80, 176))
    assert abs(painted[middle].mean() - picture[middle].mean()) < 60


def _scene(kind: str, pose: str, figure: Figure | None = None) -> Description:
    return Description((replace(figure or Figure(kind), pose=pose),), "garden", seed=1)
