"""The bookshelf on disk: `books/<id>/` holds book.json, history/, pictures/, thumbnails/, narration/, exports/, and
`trash/books/` the removed.

The record on disk is the truth. Changes go through `change`, which holds a lock over
read and write, so that the worker saving a picture and a person renaming the book do not undo one another.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import BadInput, NotFound, StudioError
from ..files import make_durable, move, private_folder, process_mark, room_for, shred, slug
from ..publishing.book import Book
from ..settings import Settings
from .characters import Characters
from .clock import take_back, throw
from .history import History
from .members import room_for_one
from .record import BACKUPS, read_record, write_record
from .seals import ALTERED, put_aside

NOT_COPIED = ("history", "exports", "tries", "draft.json", BACKUPS, ALTERED)
NAMELESS = "book"
SAFE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")


class Library:
    """All books of one home."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._shelf = settings.books
        self._trash = settings.home / "trash" / "books"
        self._locks = settings.home / "locks"

    def books(self) -> tuple[Book, ...]:
        """The books that can be opened, newest first."""
        return _newest_first(self._shelf, self._open)

    def trashed(self) -> tuple[Book, ...]:
        """The books in the trash, newest first."""
        return _newest_first(self._trash, self._open)

    def damaged(self) -> tuple[tuple[str, StudioError], ...]:
        """Id and complaint of each book that cannot be opened."""
        found = []
        for folder in _folders(self._shelf):
            try:
                self._open(folder)
            except StudioError as error:
                found.append((folder.name, error))
        return tuple(found)

    def book(self, id: str) -> Book:
        """The book with this id. Raises NotFound, and BadInput when its file is damaged."""
        return self._open(self._folder(id))

    def save(self, book: Book) -> Book:
        """Writes the whole book."""
        write_record(private_folder(self._shelf / book.id) / "book.json", book)
        return book

    def add(self, book: Book) -> Book:
        """Saves a new book under an id of its own made from the title, 'the-red-kite', 'the-red-kite-2'; 'book', where a person of
        this home is called in it."""
        with self._arriving() as room:
            return self.bring(replace(book, id=_stem(book.title)), room)

    def bring(self, book: Book, folder: Path) -> Book:
        """Stands a folder with all that belongs to the book on the shelf, whole or not at all, under the book's own id or, where
        that is taken, the next that is free. The folder must lie in the same home. Raises NoRoom, NotAllowed."""
        with room_for_one(self._settings, "books", self._shelf):
            return self._bring(book, folder)

    def _bring(self, book: Book, folder: Path) -> Book:
        for id in _ids(self._silent(_stem(book.id))):
            place, placed = self._shelf / id, replace(book, id=id)
            if place.exists() or (self._trash / id).exists():
                continue
            sys.audit("studio.book.arrive")
            write_record(folder / "book.json", placed)
            try:
                move(make_durable(folder), place)
            except FileExistsError:  # somebody was faster
                continue
            sys.audit("studio.book.arrived")
            return placed
        raise RuntimeError("numbers end")

    def _silent(self, stem: str) -> str:
        """What the id begins with: ids stand in the list of jobs and in names of files, where no real name does."""
        people = (one.name for one in Characters(self._settings).all() if one.kind == "person")
        called = {word for name in people for word in slug(name).split("-")}
        return NAMELESS if called & {*stem.split("-")} else stem

    def duplicate(self, id: str, title: str, created: str) -> Book:
        """Another book with the same pages, pictures and voices, under an id of its own; what was made of the book and its
        former states stay with the first. Whole or not at all. Raises NotFound, NoRoom."""
        book = replace(self.book(id), title=title, created=created, id=_stem(title))
        with self._arriving() as room, room_for(id):
            for file in _copied(self._folder(id)):  # one by one: copytree hides why a disk refuses
                private_folder((room / file).parent)
                shutil.copyfile(self._folder(id) / file, room / file)
            sys.audit("studio.book.copied")
            return self.bring(book, room)

    @contextmanager
    def _arriving(self) -> Iterator[Path]:
        """A folder in which a book is put together before it stands on the shelf."""
        place = private_folder(self._shelf.parent / "arriving")
        with room_for("book"), TemporaryDirectory(dir=place, prefix=process_mark()) as room:
            yield private_folder(Path(room) / "book")

    def recover(self, id: str) -> Book | None:
        """Puts the newest former state that can be read in the place of a record that is torn or gone, which is kept aside; None
        when there is no such state."""
        folder = self._shelf / id
        with self._locked(id):
            for former in sorted(folder.glob("history/*.json"), reverse=True):
                with suppress(StudioError):
                    book = read_record(former, Book, "book", id)
                    put_aside(folder / "book.json")
                    return self.save(book)
        return None

    def size(self, id: str) -> int:
        """Bytes of all that belongs to the book. Raises NotFound."""
        return sum(path.stat().st_size for path in self._folder(id).rglob("*") if path.is_file())

    def change(self, id: str, edit: Callable[[Book], Book], label: str = "") -> Book:
        """Reads the book, applies `edit` and saves, with nobody else writing in between.

        With a `label`, which says what of the book changes, the change can be taken back.
        """
        with self._locked(id):
            before = self.book(id)
            after = edit(before)
            if after == before:
                return before
            if label:
                sys.audit("studio.edit.keep")
                self._history(id).keep(self._record(id), label)
            sys.audit("studio.edit.save")
            saved = self.save(after)
            sys.audit("studio.edit.saved")
            if label:
                self._history(id).settle(self._record(id))
            return saved

    def undo(self, id: str) -> Book:
        """Takes the newest change back that can be; the book as it is when there is none."""
        with self._locked(id):
            former = self._history(id).latest(self._record(id))
            if former is None:
                return self.book(id)
            sys.audit("studio.undo.save")
            book = self.save(read_record(former, Book, "book", id))
            sys.audit("studio.undo.forget")
            self._history(id).forget_from(former)
            return book

    def can_undo(self, id: str) -> bool:
        """Whether there is a change that can be taken back."""
        return self._history(id).latest(self._record(id)) is not None

    def latest_change(self, id: str) -> str:
        """The label of the newest change that can be taken back, as in a file name; empty for none."""
        return self._history(id).label(self._record(id))

    def trash(self, id: str) -> None:
        """Moves the book to the trash, from where `restore` brings it back. Raises NotFound."""
        with self._locked(id):
            throw(self._folder(id), private_folder(self._trash) / id)

    def restore(self, id: str) -> Book:
        """Brings a book back from the trash. Raises NotFound."""
        if not SAFE_ID.fullmatch(id) or not (self._trash / id).is_dir():
            raise NotFound(
                "There is no book '{id}' in the trash. It may have been restored already; look on the bookshelf.",
                id=id,
            )
        leftover = private_folder(self._shelf) / id
        if leftover.exists() and not (leftover / "book.json").exists():  # a picture that was being drawn meanwhile
            shutil.rmtree(leftover)
        take_back(self._trash / id, leftover)
        return self.book(id)

    def change_thrown(self, edit: Callable[[Book], Book]) -> None:
        """Applies `edit` to all books in the trash that can be opened."""
        for folder in _folders(self._trash):
            with suppress(StudioError):
                before = self._open(folder)
                if (after := edit(before)) != before:
                    write_record(folder / "book.json", after)

    def forget_history(self, words: str) -> None:
        """Lets go of the former states of all books, those in the trash too, of which any holds these words."""
        for folder in self.former_states(words):
            shred(folder)

    def former_states(self, words: str) -> tuple[Path, ...]:
        """The folders of former states that `forget_history` lets go of."""
        kept = [
            place
            for folder in (*_folders(self._shelf), *_folders(self._trash))
            for place in (folder / "history", folder / BACKUPS)
        ]
        return tuple(one for one in kept if any(words.encode() in state.read_bytes() for state in one.glob("*.json")))

    def draft(self, id: str) -> Path:
        """The file in which a language model's pages are kept while it writes them."""
        return self._folder(id) / "draft.json"

    def pictures(self, id: str) -> Path:
        """The folder of the book's pictures."""
        return private_folder(self._folder(id) / "pictures")

    def thumbnails(self, id: str) -> Path:
        """The folder of small copies of the pictures."""
        return private_folder(self._folder(id) / "thumbnails")

    def tries(self, id: str) -> Path:
        """The folder of pictures in which styles were tried on the book."""
        return private_folder(self._folder(id) / "tries")

    def measures(self, id: str) -> Path:
        """The folder of what was seen in the pictures; made when something is kept there."""
        return self._folder(id) / "measures"

    def all_measures(self) -> tuple[Path, ...]:
        """Those of all books, those in the trash too."""
        return tuple(folder / "measures" for folder in (*_folders(self._shelf), *_folders(self._trash)))

    def narration(self, id: str) -> Path:
        """The folder of what was read aloud of the book; made when something is kept there."""
        return self._folder(id) / "narration"

    def exports(self, id: str) -> Path:
        """The folder of the files made for printing and reading."""
        return private_folder(self._folder(id) / "exports")

    def _record(self, id: str) -> bytes:
        return (self._folder(id) / "book.json").read_bytes()

    def _history(self, id: str) -> History:
        return History(self._folder(id) / "history")

    def _folder(self, id: str) -> Path:
        folder = self._shelf / id
        if not SAFE_ID.fullmatch(id) or not folder.is_dir():
            raise _not_here(id, self._shelf)
        return folder

    def _open(self, folder: Path) -> Book:
        book = read_record(folder / "book.json", Book, "book")
        if book.id != folder.name:
            raise BadInput(
                "The file of book '{id}' belongs to book '{other}'. Rename its folder back.",
                id=folder.name,
                other=book.id,
            )
        return book

    @contextmanager
    def _locked(self, id: str) -> Iterator[None]:
        from filelock import FileLock

        self._folder(id)  # a wrong id must not leave a lock file
        with room_for(id), FileLock(private_folder(self._locks) / f"book-{id}.lock"):
            yield


def _copied(folder: Path) -> Iterator[Path]:
    """The files of a book that go along with a copy of it, by their places in its folder."""
    inside = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    for file in inside:
        if not file.name.startswith(".") and not {*file.parts} & {*NOT_COPIED}:
            yield file


def _ids(stem: str) -> Iterator[str]:
    """'the-red-kite', 'the-red-kite-2', and so on for ever."""
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def _stem(title: str) -> str:
    try:
        return slug(title)
    except BadInput:  # a title without one Latin letter or digit
        return NAMELESS


def _folders(place: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder for folder in place.glob("[!.]*") if folder.is_dir())) if place.is_dir() else ()


def _newest_first(place: Path, open_book: Callable[[Path], Book]) -> tuple[Book, ...]:
    found = []
    for folder in _folders(place):
        with suppress(StudioError):  # told by `damaged`; the other books still list
            found.append(open_book(folder))
    return tuple(sorted(found, key=lambda book: (book.created, book.id), reverse=True))


def _not_here(id: str, shelf: Path) -> NotFound:
    known = ", ".join(f"'{folder.name}'" for folder in _folders(shelf)[:12])
    if known:
        return NotFound("There is no book '{id}'. There are: {known}.", id=id, known=known)
    return NotFound("There is no book '{id}'. There are no books yet; begin one from a story.", id=id)
