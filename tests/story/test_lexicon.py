from __future__ import annotations

import pytest

from studio.pocket.world import description as world
from studio.pocket.world.grammar import props
from studio.story.lexicon import mentions, phrases, sentence_spans, spoken_spans
from studio.story.story import Language
from studio.story.wording import known, phrase


def words(text: str, field: str, language: Language = "en") -> list[str]:
    return [each.word for each in mentions(text, language) if each.field == field]


FIELDS = {
    "kind": world.SUBJECTS,
    "place": world.PLACES,
    "time": world.TIMES,
    "weather": world.WEATHERS,
    "action": world.POSES,
    "mood": world.MOODS,
    "relation": world.RELATIONS,
    "thing": known("prop"),
    "clothes": known("clothes"),
    "colour": world.COLOURS,
}


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("field", FIELDS)
def test_every_word_of_the_pocket_world_can_be_said_and_is_found_again(field: str, language: Language) -> None:
    said = dict(phrases(language, field))
    for more in ("animal", "rare animal") if field == "kind" else ():
        said |= {word: (*said.get(word, ()), *names) for word, names in phrases(language, more).items()}
    assert set(said) == set(FIELDS[field])
    lost = [(word, one) for word, names in said.items() for one in names if word not in words(one, field, language)]
    assert not lost


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("field", "of"),
    [("kind", "kind"), ("place", "place"), ("time", "time"), ("mood", "mood"), ("action", "pose"), ("thing", "prop")],
)
def test_what_the_captions_say_first_is_understood(field: str, of: str, language: Language) -> None:
    lost = [word for word in FIELDS[field] if word not in words(phrase(of, word, language), field, language)]
    assert not lost


@pytest.mark.parametrize("prop", [prop for held in ("hand", "both", "ground") for prop in props(held)])
def test_every_thing_that_is_drawn_has_its_words(prop: str) -> None:
    assert prop in known("prop")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("a puppy", "dog"),
        ("the queen", "princess"),
        ("Grandma's house", "grandmother"),
        ("two bunnies", "rabbit"),
        ("A WOLF", "fox"),
        ("Mommy", "woman"),
        ("an old man", "grandfather"),
        ("a baby elephant", "elephant"),
        ("Mama Bear", "bear"),
        ("a baby", "baby"),
        ("a little mouse", "mouse"),
        ("a sea monster", "monster"),
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
        ("con bò", "cow"),
        ("chú nghé", "buffalo"),
        ("ông ngoại", "grandfather"),
        ("bà tiên", "grandmother"),
        ("nàng tiên", "princess"),
        ("mụ phù thuỷ", "witch"),
        ("gấu trúc", "panda"),
        ("bác gấu", "bear"),
        ("cô cá bống", "fish"),
        ("cá sấu", "dragon"),
        ("chú cú mèo", "owl"),
        ("tên cướp biển", "pirate"),
        ("người ngoài hành tinh", "monster"),
        ("em bé", "baby"),
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
        ("they swam in the sea", "sea"),
        ("she looked at the sea", "beach"),
        ("at the bottom of the ocean", "sea"),
        ("a sandcastle", "beach"),
        ("the king's palace", "castle"),
        ("the village market", "market"),
        ("the village school", "village classroom"),
        ("on deck", "ship"),
        ("the old town", "old street"),
        ("in the park", "playground"),
        ("the barn", "farm"),
        ("an ice-cream", ""),
    ],
)
def test_english_places(said: str, place: str) -> None:
    assert " ".join(words(said, "place")) == place


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
        ("ra biển", "beach"),
        ("dưới biển", "sea"),
        ("đại dương", "sea"),
        ("lâu đài cát", "beach"),
        ("toà lâu đài", "castle"),
        ("đi chợ", "market"),
        ("phố cổ", "old street"),
        ("nhà sàn", "stilt house"),
        ("trang trại", "farm"),
        ("căn bếp", "kitchen"),
        ("đến trường", "classroom"),
        ("sân trường", "playground"),
        ("cầu trượt", "playground"),
        ("boong tàu", "ship"),
        ("tàu vũ trụ", "space"),
    ],
)
def test_vietnamese_places(said: str, place: str) -> None:
    assert words(said, "place", "vi") == [place]


@pytest.mark.parametrize(
    "said", ["Em hát một bài song ca", "cầu vồng", "gia đình", "đầu gối", "bờ, ao", "song", "đinh", "bạn bè", "chợt"]
)
def test_tone_marks_and_longer_phrases_keep_places_apart(said: str) -> None:
    assert words(said, "place", "vi") == []


@pytest.mark.parametrize(
    "said", ["Bà chăm sóc em", "quả dưa chuột", "tóc đuôi ngựa", "Cậu thấy xấu hổ", "bỗng một cú ngã"]
)
def test_animals_are_not_seen_where_there_are_none(said: str) -> None:
    assert set(words(said, "kind", "vi")) <= {"grandmother"}


@pytest.mark.parametrize(
    ("said", "thing"),
    [
        ("Bé cầm chiếc bánh chưng.", "banh-chung"),
        ("Mẹ nấu phở.", "pho"),
        ("Tết đến, bé ăn bánh trung thu.", "mooncake"),
        ("Bé ôm gấu bông.", "teddy"),
        ("Chú rút kiếm.", "sword"),
        ("Bé tìm kiếm mãi.", ""),
        ("Cậu có đàn ghi-ta.", "guitar"),
        ("Con gà trống gáy.", ""),
        ("Bé thả diều.", "kite"),
        ("Bé tìm chìa khoá.", "key"),
        ("Bé đi xe đạp.", "bicycle"),
    ],
)
def test_vietnamese_things(said: str, thing: str) -> None:
    assert " ".join(words(said, "thing", "vi")) == thing


@pytest.mark.parametrize(
    ("said", "weather"),
    [
        ("It was snowing.", "snow"),
        ("They played in the snow.", ""),
        ("A storm came.", "storm"),
        ("The storm was over.", "sun"),
        ("It rained.", "rain"),
        ("one winter day", "snow"),
    ],
)
def test_weather(said: str, weather: str) -> None:
    assert " ".join(words(said, "weather")) == weather


def test_a_raincoat_is_no_rain() -> None:
    assert words("Bé mặc áo mưa vàng.", "weather", "vi") == [] == words("a yellow raincoat", "weather")


def test_a_word_is_matched_whole() -> None:
    assert words("a foxglove, a gardenia and a marketeer", "kind") == [] == words("a gardenia, a marketeer", "place")


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
