"""Everything stands where paper, printer and reader need it. No font is opened: letters are half a size wide."""

from itertools import product

import pytest

from studio.errors import BadInput
from studio.publishing.geometry import Box
from studio.publishing.layout import lay_out
from studio.publishing.marks import Picture, Text
from studio.publishing.profiles import PROFILES, TRIMS, find_profile, find_trim

LONG = "Once there was a fox who walked and walked until the moon came up. " * 60


def measure(words: str, face: str, size: float) -> float:
    return 0.5 * size * len(words)


def sides_of(book, profile="screen", trim="8.5x8.5in"):
    return lay_out(book, find_profile(profile), find_trim(trim), measure)


def texts(side):
    return [mark for mark in side.marks if isinstance(mark, Text)]


def printed(sides) -> str:
    return " ".join(text.words for side in sides for text in texts(side))


def text_box(text: Text) -> Box:
    return Box(text.x, text.y, measure(text.words, text.face, text.size), 0.7 * text.size)


@pytest.mark.parametrize(("profile", "trim"), list(product(PROFILES, TRIMS)), ids=lambda thing: thing.name)
def test_words_stay_half_an_inch_inside_the_trim_and_clear_of_the_picture(book, profile, trim):
    for side in lay_out(book, profile, trim, measure):
        assert all(side.frame.safe.holds(text_box(text), slack=0.2 * text.size) for text in texts(side))
        for picture in (mark for mark in side.marks if isinstance(mark, Picture)):
            assert side.frame.media.holds(picture.box)
            assert not any(overlap(picture.box, text_box(text)) for text in texts(side))


def overlap(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.bottom < other.top and other.bottom < one.top


def test_a_book_is_cover_title_page_story_and_colophon(book):
    names = [side.name for side in sides_of(book)]
    assert names == ["Bìa", "Trang tên sách", *(f"Trang {n}" for n in range(1, 9)), "Lời cuối sách"]


def test_every_word_of_the_story_is_printed_in_order(book):
    told = " ".join(f"{page.scene.text} {number}" for number, page in enumerate(book.pages, 1))
    assert told in printed(sides_of(book))


def test_a_long_text_goes_on_over_more_sides_and_loses_nothing(rewritten):
    sides = sides_of(rewritten("Short.", LONG, "Short."))
    story = [side for side in sides if any(text.words == "2" for text in texts(side))]
    words = " ".join(text.words for side in story for text in texts(side) if text.words != "2")
    assert len(story) > 1
    assert words == LONG.strip()


def test_one_long_page_does_not_make_the_type_of_the_others_small(rewritten):
    def size(book):
        return next(text.size for text in texts(sides_of(book)[2]) if text.words == "Short.")

    assert size(rewritten("Short.", LONG)) == size(rewritten("Short.", "Short too."))


def test_more_words_get_smaller_type_within_limits(rewritten):
    sizes = [texts(sides_of(rewritten("A good word. " * count))[2])[0].size for count in (1, 18, 26)]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > sizes[2] > 14


def test_print_services_get_an_even_number_of_sides(book):
    assert [len(sides_of(book, profile.name)) % 2 for profile in PROFILES] == [1, 1, 0, 0, 0]


def test_kdp_has_no_bleed_where_the_pages_are_bound(book):
    right, left = (side.frame for side in sides_of(book, "kdp")[:2])
    assert (right.media.width, right.media.height) == (621, 630)  # 8.625 x 8.75 in
    assert (right.trim.left, left.trim.left) == (0, 9)


def test_at_home_the_printer_keeps_its_white_edges(book):
    for side in sides_of(book, "home", "A4"):
        pictures = [mark for mark in side.marks if isinstance(mark, Picture)]
        assert all(side.frame.media.inset(18).holds(picture.box) for picture in pictures)


def test_a_page_without_words_is_just_a_picture(rewritten):
    assert [text.words for text in texts(sides_of(rewritten("   "))[2])] == ["1"]


@pytest.mark.parametrize("title", ["word " * 200, "w" * 900])
def test_a_title_too_long_for_the_cover_is_refused(rewritten, title):
    with pytest.raises(BadInput, match="too long for the cover"):
        sides_of(rewritten("Text.", title=title))
