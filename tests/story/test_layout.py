"""Where the figures of a scene stand, and what is told of each from their own side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.adapters.card import AdapterCard
from studio.story.composer import compose
from studio.story.composer.regional import seen_by
from studio.story.guide import SD, Guide
from studio.story.layout import fitted, placed, proposed, shift
from studio.story.scene import Bearing, Cast, Role, Scene

CAST = Cast((Role("Lan", "girl", "tilda", clothes="red dress"), Role("Minh", "fox", "nico"), Role("Rex", "dog")))
SCENE = Scene("Any words.", ("Lan", "Minh"), "waving", "beach", "sunset")


def card(id: str, class_word: str) -> AdapterCard:
    return AdapterCard(
        id=id, title=id, kind="subject", base_model="pocket", rank=4, alpha=4, trigger=id, class_word=class_word
    )


CARDS = {"tilda": card("tilda", "girl"), "nico": card("nico", "boy")}


def told(name: str, guide: Guide | None = None, order: tuple[str, ...] = (), **changes: object) -> str:
    seen = seen_by(name, replace(SCENE, **changes), CAST, CARDS, order)
    return compose(*seen, CARDS, *filter(None, [guide])).positive


def test_boxes_lie_from_the_left_to_the_right_as_the_prompt_names_the_figures() -> None:
    assert proposed(SCENE, CAST) == (("Lan", (0.0, 0.0, 0.5, 1.0)), ("Minh", (0.5, 0.0, 1.0, 1.0)))
    assert [name for name, _ in proposed(replace(SCENE, who=("Rex", "Minh", "Lan")), CAST)] == ["Rex", "Minh", "Lan"]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_proposed_boxes_fill_the_picture_without_overlapping(count: int) -> None:
    boxes = [box for _, box in proposed(replace(SCENE, who=("Lan", "Minh", "Rex")[:count]), CAST)]
    assert [right for _, _, right, _ in boxes] == [left for left, *_ in boxes[1:]] + [1.0]


def test_whoever_is_not_drawn_has_no_box() -> None:
    hidden = Cast((replace(CAST.roles[0], drawn=False), *CAST.roles[1:]))
    assert [name for name, _ in proposed(SCENE, hidden)] == ["Minh"]


def test_a_box_of_a_persons_own_takes_the_place_of_the_proposed_one_while_that_figure_is_there() -> None:
    own = (("Minh", (0.6, 0.2, 0.9, 1.0)), ("Rex", (0.0, 0.0, 0.2, 0.2)))
    assert placed(SCENE, CAST, own) == (("Lan", (0.0, 0.0, 0.5, 1.0)), ("Minh", (0.6, 0.2, 0.9, 1.0)))


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        ((-0.2, 0.1, 0.5, 1.4), (0.0, 0.1, 0.5, 1.0)),
        ((0.7, 0.9, 0.3, 0.1), (0.3, 0.1, 0.7, 0.9)),
        ((0.98, 0.5, 1.0, 0.5), (0.85, 0.5, 1.0, 0.65)),
    ],
)
def test_a_box_is_kept_inside_of_the_picture_and_large_enough(box, kept) -> None:
    assert fitted(box) == pytest.approx(kept)


def test_each_hero_is_named_first_and_the_other_is_anybody_of_their_kind() -> None:
    assert told("Lan") == "a happy tilda girl and a boy waving on the beach at sunset"
    assert told("Minh") == "a nico boy on the right and a happy girl on the left waving on the beach at sunset"


def test_each_hero_does_what_the_page_says_of_them() -> None:
    sad = {"bearings": (Bearing("Minh", "sitting", "sad"),)}
    assert told("Lan", **sad) == "a happy tilda girl and a sad boy waving on the beach at sunset"
    assert (
        told("Minh", **sad) == "a sad nico boy on the right and a happy girl on the left sitting on the beach at sunset"
    )
    assert told("Minh", SD, **sad).startswith("a sad nico boy sitting on the right and a happy girl waving on the left")


@pytest.mark.parametrize(("relation", "move"), [("chasing", "running"), ("fighting", "fighting")])
def test_what_a_relation_says_of_the_pose_is_said_on_both_sides(relation: str, move: str) -> None:
    assert all(f" {move} on the beach" in told(name, relation=relation) for name in SCENE.who)


def test_of_three_figures_each_hero_is_told_with_the_one_next_to_them() -> None:
    three = {"who": ("Lan", "Rex", "Minh")}
    assert told("Lan", **three) == "a happy tilda girl and a dog waving on the beach at sunset"
    assert told("Minh", **three) == "a nico boy on the right and a dog on the left waving on the beach at sunset"


def test_the_picture_of_three_is_moved_so_that_these_two_stand_nearer_to_its_middle() -> None:
    boxes = proposed(replace(SCENE, who=("Lan", "Minh", "Rex")), CAST)
    assert [shift(name, boxes) for name, _ in boxes] == pytest.approx([1 / 8, 1 / 8, -1 / 8], abs=0.001)
    assert [shift(name, boxes[:2]) for name, _ in boxes[:2]] == [0.0, 0.0]


def test_heroes_who_changed_places_are_told_so_and_keep_their_moods() -> None:
    assert told("Lan", order=("Minh", "Lan")) == (
        "a happy tilda girl on the right and a boy on the left waving on the beach at sunset"
    )
    assert told("Minh", order=("Minh", "Lan")) == "a nico boy and a happy girl waving on the beach at sunset"
