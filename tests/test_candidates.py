"""Several pictures of a page, a wish, a part drawn anew, another style: chosen, drawn, taken back."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from studio.adapters.card import Worn
from studio.errors import BadInput, NotFound, NotReady
from studio.library.seals import seal
from studio.progress import finish
from studio.publishing.book import Book
from studio.workshop import Workshop
from studio.workshop.making import ANOTHER_TRY
from tests.test_workshop import put_adapter

TEXT = "May had a red balloon in the garden. A dog named Rex ran to her. They went to the forest together."


@pytest.fixture(scope="module")
def drawn_once(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Book]:
    """A home, and a book of three pages that was drawn in it."""
    home = tmp_path_factory.mktemp("drawn") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_HOME", str(home))
        patch.setenv("STUDIO_POCKET", str(tiny_folder))
        patch.delenv("STUDIO_DATABASE_URL", raising=False)
        workshop = Workshop()
        book = workshop.begin_book(workshop.read_story(TEXT, "The balloon"), pages=3)
        return home, finish(workshop.draw_book(workshop.change_look(book.id, steps=2).id))


@pytest.fixture
def book(drawn_once: tuple[Path, Book], home: Path, workshop: Workshop, tiny_pocket: Path) -> Book:
    """That drawn book in a home of the test's own."""
    folder, book = drawn_once
    shutil.copytree(folder, home, dirs_exist_ok=True)
    return book


def drawn(workshop: Workshop, book: Book, number: int, count: int = 2) -> tuple[int, ...]:
    """The seeds of all candidates after some more were drawn."""
    return tuple(sorted(one.seed for one in finish(workshop.draw_candidates(book.id, number, count))))


def mask(size: tuple[int, int] = (256, 256), white: bool = True) -> bytes:
    raw, picture = io.BytesIO(), Image.new("L", size)
    if white:
        ImageDraw.Draw(picture).ellipse((20, 20, 100, 100), fill=255)
    picture.save(raw, "PNG")
    return raw.getvalue()


def painted_on(workshop: Workshop, book: Book, number: int) -> Image.Image:
    """The page's picture, in place of which a person put one with more to see than a tiny model draws."""
    picture = Image.radial_gradient("L").convert("RGB")
    path = workshop.picture(book, number)
    picture.save(path)
    seal(path)
    return picture


def pixels(workshop: Workshop, book: Book, number: int) -> Image.Image:
    return Image.open(workshop.picture(book, number)).convert("RGB")


def test_candidates_are_the_pictures_with_the_next_seeds_and_leave_the_book_as_it_is(
    workshop: Workshop, book: Book
) -> None:
    own = book.pages[1].seed
    assert [one.seed for one in workshop.candidates(book, 2)] == [own]
    assert drawn(workshop, book, 2) == (own, own + ANOTHER_TRY, own + 2 * ANOTHER_TRY)
    assert workshop.book(book.id) == book and len(workshop.candidates(book, 1)) == 1
    assert drawn(workshop, book, 2, 1)[-1] == own + 3 * ANOTHER_TRY


def test_a_candidate_is_chosen_and_taken_back(workshop: Workshop, book: Book) -> None:
    seed = drawn(workshop, book, 2)[-1]
    chosen = workshop.choose_candidate(book.id, 2, seed)
    assert chosen.pages[1].picture == next(one.picture for one in workshop.candidates(book, 2) if one.seed == seed)
    assert workshop.page_states(chosen) == ("drawn",) * 3
    assert len(workshop.candidates(chosen, 2)) == 3
    assert workshop.latest_change(book.id).startswith("candidate-2")
    assert workshop.undo(book.id) == book


def test_only_what_is_there_can_be_chosen(workshop: Workshop, book: Book) -> None:
    with pytest.raises(NotFound, match="'7'"):
        workshop.choose_candidate(book.id, 2, 7)
    with pytest.raises(BadInput, match="1 to 8"):
        finish(workshop.draw_candidates(book.id, 2, 9))
    assert workshop.book(book.id) == book


def test_the_first_candidate_of_a_page_without_a_picture_is_its_own(workshop: Workshop, tiny_pocket: Path) -> None:
    book = workshop.begin_book(workshop.read_story(TEXT), pages=2)
    book = workshop.change_look(book.id, steps=2)
    assert drawn(workshop, book, 1)[0] == book.pages[0].seed
    assert workshop.page_states(workshop.book(book.id)) == ("drawn", "missing")


def test_drawing_again_draws_a_picture_that_nobody_has_seen_and_can_be_taken_back(
    workshop: Workshop, book: Book
) -> None:
    seen = drawn(workshop, book, 2)
    assert finish(workshop.redo_page(book.id, 2)).pages[1].seed == max(seen) + ANOTHER_TRY
    assert workshop.undo(book.id) == book


def test_another_seed_is_drawn_next_and_the_old_one_brings_its_picture_back(workshop: Workshop, book: Book) -> None:
    assert workshop.page_state(workshop.set_seed(book.id, 1, 77), 1) == "out of date"
    assert workshop.page_state(workshop.set_seed(book.id, 1, book.pages[0].seed), 1) == "drawn"
    with pytest.raises(BadInput, match="'-1'"):
        workshop.set_seed(book.id, 1, -1)


def test_a_wish_changes_the_scene_keeps_the_seed_and_is_taken_back(workshop: Workshop, book: Book) -> None:
    granted = workshop.wish_page(book.id, 1, "make it night, with a blue kite")
    assert granted.told == (("time", "night"), ("thing", "blue kite")) and granted.changed and granted.drawn
    after = workshop.book(book.id)
    assert "blue kite" in after.pages[0].prompt.positive and after.pages[0].seed == book.pages[0].seed
    again = finish(workshop.redo_page(book.id, 1, after.pages[0].seed))
    assert workshop.page_state(again, 1) == "drawn" and again.pages[0].picture != book.pages[0].picture
    assert workshop.undo(book.id) == book


def test_a_wish_that_names_nothing_is_told_with_examples_and_one_come_true_changes_nothing(
    workshop: Workshop, book: Book
) -> None:
    with pytest.raises(BadInput, match="'make it night'"):
        workshop.wish_page(book.id, 1, "nicer, please")
    assert not workshop.wish_page(book.id, 1, "trong vườn").changed
    assert workshop.book(book.id) == book


def test_a_part_is_drawn_anew_and_the_rest_stays(workshop: Workshop, book: Book) -> None:
    before = painted_on(workshop, book, 1)
    asked = workshop.mend_page(book.id, 1, mask(before.size))
    assert workshop.page_state(asked, 1) == "out of date"
    after = finish(workshop.draw_book(book.id))
    there = pixels(workshop, after, 1)
    assert before.crop((160, 160, 256, 256)).tobytes() == there.crop((160, 160, 256, 256)).tobytes()
    assert before.crop((40, 40, 80, 80)).tobytes() != there.crop((40, 40, 80, 80)).tobytes()
    assert workshop.undo(book.id) == book


def test_whole_pictures_and_mended_ones_stand_side_by_side_to_choose_from(workshop: Workshop, book: Book) -> None:
    painted_on(workshop, book, 1)
    workshop.mend_page(book.id, 1, mask())
    finish(workshop.draw_book(book.id))
    drawn(workshop, book, 1, 1)
    after = workshop.book(book.id)
    assert [one.part for one in workshop.candidates(after, 1)].count(True) == 2
    back = workshop.choose_candidate(book.id, 1, book.pages[0].seed)
    was, now = book.pages[0], back.pages[0]
    assert replace(now, origin=was.origin) == was  # a painted file tells no versions
    assert workshop.undo(book.id) == after


def test_a_part_drawn_anew_goes_when_another_picture_is_asked_for(workshop: Workshop, book: Book) -> None:
    workshop.mend_page(book.id, 1, mask())
    assert workshop.edit_page(book.id, 1, text="Once upon a time.").pages[0].mended
    assert not workshop.edit_page(book.id, 1, place="space").pages[0].mended
    workshop.undo(book.id)
    assert not workshop.change_look(book.id, steps=3).pages[0].mended


@pytest.mark.parametrize(
    ("given", "wrong"),
    [(mask((64, 64)), "256 x 256"), (mask(white=False), "Nothing"), (b"\x89PNG\r\n\x1a\n", "cannot be read")],
)
def test_a_mask_that_cannot_be_used_is_told_at_once(workshop: Workshop, book: Book, given: bytes, wrong: str) -> None:
    with pytest.raises(BadInput, match=wrong):
        workshop.mend_page(book.id, 1, given)
    assert workshop.book(book.id) == book


def test_a_page_without_a_picture_has_no_part(workshop: Workshop, tiny_pocket: Path) -> None:
    book = workshop.begin_book(workshop.read_story(TEXT), pages=2)
    with pytest.raises(NotReady, match="no picture"):
        workshop.mend_page(book.id, 1, mask())


def test_another_style_for_all_keeps_the_heroes_and_undo_brings_the_pictures_back(
    workshop: Workshop, book: Book
) -> None:
    put_adapter(workshop, "wool", "style")
    put_adapter(workshop, "may")
    heroes = workshop.change_look(book.id, characters=(Worn("may"),))
    styled = workshop.restyle_book(book.id, "wool")
    assert [one.adapter for one in styled.look.worn] == ["may", "wool"]
    assert all(page.prompt.positive.endswith("wool painting") for page in styled.pages)
    workshop.restyle_book(book.id, "")
    assert workshop.undo(book.id) == styled and workshop.undo(book.id) == heroes
    assert workshop.page_states(workshop.undo(book.id)) == ("drawn",) * 3
