"""From a drawn book to a file to keep: what must hold before it is bound, and where the file goes."""

from __future__ import annotations

from pathlib import Path

from ..errors import BadInput, NotReady
from ..files import slug
from ..library.library import Library
from ..progress import Work
from ..publishing.book import Book
from ..publishing.profiles import find_profile, find_trim
from ..settings import Settings


def export(
    settings: Settings, book: Book, states: tuple[str, ...], out: Path | None, profile: str, trim: str
) -> Work[Path]:
    """The bound PDF. Raises NotReady while a page has no picture, BadInput for another kind of file."""
    from ..publishing.pdf import bind
    from ..rendering.enlarger import Enlarger

    library = Library(settings)
    missing = [str(number) for number, state in enumerate(states, 1) if state == "missing"]
    if missing:
        raise NotReady(
            "'{title}' cannot be bound yet: page {pages} has no picture. Draw the pages first.",
            title=book.title,
            pages=", ".join(missing),
        )
    path = out or library.exports(book.id) / f"{book.id}-{slug(profile)}.pdf"
    check(path, profile, trim)
    enlarged = Enlarger(settings).enlarged
    return (yield from bind(book, library.pictures(book.id), path, profile, trim, enlarged=enlarged))


def check(out: Path, profile: str, trim: str) -> None:
    """Raises BadInput for a file, profile or trim size that cannot be made."""
    find_profile(profile)
    find_trim(trim)
    if out.suffix.lower() != ".pdf":
        raise BadInput("'{name}' cannot be made. Give the book a name that ends in .pdf.", name=out.name)
