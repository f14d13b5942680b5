"""The bound book as qpdf and poppler see it."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from studio.errors import BadInput, NoRoom, NotReady
from studio.progress import finish
from studio.publishing.colophon import colophon
from studio.publishing.design import Design
from studio.publishing.faces import STORY_FACES
from studio.publishing.marks import Text
from studio.publishing.paper.pdf import bind
from studio.publishing.paper.proof import AS_THEY_ARE, proof_of
from studio.publishing.profiles import PROFILES, find_profile, find_trim
from tests.machine import room_for_files_of
from tests.publishing.test_fonts import VIETNAMESE

READ_ONLY = Path("/sys/kernel")  # nobody writes here, whoever runs the tests
CLEAN = "No syntax or stream encoding errors found"


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def bilingual(bilingual):
    """Five of its pages, which have every layout."""
    return replace(bilingual, pages=bilingual.pages[:5])


@pytest.fixture(scope="module")
def few(book):
    """Two pages of the book: enough to go wrong."""
    return replace(book, pages=book.pages[:2])


@pytest.fixture(scope="module")
def exports(bilingual, pictures, tmp_path_factory):
    """The bilingual book for every place, by name."""
    folder = tmp_path_factory.mktemp("everywhere")
    return {
        profile.name: finish(bind(bilingual, pictures, folder / f"{profile.name}.pdf", profile.name, accept_red=True))
        for profile in PROFILES
    }


@pytest.mark.parametrize("name", [profile.name for profile in PROFILES])
def test_every_file_is_whole_tagged_and_names_only_embedded_fonts(exports, tool, name):
    for file in exports[name].files:
        assert CLEAN in tool("qpdf", "--check", file)
        assert re.search(r"Tagged: +yes", tool("pdfinfo", file))
        rows = [line.split() for line in tool("pdffonts", file).splitlines()[2:]]
        assert rows and all(row[-5] == row[-4] == "yes" for row in rows)  # embedded, and only the letters used


@pytest.mark.parametrize("name", ["screen", "kdp"])
def test_all_that_stands_on_the_sides_comes_out_of_the_file_in_their_order(exports, bilingual, pictures, tool, name):
    proof = proof_of(bilingual, pictures, find_profile(name), find_trim(bilingual.design.trim), AS_THEY_ARE)
    for file, sides in zip(exports[name].files, proof.files, strict=True):
        told = " ".join(mark.words for side in sides for mark in side.marks if isinstance(mark, Text))
        assert flat(tool("pdftotext", "-raw", file, "-")) == flat(told)


def test_every_word_of_the_story_comes_out_with_its_accents_page_by_page(exports, bilingual, tool):
    told = [words for page in bilingual.pages for words in (page.scene.text, page.translation)]
    for options in ([], ["-raw"]):  # as it lies on the page, and in the order in which it is read aloud
        text = flat(tool("pdftotext", *options, exports["screen"].file, "-"))
        assert re.search(".*".join(map(re.escape, told)), text)
        assert flat(bilingual.story.dedication) in text and flat(colophon(bilingual).sentence) in text
        assert f"Truyện của {bilingual.story.author}" in text and bilingual.title in text


@pytest.mark.parametrize(
    ("name", "media", "trim"),
    [
        ("screen", (612, 612), (0, 0, 612, 612)),
        ("kdp", (621, 630), (0, 9, 612, 621)),  # the first page is right-hand: no bleed where it is bound
        ("lulu", (630, 630), (9, 9, 621, 621)),
        ("booklet", (841.89, 595.28), (0, 0, 841.89, 595.28)),
    ],
)
def test_boxes_are_exact_to_a_hundredth_of_a_point(exports, tool, name, media, trim):
    boxes = dict(re.findall(r"(\w+Box): +(.+)", tool("pdfinfo", "-box", exports[name].file)))
    read = {key: tuple(map(float, corners.split())) for key, corners in boxes.items()}
    assert read["MediaBox"] == read["CropBox"] == read["BleedBox"] == (0, 0, *media)
    assert read["TrimBox"] == trim
    assert exports[name].made[0].boxes[0].trim == pytest.approx(trim, abs=0.01)
    with pikepdf.open(exports[name].file) as pdf:
        assert not any("/ArtBox" in page.obj for page in pdf.pages)


def test_the_cover_of_a_print_service_is_back_spine_and_front_with_bleed(exports):
    inside, cover = exports["kdp"].made
    assert cover.file.name == "kdp-cover.pdf"
    spine = len(inside.boxes) * 0.002347 * 72
    assert cover.boxes[0].media == pytest.approx((0, 0, 2 * 612 + spine + 18, 630), abs=0.01)
    assert [len(exports[name].files) for name in ("screen", "lulu", "ingram")] == [1, 2, 1]


def test_each_picture_is_there_once_as_an_opaque_jpeg(exports, tool):
    rows = [line.split() for line in tool("pdfimages", "-list", exports["screen"].file).splitlines()[2:]]
    assert {(row[2], row[8]) for row in rows} == {("image", "jpeg")}
    numbers = [row[10] for row in rows]
    assert len(set(numbers)) == len(rows)  # none of them is seen in the same way twice


def test_nothing_is_transparent_and_no_service_gets_bookmarks(exports):
    for export in exports.values():
        for file in export.files:
            raw = file.read_bytes()
            assert b"/SMask" not in raw and b"/ExtGState" not in raw
    for name in ("kdp", "lulu", "ingram"):
        with pikepdf.open(exports[name].file) as pdf, pdf.open_outline() as outline:
            assert not outline.root


def test_the_file_tells_title_author_languages_and_that_its_pictures_are_of_ai(exports, bilingual):
    with pikepdf.open(exports["screen"].file) as pdf:
        told, xmp = pdf.open_metadata(), pdf.Root.Metadata.read_bytes().decode()
        assert str(pdf.docinfo.Title) == told["dc:title"] == bilingual.title
        assert [str(pdf.docinfo.Author)] == told["dc:creator"] == [bilingual.story.author]
        assert set(told["dc:language"]) == {"vi", "en"} and str(pdf.Root.Lang) == "vi"
        assert told["dc:description"] == colophon(bilingual).sentence
        assert "digitalsourcetype/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>" in xmp
        assert str(pdf.docinfo.CreationDate) == "D:20261120080000Z" and told["xmp:CreateDate"] == "2026-11-20T08:00:00Z"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle and str(pdf.Root.PageLayout) == "/TwoPageRight"
        assert pdf.Root.OutputIntents[0].DestOutputProfile.N == 3


def test_bookmarks_and_labels_call_pages_by_their_names(exports):
    with pikepdf.open(exports["screen"].file) as pdf:
        with pdf.open_outline() as outline:
            titles = [entry.title for entry in outline.root]
            assert titles[0] == "Bìa" and [f"Trang {n}" for n in range(1, 6)] == [
                one for one in titles if one.split()[-1].isdigit()
            ]
        labels = [page.label for page in pdf.pages]
    assert labels[0] == "Bìa" and any(label.isdigit() for label in labels)


def test_the_same_book_gives_the_same_bytes_and_their_sum_is_told(exports, bilingual, pictures, tmp_path):
    again = finish(bind(bilingual, pictures, tmp_path / "again.pdf", "kdp", accept_red=True))
    for one, other in zip(again.made, exports["kdp"].made, strict=True):
        raw = one.file.read_bytes()
        assert raw == other.file.read_bytes()
        assert one.sha256 == other.sha256 == hashlib.sha256(raw).hexdigest() and one.bytes == len(raw)


def test_a_second_language_that_no_page_is_told_in_changes_no_byte(book, bilingual, pictures, tmp_path):
    silent = replace(bilingual, story=book.story, second_language=None)
    books = {"silent.pdf": silent, "plain.pdf": replace(book, pages=book.pages[:5])}
    one, other = (finish(bind(one, pictures, tmp_path / name)).file.read_bytes() for name, one in books.items())
    assert one == other


def test_the_cover_without_an_author_is_bound(rewritten, book, pictures, tmp_path, tool):
    nameless = rewritten("Một trang.", story=replace(book.story, author=""))
    file = finish(bind(nameless, pictures, tmp_path / "book.pdf")).file
    assert "Truyện của" not in tool("pdftotext", file, "-") and b"dc:creator" not in file.read_bytes()


def test_progress_counts_pictures_and_the_binding(few, pictures, tmp_path):
    steps = list(bind(few, pictures, tmp_path / "book.pdf"))
    assert [step.done for step in steps] == list(range(len(steps))) and len({step.total for step in steps}) == 1
    assert steps[-1].total == steps[-1].done > len(few.pages)


def test_stopped_halfway_it_leaves_nothing_behind(few, pictures, tmp_path):
    work = bind(few, pictures, tmp_path / "book.pdf")
    next(work), next(work)
    work.close()
    assert not list(tmp_path.iterdir())


# What cannot be bound


def last_good(folder):
    """A file of an earlier export, which must outlive whatever goes wrong."""
    (folder / "book.pdf").write_bytes(b"%PDF good")
    return folder / "book.pdf"


def test_a_page_without_a_picture_is_named_and_nothing_is_written(book, pictures, tmp_path):
    lacking = replace(book, pages=(*book.pages[:2], replace(book.pages[2], picture=""), *book.pages[3:]))
    with pytest.raises(NotReady, match="page 3 has no picture"):
        finish(bind(lacking, pictures, last_good(tmp_path)))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"%PDF good"]


def test_a_damaged_picture_is_named_and_the_last_good_file_stays(few, pictures, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, share in (("01.png", 1), ("02.png", 0.5)):
        raw = (pictures / name).read_bytes()
        (folder / name).write_bytes(raw[: int(len(raw) * share)])
    with pytest.raises(NotReady, match="picture of page 2"):
        finish(bind(few, folder, last_good(tmp_path)))
    assert last_good(tmp_path).read_bytes() == b"%PDF good" and len(list(tmp_path.iterdir())) == 2


def test_a_full_disk_is_told_and_the_last_good_file_stays(few, pictures, tmp_path):
    with room_for_files_of(50_000), pytest.raises(NoRoom, match="'book.pdf' could not be saved"):
        finish(bind(few, pictures, last_good(tmp_path)))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"%PDF good"]


@pytest.mark.skipif(not READ_ONLY.is_dir(), reason="only Linux has such a folder")
def test_a_folder_that_nobody_may_write_to_is_told(few, pictures):
    with pytest.raises(NoRoom, match="'book.pdf' could not be saved") as error:
        finish(bind(few, pictures, READ_ONLY / "book.pdf"))
    assert str(READ_ONLY) not in str(error.value)


def test_what_must_not_leave_keeps_both_files_from_being_written(few, pictures, tmp_path):
    def check(raw, name):
        assert raw.startswith(b"%PDF")
        if name == "book-cover.pdf":
            raise BadInput("No.")

    with pytest.raises(BadInput):
        finish(bind(few, pictures, last_good(tmp_path), "kdp", accept_red=True, check=check))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"%PDF good"]


@pytest.mark.parametrize("face", STORY_FACES)
def test_every_vietnamese_letter_comes_out_of_the_file_in_every_story_face(rewritten, pictures, tmp_path, tool, face):
    book = rewritten(" ".join(VIETNAMESE), design=Design(face=face))
    made = finish(bind(book, pictures, tmp_path / "book.pdf"))
    assert " ".join(VIETNAMESE) in flat(tool("pdftotext", "-raw", made.file, "-"))


@pytest.mark.parametrize(
    ("text", "title", "words"), [("Hi 中国 😀", "T", "Page 1 has '中', '国', '😀'"), ("Hi", "中", "The title has '中'")]
)
def test_letters_that_no_font_has_are_named_with_their_place(rewritten, pictures, tmp_path, text, title, words):
    with pytest.raises(BadInput, match=words):
        finish(bind(rewritten(text, title=title), pictures, tmp_path / "book.pdf"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"translation": "中"}, "Page 1 has '中'"),
        ({"dedication": "Tặng 中"}, "The dedication has '中'"),
        ({"author": "中"}, "The author's name has '中'"),
        ({"about": "中"}, "The words about the hero have '中'"),
        ({"blurb": "中"}, "The words on the back of the book have '中'"),
    ],
)
def test_odd_letters_anywhere_else_are_named_too(bilingual, pictures, tmp_path, words, said):
    page = replace(bilingual.pages[0], translation=words.get("translation", ""))
    story = replace(bilingual.story, **{key: said for key, said in words.items() if key in ("dedication", "author")})
    design = replace(bilingual.design, **{key: said for key, said in words.items() if key in ("about", "blurb")})
    with pytest.raises(BadInput, match=said):
        finish(bind(replace(bilingual, pages=(page,), story=story, design=design), pictures, tmp_path / "book.pdf"))


@pytest.mark.parametrize(
    ("words", "said"), [(("fridge",), "'fridge'"), (("kdp", "7"), "'7'"), (("kdp", "1x1mm"), "1x1mm")]
)
def test_an_unknown_place_or_size_is_refused_before_any_picture_is_read(book, pictures, tmp_path, words, said):
    with pytest.raises(BadInput, match=said):
        next(bind(book, pictures, tmp_path / "book.pdf", *words))


def test_a_bleed_that_no_printer_cuts_is_refused_and_one_that_does_is_used(book, pictures, tmp_path):
    with pytest.raises(BadInput, match="'3cm'"):
        next(bind(book, pictures, tmp_path / "book.pdf", "lulu", bleed="3cm"))
    short = replace(book, pages=book.pages[:1])
    made = finish(bind(short, pictures, tmp_path / "book.pdf", "lulu", "A5", bleed="3mm", accept_red=True))
    assert made.made[0].boxes[0].trim == pytest.approx((8.504, 8.504, 428.032, 603.780), abs=0.01)
