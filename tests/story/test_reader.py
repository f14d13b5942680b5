from __future__ import annotations

import unicodedata

import pytest

from studio.errors import BadStory
from studio.story.reader import LONGEST, detect_language, read_story, read_story_file
from studio.story.splitter import split_pages
from studio.story.story import Story

MARKUP = 'Tom & Jerry <b>x</b> <img src="/etc/passwd">'


def test_words_are_kept_as_they_stand() -> None:
    assert read_story(f"  {MARKUP}\r\n\r\n\r\n\r\n# not a title  ").text == f"{MARKUP}\n\n# not a title"


def test_all_words_of_a_story_become_nfc() -> None:
    given = (unicodedata.normalize("NFD", words) for words in ("Bé Mây đi chợ.", "Mây", "Nguyễn", "Tặng bà,\nvà mẹ"))
    text, title, author, dedication = given
    story = read_story(text, title, author=author, dedication=dedication)
    assert story == Story("Bé Mây đi chợ.", "vi", "Mây", "Nguyễn", "Tặng bà,\nvà mẹ")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("May\x00 \u202eran\ud800 home.", "May ran home."),
        ("\ufeffMay\u200f ran\u2063 home.\U000e0048\U000e0049", "May ran home."),
        ("May\u200b ra\u00adn \u200chome\u200d.", "May ran home."),
        ("M\u200day r\ufe0fan\ufff9 ho\uf0b7me.", "May ran home."),
        ("May\r\nran\u2028home.\x0b", "May\nran\nhome."),
    ],
)
def test_what_is_not_seen_is_left_out(given: str, kept: str) -> None:
    assert read_story(given).text == kept


@pytest.mark.parametrize(
    "text",
    [
        "A family: 👨‍👩‍👧, a heart ❤️‍🔥, a flag 🏳️‍🌈, a key 1️⃣, a doctor 🧑🏽‍⚕️.",
        "می‌خواهم کتاب بخوانم.",
        "क्‍ष and क्‌ष differ.",
        "Mây’s «café» – 5 m² of naïve façades…",
    ],
)
def test_joiners_and_selectors_stay_where_they_shape_what_is_seen(text: str) -> None:
    assert read_story(text).text == text


@pytest.mark.parametrize(
    "text", ["BÐ M©y t×m thÊy chiÕc ®Ìn nhá trªn nói cao.", "Beù Maây tìm thaáy chieác ñeøn nhoû treân nuùi cao."]
)
def test_an_old_vietnamese_code_is_named(text: str) -> None:
    with pytest.raises(BadStory, match="VNI or TCVN3 .* Unicode"):
        read_story(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mây found a lantern in the café.", "en"),
        ("Bé Mây tìm thấy chiếc đèn.", "vi"),
        ("Con trâu ra đồng.", "vi"),
        ("Once upon a time.", "en"),
        ("Nguyễn and Mây walk home to the village.", "en"),
    ],
)
def test_language_is_detected_by_vietnamese_letters(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_given_language_is_kept() -> None:
    assert read_story("Once upon a time.", language="vi").language == "vi"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("… !!! 12", "empty"),
        ("Hello", "one word 'Hello'"),
        ("a " * LONGEST, "200,000"),
    ],
)
def test_a_story_that_makes_no_book_is_refused_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(BadStory, match=said):
        read_story(text)


def test_a_very_long_word_is_shortened_in_the_message() -> None:
    with pytest.raises(BadStory) as refused:
        read_story("a" * 5000)
    assert len(str(refused.value)) < 150


def test_a_very_long_word_among_others_is_a_word() -> None:
    story = read_story("May ran home. " * 8 + "a" * 5000 + " she cried. " + "Then she slept. " * 8)
    assert "".join(split_pages(story, 4)).count("a" * 5000) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_in_the_usual_encodings(encoding: str) -> None:
    story = read_story_file("x/my_story.TXT", "# Mây và đèn\n\nBé Mây đi chợ.".encode(encoding))
    assert (story.title, story.text, story.language) == ("Mây và đèn", "Bé Mây đi chợ.", "vi")


def test_a_file_without_heading_is_called_by_its_name() -> None:
    story = read_story_file("C:\\stories\\the_red_kite.md", b"Tom flew a kite. ## It rose.")
    assert (story.title, story.text) == ("the red kite", "Tom flew a kite. ## It rose.")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("story.docx", b"PK\x03\x04"),
        ("photo.txt", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xd8"),
        ("old.txt", "Bé Mây đi chợ".encode("cp1258", "replace")),
        ("zeros.txt", b"a story\x00with zeros"),
        ("viscii.txt", "Bé Mây".encode() + b"\xa6\xfe"),
        ("odd.txt", b"\xff\xfea"),
        ("large.txt", b"a " * 500_000),
    ],
)
def test_a_file_that_is_no_story_is_refused_by_its_name(name: str, raw: bytes) -> None:
    with pytest.raises(BadStory, match=f"'{name}'"):
        read_story_file(f"/home/may/{name}", raw)


def test_a_message_names_a_file_shortly_and_as_it_is_seen() -> None:
    with pytest.raises(BadStory, match="^'a{75}.docx' is damaged"):
        read_story_file("../" + "a" * 5000 + ".do\u202ecx\x00", b"x")
