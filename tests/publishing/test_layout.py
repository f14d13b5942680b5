"""Everything stands where paper, printer and reader need it. No font is opened: letters are half a size wide."""

from dataclasses import replace
from itertools import product

import pytest

from studio.errors import BadInput
from studio.publishing.faces import STORY
from studio.publishing.geometry import Box
from studio.publishing.layout import lay_out
from studio.publishing.marks import SOFT_INK, Picture, Text
from studio.publishing.profiles import PROFILES, TRIMS, find_profile, find_trim
from studio.story.scene import Scene

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


@pytest.mark.parametrize("kind", ["book", "bilingual"])
@pytest.mark.parametrize(("profile", "trim"), list(product(PROFILES, TRIMS)), ids=lambda thing: thing.name)
def test_words_stay_half_an_inch_inside_the_trim_and_clear_of_the_picture(kind, profile, trim, request):
    for side in lay_out(request.getfixturevalue(kind), profile, trim, measure):
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


def test_each_page_is_printed_in_its_first_language_and_then_in_the_second(bilingual):
    told = " ".join(f"{page.scene.text} {page.translation} {n}" for n, page in enumerate(bilingual.pages, 1))
    assert told in printed(sides_of(bilingual))


def test_a_translation_is_smaller_and_softer_and_says_its_language(bilingual):
    lines = [text for text in texts(sides_of(bilingual)[2]) if text.face == STORY]
    first, second = ([line for line in lines if line.language == language] for language in (None, "en"))
    assert max(line.size for line in second) < min(line.size for line in first)
    assert {line.colour for line in second} == {SOFT_INK} != {line.colour for line in first}


def test_without_a_second_language_the_pages_are_as_they_were(book, bilingual):
    plain = replace(bilingual, story=book.story, second_language=None)
    assert sides_of(plain) == sides_of(book)


def test_a_page_without_a_translation_is_only_the_first_language(book):
    assert sides_of(replace(book, second_language="en")) == sides_of(book)


@pytest.mark.parametrize("trim", ["8.5x8.5in", "A5", "10x8in"])
@pytest.mark.parametrize(("first", "second"), [("Short.", LONG), (LONG, "Ngắn."), (LONG, LONG), ("", LONG)])
def test_a_long_translation_goes_on_and_loses_no_word(bilingual, first, second, trim):
    page = replace(bilingual.pages[0], scene=Scene(first), translation=second)
    sides = sides_of(replace(bilingual, pages=(page, bilingual.pages[1])), trim=trim)
    story = [side for side in sides[2:-1] if any(text.words == "1" for text in texts(side))]
    words = [text.words for side in story for text in texts(side) if text.words != "1"]
    assert " ".join(words).split() == f"{first} {second}".split()
    assert len(story) > 1


def test_the_dedication_stands_under_title_and_author_in_its_own_lines(bilingual):
    side = texts(sides_of(bilingual)[1])
    *_, author, first, second = side
    assert author.words == "Truyện của Nguyễn Thuỳ Linh"
    assert (first.words, second.words) == tuple(bilingual.story.dedication.splitlines())
    assert author.y > first.y > second.y and first.size < author.size


def test_a_long_dedication_is_set_smaller(book):
    def size(count):
        story = replace(book.story, dedication="for you all " * count)
        return texts(sides_of(replace(book, story=story))[1])[-1].size

    assert size(1) == size(10) > size(40) >= 9


def test_a_dedication_of_blanks_changes_nothing(book):
    assert sides_of(replace(book, story=replace(book.story, dedication=" \n "))) == sides_of(book)


def test_a_dedication_too_long_for_the_title_page_is_refused(book):
    with pytest.raises(BadInput, match="too long for the title page"):
        sides_of(replace(book, story=replace(book.story, dedication="To all.\n" * 9)))


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
