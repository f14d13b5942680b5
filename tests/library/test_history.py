"""What can be taken back of a book: the newest sixty changes, and typing in one place as one of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from studio.errors import BadInput
from studio.library.history import MOST, ONE_CHANGE_S
from studio.library.library import Library
from studio.publishing.book import Book, Look
from studio.settings import load_settings
from studio.story.scene import Cast
from studio.story.story import Story

Retitle = Callable[..., Book]


@pytest.fixture
def library(home: Path) -> Library:
    return Library(load_settings())


@pytest.fixture
def retitle(library: Library) -> Retitle:
    """Gives the only book another title: a change in the place that is named."""
    book = Book(id="", title="0", story=Story("Mưa rơi.", "vi"), cast=Cast(), look=Look(), pages=(), created="2026")
    id = library.add(book).id
    return lambda title, place="title": library.change(id, lambda now: replace(now, title=title), place)


def states(library: Library) -> list[Path]:
    return sorted(library.pictures("0").parent.glob("history/*"))


def grow_old(library: Library) -> None:
    """Lets everything kept so far have been kept a little more than a minute ago."""
    then = time.time() - ONE_CHANGE_S - 1
    for path in states(library):
        os.utime(path, (then, then))


def test_changes_are_taken_back_one_by_one_to_the_letter(library: Library, retitle: Retitle) -> None:
    file, before = library.pictures("0").parent / "book.json", []
    for number in range(3):
        before.append(file.read_bytes())
        retitle(f"Mây\u2028{number}", f"place {number}")
    for record in reversed(before):
        library.undo("0")
        assert file.read_bytes() == record
    assert not library.can_undo("0")


def test_nothing_to_take_back_leaves_the_book_as_it_is(library: Library, retitle: Retitle) -> None:
    retitle("0")
    assert not library.can_undo("0") and library.undo("0").title == "0"


def test_what_the_worker_notes_is_no_step(library: Library, retitle: Retitle) -> None:
    retitle("1")
    retitle("2", place="")
    assert len(states(library)) == 1 and library.undo("0").title == "0"


def test_typing_in_one_place_within_a_minute_is_one_step(library: Library, retitle: Retitle) -> None:
    for title in ("M", "Mâ", "Mây"):
        retitle(title)
    assert library.undo("0").title == "0" and not library.can_undo("0")


def test_typing_in_another_place_or_later_is_another_step(library: Library, retitle: Retitle) -> None:
    retitle("one")
    retitle("two", "text 1")
    retitle("three", "text 1")
    grow_old(library)
    retitle("four", "text 1")
    assert [library.undo("0").title for _ in range(3)] == ["three", "one", "0"]


def test_sixty_changes_are_kept_and_the_newest_of_them(library: Library, retitle: Retitle) -> None:
    for number in range(1, MOST + 11):
        retitle(str(number), f"place {number}")
    assert len(states(library)) == MOST == 60
    assert [library.undo("0").title for _ in range(MOST)][-1] == "10" and not library.can_undo("0")


def test_numbers_go_on_after_a_step_was_taken_back(library: Library, retitle: Retitle) -> None:
    retitle("one", "a")
    retitle("two", "b")
    library.undo("0")
    retitle("three", "c")
    assert [library.undo("0").title for _ in range(2)] == ["one", "0"]


@pytest.mark.parametrize("name", [".000009-half.tmp.json", "notes.txt", "000009.json"])
def test_a_file_that_is_no_former_state_is_passed_over(library: Library, retitle: Retitle, name: str) -> None:
    retitle("1")
    (states(library)[0].parent / name).write_text("{")
    assert library.undo("0").title == "0"


def test_a_damaged_former_state_leaves_the_book_as_it_is(library: Library, retitle: Retitle) -> None:
    retitle("1")
    states(library)[0].write_text("{")
    with pytest.raises(BadInput, match="is damaged"):
        library.undo("0")
    assert library.book("0").title == "1"


def test_a_book_comes_back_from_the_trash_with_its_former_states(library: Library, retitle: Retitle) -> None:
    retitle("1")
    library.trash("0")
    library.restore("0")
    assert library.undo("0").title == "0"


def test_what_is_forgotten_cannot_be_taken_back(library: Library, retitle: Retitle) -> None:
    retitle("1")
    library.forget_history("0")
    assert not library.can_undo("0") and not states(library) and library.book("0").title == "1"
