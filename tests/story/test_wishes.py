"""What a wish in plain words asks of a picture, in English and Vietnamese."""

from __future__ import annotations

from typing import Any

import pytest

from studio.story.scene import Bearing, Cast, Role, Scene
from studio.story.wishes import read_wish

CAST = Cast((Role("May", "girl"), Role("Rex", "dog"), Role("chú Thỏ", "rabbit")))
SCENE = Scene("x", ("May", "Rex"), "walking", "forest", weather="rain", things=("red balloon",))


def asked(wish: str) -> dict[str, Any]:
    return dict(read_wish(wish, SCENE, CAST).changes)


@pytest.mark.parametrize(
    ("wish", "changes"),
    [
        ("make it night", {"time": "night"}),
        ("Vẽ ban đêm nhé", {"time": "night"}),
        ("at sunset on the beach", {"time": "sunset", "place": "beach"}),
        ("ở bãi biển lúc hoàng hôn", {"time": "sunset", "place": "beach"}),
        ("let it snow", {"weather": "snow"}),
        ("in the snow", {"place": "snow"}),
        ("cho tuyết rơi", {"weather": "snow"}),
        ("no rain", {"weather": "sun"}),
        ("không mưa nữa", {"weather": "sun"}),
        ("with a red kite", {"things": ("red kite",)}),
        ("có con diều đỏ", {"things": ("red kite",)}),
        ("at the lighthouse", {"place": "beach"}),
        ("without the balloon but with an umbrella", {"things": ("umbrella",), "without": ("balloon",)}),
        ("Không có bóng bay, có con diều xanh", {"things": ("blue kite",), "without": ("balloon",)}),
        ("not happy", {"mood": "sad"}),
        ("she is sleeping", {"action": "sleeping", "things": ()}),
        ("holding hands", {"relation": "holding hands"}),
        ("without clouds and stars", {"time": "day", "without": ("clouds",)}),
        ("không có chó", {"who": ("May",)}),
        ("without dogs", {"who": ("May",)}),
        ("only Rex", {"who": ("Rex",)}),
        ("chú Thỏ cũng đến", {"who": ("May", "Rex", "chú Thỏ")}),
        ("Rex is running", {"bearings": (Bearing("Rex", "running"),)}),
        ("mặc váy vàng", {"bearings": (Bearing("May", clothes="yellow dress"),)}),
    ],
)
def test_a_wish_changes_what_it_names_and_nothing_else(wish: str, changes: dict[str, Any]) -> None:
    if "time" in changes and changes["time"] == SCENE.time:
        del changes["time"]
    assert asked(wish) == changes


@pytest.mark.parametrize(("wish", "name"), [("with a cat", "cat"), ("thêm một con mèo", "con mèo")])
def test_somebody_whom_the_story_does_not_know_joins_its_cast(wish: str, name: str) -> None:
    understood = read_wish(wish, SCENE, CAST)
    assert understood.newcomers == (Role(name, "cat"),)
    assert understood.changes == {"who": ("May", "Rex", name)}


@pytest.mark.parametrize("wish", ["nicer, please", "more colour", "vẽ lại đi", "đẹp hơn", "asdf", "!?", ""])
def test_a_wish_that_names_nothing_is_not_understood(wish: str) -> None:
    assert not read_wish(wish, SCENE, CAST).told


def test_what_is_understood_is_told_even_when_the_page_shows_it_already() -> None:
    understood = read_wish("in the forest, with Rex", SCENE, CAST)
    assert understood.told == (("place", "forest"),) and not understood.changes
    assert read_wish("with Rex", SCENE, CAST).told == (("who", "Rex"),)


def test_what_is_wished_for_is_no_longer_unwanted() -> None:
    page = Scene("x", ("May",), without=("kite", "clouds"))
    assert read_wish("with a kite", page, CAST).changes == {"things": ("kite",), "without": ("clouds",)}
