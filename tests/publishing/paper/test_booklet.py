"""Sheets that are folded and stapled give a book in which one side follows the other."""

import re
from dataclasses import replace

import pikepdf
import pytest

from studio.progress import finish
from studio.publishing.geometry import Box, frame
from studio.publishing.marks import Side
from studio.publishing.paper.booklet import folded, sheets_of
from studio.publishing.paper.pdf import bind
from studio.publishing.profiles import find_profile, find_trim

BOOKLET = find_profile("booklet")


def sides(count, trim="A5"):
    return tuple(Side(frame(find_trim(trim), BOOKLET, number), number=number) for number in range(1, count + 1))


def numbers(sheet):
    """The sides on the sheet from left to right."""
    return [placed.side.number for placed in sorted(sheet.placed, key=lambda one: one.x)]


def test_eight_sides_lie_on_two_sheets_as_they_must():
    sheets = sheets_of(sides(8), BOOKLET)
    assert [numbers(sheet) for sheet in sheets] == [[8, 1], [2, 7], [6, 3], [4, 5]]


@pytest.mark.parametrize("count", [4, 8, 20, 48])
def test_folded_and_leafed_through_the_sides_follow_one_another(count):
    sheets = sheets_of(sides(count), BOOKLET)
    fronts, backs = [numbers(sheet) for sheet in sheets[::2]], [numbers(sheet) for sheet in sheets[1::2]]
    first = [side for front, back in zip(fronts, backs, strict=True) for side in (front[1], back[0])]
    second = [side for front, back in zip(fronts[::-1], backs[::-1], strict=True) for side in (back[1], front[0])]
    assert first + second == list(range(1, count + 1))


def test_halves_that_are_left_over_stay_empty():
    assert [numbers(sheet) for sheet in folded(sides(3), (842, 595))] == [[1], [2, 3]]


def test_a5_fills_half_of_a4_in_its_own_size():
    (front, _) = sheets_of(sides(4), BOOKLET)
    for placed, half in zip(front.placed, (Box(0, 0, 420.94, 595.28), Box(420.94, 0, 420.94, 595.28)), strict=True):
        at = placed.box(placed.side.frame.trim)
        assert placed.scale == 1 and half.holds(at, slack=0.02)
        assert at.centre == pytest.approx(half.centre, abs=0.01)


@pytest.mark.parametrize("trim", ["8.5x8.5in", "A4", "A4-wide", "24x17cm"])
def test_larger_pages_are_made_smaller_whole_and_in_the_middle(trim):
    (front, _) = sheets_of(sides(4, trim), BOOKLET)
    left, right = (placed.box(placed.side.frame.trim) for placed in front.placed)
    assert all(placed.scale < 1 for placed in front.placed)
    assert left.left >= -0.01 and left.right <= 420.95 <= right.left + 0.02 and right.right <= 841.9
    assert left.bottom == pytest.approx(595.28 - left.top, abs=0.01)


@pytest.fixture(scope="module")
def bilingual(bilingual):
    """Four of its pages."""
    return replace(bilingual, pages=bilingual.pages[:4])


@pytest.fixture(scope="module")
def stapled(bilingual, pictures, tmp_path_factory):
    return finish(
        bind(bilingual, pictures, tmp_path_factory.mktemp("booklet") / "b.pdf", "booklet", "A5", accept_red=True)
    )


def test_a_booklet_is_read_in_the_order_of_the_book_and_not_of_its_sheets(stapled, bilingual, tool):
    read = " ".join(" ".join(re.findall(r'"(.*)"', tool("pdfinfo", "-struct-text", stapled.file))).split())
    told = [words for page in bilingual.pages for words in (page.scene.text, page.translation)]
    assert re.search(".*".join(map(re.escape, told)), read)


def test_a_booklet_tells_the_printer_and_the_person_how_to_turn_the_paper(stapled):
    assert stapled.made[0].boxes[0].media == pytest.approx((0, 0, 841.89, 595.28), abs=0.01)
    with pikepdf.open(stapled.file) as pdf:
        assert str(pdf.Root.ViewerPreferences.Duplex) == "/DuplexFlipShortEdge"
        assert str(pdf.Root.ViewerPreferences.PrintScaling) == "/None"
    (folding,) = (one.said() for one in stapled.findings if one.check == "folding")
    assert f"Print {len(stapled.made[0].boxes) // 2} sheets of A4 on both sides, turned on the short edge" in folding


def test_pictures_are_as_fine_on_the_smaller_page(book, pictures, tmp_path):
    short = replace(book, pages=book.pages[:2])
    small = finish(bind(short, pictures, tmp_path / "s.pdf", "booklet", "A4", accept_red=True))
    large = finish(bind(short, pictures, tmp_path / "l.pdf", "home", "A4", accept_red=True))
    assert dict(small.ppi)[1] > 1.3 * dict(large.ppi)[1]
