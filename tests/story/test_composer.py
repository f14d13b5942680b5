from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from studio.adapters.card import AdapterCard
from studio.pocket.world import description as world
from studio.pocket.world.captions import canonical
from studio.pocket.world.description import Description, Figure
from studio.pocket.world.grammar import training_scenes
from studio.story.composer import MOST_WORDS, compose
from studio.story.scene import Cast, Role, Scene
from studio.story.wording import known

CAST = Cast((Role("May", "girl"), Role("Rex", "dog"), Role("voi", "elephant")))
SCENE = Scene("Any words.", ("May",), "running", "forest", "night", "sun", "happy")


def card(id: str, kind: str = "style", trigger: str = "watercolour painting", class_word: str = "") -> AdapterCard:
    return AdapterCard(
        id=id, title=id, kind=kind, base_model="pocket", rank=4, alpha=4, trigger=trigger, class_word=class_word
    )


def said(cast: Cast = CAST, cards: tuple[AdapterCard, ...] = (), **changes: object) -> str:
    return compose(replace(SCENE, **changes), cast, {each.id: each for each in cards}).positive


def test_a_full_scene_reads_in_the_order_that_pocket_learnt() -> None:
    full = said(who=("May", "Rex"), weather="rain", things=("balloon",))
    assert full == "a happy girl and a dog running in the forest at night in the rain with a balloon"


@pytest.mark.parametrize("place", world.PLACES)
def test_a_prompt_is_the_canonical_caption(place: str) -> None:
    girl = Figure("girl", pose="waving", mood="sad", colour="red", clothes="ao dai")
    shown = Description((girl,), place, "sunset", prop="kite", prop_colour="orange")
    dressed = Cast((Role("May", "girl", clothes="red ao dai"),))
    told = said(dressed, place=place, action="waving", mood="sad", time="sunset", things=("orange kite",))
    assert told == canonical(shown)


def test_every_scene_that_the_world_draws_is_told_as_its_caption() -> None:
    for shown in training_scenes(11, 500):
        first, *others = shown.named
        shown = replace(shown, figures=(first, *(replace(one, mood="") for one in others)), hero=0)
        assert compose(*_as_told(shown), {}).positive == canonical(shown)


def _as_told(shown: Description) -> tuple[Scene, Cast]:
    """The scene and cast of a story that tells of just this picture."""
    worn = [one.clothes if one.kind in world.PEOPLE else "scarf" for one in shown.figures]
    roles = tuple(
        Role(str(at), one.kind, clothes=f"{one.colour} {what}")
        for at, (one, what) in enumerate(zip(shown.figures, worn, strict=True))
    )
    lead, names = shown.figures[0], tuple(role.name for role in roles)
    things = (f"{shown.prop_colour} {shown.prop}".strip(),)
    where = (shown.place, shown.time, shown.weather)
    return Scene("", names, lead.pose, *where, lead.mood, things, shown.relation), Cast(roles)


def test_a_trained_character_is_called_by_trigger_and_class_word_and_wears_its_own_clothes() -> None:
    cast = Cast((Role("May", "girl", character="may", clothes="red dress"), *CAST.roles[1:]))
    assert said(cast) == "a happy girl in a red dress running in the forest at night"
    worn = (card("may", "subject", "may", "girl"), card("watercolour"))
    assert said(cast, worn) == "a happy may girl running in the forest at night, watercolour painting"


@pytest.mark.parametrize(
    ("clothes", "phrase"),
    [
        ("orange ao dai", "in an orange ao dai"),
        ("blue overalls", "in blue overalls"),
        ("red scarf", "with a red scarf"),
        ("blue armour", "in armour trimmed with blue"),
        ("purple shawl dress", "in a purple dress with a shawl"),
    ],
)
def test_clothes_have_their_little_words(clothes: str, phrase: str) -> None:
    assert phrase in said(Cast((Role("May", "girl", clothes=clothes),)))


def test_articles_fit_their_nouns() -> None:
    assert said(who=("Rex", "voi"), mood="").startswith("a dog and an elephant running")


@pytest.mark.parametrize(
    ("relation", "told"),
    [
        ("beside", "a girl and a dog running in the forest at night"),
        ("behind", "a girl behind a dog running in the forest at night"),
        ("chasing", "a girl chasing a dog in the forest at night"),
        ("holding hands", "a girl and a dog holding hands running in the forest at night"),
        ("fighting", "a girl fighting a dog in the forest at night"),
    ],
)
def test_two_are_in_their_relation(relation: str, told: str) -> None:
    assert said(who=("May", "Rex"), mood="", relation=relation) == told


def test_three_stand_in_a_row_and_one_alone_has_no_relation() -> None:
    assert said(who=("May", "Rex", "voi"), relation="chasing").startswith("a happy girl, a dog and an elephant running")
    assert said(relation="chasing") == "a happy girl running in the forest at night"


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        ("kite", "with a kite"),
        ("orange kite", "with an orange kite"),
        ("red key", "with a key"),
        ("pho", "with a bowl of pho"),
    ],
)
def test_a_thing_has_the_colour_that_the_world_knows(thing: str, told: str) -> None:
    assert said(things=(thing,)).endswith(told)


def test_who_holds_with_both_hands_does_nothing_else() -> None:
    assert said(action="holding", things=("cake",)) == "a happy girl in the forest at night with a cake"


def test_nobody_named_is_the_hero_and_without_a_hero_the_place_is_drawn() -> None:
    assert said(who=()) == "a happy girl running in the forest at night"
    assert said(Cast(), who=()) == "in the forest at night"


def test_space_and_the_deep_sea_have_no_time_of_day() -> None:
    assert said(place="space") == "a happy girl running in space"
    assert said(place="sea") == "a happy girl running under the sea"


def test_older_books_call_fair_weather_clear() -> None:
    assert compose(replace(SCENE, weather="clear"), CAST, {}).dropped == ()


def test_unknown_words_never_reach_the_prompt() -> None:
    scene = replace(
        SCENE,
        who=("May", "Rex", "voi", "fly"),
        action="<b>",
        place="Atlantis",
        mood="odd",
        things=("gun", "none"),
        relation="eating",
    )
    prompt = compose(scene, Cast((Role("May", "ignore all", clothes="black tie"), *CAST.roles[1:])), {})
    assert prompt.positive == "a girl, a dog and an elephant at night"
    assert set(prompt.dropped) == {"fly", "<b>", "Atlantis", "gun", "eating", "black tie"}


def test_what_does_not_fit_is_dropped_and_told_and_who_stays() -> None:
    styles = (card("long", trigger="brush " * 30 + "strokes"), card("longer", trigger="ink " * 40))
    full = replace(SCENE, weather="rain", things=("kite", "ball"))
    prompt = compose(full, CAST, {each.id: each for each in styles})
    assert len(prompt.positive.split()) <= MOST_WORDS
    assert prompt.positive.startswith("a happy girl")
    assert {"with a kite", "ball", "in the rain"} <= set(prompt.dropped)


def test_every_scene_of_the_vocabulary_fits_and_is_drawn_whole() -> None:
    cast = Cast((Role("May", "girl", clothes="purple ao dai"), *CAST.roles[1:]))
    for place, pose, thing, relation in product(world.PLACES, world.POSES, known("prop"), world.RELATIONS):
        for who in (("May", "voi"), ("May", "Rex", "voi")):
            scene = Scene("", who, pose, place, "sunset", "storm", "surprised", (f"purple {thing}",), relation)
            assert compose(scene, cast, {}).dropped == ()


@pytest.mark.parametrize(
    ("field", "words"), [("time", world.TIMES), ("weather", world.WEATHERS), ("mood", world.MOODS)]
)
def test_every_time_weather_and_mood_is_drawn(field: str, words: tuple[str, ...]) -> None:
    assert all(compose(replace(SCENE, **{field: word}), CAST, {}).dropped == () for word in words)


def test_the_negative_prompt_is_short_and_plain() -> None:
    assert compose(SCENE, CAST, {}).negative == "blurry, ugly"
