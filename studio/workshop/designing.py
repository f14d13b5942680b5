"""What the workshop does for the looks of a book on paper: its design, the layout of its pages, its sides as they will print."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from ..errors import BadInput
from ..publishing.book import Book
from ..publishing.design import LAYOUTS, MOST_OWN_PAGES, LayoutName, Shares
from ..publishing.faces import find_face
from ..publishing.marks import Side
from ..publishing.profiles import find_profile, find_trim
from ..story.merge import Typed, window
from ..story.story import AGES
from .making import page_of, put_page
from .measuring import Measuring


class Designing(Measuring):
    """The part of the workshop that knows how the book is laid out."""

    def change_design(self, id: str, **changes: Any) -> Book:
        """The book with other fields of its Design. Raises BadInput for a value that cannot be, NotFound for a page, Clash."""
        sys.audit("studio.design.change")
        if "cover" in changes:
            page_of(self._library.book(id), changes["cover"])
        checked = _checked(**changes)

        def change(book: Book) -> Book:
            design = book.design
            words = {
                field: given.onto(getattr(design, field))
                for field, given in checked.items()
                if isinstance(given, Typed)
            }
            return replace(book, design=replace(design, **(checked | words)))

        return self._library.change(id, change, f"design {' '.join(changes)} {window(*changes.values())}")

    def lay_page(self, id: str, number: int, layout: LayoutName | None) -> Book:
        """The page laid out so, or as fits the book's rhythm; its words go where they read best there."""
        if layout is not None and layout not in LAYOUTS:
            raise BadInput(
                "'{layout}' is no layout of a page. Choose one of {known}.", layout=layout, known=", ".join(LAYOUTS)
            )
        sys.audit("studio.layout.page")
        return self._library.change(
            id,
            lambda book: put_page(book, number, replace(page_of(book, number), layout=layout, text_box=None)),
            f"layout {number}",
        )

    def place_words(self, id: str, number: int, box: Shares | None) -> Book:
        """The page with its words in that part of it, or where they read best. Raises BadInput."""
        if box is not None and not (0 <= box[0] < box[2] <= 1 and 0 <= box[1] < box[3] <= 1):
            raise BadInput(
                "The words of page {number} cannot stand outside it. Their place is as it was.", number=number
            )

        def change(book: Book) -> Book:
            page = page_of(book, number)
            layout: LayoutName | None = "full" if box else page.layout  # only there can words be moved
            return put_page(book, number, replace(page, text_box=box, layout=layout))

        sys.audit("studio.layout.words")
        return self._library.change(id, change, f"words {number}")

    def sides(self, book: Book, profile: str = "screen", trim: str = "") -> tuple[Side, ...]:
        """All sides of the book as they print there; pages without a picture count as if they had one. Raises BadInput."""
        from ..publishing.fonts import load_fonts
        from ..publishing.paper.proof import laid

        size = find_trim(trim or book.design.trim)
        return laid(book, self._library.pictures(book.id), find_profile(profile), size, load_fonts().width)


def _checked(**changes: Any) -> dict[str, Any]:
    """The changes, if a book can be designed so."""
    if "trim" in changes:
        changes["trim"] = find_trim(changes["trim"]).name
    if "face" in changes:
        changes["face"] = find_face(changes["face"])
    allowed = {"age": AGES, "second": ("below", "facing"), "own_pages": range(MOST_OWN_PAGES + 1)}
    for field, known in allowed.items():
        if field in changes and changes[field] not in known:
            raise BadInput(
                "'{value}' cannot be chosen for the design. Choose one of {known}; the book is as it was.",
                value=changes[field],
                known=f"0 to {MOST_OWN_PAGES}" if field == "own_pages" else ", ".join(map(str, known)),
            )
    return changes
