"""What the workshop does for pages with several heroes: where each of them stands."""

from __future__ import annotations

from dataclasses import replace

from ..errors import NotFound
from ..publishing.book import Book, Page
from ..story.layout import Boxes, fitted, proposed
from . import company, making
from .mending import Mending


class Staging(Mending):
    """The part of the workshop that places figures."""

    def stages(self, book: Book, number: int) -> Boxes:
        """A box for each figure of a page with several heroes, by the names of the roles; empty where nobody has to be kept
        apart from others. Raises NotFound."""
        page = making.page_of(book, number)
        return company.stages(book, page) if company.heroes(book, page) else ()

    def place_heroes(self, id: str, number: int, boxes: Boxes) -> Book:
        """The book with figures of a page in other boxes, shares of the picture from its left and top; without any, all stand as
        proposed. A box that lies outside or is too small is moved or widened. Raises NotFound."""

        def place(book: Book) -> Book:
            page = making.page_of(book, number)
            known = tuple(name for name, _ in proposed(page.scene, book.cast))
            _refuse_strangers(boxes, known)
            own = tuple((name, fitted(box)) for name, box in boxes)
            moved = _moved(own, book, page)
            # a part drawn anew belongs to the picture of before
            mended = page.mended if moved == page.boxes else None
            return making.put_page(book, number, replace(page, boxes=moved, mended=mended))

        self._library.change(id, place, f"boxes {number}")
        return self._easel.settle(id)


def _refuse_strangers(boxes: Boxes, known: tuple[str, ...]) -> None:
    for name, _ in boxes:
        if name not in known:
            raise NotFound(
                "'{name}' is not on this page. There are: {known}.",
                name=name,
                known=", ".join(f"'{one}'" for one in known) or "-",
            )


def _moved(boxes: Boxes, book: Book, page: Page) -> Boxes:
    """Those that do not stand as proposed."""
    usual = dict(proposed(page.scene, book.cast))
    return tuple((name, box) for name, box in boxes if box != usual[name])
