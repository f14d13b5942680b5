from __future__ import annotations

import pytest

from studio.pocket.world import description as world
from studio.story.lexicon import mentions, phrases, sentence_spans, spoken_spans
from studio.story.story import Language


def words(text: str, field: str, language: Language = "en") -> list[str]:
    return [each.word for each in mentions(text, language) if each.field == field]


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("field", "known"),
    [
        ("kind", world.SUBJECTS),
        ("place", world.PLACES),
        ("time", world.TIMES),
        ("weather", world.WEATHERS),
        ("action", world.POSES),
        ("mood", world.MOODS),
        ("thing", world.PROPS[1:]),
        ("colour", world.COLOURS),
    ],
)
def test_every_word_of_the_pocket_world_has_its_phrases_in_both_languages(
    field: str, known: tuple, language: Language
) -> None:
    animals = phrases(language, "animal") if field == "kind" else {}
    assert set(phrases(language, field)) | set(animals) == set(known)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("a puppy", "dog"),
        ("the princess", "girl"),
        ("Grandma's house", "grandmother"),
        ("two bunnies", "rabbit"),
        ("A WOLF", "fox"),
    ],
)
def test_english_relatives_are_drawn_as_their_nearest_kind(said: str, kind: str) -> None:
    assert words(said, "kind") == [kind]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("bà ngoại", "grandmother"),
        ("con trâu", "buffalo"),
        ("chú thỏ trắng", "rabbit"),
        ("bà rùa", "turtle"),
        ("Cậu bé", "boy"),
        ("chó sói", "fox"),
        ("con bò", "buffalo"),
    ],
)
def test_vietnamese_kinds_are_found_with_their_classifiers(said: str, kind: str) -> None:
    assert words(said, "kind", "vi") == [kind]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("the shore", "beach"),
        ("a jungle", "forest"),
        ("the flower bed", "garden"),
        ("her bed", "bedroom"),
        ("rice terraces", "rice field"),
        ("on the moon", "space"),
        ("a bamboo bridge", "river"),
    ],
)
def test_english_places(said: str, place: str) -> None:
    assert words(said, "place") == [place]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("khu rừng", "forest"),
        ("cánh đồng lúa", "rice field"),
        ("qua cầu", "river"),
        ("sân đình", "village"),
        ("bờ biển", "beach"),
        ("chiếc giường", "bedroom"),
        ("thành phố", "city"),
        ("lên cung trăng", "space"),
    ],
)
def test_vietnamese_places(said: str, place: str) -> None:
    assert words(said, "place", "vi") == [place]


@pytest.mark.parametrize(
    "said", ["Em hát một bài song ca", "cầu vồng", "gia đình", "đầu gối", "bờ, ao", "song", "đinh"]
)
def test_tone_marks_and_longer_phrases_keep_places_apart(said: str) -> None:
    assert words(said, "place", "vi") == []


def test_a_word_is_matched_whole() -> None:
    assert words("a foxglove, seaweed and a gardener", "kind") == [] == words("seaweed and a gardener", "place")


def test_what_is_denied_or_likened_is_left_out() -> None:
    assert words("She was not sad. She didn't cry. He sang like a bird.", "mood") == []
    assert words("He sang like a bird to the cat.", "kind") == ["cat"]
    assert words("Mây không buồn. Bé hát hay như chim sẻ.", "mood", "vi") == []


def test_the_words_of_a_name_mean_nothing_else() -> None:
    assert [each.word for each in mentions("River ran to the river.", "en", ["River"]) if each.field == "place"] == [
        "river"
    ]


def test_the_longest_phrase_wins_and_may_mean_two_things() -> None:
    assert words("Chú cầm đèn ông sao.", "thing", "vi") == ["lantern"]
    assert words("Chú cầm đèn ông sao.", "kind", "vi") == []


def test_speech_is_known_by_quotes_and_by_dashes() -> None:
    text = "“Ra biển!” bé nói.\n– Bà ơi! – bé gọi."
    assert [text[start:end] for start, end in spoken_spans(text)] == ["“Ra biển!”", "– Bà ơi!"]
    assert [each.spoken for each in mentions('"To the beach!" By the river.', "en") if each.field == "place"] == [
        True,
        False,
    ]


def test_sentences_cover_all_words() -> None:
    text = "One. Two! “Three?” Four…\nFive"
    assert [text[start:end].strip() for start, end in sentence_spans(text)] == [
        "One.",
        "Two!",
        "“Three?”",
        "Four…",
        "Five",
    ]
