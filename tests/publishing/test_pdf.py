"""The bound book as qpdf and poppler see it."""

import re
from dataclasses import replace

import pikepdf
import pytest

from studio.errors import BadInput, NotReady
from studio.progress import finish
from studio.publishing.colophon import colophon
from studio.publishing.pdf import bind

MARKUP = 'Tom & Jerry <b>x</b> <img src="/etc/passwd">'


def flat(text: str) -> str:
    return " ".join(text.split())


def test_qpdf_finds_nothing_wrong(bound, tool):
    assert "No syntax or stream encoding errors found" in tool("qpdf", "--check", bound)


def test_only_embedded_fonts_are_named(bound, tool):
    rows = [line.split() for line in tool("pdffonts", bound).splitlines()[2:]]
    assert {row[0].split("+")[1] for row in rows} == {
        "Andika",
        "Baloo2-Bold",
        "BeVietnamPro-Regular",
        "BeVietnamPro-SemiBold",
    }
    assert all(row[-5] == "yes" for row in rows)


def test_every_word_of_the_story_comes_out_with_its_accents(bound, book, tool):
    text = flat(tool("pdftotext", bound, "-"))
    assert all(page.scene.text in text for page in book.pages)
    assert f"Truyện của {book.story.author}" in text and book.title in text
    assert flat(colophon(book).sentence) in text


def test_a_book_in_two_languages_reads_page_by_page_first_one_then_the_other(bilingual, pictures, tmp_path, tool):
    out = finish(bind(bilingual, pictures, tmp_path / "book.pdf"))
    assert "No syntax or stream encoding errors found" in tool("qpdf", "--check", out)
    for options in ([], ["-raw"]):  # as it lies on the page, and in the order in which it is read aloud
        text = flat(tool("pdftotext", *options, out, "-"))
        told = [words for page in bilingual.pages for words in (page.scene.text, page.translation)]
        assert re.search(".*".join(map(re.escape, told)), text)
        assert flat(bilingual.story.dedication) in text


def test_a_second_language_that_no_page_is_told_in_changes_no_byte(book, bound, bilingual, pictures, tmp_path):
    plain = replace(bilingual, story=book.story, second_language=None)
    assert finish(bind(plain, pictures, tmp_path / "plain.pdf")).read_bytes() == bound.read_bytes()


def test_a_translation_is_marked_with_its_language_for_reading_aloud(bilingual, pictures, tmp_path):
    with pikepdf.open(finish(bind(bilingual, pictures, tmp_path / "book.pdf"))) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[2])
    opened = [str(step.operands[1].Lang) for step in steps if str(step.operator) == "BDC"]
    assert opened == ["en"] * sum(str(step.operator) == "EMC" for step in steps) != []


def test_each_picture_is_there_once_as_jpeg(bound, book, tool):
    rows = [line.split() for line in tool("pdfimages", "-list", bound).splitlines()[2:]]
    assert {row[8] for row in rows} == {"jpeg"}
    assert len({row[10] for row in rows}) == len(book.pages)
    assert len(rows) > len(book.pages)  # the first and the last are shown more than once


def test_the_file_tells_title_author_and_language(bound, book):
    with pikepdf.open(bound) as pdf:
        assert str(pdf.docinfo.Title) == book.title and str(pdf.docinfo.Author) == book.story.author
        assert str(pdf.Root.Lang) == "vi"
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root][:3] == ["Bìa", "Trang tên sách", "Trang 1"]


def test_the_same_book_gives_the_same_bytes(bound, book, pictures, tmp_path):
    again = finish(bind(book, pictures, tmp_path / "again.pdf"))
    assert again.read_bytes() == bound.read_bytes()


def test_a_printed_book_has_bleed_around_its_trim_and_no_bookmarks(book, pictures, tmp_path, tool):
    out = finish(bind(book, pictures, tmp_path / "lulu.pdf", "lulu", "A5"))
    boxes = dict(re.findall(r"(\w+Box): +(.+)", tool("pdfinfo", "-box", out)))
    assert boxes["MediaBox"].split() == boxes["BleedBox"].split() == ["0.00", "0.00", "437.53", "613.28"]
    assert boxes["TrimBox"].split() == ["9.00", "9.00", "428.53", "604.28"]
    with pikepdf.open(out) as pdf:
        assert "/First" not in pdf.Root.get("/Outlines", {})


def test_words_are_never_read_as_markup(rewritten, book, pictures, tmp_path, tool):
    story = replace(book.story, author=MARKUP, language="en")
    odd = rewritten(MARKUP, "%s {author} \\n (x) /F1 Tf", title=MARKUP, story=story)
    text = flat(tool("pdftotext", finish(bind(odd, pictures, tmp_path / "odd.pdf")), "-"))
    assert text.count(MARKUP) == 5  # title and author on the cover and on the title page, then page 1
    assert f"A story by {MARKUP}" in text and "%s {author} \\n (x) /F1 Tf" in text


def test_the_cover_without_an_author_is_bound(rewritten, book, pictures, tmp_path, tool):
    nameless = rewritten("Một trang.", story=replace(book.story, author=""))
    assert "Truyện của" not in tool("pdftotext", finish(bind(nameless, pictures, tmp_path / "book.pdf")), "-")


def test_progress_counts_pictures_and_the_binding(book, pictures, tmp_path):
    steps = list(bind(book, pictures, tmp_path / "book.pdf"))
    assert [step.done for step in steps] == list(range(10))
    assert {step.total for step in steps} == {9}


def test_a_page_without_a_picture_is_named_and_nothing_is_written(book, pictures, tmp_path):
    lacking = replace(book, pages=(*book.pages[:2], replace(book.pages[2], picture=""), *book.pages[3:]))
    with pytest.raises(NotReady, match="page 3 has no picture"):
        finish(bind(lacking, pictures, tmp_path / "book.pdf"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "title", "words"), [("Hi 中国 😀", "T", "Page 1 has '中', '国', '😀'"), ("Hi", "中", "The title has '中'")]
)
def test_letters_that_no_font_has_are_named_with_their_place(rewritten, pictures, tmp_path, text, title, words):
    with pytest.raises(BadInput, match=words):
        finish(bind(rewritten(text, title=title), pictures, tmp_path / "book.pdf"))


@pytest.mark.parametrize(
    ("words", "said"),
    [({"translation": "中"}, "Page 1 has '中'"), ({"dedication": "Tặng 中"}, "The dedication has '中'")],
)
def test_odd_letters_in_translation_and_dedication_are_named(bilingual, pictures, tmp_path, words, said):
    page = replace(bilingual.pages[0], translation=words.get("translation", ""))
    story = replace(bilingual.story, dedication=words.get("dedication", ""))
    with pytest.raises(BadInput, match=said):
        finish(bind(replace(bilingual, pages=(page,), story=story), pictures, tmp_path / "book.pdf"))


def test_an_unknown_profile_is_refused_before_any_picture_is_read(book, pictures, tmp_path):
    with pytest.raises(BadInput, match="'fridge'"):
        next(bind(book, pictures, tmp_path / "book.pdf", "fridge"))
