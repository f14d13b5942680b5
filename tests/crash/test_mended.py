"""What the crashes found, each in one small test that needs no crash."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard, Worn
from studio.errors import NoRoom
from studio.files import (
    atomic_folder,
    atomic_path,
    machine_mark,
    make_durable,
    move,
    private_folder,
    remove_folder,
    room_for,
)
from studio.library import erasing
from studio.library.characters import Characters
from studio.library.history import History
from studio.progress import finish
from studio.publishing.book import Book
from studio.rendering.batching import portions
from studio.settings import load_settings
from studio.story.llm.conversation import Spent
from studio.story.llm.ledger import Ledger
from studio.story.llm.server import Server, load_server, save_server
from studio.workshop import Workshop
from tests.elder import as_of_old
from tests.travelling import png, safetensors

STORY = "Zora went to the forest. She saw a fox. They ran home."


@pytest.fixture
def zora(workshop: Workshop, tmp_path: Path) -> Workshop:
    """A workshop with a hero, a style, and a book that wears both."""
    as_of_old(workshop.settings, workshop._characters.add("Zora", "toy", [png("red")]))
    (tmp_path / "made.safetensors").write_bytes(safetensors())
    for id, kind, trigger in (("zora", "subject", "zora"), ("mine", "style", "wet")):
        card = AdapterCard(id=id, title=id, kind=kind, base_model="pocket", rank=4, alpha=4.0, trigger=trigger)
        workshop._shelf.put(
            replace(card, class_word="girl" if kind == "subject" else ""), tmp_path / "made.safetensors"
        )
    worn = {"characters": (Worn("zora"),), "styles": (Worn("mine"),)}
    workshop.begin_book(workshop.read_story(STORY, "The fox"), 2, **worn)
    return workshop


def test_a_new_folder_is_private_all_the_way(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b")
    assert [(tmp_path / one).stat().st_mode & 0o777 for one in ("a", "a/b")] == [0o700, 0o700]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_full_or_faulty_disk_is_told_in_words(code: int) -> None:
    with pytest.raises(NoRoom, match="everything saved before is safe"), room_for("book.json"):
        raise OSError(code, os.strerror(code))


@pytest.mark.parametrize("make", [atomic_path, atomic_folder])
def test_a_disk_that_fills_up_while_something_is_made_is_told_in_words(make, tmp_path: Path) -> None:
    with pytest.raises(NoRoom), make(tmp_path / "made"):
        raise OSError(errno.ENOSPC, "full")
    assert not list(tmp_path.iterdir())


def test_a_folder_moves_where_nothing_or_an_empty_one_is(tmp_path: Path) -> None:
    (private_folder(tmp_path / "one") / "file").touch()
    private_folder(tmp_path / "two")
    move(make_durable(tmp_path / "one"), tmp_path / "two")
    (private_folder(tmp_path / "one") / "file").touch()
    with pytest.raises(FileExistsError):
        move(tmp_path / "one", tmp_path / "two")


def test_a_folder_on_its_way_out_is_no_character_and_no_book(zora: Workshop) -> None:
    home = zora.settings.home
    for place in (home / "characters" / "zora", home / "books" / "the-fox", home / "adapters" / "mine"):
        place.rename(place.with_name(".0-0-half.tmp"))
    assert not zora.characters() and not zora.books() and not zora.damaged_books()
    assert "mine" not in {card.id for card in zora._shelf.cards()}


def test_a_removed_folder_is_gone(tmp_path: Path) -> None:
    (private_folder(tmp_path / "one") / "file").touch()
    remove_folder(tmp_path / "one")
    assert not list(tmp_path.iterdir())


def test_two_books_of_one_title_stand_side_by_side(zora: Workshop) -> None:
    zora.begin_book(zora.read_story(STORY, "The fox"), 2)
    assert {book.id for book in zora.books()} == {"the-fox", "the-fox-2"}


def test_an_erasing_that_was_cut_short_is_finished_by_verify(zora: Workshop) -> None:
    erasing.begin(zora.settings, erasing.Erasing("zora"))  # and then the power went
    finish(zora.verify())
    assert not zora.characters() and not list((zora.settings.home / "erasing").iterdir())
    assert not zora.book("the-fox").look.characters


def test_what_was_cut_short_is_ended_at_the_next_start(zora: Workshop) -> None:
    erasing.begin(zora.settings, erasing.Erasing("zora"))
    (zora.settings.books / "the-fox" / f".{machine_mark()}-999999999-half.tmp.json").write_text("{")
    zora.recover()
    assert not zora.characters() and not list(zora.settings.home.rglob("*.tmp*"))


def test_who_is_erased_leaves_a_book_that_wears_a_style_which_is_gone(zora: Workshop) -> None:
    zora._shelf.remove("mine")
    zora.erase_character("zora")
    assert b"zora" not in (zora.settings.books / "the-fox" / "book.json").read_bytes()


def test_who_is_erased_leaves_the_books_in_the_trash(zora: Workshop) -> None:
    zora.trash_book("the-fox")
    zora.erase_character("zora")
    assert b"zora" not in (zora.settings.home / "trash" / "books" / "the-fox" / "book.json").read_bytes()


def test_undo_passes_over_a_change_that_never_came(zora: Workshop) -> None:
    zora.edit_page("the-fox", 1, text="Once.")
    folder = zora.settings.books / "the-fox"
    History(folder / "history").keep((folder / "book.json").read_bytes(), "text 2")  # and then it was killed
    assert zora.undo("the-fox").pages[0].scene.text != "Once." and not zora.can_undo("the-fox")


def test_a_line_that_was_cut_short_takes_no_other_with_it(home: Path) -> None:
    ledger = Ledger(load_settings())
    ledger.bill("one", "keep", "model", Spent(1, 2, 1), None)
    path = home / "audit" / "language_model_tokens.jsonl"
    path.write_bytes(path.read_bytes() + b'{"at": "half')
    ledger.bill("two", "keep", "model", Spent(1, 2, 1), None)
    assert [bill.target for bill in ledger.bills()] == ["two", "one"]


def test_a_key_goes_before_another_address_comes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    save_server(settings, Server("http://127.0.0.1:1/v1", "model", key="old"))
    save_server(settings, Server("http://localhost:2/v1", "model", key="new"))
    assert load_server(settings).key == "new"


def test_of_no_pages_there_are_no_portions() -> None:
    assert list(portions((), 3)) == []


def test_a_character_comes_whole_or_not_at_all(home: Path) -> None:
    characters = Characters(load_settings())
    with pytest.raises(TypeError):
        characters.add("Zora", "toy", [png("red"), None])
    assert [path.name for path in home.rglob("*") if path.is_file()] == ["characters.lock"]  # empty


def test_an_unfinished_set_of_pictures_is_none(workshop: Workshop) -> None:
    with pytest.raises(Exception, match="no pictures"):
        workshop.receive_dataset("Kites", [("notes.doc", b"nothing")])
    assert workshop.datasets() == () and not list(workshop.settings.datasets.glob("*"))


def test_a_set_that_was_made_ready_is_so_when_it_is_asked_for_again(workshop: Workshop) -> None:
    place = private_folder(workshop.settings.datasets / "kites")
    (place / "manifest.csv").write_text("source\n")
    finish(workshop._prepare_received("kites", 0))
    assert (place / "manifest.csv").read_text() == "source\n"


def test_a_book_stands_whole_on_the_shelf_or_not_at_all(zora: Workshop) -> None:
    book: Book = zora.book("the-fox")
    assert zora._library.bring(replace(book, title="Other"), private_folder(zora.settings.home / "arriving" / "x"))
    assert {one.id for one in zora.books()} == {"the-fox", "the-fox-2"}
