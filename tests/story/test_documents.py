"""Documents are built by the libraries that make them in earnest, read back, and broken in every way we know."""

from __future__ import annotations

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from ebooklib import epub
from pypdf import PdfReader, PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from studio.errors import BadStory
from studio.settings import ASSETS
from studio.story.documents import archive
from studio.story.documents.document import Document, Refused
from studio.story.documents.door import LOCKED_WORD, MOST_BYTES, OLE
from studio.story.documents.opener import opened
from studio.story.reader import LONGEST, read_story_file
from tests.machine import computing_at_most

VERSE = "Gió đưa cành trúc la đà,\nTiếng chuông Trấn Vũ, canh gà Thọ Xương."
TALE = ("Bé Mây đi chợ Tết, mua được chiếc đèn ông sao.", VERSE, "“Ôi, đẹp quá!” – bà reo lên.")
STORY = "\n\n".join(TALE)

zipped = partial(opened, "zip", most=LONGEST)
printed = partial(opened, "pdf", most=LONGEST)


def word(*paragraphs: str, title: str = "", change: Callable[[docx.document.Document], object] = id) -> bytes:
    document = docx.Document()
    document.core_properties.author, document.core_properties.title = "A Stranger", "Template 7"
    document.sections[0].header.paragraphs[0].text = "running head"
    if title:
        document.add_heading(title, level=0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    change(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def e_book(*bodies: str, title: str = "Chiếc đèn", first: epub.EpubHtml | None = None) -> bytes:
    book = epub.EpubBook()
    book.set_title(title)
    book.add_author("A Stranger")
    pages = [epub.EpubHtml(title=f"{n}", file_name=f"text/{n}.xhtml", content=body) for n, body in enumerate(bodies)]
    pages = [first, *pages] if first else pages
    for item in (*pages, epub.EpubNcx(), epub.EpubNav()):
        book.add_item(item)
    book.toc, book.spine = pages, ["nav", *pages]
    file = io.BytesIO()
    epub.write_epub(file, book)
    return file.getvalue()


def print_out(*pages: list[str], head: str = "", numbers: bool = False, step: float = 20) -> bytes:
    """A PDF of 20-point lines; a line that begins with a tab is indented, an empty one leaves a gap."""
    pdfmetrics.registerFont(TTFont("Printed", ASSETS / "fonts" / "Andika-Regular.ttf"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(400, 600))
    for number, lines in enumerate(pages, 1):
        canvas.setFont("Printed", 14)
        canvas.drawString(40, 570, head)
        for row, line in enumerate(lines):
            canvas.drawString(40 + 14 * line.startswith("\t"), 530 - step * row, line.strip("\t"))
        canvas.drawString(195, 20, f"– {number} –" if numbers else "")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def with_part(raw: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The ZIP with one part changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return file.getvalue()


def written(body: str) -> Document:
    """What is read when the main part of a Word file has this body."""
    xml = f'<w:document {nsdecls("w", "wp")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    xml += f' xmlns:s="http://schemas.microsoft.com/office/word/2015/wordml/symex">{body}</w:document>'
    return zipped(with_part(word("x"), "word/document.xml", lambda _: xml.encode()))


def test_vietnamese_survives_word() -> None:
    assert zipped(word(*TALE, title="Chiếc đèn")) == Document("Chiếc đèn", STORY)


@pytest.mark.parametrize("level", [0, 1])
def test_the_first_heading_of_a_word_file_is_its_title_and_no_later_one(level: int) -> None:
    document = zipped(word("Bé Mây đi chợ.", change=lambda d: d.add_heading("Chương một", level)))
    assert (document.title, document.text) == ("", "Bé Mây đi chợ.\n\nChương một")


def test_cells_items_and_line_breaks_of_a_word_file_stand_in_reading_order() -> None:
    def change(document: docx.document.Document) -> None:
        table = document.add_table(2, 2)
        for cell, text in zip(table._cells, "ABCD", strict=True):
            cell.text = text
        document.add_paragraph("an apple", "List Bullet").add_run().add_break(WD_BREAK.LINE)
        document.paragraphs[-1].add_run("for\tMay")

    assert zipped(word("First.", change=change)).text == "First.\n\nA\n\nB\n\nC\n\nD\n\nan apple\nfor May"


P, END = "<w:p><w:r><w:t>The </w:t></w:r>", "</w:p><w:p><w:r><w:t>end.</w:t></w:r></w:p>"
GONE = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"{P}<w:del><w:r><w:delText>old</w:delText></w:r></w:del>{END}", "The\n\nend."),
        (f"{P}<w:ins><w:r><w:t>new</w:t></w:r></w:ins>{END}", "The new\n\nend."),
        (f"{P}<w:moveFrom><w:r><w:t>here</w:t></w:r></w:moveFrom>{END}", "The\n\nend."),
        (f"{P}<w:moveTo><w:r><w:t>there</w:t></w:r></w:moveTo>{END}", "The there\n\nend."),
        (P.replace("<w:p>", f"<w:p>{GONE}") + END, "The end."),
        (f'{P}<w:pPr><w:framePr w:dropCap="drop"/></w:pPr>{END}', "The end."),
        (
            f'{P}<mc:Choice><s:symEx s:char="1F60A"/></mc:Choice><mc:Fallback><w:t>:)</w:t></mc:Fallback>{END}',
            "The 😊\n\nend.",
        ),
        (f"{P}<w:r><w:txbxContent>{END[6:]}</w:txbxContent></w:r>{END}", "end.\n\nThe\n\nend."),
    ],
)
def test_a_word_file_is_read_as_it_is_seen_with_all_changes_taken(body: str, text: str) -> None:
    assert written(body).text == text


def test_comments_notes_fields_and_hidden_words_are_no_story() -> None:
    def change(document: docx.document.Document) -> None:
        first = document.paragraphs[0]
        document.add_comment(first.runs, text="really?", author="x")
        first.add_run("hidden").font.hidden = True
        first._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:instrText>PAGE</w:instrText><w:footnoteReference/></w:r>"))

    assert zipped(word("May ran.", change=change)).text == "May ran."


def test_vietnamese_survives_an_epub_in_the_order_of_its_spine() -> None:
    first, verse, last = (part.replace("\n", "<br/>") for part in TALE)
    document = zipped(e_book(f"<h1>Chiếc đèn</h1><p>{first}</p><p>{verse}</p>", f"<div>{last}</div>"))
    assert document == Document("Chiếc đèn", STORY)


def test_only_what_is_shown_of_an_epub_is_read() -> None:
    body = (
        "<style>p{}</style><script>x()</script><p hidden=''>no</p><p style='display: none'>no</p>"
        "<p>A <ruby>moon<rt>no</rt></ruby>&nbsp;ros&eacute;<a epub:type='noteref' href='#n'>1</a>"
        "<sup><a href='#n'>2</a></sup>\n  over\tthe sea.</p><aside role='doc-footnote'>no</aside><svg><text>no</text></svg>"
    )
    assert zipped(e_book(body)).text == "A moon rosé over the sea."


def test_cover_and_contents_of_an_epub_are_skipped() -> None:
    cover = epub.EpubHtml(uid="c", title="c", file_name="cover.xhtml", content="<p>By A Stranger</p>")
    body = "<nav><ol><li>One</li></ol></nav><section epub:type='toc'>One</section><p>May ran.</p>"
    assert zipped(e_book(body, first=cover)).text == "May ran."


def test_a_page_that_is_not_quite_xml_is_read_as_html() -> None:
    raw = with_part(e_book("<p>x</p>"), "EPUB/text/0.xhtml", lambda _: "<body><p>Mây<br>ơi<p>Bà đây".encode())
    assert zipped(raw).text == "Mây\nơi\n\nBà đây"


def test_a_page_encrypted_against_copying_is_locked() -> None:
    lock = '<encryption><CipherReference xmlns="x" URI="EPUB/text/0.xhtml"/></encryption>'
    raw = io.BytesIO(e_book("<p>May ran.</p>"))
    with zipfile.ZipFile(raw, "a") as file:
        file.writestr("META-INF/encryption.xml", lock)
    with pytest.raises(Refused, match="locked"):
        zipped(raw.getvalue())


def test_vietnamese_survives_a_pdf() -> None:
    lines = [TALE[0], "", *VERSE.split("\n"), "", TALE[2]]
    assert unicodedata.normalize("NFC", printed(print_out(lines)).text) == STORY


def test_wrapped_lines_are_joined_and_cut_words_whole() -> None:
    lines = [
        "Once upon a time a small cloud lived above the har-",
        "bour and counted all the well-known boats and well-",
    ]
    text = printed(print_out([*lines, "known ships, and the gulls, and the lanterns on the", "pier."])).text
    assert text == (
        "Once upon a time a small cloud lived above the harbour and counted all the well-known boats and "
        "well-known ships, and the gulls, and the lanterns on the pier."
    )


def test_indents_and_gaps_begin_paragraphs() -> None:
    lines = ["\tOnce upon a time a cloud lived far above the sea", "and slept.", "\tThe moon came.", "", "It was day."]
    assert printed(print_out(lines)).text == (
        "Once upon a time a cloud lived far above the sea and slept.\n\nThe moon came.\n\nIt was day."
    )


def test_lines_of_verse_stay_lines() -> None:
    prose = "Once upon a time a cloud lived far above the sea and"
    verse = ["The moon is round,", "The sea is deep,", "And all the little", "Clouds asleep."]
    assert printed(print_out([prose, "slept.", "", *verse])).text == f"{prose} slept.\n\n" + "\n".join(verse)


def test_a_paragraph_goes_on_over_the_page_without_heads_and_numbers() -> None:
    line = "and the river went on and on through the long green"
    text = printed(print_out(*[[line] * 3] * 4, head="The River", numbers=True)).text
    assert text == " ".join([line] * 12)


def test_a_refrain_and_a_lone_number_in_the_middle_of_a_page_stay() -> None:
    pages = [["Good night, moon."] + [""] * 8 + [str(number)] for number in (1, 2, 3)]
    assert printed(print_out(*pages)).text == "\n\n".join(f"Good night, moon.\n\n{number}" for number in (1, 2, 3))


def test_a_pdf_without_letters_is_a_scan() -> None:
    with pytest.raises(Refused, match="scan"):
        printed(print_out(["1"], [""], [""]))


def rewritten(raw: bytes, change: Callable[[PdfWriter], object]) -> bytes:
    """The PDF after a change of its objects."""
    writer = PdfWriter(PdfReader(io.BytesIO(raw)))
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_pdf_whose_fonts_do_not_tell_their_letters_is_not_read_as_garbage() -> None:
    def change(writer: PdfWriter) -> None:
        for font in writer.pages[0]["/Resources"]["/Font"].values():
            font.get_object().pop("/ToUnicode", None)

    with pytest.raises(Refused, match="letters"):
        printed(rewritten(print_out([f"{TALE[0]} ăâđêôơư áàảãạ éèẻẽẹ"]), change))


def test_a_pdf_with_a_password_is_locked() -> None:
    with pytest.raises(Refused, match="locked"):
        printed(rewritten(print_out(["May ran home."]), lambda pdf: pdf.encrypt("secret", algorithm="RC4-128")))


def test_a_pdf_that_only_forbids_copying_is_read() -> None:
    raw = rewritten(print_out(["May ran home."]), lambda pdf: pdf.encrypt("", "owner", algorithm="RC4-128"))
    assert printed(raw).text == "May ran home."


@pytest.mark.parametrize(
    ("name", "raw", "title"),
    [
        ("chiec_den.docx", word(*TALE), "chiec den"),
        ("x/named.DOCX", word(*TALE, title="Chiếc đèn"), "Chiếc đèn"),
        ("chiec_den.epub", e_book(*(f"<p>{part}</p>".replace("\n", "<br/>") for part in TALE)), "Chiếc đèn"),
        ("chiec_den.pdf", print_out([TALE[0], "", *VERSE.split("\n"), "", TALE[2]]), "chiec den"),
        ("lies.txt", word(*TALE), "lies"),
        ("lies.docx", print_out([TALE[0], "", *VERSE.split("\n"), "", TALE[2]]), "lies"),
    ],
)
def test_a_document_becomes_a_story_whose_author_is_asked_for_elsewhere(name: str, raw: bytes, title: str) -> None:
    story = read_story_file(name, raw)
    assert (story.text, story.title, story.author, story.language) == (STORY, title, "", "vi")


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("old.doc", b"anything", "Save it as .docx"),
        ("old.docx", OLE + b"Word.Document.8", "Save it as .docx"),
        ("secret.docx", OLE + LOCKED_WORD, "password"),
        ("story.rtf", b"{\\rtf1", "as .docx, .epub, .pdf, .md or .txt"),
        ("story.odt", b"PK\x03\x04", "as .docx, .epub, .pdf, .md or .txt"),
        ("rich.txt", b"{\\rtf1", "as .docx, .epub, .pdf, .md or .txt"),
        ("text.pdf", b"May ran home.", "not what its name says"),
        ("large.pdf", b"%PDF-" + bytes(MOST_BYTES), "larger than 20 MB"),
        ("half.docx", word(*TALE)[:9000], "damaged"),
        ("half.epub", e_book("<p>May</p>")[:900], "damaged"),
        ("half.pdf", print_out(["May ran."])[:900], "damaged"),
        ("sheet.docx", with_part(word("x"), "_rels/.rels", lambda _: b"<x/>"), "not a kind of file"),
        ("long.docx", word(*["May ran home. " * 1000] * 15), "200,000 characters"),
        ("empty.docx", word(), "story is empty"),
    ],
)
def test_a_file_that_is_no_story_is_refused_with_what_to_do(name: str, raw: bytes, said: str) -> None:
    with pytest.raises(BadStory, match=said):
        read_story_file(name, raw)


# Hostile files


def minimal_pdf(*objects: bytes) -> bytes:
    """A PDF of a catalogue and the objects, numbered from 2; its table is wrong, which readers mend."""
    numbered = [
        b"%d 0 obj %s endobj\n" % (n, each) for n, each in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", *objects), 1)
    ]
    return b"%PDF-1.7\n" + b"".join(numbered) + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


def drawn(content: bytes) -> tuple[bytes, bytes]:
    """A page that is object 3, and its compressed content, which is object 4."""
    packed = zlib.compress(content)
    resources = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R/Resources%s>>" % resources
    return page, b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)


@pytest.mark.parametrize(
    ("pages", "content", "reason"),
    [
        (b"<</Type/Pages/Kids[2 0 R]/Count 1>>", b"", "damaged"),
        (b"<</Type/Pages/Kids[%s]/Count 2001>>" % (b"3 0 R " * 2001), b"", "pages"),
        (b"<</Type/Pages/Kids[%s]/Count 7000>>" % (b"3 0 R " * 7000), b"", "pages"),
        (b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b" " * 21_000_000, "bomb"),
        (b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"BT /F 12 Tf (%s) Tj ET" % (b"May ran " * 31_000), "long"),
        (b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"[" * 9000, "damaged"),
    ],
)
def test_a_hostile_pdf_is_refused_at_once(pages: bytes, content: bytes, reason: str) -> None:
    with computing_at_most(2), pytest.raises(Refused, match=reason):
        printed(minimal_pdf(pages, *drawn(content)))


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
SWELLING = f'<!DOCTYPE x [<!ENTITY e0 "ten letters">{ENTITIES}]><x>&e8;</x>'


@pytest.mark.parametrize("kind", ["word", "epub"])
def test_the_content_of_another_file_never_comes_in(tmp_path: Path, kind: str) -> None:
    (tmp_path / "secret.txt").write_text("SECRET")
    entity = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    if kind == "word":
        xml = f"{entity}<w:document {nsdecls('w')}><w:p><w:r><w:t>May &s; ran.</w:t></w:r></w:p></w:document>"
        raw = with_part(word("x"), "word/document.xml", lambda _: xml.encode())
    else:
        page = f"{entity}<html><body>May &s; ran.</body></html>"
        raw = with_part(e_book("<p>x</p>"), "EPUB/text/0.xhtml", lambda _: page.encode())
    assert zipped(raw).text == "May ran."


@pytest.mark.parametrize("xml", [SWELLING, "<x>" * 5000, "<x>"], ids=["swelling", "bottomless", "open"])
def test_swelling_entities_and_bottomless_tags_are_refused(xml: str) -> None:
    with pytest.raises(Refused, match="damaged"):
        zipped(with_part(word("x"), "word/document.xml", lambda _: xml.encode()))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    large = with_part(word("x"), "word/document.xml", lambda _: bytes(archive.MOST_BYTES))
    for raw in (large, crowd(archive.MOST_PARTS + 1)):
        with computing_at_most(1), pytest.raises(Refused, match="bomb"):
            zipped(raw)


def crowd(parts: int) -> bytes:
    """A ZIP of very many empty parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as crowded:
        for number in range(parts):
            crowded.writestr(str(number), b"")
    return file.getvalue()


def test_a_part_that_is_larger_than_it_says_is_not_unpacked_further() -> None:
    raw = with_part(word("x"), "word/document.xml", lambda _: b" " * 3_000_000)
    assert raw.count((3_000_000).to_bytes(4, "little")) == 2
    with pytest.raises(Refused, match="damaged"):
        zipped(raw.replace((3_000_000).to_bytes(4, "little"), (300).to_bytes(4, "little")))


@pytest.mark.parametrize("raw", [word("x"), e_book("<p>x</p>")], ids=["word", "epub"])
def test_a_file_packed_for_a_later_version_of_unpacking_is_damaged(raw: bytes) -> None:
    later = raw.replace(b"\x14\x03\x14", b"\x14\x03\xff")  # 2.0 and 25.5, in the table of contents
    with pytest.raises(Refused, match="damaged"):
        zipped(later)


def test_a_path_out_of_the_archive_finds_nothing() -> None:
    with pytest.raises(Refused, match="damaged"):
        zipped(with_part(e_book("<p>x</p>"), "EPUB/content.opf", lambda raw: raw.replace(b"text/0", b"../../../etc/0")))
