"""The world that pocket learns: what is described is what is drawn and told."""

from __future__ import annotations

import random

import numpy as np
import pytest

from studio.pocket.world.captions import canonical, caption
from studio.pocket.world.description import PLACES, POSES, SUBJECTS, TIMES, Description, Figure
from studio.pocket.world.grammar import held_out, held_out_scenes, random_figure, training_scenes
from studio.pocket.world.picture import render
from studio.pocket.world.watercolour import paint


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


@pytest.mark.parametrize("place", PLACES)
def test_night_is_darker_than_day_outside(place: str):
    if place == "space":  # there the time of day means nothing
        return
    day, night = (render(Description((Figure("cat"),), place, time, seed=3)).mean() for time in ("day", "night"))
    assert night < 0.8 * day


def test_held_out_combinations_never_reach_training():
    scenes = list(training_scenes(0, 2000))
    assert not any(held_out(figure.kind, s.place, s.time) for s in scenes for figure in s.figures)
    assert {figure.kind for s in scenes for figure in s.figures} == set(SUBJECTS)


def test_held_out_scenes_ask_for_every_subject_in_unseen_combinations():
    scenes = list(held_out_scenes(1, 200))
    known = {"elephant", "pig"}  # the draw held none of their combinations out
    assert all(held_out(s.figures[0].kind, s.place, s.time) for s in scenes if s.figures[0].kind not in known)
    assert {s.figures[0].kind for s in scenes} == set(SUBJECTS)
    assert {s.time for s in scenes} == set(TIMES)


def test_captions_vary_but_the_canonical_one_does_not():
    scene = next(training_scenes(9, 1))
    rng = random.Random(2)
    assert len({caption(scene, rng) for _ in range(20)}) > 10
    assert canonical(scene) == canonical(scene)


def test_a_caption_says_who_where_and_when():
    figure = Figure("fox", pose="waving", mood="happy")
    assert canonical(Description((figure,), "beach", "sunset")) == "a happy fox waving on the beach at sunset"


def test_a_watercolour_keeps_the_scene_and_leaves_the_border_unpainted():
    picture = render(_scene(kind="girl", pose="standing"))
    painted = paint(picture, 1)
    assert painted.shape == picture.shape
    assert painted[:3].mean() > 225
    middle = (slice(80, 176), slice(80, 176))
    assert abs(painted[middle].mean() - picture[middle].mean()) < 60


def _scene(kind: str, pose: str, figure: Figure | None = None) -> Description:
    base = figure or Figure(kind)
    made = Figure(kind, pose, base.mood, base.colour, base.clothes, base.hair_colour, base.hair_style, base.skin)
    return Description((made,), "garden", seed=1)
