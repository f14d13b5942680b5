"""Fonts cut down to a book: the letters that are used, as wide as before, under no reserved name."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont

from studio.publishing.book import Book
from studio.publishing.ebook.webfonts import book_fonts, letters_used, subset
from studio.publishing.faces import FACES
from studio.publishing.fonts import FOLDER, load_fonts
from studio.publishing.layout import lay_out
from studio.publishing.profiles import find_profile, find_trim

LETTERS = "Mây gặp thỏ: ẮẶỡự"


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.name)
def test_a_cut_font_draws_its_letters_as_wide_as_the_whole_one(face) -> None:
    cut, whole = TTFont(io.BytesIO(subset(face.name, LETTERS))), TTFont(FOLDER / face.file)
    for letter in LETTERS:
        widths = [font["hmtx"][font.getBestCmap()[ord(letter)]][0] for font in (cut, whole)]
        assert widths[0] == widths[1]
    assert {record.nameID for record in cut["name"].names} <= {0, 13, 14}
    assert {"GSUB", "GPOS", "kern"}.isdisjoint(cut.keys())  # the PDF neither kerns nor joins letters


def test_a_book_takes_few_bytes_of_fonts_and_the_same_every_time(short: Book) -> None:
    sides = lay_out(short, find_profile("screen"), find_trim("8.5x8.5in"), load_fonts().width)
    fonts = book_fonts(sides)
    assert fonts == book_fonts(sides) and fonts.keys() == letters_used(sides).keys()
    assert sum(map(len, fonts.values())) < 60_000
