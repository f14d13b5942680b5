"""A side in a browser: every word where the PDF has it, read in order, and nothing of it taken for markup."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from studio.publishing.book import Book
from studio.publishing.ebook.html import side_css, side_html
from studio.publishing.faces import FACES, STORY, STORY_FACES
from studio.publishing.fonts import FOLDER, load_fonts
from studio.publishing.geometry import Box, around, circle, frame
from studio.publishing.layout import lay_out
from studio.publishing.marks import INK, Line, Picture, Rule, Side, Text
from studio.publishing.paper.booklet import sheets_of
from studio.publishing.paper.painter import Painter
from studio.publishing.profiles import find_profile, find_trim

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCREEN, SQUARE = find_profile("screen"), find_trim("8.5x8.5in")
PAGE = frame(SQUARE, SCREEN, 1)
HOSTILE = ("<script>alert(1)</script>", '"onload="x', "&amp;&lt;", "]]> <!-- {{x}}", "</p></div>", "$title %s \\u003c")
WORDS = ("Ngày xửa ngày xưa, ở một ngôi làng,", "AVATAR To fi fl Ấm ẳ Ợ ựa — “Ồ!”", "Mây gặp thỏ.")


def standing(face: str, words: tuple[str, ...] = WORDS, **more: object) -> Side:
    lines = tuple(Line(line, 70.3 + 9 * n, 500.7 - 41.3 * n, n == len(words) - 1) for n, line in enumerate(words))
    return Side(PAGE, (Text(lines, face, 23.7, INK, cap=Line("Đ", 30.5, 440.2), cap_size=61.3, **more),))


def shown(side: Side, **more: str) -> ElementTree.Element:
    return ElementTree.fromstring(side_html(side, lambda mark: f"{mark.number}.jpg", **more))


@pytest.fixture
def drawn(chromium: Browser) -> Callable[[Side], np.ndarray]:
    """The pixels of a side in Chromium, two to the point; each face is the whole font, as in the PDF."""
    files = {face.name: FOLDER / face.file for face in FACES}
    css = side_css(lambda name: files[name].as_uri())

    def draw(side: Side, folder: Path) -> np.ndarray:
        page = folder / "side.html"
        page.write_text(f"<!doctype html><style>body{{margin:0;--paper:#fff}}{css}</style>{side_html(side, str)}")
        size = {"width": round(PAGE.trim.width), "height": round(PAGE.trim.height)}
        with chromium.new_page(viewport=size, device_scale_factor=2) as tab:
            tab.goto(page.as_uri())
            tab.evaluate("document.fonts.ready.then(() => true)")
            return np.asarray(Image.open(io.BytesIO(tab.screenshot())).convert("L"), dtype=np.int16)

    return draw


@pytest.mark.parametrize("face", STORY_FACES)
def test_words_stand_in_the_browser_where_they_stand_in_the_pdf(
    face: str, book: Book, drawn: Callable[..., np.ndarray], tool: Callable[..., str], tmp_path: Path
) -> None:
    side = standing(face)
    painter = Painter(book, load_fonts(), None, False)
    painter.paint(sheets_of((side,), SCREEN)[0], "")
    (tmp_path / "side.pdf").write_bytes(painter.finish().raw)
    tool("pdftoppm", "-r", 144, "-gray", "-singlefile", tmp_path / "side.pdf", tmp_path / "pdf")
    pdf, browser = np.asarray(Image.open(tmp_path / "pdf.pgm"), dtype=np.int16), drawn(side, tmp_path)
    for pixels in (pdf, browser):
        assert (pixels < 128).any()
    moved = {
        (dy, dx): np.abs(np.roll(browser, (dy, dx), (0, 1)) - pdf).mean() for dy in range(-4, 5) for dx in range(-4, 5)
    }
    best = min(moved, key=lambda step: moved[step])
    assert max(map(abs, best)) <= 1, f"moved by {best} pixels"
    edges = [np.flatnonzero((pixels < 160).any(axis=axis))[[0, -1]] for pixels in (pdf, browser) for axis in (0, 1)]
    assert np.abs(np.subtract(edges[:2], edges[2:])).max() <= 2, "the last letter of a line drifted away"


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_never_markup(words: str) -> None:
    side = standing(STORY, (words,))
    told = shown(replace(side, marks=(*side.marks, Picture(1, PAGE.trim, around(PAGE.trim), words))))
    assert "".join(told.itertext()).strip() == f"Đ{words}"
    assert {node.tag.split("}")[-1] for node in told.iter()} == {"div", "p", "span", "svg", "image"}
    assert told.find(".//*[@role='img']").get("aria-label") == words


def test_what_is_read_is_the_text_and_each_sentence_is_one_piece_even_over_two_lines() -> None:
    told = shown(standing(STORY, ("Mây chạy ra", "đồng. Trời đã", "tối rồi!")), ids="p7", language="vi")
    sentences = told.findall(".//span[@class='s']")
    assert [" ".join("".join(one.itertext()).split()) for one in sentences] == [
        "ĐMây chạy ra đồng.",
        "Trời đã tối rồi!",
    ]
    assert [one.get("id") for one in sentences] == ["p7-s0", "p7-s1"]
    assert [len(one) for one in sentences] == [3, 2]


def test_roles_languages_and_ornaments_are_told_to_those_who_listen() -> None:
    line = (Line("Hello.", 50, 50),)
    texts = [Text(line, STORY, 20, INK, role=role) for role in ("title", "heading", "words", "note", "folio")]
    round_one = Picture(2, Box(0, 0, 90, 90), circle(40, 40, 30))
    told = shown(Side(PAGE, (round_one, *texts, Text(line, STORY, 20, INK, language="en"))))
    assert [node.tag for node in told] == ["{http://www.w3.org/2000/svg}svg", "h1", "h2", "p", "p", "p", "p"]
    assert [node.get("aria-hidden") for node in told] == ["true", None, None, None, None, "true", None]
    assert [node.get("lang") for node in told] == [None] * 6 + ["en"]


def test_pictures_lie_on_the_trimmed_page_and_round_ones_are_cut_by_a_path_of_their_own() -> None:
    page = frame(SQUARE, find_profile("kdp"), 2)
    marks = (
        Picture(1, page.ink, around(page.ink)),
        Picture(2, Box(9, 9, 90, 90), circle(50, 50, 30)),
        Rule(((9, 9), (18, 9)), INK, 2),
    )
    told = side_html(Side(page, marks), lambda mark: f"{mark.number}.jpg", "p1")
    assert 'xlink:href="1.jpg" x="-9" y="-9" width="621" height="630"' in told  # bleed on three edges
    assert 'xlink:href="2.jpg" x="11" y="541" width="60" height="60"' in told
    assert told.count("clip-path") == 1 and 'id="p1-c0"' in told


def test_every_side_of_a_book_is_xml_and_says_what_the_marks_say(short: Book) -> None:
    for side in lay_out(short, SCREEN, SQUARE, load_fonts().width):
        read = [mark.words for mark in side.marks if isinstance(mark, Text)]
        assert "".join(shown(side, language="vi").itertext()).split() == " ".join(read).split()
