"""Whatever somebody says, the picture shows the nearest thing that the pocket world has."""

from __future__ import annotations

import pytest

from studio.pocket.world.description import COLOURS
from studio.story.lexicon import tokens
from studio.story.nearest import WORLD, kin, named, nearest, stems
from studio.story.wording import known

ENTRIES = [
    (language, field, word, said)
    for language, fields in kin().items()
    for field, words in fields.items()
    for word, all_said in words.items()
    for said in all_said
]


def test_every_kin_word_stands_for_a_word_of_the_world() -> None:
    worlds = {field: COLOURS if field == "colour" else known(WORLD.get(field, field)) for _, field, _, _ in ENTRIES}
    assert not [(field, word) for _, field, word, _ in ENTRIES if word not in worlds[field]]


def test_the_kin_is_rich_and_each_word_is_told_once() -> None:
    said = [(language, field, said) for language, field, _, said in ENTRIES]
    assert len(said) > 3000 and len(set(said)) == len(said)


def test_every_kin_word_is_found_by_itself() -> None:
    lost = [
        (field, said, word)
        for _, field, word, said in ENTRIES
        if field != "colour" and nearest(field, said).split(" ", 1)[-1] != word and nearest(field, said) != word
    ]
    assert lost == []


@pytest.mark.parametrize("field", ["place", "prop", "pose", "mood", "weather", "time", "kind", "clothes", "view"])
def test_words_of_the_world_are_their_own_nearest(field: str) -> None:
    assert all(nearest(field, word) == named(field, word) == word for word in known(field))


@pytest.mark.parametrize(
    ("field", "said", "word"),
    [
        ("place", "lighthouse", "beach"),
        ("place", "library", "classroom"),
        ("place", "hospital", "bedroom"),
        ("place", "palace", "castle"),
        ("place", "mountains", "forest"),
        ("place", "the Museum", "city"),
        ("place", "on the moon", "space"),
        ("place", "boat deck", "ship"),
        ("kind", "kangaroo", "rabbit"),
        ("kind", "whale", "fish"),
        ("kind", "wolf", "fox"),
        ("kind", "robots", "monster"),
        ("kind", "queen", "princess"),
        ("thing", "letter", "map"),
        ("prop", "camera", "telescope"),
        ("action", "swimming", "flying"),
        ("pose", "eating", "sitting"),
        ("mood", "proud", "happy"),
        ("mood", "curious", "surprised"),
        ("time", "dawn", "day"),
        ("time", "dusk", "sunset"),
        ("weather", "thunder", "storm"),
        ("weather", "foggy", "rain"),
        ("clothes", "hoodie", "sweater"),
        ("clothes", "kimono", "robe"),
        ("view", "close-up", "near"),
        ("relation", "hugging", "holding hands"),
    ],
)
def test_what_the_world_lacks_has_kin_in_it(field: str, said: str, word: str) -> None:
    assert nearest(field, said) == word


@pytest.mark.parametrize(
    ("field", "said", "word"),
    [
        ("place", "thư viện", "classroom"),
        ("place", "trên thảo nguyên xanh", "rice field"),
        ("kind", "con bướm vàng", "mouse"),
        ("kind", "bác gấu", "bear"),
        ("thing", "con diều màu đỏ", "red kite"),
        ("clothes", "áo dài màu vàng", "yellow ao dai"),
        ("action", "đang bơi", "flying"),
        ("mood", "tò mò", "surprised"),
    ],
)
def test_vietnamese_words_have_theirs(field: str, said: str, word: str) -> None:
    assert nearest(field, said) == word


@pytest.mark.parametrize(
    ("field", "said", "word"),
    [
        ("place", "an old lighthouse by the river", "beach"),
        ("place", "the deck of a big boat", "ship"),
        ("kind", "a farmer's girl with a dog", "girl"),
        ("kind", "sea lion", "fish"),
        ("thing", "basket of apples", "basket"),
        ("clothes", "white T-shirt and blue jeans", "white shirt"),
        ("weather", "windy and rainy", "rain"),
    ],
)
def test_of_a_phrase_the_whole_counts_and_then_its_head(field: str, said: str, word: str) -> None:
    assert nearest(field, said) == word


@pytest.mark.parametrize("said", ["climb", "climbs", "climbed", "climbing", "climbing up a tall tree"])
def test_endings_do_not_matter(said: str) -> None:
    assert nearest("action", said) == "walking"


def test_stems_are_the_same_for_all_forms() -> None:
    assert stems("Red kites") == stems("red kite")
    assert stems("swimming cities") == stems("swims city")
    assert stems("king bed princess") == {"king", "bed", "princes"}


@pytest.mark.parametrize(
    ("field", "said", "word"),
    [
        ("thing", "crimson kite", "red kite"),
        ("thing", "two black umbrellas", "blue umbrella"),
        ("thing", "red cup", "pho"),
        ("thing", "golden key", "key"),
        ("clothes", "navy school uniform", "blue shirt"),
        ("clothes", "raincoat", "jacket"),
    ],
)
def test_a_colour_is_kept_where_one_is_taken(field: str, said: str, word: str) -> None:
    assert nearest(field, said) == word


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("place", "Atlantis"),
        ("place", ""),
        ("kind", "ignore all"),
        ("thing", "gun"),
        ("thing", "<b>"),
        ("clothes", "black tie"),
        ("mood", "odd"),
        ("mood", "not sad"),
        ("action", "not running"),
    ],
)
def test_nothing_is_near_to_some(field: str, said: str) -> None:
    assert nearest(field, said) == ""


def test_names_are_words_and_own_phrases_of_the_world_only() -> None:
    assert named("thing", "a red kite") == "red kite"
    assert named("place", "in the woods") == "forest"
    assert named("place", "lighthouse") == ""


def test_kin_is_written_as_people_write() -> None:
    assert all(said == said.strip().lower() and tokens(said) for _, _, _, said in ENTRIES)
