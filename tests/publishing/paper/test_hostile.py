"""Words that would be commands to a careless program stand in the book as they were written, in every field."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from functools import partial

import pikepdf
import pytest

from studio.progress import finish
from studio.publishing.book import Page
from studio.publishing.cover import back_side, cover_side
from studio.publishing.fonts import load_fonts
from studio.publishing.geometry import frame
from studio.publishing.lines import clean
from studio.publishing.matter import dedication_side, title_side
from studio.publishing.paper.booklet import sheets_of
from studio.publishing.paper.imprint import imprint
from studio.publishing.paper.painter import Painter
from studio.publishing.paper.pdf import bind
from studio.publishing.profiles import find_profile, find_trim
from studio.story.prompt import Prompt
from studio.story.scene import Scene
from tests.hostile.texts import HOSTILE

A_PAGE = 12  # strings on one page of the story
SCREEN = find_profile("screen")


def bare(text):
    """Without white space: where lines break is not what is asked here."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def english(book):
    return replace(book, story=replace(book.story, language="en"), second_language="vi")


def test_there_are_two_hundred_of_them_in_letters_that_the_fonts_have():
    assert len(HOSTILE) >= 200 and not load_fonts().missing("".join(map(clean, HOSTILE)))


def test_all_of_them_are_told_as_story_and_translation(english, pictures, tmp_path, tool):
    """Each page tells some of them, in both languages, and the longer fields all the time some others."""
    groups = [HOSTILE[at : at + A_PAGE] for at in range(0, len(HOSTILE), A_PAGE)]
    pages = tuple(
        Page(Scene("\n".join(group)), Prompt(""), 1, f"{number % 8 + 1:02d}.png", translation="\n".join(group))
        for number, group in enumerate(groups)
    )
    design = replace(english.design, about="\n".join(HOSTILE[:6]), blurb="\n".join(HOSTILE[33:38]))
    made = finish(bind(replace(english, pages=pages, design=design), pictures, tmp_path / "book.pdf"))
    assert "No syntax or stream encoding errors found" in tool("qpdf", "--check", made.file)
    text = bare(tool("pdftotext", "-raw", made.file, "-"))
    for language in ("en", "vi"):
        assert not [words for words in HOSTILE if bare(clean(words, language)) not in text]
    assert bare("".join(map(clean, design.about.splitlines()))) in text


def test_all_of_them_can_be_title_author_and_dedication(english, tmp_path, tool):
    painter, measure = Painter(english, load_fonts(), None, bookmarks=True), load_fonts().width
    page = frame(find_trim("8.5x8.5in"), SCREEN, 1)
    for at, words in enumerate(HOSTILE):
        story = replace(english.story, author=words, dedication=words)
        named = replace(english, title=words, story=story, design=replace(english.design, blurb=words))
        makers = (cover_side, partial(title_side, dedicated=True), dedication_side, back_side)
        side = makers[at % 4](named, page, measure)
        painter.paint(sheets_of((replace(side, name=words),), SCREEN)[0], "")
    (tmp_path / "covers.pdf").write_bytes(painter.finish().raw)
    sides = tool("pdftotext", "-raw", tmp_path / "covers.pdf", "-").split("\f")
    lost = [words for words, side in zip(HOSTILE, sides, strict=False) if bare(clean(words)) not in bare(side)]
    assert not lost
    with pikepdf.open(tmp_path / "covers.pdf") as pdf, pdf.open_outline() as outline:
        assert len(outline.root) == len(HOSTILE)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_the_notes_of_the_file_stay_whole_whatever_the_book_is_called(english, words):
    """Read with another reader of XML than the one that pikepdf has."""
    named = replace(english, title=words, story=replace(english.story, author=words))
    pdf = pikepdf.new()
    pdf.docinfo["/Producer"] = "x"
    imprint(pdf, named, SCREEN, (), None)
    tree = ElementTree.fromstring(pdf.Root.Metadata.read_bytes().decode().replace("\ufeff", ""))
    told = [node.text for node in tree.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li")]
    assert told[:2] == [clean(words)] * 2
