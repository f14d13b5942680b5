"""The last page tells how the book was made, in the book's language."""

from dataclasses import replace

import pytest

from studio import __version__
from studio.publishing.colophon import WORDS, colophon, title
from studio.story.story import Story


def test_both_languages_say_the_same_things():
    assert WORDS["en"].keys() == WORDS["vi"].keys()


def test_the_colophon_names_model_character_style_writer_seed_studio_and_fonts(book):
    said = [words for _, words in colophon(book).rows]
    assert said[:5] == ["Pocket", "Mây", "màu nước", "bộ chia cảnh của xưởng, không dùng AI", "7"]
    assert said[5:7] == ["20/11/2026", f"Storybook Studio {__version__}"]
    assert "Andika, Baloo 2, Be Vietnam Pro" in said[7]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_colophon_says_that_software_drew_the_pictures(book, language):
    told = colophon(replace(book, story=Story("", language)))
    assert "(AI)" in told.sentence


def test_a_book_without_a_title_gets_one(book):
    assert title(replace(book, title=" ", story=Story("x", "en"))) == "A book without a name"
