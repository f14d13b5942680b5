"""Books on disk: whole, found again, thrown away and brought back."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from studio.adapters.card import Worn
from studio.errors import BadInput, NotFound
from studio.library.library import Library
from studio.publishing.book import Book, Look, Page
from studio.settings import load_settings
from studio.story.prompt import Prompt
from studio.story.scene import Cast, Role, Scene
from studio.story.story import Story


@pytest.fixture
def library(home: Path) -> Library:
    return Library(load_settings())


def a_book(title: str = "Con diều đỏ", created: str = "2026-11-21T08:00:00.000+00:00") -> Book:
    scene = Scene("Mây chạy ra đồng.", ("Mây",), place="rice field", things=("kite",))
    return Book(
        id="",
        title=title,
        story=Story("Mây chạy ra đồng.", "vi", title),
        cast=Cast((Role("Mây", "girl", "may"),)),
        look=Look(characters=(Worn("may", 0.8),)),
        pages=(Page(scene, Prompt("a happy may girl"), seed=1001),),
        created=created,
    )


def damage(library: Library, id: str, **changes: object) -> None:
    path = library.pictures(id).parent / "book.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_book_reads_back_as_it_was_saved(library: Library) -> None:
    saved = library.add(a_book())
    assert saved.id == "con-dieu-do"
    assert library.book(saved.id) == saved


def test_books_of_one_title_get_ids_of_their_own(library: Library) -> None:
    assert [library.add(a_book()).id for _ in range(3)] == ["con-dieu-do", "con-dieu-do-2", "con-dieu-do-3"]


def test_a_title_without_a_latin_letter_still_gets_an_id(library: Library) -> None:
    assert library.add(a_book("兔子")).id == "book"


def test_books_list_newest_first(library: Library) -> None:
    for day in (2, 3, 1):
        library.add(a_book(f"day {day}", f"2026-11-0{day}T00:00:00+00:00"))
    assert [book.id for book in library.books()] == ["day-3", "day-2", "day-1"]


@pytest.mark.parametrize("nonsense", ["", "../x", "a/b", "x" * 200, "Nobody"])
def test_an_unknown_id_is_not_found_and_names_the_books_there_are(library: Library, nonsense: str) -> None:
    library.add(a_book())
    with pytest.raises(NotFound, match="There are: 'con-dieu-do'"):
        library.book(nonsense)


@pytest.mark.parametrize("raw", ["", "{", "[]", "null", "\ufffd", '{"id": 3}'])
def test_a_damaged_book_is_told_and_the_others_still_list(library: Library, raw: str) -> None:
    good, bad = library.add(a_book("good")), library.add(a_book("bad"))
    (library.pictures(bad.id).parent / "book.json").write_text(raw)
    assert [book.id for book in library.books()] == [good.id]
    assert [(id, type(why)) for id, why in library.damaged()] == [(bad.id, BadInput)]
    with pytest.raises(BadInput, match="book 'bad' is damaged"):
        library.book(bad.id)


def test_an_unknown_key_is_refused_at_every_depth(library: Library) -> None:
    book = library.add(a_book())
    damage(library, book.id, surprise=1)
    with pytest.raises(BadInput, match="'surprise' is not a known field"):
        library.book(book.id)
    library.save(book)
    damage(library, book.id, look={"colour": "red"})
    with pytest.raises(BadInput, match="'look.colour' is not a known field"):
        library.book(book.id)


def test_a_book_of_a_newer_studio_asks_for_an_update(library: Library) -> None:
    book = library.add(a_book())
    damage(library, book.id, version=99, surprise=1)
    with pytest.raises(BadInput, match="newer studio"):
        library.book(book.id)


def test_a_trashed_book_is_gone_until_restored(library: Library) -> None:
    book = library.add(a_book())
    library.trash(book.id)
    assert library.books() == () and library.trashed() == (book,)
    with pytest.raises(NotFound):
        library.trash(book.id)
    assert library.restore(book.id) == book
    with pytest.raises(NotFound, match="in the trash"):
        library.restore(book.id)


def test_a_new_book_does_not_take_the_id_of_one_in_the_trash(library: Library) -> None:
    library.trash(library.add(a_book()).id)
    assert library.add(a_book()).id == "con-dieu-do-2"


def test_a_picture_drawn_while_the_book_was_trashed_does_not_hinder_its_return(library: Library) -> None:
    book = library.add(a_book())
    late = library.pictures(book.id) / "01-late.png"
    library.trash(book.id)
    late.parent.mkdir(parents=True)
    late.write_bytes(b"x")
    assert library.restore(book.id) == book


def test_changes_from_many_hands_are_all_kept(library: Library) -> None:
    book = library.add(replace(a_book(), pages=a_book().pages * 8))

    def draw(number: int) -> None:
        def put(now: Book) -> Book:
            page = replace(now.pages[number], picture=f"{number}.png")
            return replace(now, pages=(*now.pages[:number], page, *now.pages[number + 1 :]))

        library.change(book.id, put)

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.book(book.id).drawn
