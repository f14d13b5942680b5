"""What a printer would find is found before, with what helps; what is red must be accepted before a file is made."""

from dataclasses import replace
from functools import cache

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from studio.errors import NotReady
from studio.library.library import Library
from studio.progress import finish
from studio.publishing.cover import barcode_box
from studio.publishing.fonts import load_fonts
from studio.publishing.marks import INK, Line, Text
from studio.publishing.paper.booklet import sheets_of
from studio.publishing.paper.disclosure import disclosure
from studio.publishing.paper.finished import finished
from studio.publishing.paper.inspection import Inspection, inspect
from studio.publishing.paper.pdf import bind
from studio.publishing.paper.preflight import preflight
from studio.publishing.paper.proof import AS_THEY_ARE, proof_of
from studio.publishing.profiles import PROFILES, find_profile, find_trim
from studio.settings import load_settings


@pytest.fixture(scope="module")
def proof(book, pictures):
    """The book laid out for a place, with so many pages of story and this design."""

    @cache
    def lay(profile="kdp", trim="8.5x8.5in", pages=8, **design):
        short = replace(book, pages=book.pages[:pages], design=replace(book.design, **design))
        return proof_of(short, pictures, find_profile(profile), find_trim(trim), AS_THEY_ARE)

    return lay


def found(proof, check, press=""):
    return [one for one in preflight(proof, load_fonts().width, press) if one.check == check]


def level(proof, check, press=""):
    return [one.level for one in found(proof, check, press)]


def line_at(x, y, **more):
    return Text((Line("Mây", x, y),), "Andika", 12, INK, **more)


def test_three_pages_are_too_few_for_kdp_and_it_says_what_to_add(proof):
    short = proof(pages=3)
    (pages,) = found(short, "pages")
    more = 24 - len(short.inside)
    assert pages.level == "red" and pages.values["more"] == more > 0
    assert f"binds from 24 pages on. Add {more} pages for drawing" in pages.said()
    assert level(proof(pages=3, own_pages=1 + more), "pages") == ["green"]


@pytest.mark.parametrize(("count", "seen"), [(22, "red"), (24, "amber"), (30, "amber"), (32, "green")])
def test_lulu_binds_few_pages_in_hard_covers_only(proof, count, seen):
    laid = proof("lulu")
    assert level(replace(laid, inside=(laid.inside * 3)[:count]), "pages") == [seen]


@pytest.mark.parametrize(("profile", "count"), [("booklet", 84), ("kdp", 830), ("kdp", 25)])
def test_too_many_pages_and_odd_ones_are_red(proof, profile, count):
    laid = proof(profile)
    assert level(replace(laid, inside=(laid.inside * 60)[:count]), "pages") == ["red"]


def test_words_beyond_the_margins_are_red_and_named_by_page(proof):
    laid = proof()
    assert level(laid, "margins") == ["green"]
    at = next(at for at, side in enumerate(laid.inside) if side.number == 4)
    gutter = laid.inside[at].frame.safe.left - 5
    bad = replace(laid.inside[at], marks=(*laid.inside[at].marks, line_at(gutter, 300)))
    (margins,) = found(replace(laid, inside=(*laid.inside[:at], bad, *laid.inside[at + 1 :])), "margins")
    assert margins.level == "red" and margins.pages == (4,) and margins.values["places"] == "4"


@pytest.mark.parametrize(
    ("ppi", "seen"), [(300, ["green"]), (299.6, ["green"]), (250, ["amber"]), (200, ["amber"]), (199.4, ["red"])]
)
def test_pixels_to_an_inch_are_a_traffic_light(proof, ppi, seen):
    fine = replace(proof("lulu"), ppi={1: 300, 2: ppi})
    assert level(fine, "pictures") == seen
    assert [one.pages for one in found(fine, "pictures")] == [() if seen == ["green"] else (2,)]


def test_on_a_screen_pixels_are_only_told(proof):
    assert level(replace(proof("screen"), ppi={1: 60}), "pictures") == ["green"]


def test_a_page_that_no_list_of_kdp_has_is_doubtful(proof):
    assert [level(proof("kdp", trim), "size") for trim in ("8.5x8.5in", "10x8in")] == [["green"], ["amber"]]


def test_the_cover_is_told_with_its_spine_and_ingram_gives_a_template(proof):
    (cover,) = found(proof("kdp"), "cover")
    assert cover.level == "green" and cover.values["spine"] == round(len(proof("kdp").inside) * 0.002347 * 25.4, 1)
    assert level(proof("ingram"), "cover") == ["amber"] and level(proof("screen"), "cover") == []


def test_words_on_a_thin_spine_and_on_the_barcode_are_red(proof):
    laid = proof("kdp")
    assert level(laid, "spine") == level(laid, "barcode") == ["green"]
    place = barcode_box(laid.trim, laid.profile)
    wrap = replace(laid.wrap, marks=(*laid.wrap.marks, line_at(place.centre, place.bottom + 20)))
    assert level(replace(laid, wrap=wrap), "barcode") == ["red"]
    turned = replace(laid.wrap, marks=(*laid.wrap.marks, line_at(laid.wrap.frame.trim.centre, 400, turned=True)))
    assert level(replace(laid, wrap=turned), "spine") == ["red"]


def test_vietnamese_is_doubtful_at_kdp_only(proof):
    laid = proof("kdp")
    english = replace(laid, book=replace(laid.book, story=replace(laid.book.story, language="en")))
    assert [level(one, "language") for one in (laid, english, proof("lulu"))] == [["amber"], [], []]


def test_colours_are_those_that_the_printer_takes(proof):
    seen = [level(proof(name), "colours", press) for name in ("kdp", "ingram") for press in ("", "A press")]
    assert seen == [["green"], ["amber"], ["amber"], ["green"]]


@pytest.mark.parametrize("name", [profile.name for profile in PROFILES])
def test_all_is_told_in_whole_sentences_and_what_is_not_good_has_a_remedy(proof, name):
    findings = preflight(proof(name, pages=3), load_fonts().width)
    assert [one.level for one in findings] == sorted(
        (one.level for one in findings), key=["red", "amber", "green"].index
    )
    for one in findings:
        assert bool(one.remedy) == (one.level != "green")
        assert "{" not in one.said() and one.said().endswith(".")


def test_what_is_red_stops_the_export_unless_it_is_accepted(rewritten, pictures, tmp_path):
    (tmp_path / "book.pdf").write_bytes(b"good")
    few = rewritten("Một.", "Hai.", "Ba.")
    with pytest.raises(NotReady, match="'Mây và .*' is not ready for 'Amazon KDP': .*24 pages.* Nothing was written"):
        finish(bind(few, pictures, tmp_path / "book.pdf", "kdp"))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"good"]
    made = finish(bind(few, pictures, tmp_path / "book.pdf", "kdp", accept_red=True))
    assert {one.level for one in made.findings} == {"red", "amber", "green"} and len(made.files) == 2


# The finished file


def test_a_file_is_seen_as_a_printer_sees_it(tmp_path):
    canvas = Canvas(str(tmp_path / "x.pdf"), pagesize=(100, 100))
    canvas.setFont("Helvetica", 12)
    canvas.drawString(10, 10, "Mây")
    canvas.showPage()
    canvas.setFillColorCMYK(1, 0, 0, 0)
    canvas.setFillAlpha(0.5)
    canvas.rect(0, 0, 50, 50, fill=1)
    canvas.save()
    seen = inspect(tmp_path / "x.pdf")
    assert seen.missing_fonts == ("Helvetica",) and seen.seen_through == (2,) and "CMYK" in seen.colours
    assert [boxes.media for boxes in seen.boxes] == [(0, 0, 100, 100)] * 2


def test_what_shows_only_in_the_finished_file_is_red(proof, book, pictures, tmp_path):
    laid = proof("kdp", pages=1)
    sheets = sheets_of(laid.inside, laid.profile)
    made = finish(bind(laid.book, pictures, tmp_path / "x.pdf", "kdp", accept_red=True))
    good = Inspection(made.made[0].boxes, ("Andika",), (), (), frozenset({"RGB"}))
    assert {one.level for one in finished(laid.profile, good, sheets, 1000, 0)} == {"green"}
    bad = replace(good, boxes=good.boxes[1:], missing_fonts=("Arial",), seen_through=(3,), colours=frozenset({"CMYK"}))
    told = {one.check: one for one in finished(laid.profile, bad, sheets, 700_000_000, 0) if one.level == "red"}
    assert set(told) == {"size", "fonts", "transparency", "weight", "colours"}
    assert "'Arial'" in told["fonts"].said() or "Arial" in told["fonts"].said()
    assert "700.0 MB; Amazon KDP takes 650 MB" in told["weight"].said()


# At the front desk


@pytest.fixture
def shelved(book, pictures, workshop):
    """Two pages of the book on the shelf of a fresh home, drawn so large that nothing needs to be enlarged."""
    library = Library(load_settings())
    library.save(replace(book, pages=book.pages[:2]))
    for file in ("01.png", "02.png"):
        with Image.open(pictures / file) as picture:
            picture.resize((512, 512)).save(library.pictures(book.id) / file)
    return workshop


def test_the_front_desk_tells_what_a_printer_would_find_and_makes_nothing(shelved, book):
    findings = shelved.preflight(book.id, "kdp")
    assert {"red", "amber", "green"} == {one.level for one in findings} and shelved.exports(book.id) == ()
    assert any(
        "A5" in str(one.values) or one.values.get("width") == 148.0 for one in shelved.preflight(book.id, "lulu", "A5")
    )


def test_a_job_makes_the_book_and_its_cover_when_what_is_red_was_accepted(shelved, book):
    with pytest.raises(NotReady, match="not ready for 'Amazon KDP'"):
        finish(shelved.perform("export", book.id, {"profile": "kdp"}))
    order = {"profile": "kdp", "trim": "A5", "accept_red": True, "suffix": ".pdf"}
    assert finish(shelved.perform("export", book.id, order)) == "den-long-do-kdp.pdf"
    assert {path.name for path in shelved.exports(book.id)} == {"den-long-do-kdp.pdf", "den-long-do-kdp-cover.pdf"}


def test_answers_about_ai_are_ready_in_both_languages(book, bilingual):
    told = disclosure(bilingual, find_profile("kdp"))
    assert "Amazon KDP asks three questions" in told and "Amazon KDP hỏi ba câu" in told
    assert "Texts: none" in told and "many AI-generated images" in told and "told in English" in told
    assert "Translations: none." in disclosure(book)
    written = replace(book, writer="qwen3:8b")
    assert "Texts: some sections. A language model (qwen3:8b)" in disclosure(written, find_profile("lulu"))
