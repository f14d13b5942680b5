"""Books found, tagged and doubled; a book drawn again is the same; what is not as it was is named."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studio.adapters.card import Worn
from studio.errors import NoRoom, NotFound
from studio.library.finding import clean_tags, found
from studio.library.seals import whole
from studio.progress import finish
from studio.publishing.book import Book
from studio.rendering.origin import Origin, changes
from studio.settings import Settings
from studio.workshop import Workshop
from tests.machine import room_for_files_of
from tests.painter import plain_painter
from tests.travelling import png

STORY = "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home."


@pytest.fixture
def drawn(home: Path) -> Workshop:
    workshop = Workshop(illustrator=plain_painter())
    book = workshop.begin_book(workshop.read_story(STORY, "The cat", "en"), 2)
    finish(workshop.draw_book(book.id))
    return workshop


def pictures(workshop: Workshop, book: Book) -> list[bytes]:
    return [workshop.picture(book, number).read_bytes() for number in range(1, len(book.pages) + 1)]


def changed(workshop: Workshop, **fields: object) -> Workshop:
    """The book's pictures as something else had drawn them."""

    def change(book: Book) -> Book:
        return replace(book, pages=tuple(replace(page, origin=replace(page.origin, **fields)) for page in book.pages))

    workshop._library.change("the-cat", change)
    return workshop


def test_tags_are_kept_once_each_without_spaces_around_them():
    assert clean_tags((" for  grandma ", "For Grandma", "", "x" * 99)) == ("for grandma", "x" * 40)


def test_a_copy_has_all_of_the_book_and_lives_on_its_own(drawn: Workshop):
    finish(drawn.export_book("the-cat", suffix=".storybook"))
    copy = drawn.duplicate_book("the-cat", "The cat (copy)")
    assert copy.id == "the-cat-copy" and pictures(drawn, copy) == pictures(drawn, drawn.book("the-cat"))
    assert drawn.page_states(copy) == ("drawn", "drawn") and drawn.exports(copy.id) == ()
    assert all(whole(drawn.picture(copy, number)) for number in (1, 2))
    drawn.edit_page(copy.id, 1, text="Another beginning.")
    assert drawn.book("the-cat").pages[0].scene.text != "Another beginning."
    assert list((drawn.settings.home / "arriving").iterdir()) == []


def test_a_copy_of_nothing_is_not_found(drawn: Workshop):
    with pytest.raises(NotFound):
        drawn.duplicate_book("nobody")


def test_the_size_of_a_book_is_that_of_its_files(drawn: Workshop):
    folder = drawn.settings.books / "the-cat"
    assert drawn.book_size("the-cat") == sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) > 0


def test_the_same_versions_draw_an_old_book_byte_by_byte_again(home: Path, tiny_pocket: Path, tiny_styles: None):
    workshop = Workshop()
    book = workshop.begin_book(workshop.read_story(STORY, "The cat", "en"), 2, styles=(Worn("watercolour", 0.6),))
    workshop.change_look(book.id, steps=2)
    book = finish(workshop.draw_book(book.id))
    before = pictures(workshop, book)
    assert workshop.redrawing(book).same and book.pages[0].origin.worn[0][0] == "watercolour"
    shutil.rmtree(workshop._library.pictures(book.id))
    finish(Workshop().draw_book(book.id))
    assert pictures(workshop, workshop.book(book.id)) == before


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"revision": "0" * 12}, "model"),
        ({"engine": 99}, "engine"),
        ({"worn": (("lan", "0" * 64),)}, "lan"),
        ({"tools": (("studio", "0.1.0"), ("torch", "0.4.1"))}, "torch"),
        ({"model": "pocket", "tools": (("machine", "abacus"),)}, "machine"),
    ],
)
def test_what_is_not_as_it_was_is_named(drawn: Workshop, fields: dict, what: str):
    again = changed(drawn, **fields).redrawing(drawn.book("the-cat"))
    assert [one.what for one in again.changes] == [what] and not again.same


def test_another_version_of_the_studio_alone_changes_nothing(drawn: Workshop):
    tools = tuple(
        (name, "0.1.0" if name == "studio" else at) for name, at in drawn.book("the-cat").pages[0].origin.tools
    )
    assert changed(drawn, tools=tools).redrawing(drawn.book("the-cat")).same


def test_pictures_of_an_older_studio_are_counted(drawn: Workshop):
    drawn._library.change(
        "the-cat", lambda book: replace(book, pages=tuple(replace(page, origin=None) for page in book.pages))
    )
    again = drawn.redrawing(drawn.book("the-cat"))
    assert (again.unknown, again.same) == (2, False)


def test_versions_stay_in_the_book_and_do_not_leave_with_its_pictures(drawn: Workshop, tmp_path: Path):
    package = finish(drawn.export_pictures("the-cat", tmp_path / "cat.zip"))
    with zipfile.ZipFile(package) as opened:
        raw = b"".join(opened.read(name) for name in opened.namelist())
    assert b"torch" not in raw and b"torch" in drawn.picture(drawn.book("the-cat"), 1).read_bytes()


def test_a_record_is_read_anew_as_soon_as_it_changes(drawn: Workshop):
    record, seen = drawn.settings.books / "the-cat" / "book.json", []
    for title in ("One", "Two", "Ten", "Six"):  # of one length, within one tick of the clock
        record.write_text(json.dumps({**json.loads(record.read_text()), "title": title}))
        seen.append(drawn.book("the-cat").title)
    assert seen == ["One", "Two", "Ten", "Six"]


def test_a_thousand_words_are_looked_through_at_once(drawn: Workshop):
    books = drawn.books() * 300
    assert len(found(books, "FOREST")) == 300 and found(books, "forest zebra") == ()


def test_a_full_disk_leaves_a_book_as_it_was_and_no_half_of_a_copy(drawn: Workshop):
    with room_for_files_of(500), pytest.raises(NoRoom):
        drawn.duplicate_book("the-cat")
    assert [book.id for book in drawn.books()] == ["the-cat"]
    assert not any((drawn.settings.home / "arriving").iterdir())


def test_a_picture_without_versions_says_so():
    then = Origin("pocket", "0" * 12)
    assert then.tools == () and list(changes(then, then)) == []


def test_a_home_that_was_moved_opens_as_it_was(drawn: Workshop, tmp_path: Path):
    before = drawn.books()
    drawn._queue.close()
    moved = drawn.settings.home.rename(tmp_path / "elsewhere")
    there = Workshop(Settings(moved, f"sqlite:///{moved}/jobs.sqlite"))
    assert there.books() == before and there.page_states(before[0]) == ("drawn", "drawn")
    assert finish(there.verify()).damaged == ()


def test_where_nothing_can_be_written_everything_can_still_be_looked_at(drawn: Workshop):
    drawn._characters.add("May", "drawn", [png("red")])
    book = drawn.book("the-cat")
    with room_for_files_of(0):
        assert drawn.find_books("forest") == (book,) and drawn.page_states(book) == ("drawn", "drawn")
        assert drawn.redrawing(book).same and drawn.clock("may").days == 30
        assert finish(drawn.verify(mend=False)).damaged == ()
        assert finish(drawn.tidy(datetime.now(UTC) + timedelta(days=365))).erased == ()
        with pytest.raises(NoRoom, match="everything saved before is safe"):
            drawn.tag_book("the-cat", ("new",))
    assert drawn.book("the-cat") == book


def test_work_for_a_book_that_was_thrown_away_says_so_and_leaves_nothing_behind(drawn: Workshop):
    drawn.trash_book("the-cat")
    with pytest.raises(NotFound, match="There is no book 'the-cat'"):
        finish(drawn.perform("draw", "the-cat", {}))
    assert not (drawn.settings.books / "the-cat").exists()


@pytest.mark.parametrize("brought_back", [False, True])
def test_what_a_power_cut_left_in_two_places_stands_in_one(drawn: Workshop, brought_back: bool):
    drawn.trash_book("the-cat")
    shelf, thrown = drawn.settings.books / "the-cat", drawn.settings.home / "trash" / "books" / "the-cat"
    shutil.copytree(thrown, shelf)  # the names of two folders, of which the disk wrote one down
    if brought_back:
        (thrown / "clock.json").unlink()
    drawn.recover()
    assert not thrown.exists() and drawn.page_states(drawn.book("the-cat")) == ("drawn", "drawn")
    assert finish(drawn.verify()).damaged == ()


def test_two_books_that_are_not_the_same_are_no_second_names(drawn: Workshop):
    drawn.trash_book("the-cat")
    thrown = drawn.settings.home / "trash" / "books" / "the-cat"
    shutil.copytree(thrown, drawn.settings.books / "the-cat")
    drawn._library.change("the-cat", lambda book: replace(book, title="Another"))
    drawn.recover()
    assert thrown.is_dir() and drawn.book("the-cat").title == "Another"
