"""Everything stands where paper, printer and reader need it. No font is opened: letters are half a size wide."""

from dataclasses import replace
from itertools import product

import pytest

from studio.errors import BadInput
from studio.publishing.calm import Calm
from studio.publishing.design import LAYOUTS, Design
from studio.publishing.faces import STORY
from studio.publishing.geometry import Box
from studio.publishing.layout import lay_out
from studio.publishing.marks import SOFT_INK, Picture, Text
from studio.publishing.profiles import PROFILES, TRIMS, find_profile, find_trim
from studio.story.scene import Scene
from studio.story.story import AGES

# A picture in which nothing goes on and nobody is: words may stand all over it.
EMPTY = Calm(256, 256, 8, (0.8,) * 64, (0.9,) * 64, (0.0,) * 64, (0.0,) * 64)
LONG = "Once there was a fox who walked and walked until the moon came up. " * 60


def measure(words: str, face: str, size: float) -> float:
    return 0.5 * size * len(words)


def sides_of(book, profile="screen", trim="8.5x8.5in"):
    return lay_out(book, find_profile(profile), find_trim(trim), measure)


def laid_as(book, layout):
    return replace(book, pages=tuple(replace(page, layout=layout) for page in book.pages))


@pytest.fixture(scope="module")
def plainly(book):
    """The book with every page above its words."""
    return laid_as(book, "above")


@pytest.fixture(scope="module")
def twice(bilingual):
    return laid_as(bilingual, "above")


def texts(side):
    return [mark for mark in side.marks if isinstance(mark, Text)]


def story(sides, number=0):
    return [side for side in sides if side.part == "story" and (not number or side.number == number)]


def story_texts(sides, number):
    return [text for side in story(sides, number) for text in texts(side)]


def said(sides) -> str:
    """The words of the story, without page numbers."""
    return " ".join(text.words for side in sides for text in texts(side) if text.role == "words").replace("\n", " ")


def lines(side):
    return [(text, line) for text in texts(side) for line in text.lines]


def line_box(text: Text, line) -> Box:
    return Box(line.x, line.y, measure(line.words, text.face, text.size), 0.7 * text.size)


def overlap(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.bottom < other.top and other.bottom < one.top


FRAMED = ("home", "kdp", "lulu")  # each frames a page in its own way; the others do as one of them


@pytest.mark.parametrize("layout", [None, *LAYOUTS])
@pytest.mark.parametrize(("profile", "trim"), list(product(FRAMED, TRIMS)), ids=str)
def test_words_stay_half_an_inch_inside_the_trim(bilingual, profile, trim, layout):
    for side in lay_out(laid_as(bilingual, layout), find_profile(profile), trim, measure):
        assert all(side.frame.safe.holds(line_box(*one), slack=0.6 * one[0].size) for one in lines(side))


@pytest.mark.parametrize("kind", ["plainly", "twice"])
@pytest.mark.parametrize(
    ("profile", "trim"), list(product(map(find_profile, FRAMED), TRIMS)), ids=lambda thing: thing.name
)
def test_words_under_a_picture_are_clear_of_it(kind, profile, trim, request):
    for side in story(lay_out(request.getfixturevalue(kind), profile, trim, measure)):
        for picture in (mark for mark in side.marks if isinstance(mark, Picture)):
            assert side.frame.media.holds(picture.box)
            assert not any(overlap(picture.box, line_box(*one)) for one in lines(side))


def test_a_book_goes_from_its_cover_over_title_and_story_to_the_back(book):
    parts = [side.part for side in sides_of(book)]
    assert parts[:5] == ["cover", "endpaper", "half title", "dedication", "title"]
    assert [part for part in parts[5:] if part not in ("story", "blank")] == [
        "hero",
        "own",
        "colophon",
        "endpaper",
        "back",
    ]
    assert len(parts) % 2 == 0


@pytest.mark.parametrize("layout", [None, *LAYOUTS])
def test_every_word_of_the_story_is_printed_in_order_in_every_layout(book, layout):
    assert " ".join(page.scene.text for page in book.pages) == said(story(sides_of(laid_as(book, layout))))


@pytest.mark.parametrize("layout", [None, "above", "full", "facing", "vignette"])
def test_each_page_is_printed_in_its_first_language_and_then_in_the_second(bilingual, layout):
    told = " ".join(f"{page.scene.text} {page.translation}" for page in bilingual.pages)
    assert told == said(story(sides_of(laid_as(bilingual, layout))))


@pytest.mark.parametrize("layout", [None, *LAYOUTS])
@pytest.mark.parametrize("seen", [None, EMPTY], ids=["unseen", "empty"])
def test_a_second_language_that_faces_the_first_stands_on_the_right_hand_page(bilingual, layout, seen):
    facing = laid_as(replace(bilingual, design=Design(second="facing")), layout)
    sides = lay_out(facing, find_profile("screen"), find_trim("8.5x8.5in"), measure, [seen] * 8)
    for number, page in enumerate(bilingual.pages, 1):
        left, right = story(sides, number)
        assert (said([left]), said([right])) == (page.scene.text, page.translation)
        assert sides.index(left) % 2 == 1  # cover is side 1 of the file, right-hand


def test_a_translation_is_smaller_and_softer_and_says_its_language(twice):
    told = [text for text in texts(story(sides_of(twice))[0]) if text.face == STORY]
    first, second = ([text for text in told if text.language == language] for language in (None, "en"))
    assert max(text.size for text in second) < min(text.size for text in first)
    assert {text.colour for text in second} == {SOFT_INK} != {text.colour for text in first}


def test_without_a_second_language_the_pages_are_as_they_were(book, bilingual):
    plain = replace(bilingual, story=book.story, second_language=None)
    assert sides_of(plain) == sides_of(book)


def test_a_page_without_a_translation_is_only_the_first_language(book):
    assert sides_of(replace(book, second_language="en")) == sides_of(book)


@pytest.mark.parametrize("second", ["below", "facing"])
def test_long_words_stay_inside_the_margins_wherever_the_second_language_stands(twice, second):
    pages = tuple(replace(page, translation=LONG) for page in twice.pages[:2])
    book = replace(twice, pages=pages, design=Design(second=second))
    for side in story(sides_of(book)):
        assert all(side.frame.safe.holds(line_box(*one), slack=0.6 * one[0].size) for one in lines(side))
    assert said(story(sides_of(book), 2)).split() == f"{pages[1].scene.text} {LONG}".split()


@pytest.mark.parametrize("trim", ["8.5x8.5in", "A5", "10x8in"])
@pytest.mark.parametrize(("first", "second"), [("Short.", LONG), (LONG, "Ngắn."), (LONG, LONG), ("", LONG)])
def test_a_long_translation_goes_on_and_loses_no_word(twice, first, second, trim):
    page = replace(twice.pages[0], scene=Scene(first), translation=second)
    sides = story(sides_of(replace(twice, pages=(page, twice.pages[1])), trim=trim), 1)
    assert said(sides).split() == f"{first} {second}".split()
    assert len(sides) > 1


def test_the_dedication_has_a_page_of_its_own_in_its_own_lines(bilingual):
    (side,) = (side for side in sides_of(bilingual) if side.part == "dedication")
    (told,) = texts(side)
    assert told.words == bilingual.story.dedication


def test_without_a_half_title_the_dedication_stands_under_title_and_author(bilingual):
    sides = sides_of(replace(bilingual, design=Design(half_title=False)))
    (side,) = (side for side in sides if side.part == "title")
    *_, author, dedication = texts(side)
    assert author.words == "Truyện của Nguyễn Thuỳ Linh"
    assert dedication.words.splitlines() == bilingual.story.dedication.splitlines()
    assert author.lines[-1].y > dedication.lines[0].y and dedication.size < author.size


def test_a_long_dedication_is_set_smaller(book):
    def size(count):
        story = replace(book.story, dedication="for you all " * count)
        (side,) = (side for side in sides_of(replace(book, story=story)) if side.part == "dedication")
        return texts(side)[-1].size

    assert size(1) == size(10) > size(90) >= 9


def test_a_dedication_of_blanks_changes_nothing(book):
    assert sides_of(replace(book, story=replace(book.story, dedication=" \n "))) == sides_of(book)


def test_a_dedication_too_long_for_a_page_is_refused(book):
    with pytest.raises(BadInput, match="too long"):
        sides_of(replace(book, story=replace(book.story, dedication="To all.\n" * 19)))


def test_a_long_text_goes_on_over_more_sides_and_loses_nothing(rewritten):
    sides = story(sides_of(rewritten("Short.", LONG, "Short.")), 2)
    assert len(sides) > 1
    assert said(sides) == LONG.strip()


def test_no_side_begins_with_the_last_line_of_a_paragraph_or_ends_with_a_first_one(rewritten):
    text = "\n".join(
        "A fox said this and that and walked on, " * length + "so." for length in (2, 5, 3, 4, 6, 2, 7) * 3
    )
    sides = story(sides_of(rewritten(text)), 1)
    assert len(sides) > 2
    for before, after in zip(sides, sides[1:], strict=False):
        (last,), (first,) = ([text for text in texts(side) if text.role == "words"] for side in (before, after))
        ends = last.lines[-1].ends
        assert ends or not (first.lines[0].ends or last.lines[-2].ends)


def test_one_long_page_does_not_make_the_type_of_the_others_small(rewritten):
    def size(book):
        return next(text.size for side in story(sides_of(book)) for text in texts(side) if text.words == "Short.")

    assert size(rewritten("Short.", LONG)) == size(rewritten("Short.", "Short too."))


def test_more_words_get_smaller_type_within_limits(rewritten):
    books = [laid_as(rewritten("A good word. " * count), "above") for count in (1, 18, 26)]
    sizes = [texts(story(sides_of(book))[0])[0].size for book in books]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > sizes[2] > 14


def test_younger_readers_get_larger_letters(book):
    sizes = [texts(story(sides_of(laid_as(replace(book, design=Design(age=age)), "above")))[0])[0].size for age in AGES]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == 3


@pytest.mark.parametrize("layout", ["above", "facing"])
def test_the_story_begins_with_a_large_letter_where_a_person_wants_it(book, layout):
    sides = story(sides_of(replace(laid_as(book, layout), design=Design(drop_cap=True))))
    first, second = story_texts(sides, 1)[0], story_texts(sides, 2)[0]
    assert first.cap and first.cap.words == "N" and first.cap_size > 2 * first.size
    assert first.words == book.pages[0].scene.text
    assert second.cap is None


def test_print_services_get_an_even_number_of_sides_and_booklets_four_to_a_sheet(rewritten):
    for profile, texts_ in product(PROFILES, (2, 3, 4, 5)):
        sides = sides_of(rewritten(*["Short."] * texts_), profile.name)
        assert len(sides) % max(2, profile.multiple) == 0


def test_kdp_has_no_bleed_where_the_pages_are_bound(book):
    right, left = (side.frame for side in sides_of(book, "kdp")[:2])
    assert (right.media.width, right.media.height) == (621, 630)  # 8.625 x 8.75 in
    assert (right.trim.left, left.trim.left) == (0, 9)


def test_a_thick_book_leaves_more_room_where_it_is_bound(rewritten, book):
    pages = book.pages * 80
    thick = laid_as(replace(book, pages=pages), "above")
    assert len(sides_of(thick, "kdp")) > 500
    assert sides_of(thick, "kdp")[6].frame.safe.left == 54  # three quarters of an inch
    assert sides_of(book, "kdp")[6].frame.safe.left == 36


def test_at_home_the_printer_keeps_its_white_edges(book):
    for side in sides_of(book, "home", "A4"):
        pictures = [mark for mark in side.marks if isinstance(mark, Picture)]
        assert all(side.frame.media.inset(18).holds(picture.seen) for picture in pictures)


def test_in_a_booklet_pictures_meet_in_the_fold(book):
    for side, at_fold in zip(sides_of(book, "booklet")[2:4], (0.0, 612.0), strict=True):
        assert at_fold in (side.frame.ink.left, side.frame.ink.right)
        assert side.frame.ink.width == 612 - 18


def test_a_page_without_words_is_just_a_picture(rewritten):
    (side,) = story(sides_of(rewritten("   ")))
    assert [mark for mark in side.marks if not isinstance(mark, Picture)] == []


def test_words_stand_where_a_person_put_them(book):
    there = (0.1, 0.7, 0.9, 0.9)
    pages = tuple(replace(page, layout="full", text_box=there) for page in book.pages)
    for side in story(sides_of(replace(book, pages=pages))):
        trim, (told,) = side.frame.trim, texts(side)
        assert all(trim.top - 0.95 * trim.height < line.y < trim.top - 0.6 * trim.height for line in told.lines)


@pytest.mark.parametrize("there", [(0.0, 0.0, 0.01, 0.01), (0.95, 0.95, 1.0, 1.0), (0.4, 0.4, 0.41, 0.41)])
def test_words_in_a_place_too_small_for_them_are_never_cut_or_outside(book, there):
    pages = tuple(replace(page, layout="full", text_box=there) for page in book.pages)
    for side in story(sides_of(replace(book, pages=pages))):
        assert said([side]) == book.pages[side.number - 1].scene.text
        assert all(side.frame.safe.holds(line_box(*one), slack=0.6 * one[0].size) for one in lines(side))


def test_words_too_many_for_a_place_on_a_picture_stand_under_it_and_go_on(book):
    pages = (replace(book.pages[0], scene=Scene(LONG * 3), layout="full", text_box=(0.1, 0.1, 0.4, 0.3)),)
    sides = story(sides_of(replace(book, pages=pages)))
    assert said(sides) == (LONG * 3).strip() and len(sides) > 1
    for side in sides:
        assert all(side.frame.safe.holds(line_box(*one), slack=0.6 * one[0].size) for one in lines(side))


def test_no_two_pages_in_a_row_look_alike_and_a_spread_opens_to_the_left(book):
    sides = sides_of(replace(book, pages=tuple(replace(page, scene=Scene("A fox came by.")) for page in book.pages)))
    shapes = [tuple(type(mark) for mark in side.marks) for side in story(sides)]
    assert len(set(shapes)) > 2
    for number in range(1, 9):
        if len(story(sides, number)) == 2:
            assert sides.index(story(sides, number)[0]) % 2 == 1


@pytest.mark.parametrize("title", ["word " * 200, "w" * 900])
def test_a_title_too_long_for_the_cover_is_refused(rewritten, title):
    with pytest.raises(BadInput, match="too long for the cover"):
        sides_of(rewritten("Text.", title=title))
