from __future__ import annotations

import unicodedata

import pytest

from studio.errors import BadStory
from studio.story.reader import LONGEST, detect_language, read_story, read_story_file

MARKUP = 'Tom & Jerry <b>x</b> <img src="/etc/passwd">'


def test_words_are_kept_as_they_stand() -> None:
    assert read_story(f"  {MARKUP}\r\n\r\n\r\n\r\n# not a title  ").text == f"{MARKUP}\n\n# not a title"


def test_text_and_title_become_nfc() -> None:
    story = read_story(unicodedata.normalize("NFD", "Bé Mây đi chợ."), title=unicodedata.normalize("NFD", "Mây"))
    assert (story.text, story.title) == ("Bé Mây đi chợ.", "Mây")


def test_unprintable_marks_are_left_out() -> None:
    assert read_story("May\x00 \u202eran\ud800 home.").text == "May ran home."


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
        ("odd.txt", b"\xff\xfea"),
        ("large.txt", b"a " * 500_000),
    ],
)
def test_a_file_that_is_no_story_is_refused_by_its_name(name: str, raw: bytes) -> None:
    with pytest.raises(BadStory, match=f"'{name}'"):
        read_story_file(f"/home/may/{name}", raw)
