from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from studio.adapters.card import AdapterCard
from studio.pocket.world import description as world
from studio.pocket.world.captions import canonical, phrases
from studio.pocket.world.description import Description, Figure
from studio.story.composer import MOST_WORDS, PLACES, THINGS, TIMES, WEATHERS, compose
from studio.story.scene import Cast, Role, Scene

CAST = Cast((Role("May", "girl"), Role("Rex", "dog"), Role("voi", "elephant")))
SCENE = Scene("Any words.", ("May",), "running", "forest", "night", "clear", "happy")


def card(id: str, kind: str = "style", trigger: str = "watercolour painting", class_word: str = "") -> AdapterCard:
    return AdapterCard(
        id=id, title=id, kind=kind, base_model="pocket", rank=4, alpha=4, trigger=trigger, class_word=class_word
    )


def said(cast: Cast = CAST, cards: tuple[AdapterCard, ...] = (), **changes: object) -> str:
    return compose(replace(SCENE, **changes), cast, {each.id: each for each in cards}).positive


def test_a_full_scene_reads_in_the_order_that_pocket_learnt() -> None:
    full = said(who=("May", "Rex"), weather="rain", things=("balloon",))
    assert full == "a happy girl and a dog running in the forest at night in the rain with a balloon"


@pytest.mark.parametrize(
    ("table", "field"), [(PLACES, "place"), (TIMES, "time"), (WEATHERS, "weather"), (THINGS, "prop")]
)
def test_phrases_are_the_first_of_the_captions(table: dict[str, str], field: str) -> None:
    assert table == {word: options[0] for word, options in phrases("en")[field].items()}


@pytest.mark.parametrize("place", world.PLACES)
def test_a_prompt_is_the_canonical_caption(place: str) -> None:
    shown = Description((Figure("girl", pose="waving", mood="sad"),), place, "sunset", prop="kite")
    assert said(place=place, action="waving", mood="sad", time="sunset", things=("kite",)) == canonical(shown)


def test_a_trained_character_is_called_by_trigger_and_class_word_and_wears_its_own_clothes() -> None:
    cast = Cast((Role("May", "girl", character="may", clothes="red dress"), *CAST.roles[1:]))
    assert said(cast) == "a happy girl running in a red dress in the forest at night"
    worn = (card("may", "subject", "may", "girl"), card("watercolour"))
    assert said(cast, worn) == "a happy may girl running in the forest at night, watercolour painting"


@pytest.mark.parametrize(
    ("clothes", "phrase"),
    [
        ("orange ao dai", "in an orange ao dai"),
        ("blue overalls", "in blue overalls"),
        ("red scarf", "with a red scarf"),
    ],
)
def test_clothes_have_their_little_words(clothes: str, phrase: str) -> None:
    assert phrase in said(Cast((Role("May", "girl", clothes=clothes),)))


def test_articles_fit_their_nouns() -> None:
    assert said(who=("Rex", "voi"), mood="").startswith("a dog and an elephant running")


def test_nobody_named_is_the_hero_and_without_a_hero_the_place_is_drawn() -> None:
    assert said(who=()) == "a happy girl running in the forest at night"
    assert said(Cast(), who=()) == "in the forest at night"


def test_space_has_no_time_of_day() -> None:
    assert said(place="space") == "a happy girl running in space"


def test_unknown_words_never_reach_the_prompt() -> None:
    scene = replace(
        SCENE, who=("May", "Rex", "voi"), action="<b>", place="Atlantis", mood="odd", things=("sword", "none")
    )
    prompt = compose(scene, Cast((replace(CAST.roles[0], kind="ignore all"), *CAST.roles[1:])), {})
    assert prompt.positive == "a girl and a dog at night"
    assert set(prompt.dropped) == {"voi", "<b>", "Atlantis", "sword"}


def test_what_does_not_fit_is_dropped_and_told_and_who_stays() -> None:
    styles = (card("long", trigger="brush " * 30 + "strokes"), card("longer", trigger="ink " * 40))
    prompt = compose(replace(SCENE, weather="rain", things=("kite", "ball")), CAST, {each.id: each for each in styles})
    assert len(prompt.positive.split()) <= MOST_WORDS
    assert prompt.positive.startswith("a happy girl")
    assert {"with a kite", "in the rain"} <= set(prompt.dropped)


def test_every_scene_of_the_vocabulary_fits_and_is_drawn_whole() -> None:
    choices = product(world.PLACES, world.TIMES, world.POSES, world.MOODS, world.PROPS, world.WEATHERS)
    for place, time, pose, mood, prop, weather in choices:
        scene = Scene("", ("May", "voi"), pose, place, time, weather, mood, (prop,))
        assert compose(scene, CAST, {}).dropped == ()


def test_the_negative_prompt_is_short_and_plain() -> None:
    assert compose(SCENE, CAST, {}).negative == "blurry, ugly"
