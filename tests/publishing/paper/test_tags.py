"""The file says what is what: titles, paragraphs, pictures with what they show, in the order in which they are read."""

import io
import re
from dataclasses import replace

import pikepdf
import pytest

from studio.progress import finish
from studio.publishing.fonts import load_fonts
from studio.publishing.geometry import Box, around, frame
from studio.publishing.marks import INK, Fill, Line, Picture, Side, Text
from studio.publishing.paper.booklet import sheets_of
from studio.publishing.paper.painter import Painter
from studio.publishing.paper.pdf import bind
from studio.publishing.paper.tags import tag
from studio.publishing.profiles import find_profile, find_trim

SCREEN = find_profile("screen")


@pytest.fixture(scope="module")
def bilingual(bilingual):
    """Four of its pages."""
    return replace(bilingual, pages=bilingual.pages[:4])


@pytest.fixture(scope="module")
def tagged(bilingual, pictures, tmp_path_factory):
    return finish(bind(bilingual, pictures, tmp_path_factory.mktemp("tagged") / "book.pdf")).file


@pytest.fixture
def painted(book, tmp_path):
    """A file of one side with these marks, tagged."""

    def paint(*marks):
        painter = Painter(book, load_fonts(), None, bookmarks=False)
        (sheet,) = sheets_of((Side(frame(find_trim("A5"), SCREEN, 1), marks),), SCREEN)
        painter.paint(sheet, "")
        done = painter.finish()
        with pikepdf.open(io.BytesIO(done.raw)) as pdf:
            tag(pdf, done.elements)
            pdf.save(tmp_path / "side.pdf")
        return tmp_path / "side.pdf"

    return paint


def elements(file):
    """What is read, in reading order: kind, what a picture shows, words that are said outright, language, corners."""
    found = []
    with pikepdf.open(file) as pdf:
        root = pdf.Root.StructTreeRoot.K
        assert str(root.S) == "/Document" and pdf.Root.MarkInfo.Marked
        for section in root.K:
            assert str(section.S) == "/Sect"
            for leaf in section.K:
                alt, words, language = (str(leaf.get(key, "")) for key in ("/Alt", "/ActualText", "/Lang"))
                found.append((str(leaf.S)[1:], alt, words, language, len(leaf.A.BBox) if "/A" in leaf else 0))
    return found


def text(words, at=300.0, role="words", **more):
    return Text((Line(words, 50, at),), "Andika", 14, INK, role=role, **more)


def test_titles_headings_words_and_notes_have_their_kinds(painted):
    roles = ("title", "heading", "words", "note", "folio")
    file = painted(*(text("Mây", 400 - 30 * n, role) for n, role in enumerate(roles)))
    assert [kind for kind, *_ in elements(file)] == ["H1", "H2", "P", "P"]  # a folio is not read


def test_the_order_of_reading_is_that_of_the_marks_and_not_of_the_place(painted, tool):
    file = painted(text("thứ nhất", 100), text("thứ hai", 500))
    read = re.findall(r'"(.+)"', tool("pdfinfo", "-struct-text", file))
    assert read == ["thứ nhất", "thứ hai"]


def test_each_paragraph_is_read_by_itself_and_its_lines_as_one(painted, tool):
    lines = (Line("Mây đi ra", 50, 300, False), Line("đồng.", 50, 280), Line("– Chào em!", 50, 260))
    file = painted(Text(lines, "Andika", 14, INK))
    assert re.findall(r'"(.+)"', tool("pdfinfo", "-struct-text", file)) == ["Mây đi ra đồng.", "– Chào em!"]


def test_a_large_first_letter_is_read_with_its_word(painted, tool):
    lines = (Line("ột hôm Mây đi", 80, 300, False), Line("ra đồng.", 80, 280))
    whole = Text(lines, "Andika", 14, INK, cap=Line("M", 50, 285), cap_size=40)
    file = painted(whole)
    assert " ".join(tool("pdftotext", file, "-").split()) == whole.words == "Một hôm Mây đi ra đồng."
    assert elements(file) == [("P", "", whole.words, "", 0)]


def test_words_along_a_spine_are_read(painted, tool):
    file = painted(text("Mây và chiếc đèn lồng đỏ", turned=True))
    assert "Mây và chiếc đèn lồng đỏ" in tool("pdftotext", file, "-")


def test_areas_and_ornaments_are_no_part_of_what_is_read(painted):
    box = Box(50, 50, 100, 100)
    file = painted(Fill(around(box), INK), Picture(1, box, around(box)), text("Mây"))
    assert [kind for kind, *_ in elements(file)] == ["P"]
    with pikepdf.open(file) as pdf:
        steps = [
            (str(step.operator), [str(one) for one in step.operands])
            for step in pikepdf.parse_content_stream(pdf.pages[0])
        ]
    marked = [operands[0] for operator, operands in steps if operator in ("BMC", "BDC")]
    assert marked == ["/Artifact", "/Artifact", "/P"]


def test_every_mark_on_every_page_is_either_read_or_an_artifact(tagged):
    """What is drawn outside of marked content would be read as nobody knows what."""
    drawing = {"Tj", "TJ", "Do", "f", "F", "S", "B", "f*", "'"}
    with pikepdf.open(tagged) as pdf:
        for page in pdf.pages:
            depth = 0
            for step in pikepdf.parse_content_stream(page):
                operator = str(step.operator)
                depth += (operator in ("BMC", "BDC")) - (operator == "EMC")
                assert 0 <= depth <= 1 and (depth or operator not in drawing), operator
            assert depth == 0


def test_pictures_of_the_story_say_what_they_show_and_where_they_lie(tagged, bilingual):
    figures = [(alt, corners) for kind, alt, _, _, corners in elements(tagged) if kind == "Figure"]
    assert len(figures) >= len(bilingual.pages)
    assert all(alt.strip() and corners == 4 for alt, corners in figures)


def test_a_translation_says_its_language_and_the_story_needs_not(tagged, bilingual):
    languages = [language for kind, _, _, language, _ in elements(tagged) if kind == "P"]
    assert languages.count("en") >= len(bilingual.pages) and languages.count("") >= len(bilingual.pages)
    assert set(languages) == {"", "en"}


def test_each_number_on_a_page_leads_back_to_what_it_belongs_to(tagged):
    with pikepdf.open(tagged) as pdf:
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        for page, parents in zip(numbers[::2], numbers[1::2], strict=True):
            owner = pdf.pages[int(page)].obj
            assert int(owner.StructParents) == int(page) and str(owner.Tabs) == "/S"
            assert all(parent.Pg.objgen == owner.objgen for parent in parents)


def test_the_story_is_read_in_its_own_order_from_the_tags(tagged, bilingual, tool):
    read = " ".join(" ".join(re.findall(r'"(.*)"', tool("pdfinfo", "-struct-text", tagged))).split())
    told = [words for page in bilingual.pages for words in (page.scene.text, page.translation)]
    assert re.search(".*".join(map(re.escape, told)), read)


def test_a_broken_word_is_read_with_nothing_lost(rewritten, pictures, tmp_path, tool):
    word = "Ngày" * 40
    long = rewritten(f"{word} xưa.")
    file = finish(bind(replace(long, story=replace(long.story, author="")), pictures, tmp_path / "long.pdf")).file
    assert f"{word}xưa." in "".join(tool("pdftotext", "-raw", file, "-").split())
