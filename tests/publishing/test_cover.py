"""The cover of a print service: as wide as two pages and a spine, the barcode's place free, no words on a thin spine."""

from dataclasses import replace

import pytest

from studio.errors import BadInput
from studio.publishing.cover import barcode_box, wrap_side
from studio.publishing.design import Design
from studio.publishing.geometry import Box
from studio.publishing.marks import Picture, Text
from studio.publishing.profiles import TRIMS, find_profile, find_trim
from tests.publishing.test_layout import line_box, lines, measure, overlap, sides_of

SQUARE = find_trim("8.5x8.5in")
BLURB = "A gust of wind blew the lantern away. Will May find it before the moon is up? " * 3


@pytest.fixture
def wordy(book):
    return replace(book, design=Design(blurb=BLURB))


@pytest.mark.parametrize(("pages", "inches"), [(24, 17.306), (32, 17.325), (40, 17.344)])
def test_kdp_gets_the_width_that_its_formula_gives(book, pages, inches):
    media = wrap_side(book, find_profile("kdp"), SQUARE, pages, measure).frame.media
    assert media.width / 72 == pytest.approx(inches, abs=0.001)
    assert media.height / 72 == 8.75


def test_lulu_gets_a_spine_by_its_own_formula(book):
    media = wrap_side(book, find_profile("lulu"), SQUARE, 32, measure).frame.media
    assert media.width / 72 == pytest.approx(17.25 + 32 / 444 + 0.06, abs=0.001)


@pytest.mark.parametrize("trim", TRIMS, ids=lambda trim: trim.name)
@pytest.mark.parametrize("service", ["kdp", "lulu"])
def test_nothing_stands_where_the_barcode_is_printed(wordy, service, trim):
    side, free = wrap_side(wordy, find_profile(service), trim, 32, measure), barcode_box(trim, find_profile(service))
    words = [line_box(*one) for one in lines(side)]
    pictures = [mark.seen for mark in side.marks if isinstance(mark, Picture)]
    assert not any(overlap(free, box) for box in (*words, *pictures))


@pytest.mark.parametrize("trim", TRIMS, ids=lambda trim: trim.name)
def test_words_of_the_cover_stay_inside_the_margins_of_its_halves(wordy, trim):
    side = wrap_side(wordy, find_profile("kdp"), trim, 32, measure)
    halves = [
        Box(at, 9, trim.width_pt, trim.height_pt).inset(36) for at in (9, side.frame.media.width - 9 - trim.width_pt)
    ]
    assert all(any(half.holds(line_box(*one), slack=0.6 * one[0].size) for half in halves) for one in lines(side))


def test_a_spine_bears_the_title_from_79_pages_on(book):
    def turned(pages):
        marks = wrap_side(book, find_profile("kdp"), SQUARE, pages, measure).marks
        return [mark.words for mark in marks if isinstance(mark, Text) and mark.turned]

    assert turned(78) == turned(24) == []
    assert turned(120) == [book.title]


def test_words_on_the_spine_keep_clear_of_its_edges(book):
    side = wrap_side(book, find_profile("kdp"), SQUARE, 120, measure)
    (title,) = (mark for mark in side.marks if isinstance(mark, Text) and mark.turned)
    spine = 120 * 0.002347 * 72
    middle = side.frame.media.width / 2
    assert abs(title.lines[0].x + title.size * 0.36 - middle) < 0.1
    assert 0.72 * title.size + 2 * 4.5 <= spine


def test_a_service_with_a_template_of_its_own_gets_no_wrap(book):
    with pytest.raises(BadInput, match="template"):
        wrap_side(book, find_profile("ingram"), SQUARE, 32, measure)


def test_too_many_words_for_the_back_are_refused(book):
    with pytest.raises(BadInput, match="back of the book"):
        wrap_side(replace(book, design=Design(blurb=BLURB * 40)), find_profile("kdp"), SQUARE, 32, measure)


@pytest.mark.parametrize(("chosen", "shown"), [(1, 1), (5, 5), (99, 8)])
def test_any_page_can_lend_the_cover_its_picture(book, chosen, shown):
    chosen = replace(book, design=Design(cover=chosen))
    for side in (sides_of(chosen)[0], wrap_side(chosen, find_profile("kdp"), SQUARE, 32, measure)):
        assert shown in [mark.number for mark in side.marks if isinstance(mark, Picture)]
    assert {mark.number for mark in sides_of(chosen)[0].marks if isinstance(mark, Picture)} == {shown}
