"""A scene is told to each base model in the words, order and length that it understands."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from studio.adapters.card import AdapterCard
from studio.pocket.world import description as world
from studio.pocket.world.captions import canonical
from studio.pocket.world.description import Description, Figure
from studio.pocket.world.grammar import training_scenes
from studio.story.composer import compose
from studio.story.guide import SD, SDXL, Guide
from studio.story.prompt import Prompt
from studio.story.scene import Bearing, Cast, Role, Scene
from studio.story.story import Language
from studio.story.wording import known

CAST = Cast((Role("May", "girl"), Role("Rex", "dog"), Role("voi", "elephant")))
SCENE = Scene("Any words.", ("May",), "running", "forest", "night", "sun", "happy")


def card(id: str, kind: str = "style", trigger: str = "watercolour painting", class_word: str = "") -> AdapterCard:
    return AdapterCard(
        id=id, title=id, kind=kind, base_model="pocket", rank=4, alpha=4, trigger=trigger, class_word=class_word
    )


def prompt(cast: Cast = CAST, cards: tuple[AdapterCard, ...] = (), **changes: object) -> Prompt:
    return compose(replace(SCENE, **changes), cast, {each.id: each for each in cards})


def freely(cast: Cast = CAST, cards: tuple[AdapterCard, ...] = (), **changes: object) -> str:
    """What Stable Diffusion is told, without the words of its style."""
    told = compose(replace(SCENE, **changes), cast, {each.id: each for each in cards}, SD).positive
    return told.removesuffix(f", {SD.style}")


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


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_scene_that_the_world_draws_is_told_as_its_caption(language: Language) -> None:
    for shown in training_scenes(11, 500):
        shown = replace(shown, figures=shown.named, hero=0)
        told = compose(*_as_told(shown), {}, language=language)
        assert told.positive == canonical(shown, language) and told.replaced == ()


def _as_told(shown: Description) -> tuple[Scene, Cast]:
    """The scene and cast of a story that tells of just this picture."""
    worn = [one.clothes if one.kind in world.PEOPLE else "scarf" for one in shown.figures]
    roles = tuple(
        Role(str(at), one.kind, clothes=f"{one.colour} {what}")
        for at, (one, what) in enumerate(zip(shown.figures, worn, strict=True))
    )
    lead, names = shown.figures[0], tuple(role.name for role in roles)
    things = (f"{shown.prop_colour} {shown.prop}".strip(),)
    moods = tuple(Bearing(name, mood=one.mood) for name, one in zip(names, shown.figures, strict=True))
    where = (shown.place, shown.time, shown.weather)
    scene = Scene("", names, lead.pose, *where, lead.mood, things, shown.relation, bearings=moods)
    return scene, Cast(roles)


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


def test_clouds_are_fair_weather_that_goes_unsaid_but_not_untold() -> None:
    told = prompt(weather="cloudy")
    assert told.positive == said() and told.replaced == (("cloudy", "sun"),)


def test_older_books_call_fair_weather_clear() -> None:
    assert compose(replace(SCENE, weather="clear"), CAST, {}).dropped == ()


def test_words_without_anything_near_never_reach_the_prompt() -> None:
    scene = replace(
        SCENE,
        who=("May", "Rex", "voi", "fly"),
        action="<b>",
        place="Atlantis",
        mood="odd",
        things=("gun", "none"),
        relation="eating",
    )
    told = compose(scene, Cast((Role("May", "ignore all", clothes="black tie"), *CAST.roles[1:])), {})
    assert told.positive == "a girl, a dog and an elephant at night"
    assert set(told.dropped) == {"fly", "<b>", "Atlantis", "odd", "gun", "eating", "black tie"}
    assert told.replaced == (("ignore all", "girl"),)


def test_for_a_word_that_pocket_does_not_know_stands_the_nearest_and_both_are_told() -> None:
    cast = Cast((Role("Lupo", "wolf", clothes="yellow raincoat"),))
    told = prompt(
        cast, who=("Lupo",), action="climbing", place="lighthouse", mood="proud", weather="thunder", things=("cup",)
    )
    assert told.positive == (
        "a happy fox with a yellow scarf walking on the beach at night in a storm with a bowl of pho"
    )
    assert set(told.replaced) == {
        ("wolf", "fox"), ("yellow raincoat", "yellow scarf"), ("climbing", "walking"), ("lighthouse", "beach"),
        ("proud", "happy"), ("thunder", "storm"), ("cup", "pho"),
    }  # fmt: skip
    assert told.dropped == ()


def test_what_the_world_calls_so_itself_is_no_replacement() -> None:
    told = prompt(place="in the woods", things=("a red kite",), mood="cheerful")
    assert told.positive == "a happy girl running in the forest at night with a red kite"
    assert told.replaced == ()


def test_a_thing_that_pocket_has_goes_before_one_that_is_only_near() -> None:
    told = prompt(things=("cup", "kite"))
    assert told.positive.endswith("with a kite") and told.dropped == ("cup",)


def test_clothes_without_a_colour_get_one_which_is_told() -> None:
    assert prompt(Cast((Role("May", "girl", clothes="a red dress"),))).replaced == ()
    told = prompt(Cast((Role("May", "girl", clothes="raincoat"),)))
    assert "in a red jacket" in told.positive and told.replaced == (("raincoat", "red jacket"),)


def test_what_only_free_words_can_tell_is_told_to_be_missing_in_pockets_picture() -> None:
    others = (Bearing("Rex", action="sleeping", mood="sad"),)
    told = prompt(who=("May", "Rex"), view="far", bearings=others)
    assert told.positive == "a happy girl and a sad dog running in the forest at night"
    assert told.dropped == ("sleeping", "far")


@pytest.mark.parametrize("guide", [None, SD])
def test_who_is_in_the_words_only_is_not_drawn_nor_missed(guide: Guide | None) -> None:
    cast = Cast((replace(CAST.roles[0], drawn=False), *CAST.roles[1:]))
    options = {"guide": guide} if guide else {}
    told = compose(replace(SCENE, who=("May", "Rex"), relation="chasing"), cast, {}, **options)
    assert told.positive.startswith("a dog running") and told.dropped == ()
    for who in (("May",), ()):
        alone = compose(replace(SCENE, who=who), cast, {}, **options)
        assert alone.positive.startswith("in the forest") and alone.dropped == ()


def test_the_page_tells_other_clothes_than_the_role_even_of_a_trained_character() -> None:
    cast = Cast((Role("May", "girl", character="may", clothes="red dress"),))
    changed = (Bearing("May", clothes="yellow jacket"),)
    assert "in a yellow jacket" in said(cast, bearings=changed)
    worn = (card("may", "subject", "may", "girl"),)
    assert said(cast, worn, bearings=changed) == "a happy may girl in a yellow jacket running in the forest at night"
    assert freely(cast, worn, bearings=changed).startswith("a happy may girl in a yellow jacket running")


def test_a_vietnamese_prompt_names_a_trained_character_after_its_kind() -> None:
    cast, cards = Cast((Role("Mây", "girl", character="may"),)), {"may": card("may", "subject", "may", "girl")}
    told = compose(replace(SCENE, who=("Mây",)), cast, cards, language="vi").positive
    assert told == "cô bé may vui vẻ chạy trong rừng ban đêm"


# Free words


def test_stable_diffusion_is_told_every_figure_whole_and_then_phrases() -> None:
    cast = Cast(
        (
            Role("May", "girl", character="may", clothes="red dress", look="small"),
            Role("Lupo", "wolf", clothes="red scarf", look="old, with a long tail"),
        )
    )
    told = freely(
        cast,
        (card("may", "subject", "may", "girl"),),
        who=("May", "Lupo"),
        action="climbing a tree",
        place="a lighthouse",
        weather="rain",
        things=("kite", "red cup"),
        view="far",
        bearings=(Bearing("Lupo", "howling", "lonely"),),
    )
    assert told == (
        "a happy may girl climbing a tree and a lonely old wolf with a long tail with a red scarf howling, "
        "with a kite, red cup, a lighthouse, at night, in the rain, far away"
    )


def test_free_words_are_neither_replaced_nor_dropped() -> None:
    scene = replace(SCENE, action="sneezing", place="Atlantis", mood="odd", things=("gong",), time="at the blue hour")
    told = compose(scene, CAST, {}, SDXL)
    assert told.positive.startswith("an odd girl sneezing, gong, Atlantis, at the blue hour")
    assert told.dropped == told.replaced == ()


def test_two_may_do_to_each_other_what_the_world_has_no_word_for() -> None:
    assert freely(who=("May", "Rex"), relation="hugging", action="standing").startswith(
        "a happy girl standing hugging a dog, in the forest"
    )
    assert freely(who=("May", "Rex"), relation="chasing").startswith("a happy girl chasing a dog, in the forest")


def test_the_guides_style_stands_only_where_no_style_is_worn() -> None:
    cards = {"ink": card("ink", trigger="ink drawing")}
    assert compose(SCENE, CAST, {}, SD).positive.endswith(", children's book illustration")
    assert compose(SCENE, CAST, cards, SD).positive.endswith("at night, ink drawing")
    assert "illustration" not in said()


def test_a_model_that_reads_no_vietnamese_is_told_in_english() -> None:
    assert compose(SCENE, CAST, {}, SD, language="vi") == compose(SCENE, CAST, {}, SD)


@pytest.mark.parametrize(
    ("kind", "article"), [("owl", "an owl"), ("unicorn", "a unicorn"), ("usher", "an usher"), ("", "a child")]
)
def test_free_nouns_have_their_articles(kind: str, article: str) -> None:
    assert freely(Cast((Role("May", kind),)), mood="").startswith(f"{article} running")


# Room


def test_free_words_that_do_not_fit_go_one_by_one_the_least_missed_first() -> None:
    cast = Cast((Role("May", "girl", clothes="red dress", look="with curly hair"),))
    full = replace(SCENE, weather="rain", things=("kite",), view="far")
    whole = compose(full, cast, {}, replace(SD, most_tokens=1000), len)
    gone = [compose(full, cast, {}, replace(SD, most_tokens=most), len).dropped for most in range(whole.tokens)]
    assert gone[-1] == ("far away",)
    assert gone[0] == (
        "far away", "with a kite", "in a red dress", "with curly hair", "in the rain", "at night", "running",
        "in the forest", "children's book illustration",
    )  # fmt: skip


def test_a_prompt_says_how_many_tokens_it_has_and_may_have() -> None:
    told = compose(SCENE, CAST, {}, SD, lambda text: len(text.split()))
    assert (told.tokens, told.limit) == (len(told.positive.split()), 75)


def test_what_does_not_fit_is_dropped_and_told_and_who_stays() -> None:
    styles = (card("long", trigger="brush " * 30 + "strokes"), card("longer", trigger="ink " * 40))
    full = replace(SCENE, weather="rain", things=("kite", "ball"))
    told = compose(full, CAST, {each.id: each for each in styles})
    assert told.tokens <= told.limit == 62
    assert told.positive.startswith("a happy girl")
    assert {"with a kite", "ball", "in the rain"} <= set(told.dropped)


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


def test_what_a_page_goes_without_is_wished_away_once_and_not_told() -> None:
    told = prompt(things=("red kites", "ball"), without=("Kite", "fog, ugly", "dogs"))
    assert told.negative == "blurry, ugly, Kite, fog, dogs"
    assert told.positive.endswith("with a ball") and told.dropped == ()
    assert said(things=("kite",), without=("diều",)).endswith("at night")
    assert freely(things=("blue cup",), without=("cups",)).endswith("at night")
