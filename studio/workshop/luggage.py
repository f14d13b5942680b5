"""What the workshop does with a packed book that was dropped on the shelf: it is looked at in a moment, kept, and taken in by the
worker, once, however often that is killed meanwhile."""

from __future__ import annotations

import json
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath

from ..errors import BadInput, NotFound
from ..files import atomic_folder, atomic_write, remove_folder
from ..library.leftovers import LUGGAGE
from ..library.unpacking import glance
from ..progress import Work
from .moving import MARK, Arrived, Moving

PIECE = re.compile(r"[0-9a-f]{16}")  # what a piece of luggage is asked for by
ENDING, ARRIVED = ".storybook", "arrived.json"


class Luggage(Moving):
    """The part of the workshop that takes in what a browser sent."""

    def receive_archive(self, name: str, raw: bytes) -> str:
        """Keeps a packed book for `submit_unpacking` when its list shows nothing that is wrong; gives the id by which it is asked
        for. Raises BadInput, NoRoom."""
        # A browser may call a file anything: with a zero in it, or longer than a disk takes
        shown = "".join(letter for letter in PurePath(name).name if letter.isprintable())[-60:]
        file = f"{shown.removesuffix(ENDING).strip('. ') or 'book'}{ENDING}"
        id = secrets.token_hex(8)
        with atomic_folder(self._luggage / id) as part:
            atomic_write(part / file, raw)
            glance(part / file)
        return id

    def submit_unpacking(self, id: str) -> str:
        """Asks the worker to stand the book on the shelf; gives the job's id."""
        return self._queue.submit("unpack", id)

    def arrived(self, id: str) -> Arrived | None:
        """The book that was in it, once it stands on the shelf, and what is otherwise here than it was there."""
        with suppress(FileNotFoundError, NotFound):  # not yet, or erased or thrown away since
            told = json.loads((self._luggage / id / ARRIVED).read_text(encoding="utf-8"))
            remarks = tuple(NotFound(said, **values) for said, values in told["remarks"])
            return Arrived(self._library.book(told["book"]), remarks)
        return None

    @property
    def _luggage(self) -> Path:
        return self.settings.home / LUGGAGE

    def _unpack(self, id: str) -> Work[None]:
        folder = self._luggage / (id if PIECE.fullmatch(id) else "-")
        note = folder / ARRIVED
        if not note.is_file():
            arrived = self._stood(id) or (yield from self._taken_in(folder))
            sys.audit("studio.luggage.stood")
            remarks = [(one.message, one.values) for one in arrived.remarks]
            atomic_write(note, json.dumps({"book": arrived.book.id, "remarks": remarks}, ensure_ascii=False))
            sys.audit("studio.luggage.noted")
        for left in (*_packed(folder), *self._marks(id)):
            left.unlink(missing_ok=True)

    def _taken_in(self, folder: Path) -> Work[Arrived]:
        """The book, which bears a mark until all is noted. What cannot be taken in is not kept."""
        file = next(_packed(folder), None)
        if file is None:
            raise NotFound("The file of this book is not here any more. Drop it once more; nothing was changed.")
        try:
            return (yield from self.import_archive(file, folder.name))
        except BadInput:
            remove_folder(folder)
            raise

    def _stood(self, id: str) -> Arrived | None:
        """The book that a worker had put on the shelf before it was killed; its remarks went with that worker."""
        return next((Arrived(self._library.book(mark.parent.name)) for mark in self._marks(id)), None)

    def _marks(self, id: str) -> Iterator[Path]:
        marks = self.settings.books.glob(f"*/{MARK}")
        return (mark for mark in marks if mark.read_text(encoding="utf-8") == id)


def _packed(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("*") if path.name != ARRIVED)
