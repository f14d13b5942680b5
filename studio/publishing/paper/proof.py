"""A book laid out for one destination, before anything is printed: what a preflight looks at and a binder binds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..book import Book
from ..calm import calm_of
from ..cover import wrap_side
from ..fonts import load_fonts
from ..layout import lay_out
from ..lines import Measure
from ..marks import Picture, Side
from ..plate import plate_ppi
from ..profiles import Profile, Trim
from .booklet import Sheet, sheets_of


class Enlarging(Protocol):
    """Gives larger copies of small pictures, as rendering.enlarger does."""

    def enlarged(self, picture: Path) -> Path: ...

    def size(self, picture: Path) -> tuple[int, int]:
        """Width and height in px of what `enlarged` gives; (0, 0) for a picture that cannot be opened."""
        ...


class AsTheyAre:
    """Leaves pictures as large as they are."""

    def enlarged(self, picture: Path) -> Path:
        return picture

    def size(self, picture: Path) -> tuple[int, int]:
        from PIL import Image

        try:
            with Image.open(picture, formats=("PNG", "JPEG", "WEBP")) as opened:
                return opened.size
        except (OSError, SyntaxError, ValueError):  # Pillow's words for a missing or damaged file
            return (0, 0)


AS_THEY_ARE = AsTheyAre()


@dataclass(frozen=True, slots=True)
class Proof:
    """`inside`: all sides of the file; `wrap`: the cover of a print service, a file of its own. `ppi` tells, by page of the
    story, how many pixels its picture has to an inch where it is coarsest."""

    book: Book
    profile: Profile
    trim: Trim
    inside: tuple[Side, ...]
    wrap: Side | None
    ppi: Mapping[int, float]

    @property
    def sides(self) -> tuple[Side, ...]:
        return (*self.inside, self.wrap) if self.wrap else self.inside

    @property
    def files(self) -> tuple[tuple[Side, ...], ...]:
        """The sides of each file that is made."""
        return (self.inside, (self.wrap,)) if self.wrap else (self.inside,)


def proof_of(book: Book, pictures: Path, profile: Profile, trim: Trim, enlarging: Enlarging) -> Proof:
    """The proof of the book with the pictures in that folder; pages that are not drawn count as if they were.

    Raises BadInput for words that have no room.
    """
    measure = load_fonts().width
    inside = laid(book, pictures, profile, trim, measure)
    wrap = wrap_side(book, profile, trim, len(inside), measure) if profile.service and profile.spine else None
    sheets = [*sheets_of(inside, profile), *(sheets_of((wrap,), profile) if wrap else ())]
    sizes = {
        number: enlarging.size(pictures / page.picture) if page.picture else (0, 0)
        for number, page in enumerate(book.pages, 1)
    }
    return Proof(book, profile, trim, inside, wrap, _ppi(sheets, sizes, profile))


def laid(book: Book, pictures: Path, profile: Profile, trim: Trim, measure: Measure) -> tuple[Side, ...]:
    """All sides of the file, laid out around what the pictures show."""
    calms = [calm_of(pictures / page.picture) if page.picture else None for page in book.pages]
    return lay_out(book, profile, trim, measure, calms)


def _ppi(sheets: list[Sheet], sizes: Mapping[int, tuple[int, int]], profile: Profile) -> dict[int, float]:
    found: dict[int, float] = {}
    for mark, scale in _pictures(sheets):
        if min(size := sizes[mark.number]):
            fine = plate_ppi(*size, mark.box, profile.ppi, scale)
            found[mark.number] = min(fine, found.get(mark.number, fine))
    return dict(sorted(found.items()))


def _pictures(sheets: list[Sheet]) -> Iterator[tuple[Picture, float]]:
    for sheet in sheets:
        for placed in sheet.placed:
            yield from ((mark, placed.scale) for mark in placed.side.marks if isinstance(mark, Picture))
