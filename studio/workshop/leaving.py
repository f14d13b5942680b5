"""What every file goes through before it leaves the studio: it is looked into, and written only when it gives nothing away."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..adapters.shelf import Shelf
from ..errors import BadInput, NotReady
from ..files import atomic_write
from ..publishing.book import Book
from ..safety.scanner import Secrets, check_export, gather
from ..settings import Settings
from ..story.llm.server import load_server
from .wardrobe import Wardrobe


def secrets(settings: Settings, book: Book, said: Sequence[str] = ()) -> Secrets:
    """What a file of the book must not hold; `said` are words of the person that are not in the book's record."""
    return gather(settings, book, _keys(settings), _triggers(settings, book), said)


def checker(settings: Settings, book: Book) -> Callable[[bytes, str], None]:
    """What looks into the bytes of a file of the book, by its name. It raises Leaking."""
    known = secrets(settings, book)
    return lambda raw, name: check_export(raw, name, known)


def let_out(settings: Settings, book: Book, raw: bytes, out: Path, said: Sequence[str] = ()) -> Path:
    """Writes a finished file, once it is known to give nothing away. Raises Leaking, after which what lay there before still
    does; NoRoom."""
    sys.audit("studio.export.made")
    check_export(raw, out.name, secrets(settings, book, said))
    sys.audit("studio.export.scanned")
    placed = atomic_write(out, raw)
    sys.audit("studio.export.placed")
    return placed


def _triggers(settings: Settings, book: Book) -> tuple[str, ...]:
    """The words that call those whom the person taught."""
    shelf = Shelf(settings)
    worn = Wardrobe(settings).worn_cards(book.look.characters)
    return tuple(card.trigger for card in worn if card.trigger and not shelf.ships(card.id))


def _keys(settings: Settings) -> tuple[str, ...]:
    try:
        return (load_server(settings).key,)
    except (NotReady, BadInput):  # none is set up
        return ()
