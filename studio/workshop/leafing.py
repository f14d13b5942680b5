"""What the workshop shows of a book before it is printed: its sides as HTML, and where the words of a page stand."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..files import atomic_write
from ..publishing.book import Book
from ..publishing.design import Shares
from ..publishing.geometry import Box
from ..publishing.marks import PAPER, Picture, Side, Text
from ..publishing.profiles import find_profile, find_trim
from .designing import Designing

SHOWN_PPI, MANY_PPI, MANY = 100, 60, 24  # of the plates on the screen, and from how many sides on they are smaller
SHOWN_QUALITY = 80
WHITE = "#FFFFFF"
FILLED = 0.9  # of a page, that a picture has under words that can be moved
AIR = 0.015  # of the page's width, around words
MOST_PLATES = 240  # kept of a book; each change of its layout makes new ones


@dataclass(frozen=True, slots=True)
class Leaf:
    """One side as a browser shows it, a point to the px: only what is left after cutting."""

    html: str
    width: float
    height: float
    paper: str
    part: str  # as in marks.Side
    number: int
    name: str


class Leafing(Designing):
    """The part of the workshop that leafs through a book. What it shows has gone through the same marks as the PDF."""

    def sides(self, book: Book, profile: str = "screen", trim: str = "") -> tuple[Side, ...]:
        """The same, laid out once for a book as it is: a screen asks for them with every click."""
        return _laid_out(self, book, profile, trim)

    def leaves(self, book: Book, profile: str = "screen", trim: str = "") -> tuple[Leaf, ...]:
        """All sides in order: the first one is right-hand. Raises BadInput, and NotReady for a picture that is damaged."""
        return self.shown(book, self.sides(book, profile, trim), profile)

    def shown(self, book: Book, sides: Iterable[Side], profile: str = "screen") -> tuple[Leaf, ...]:
        """These sides of the book, with plates as fine as a screen needs them."""
        sides, paper = tuple(sides), PAPER if find_profile(profile).tinted else WHITE
        ppi = SHOWN_PPI if len(sides) <= MANY else MANY_PPI
        return tuple(self._leaf(book, side, f"side{order}", paper, ppi) for order, side in enumerate(sides))

    def wrap(self, book: Book, profile: str) -> tuple[Leaf, ...]:
        """The cover for a print service, flat, as one side; empty where the cover is in the file, or made with a template."""
        from ..publishing.cover import wrap_side
        from ..publishing.fonts import load_fonts

        place, pages = find_profile(profile), len(self.sides(book, profile))
        if not place.service or not place.spine:
            return ()
        side = wrap_side(book, place, find_trim(book.design.trim), pages, load_fonts().width)
        return self.shown(book, [side], profile)

    def laid(self, book: Book, number: int, profile: str = "screen") -> tuple[tuple[Leaf, Shares | None], ...]:
        """The sides that show this page, and the part of each where its words lie on the picture; none where they have a
        place of their own, which nobody can move."""
        sides = tuple(side for side in self.sides(book, profile) if side.number == number)
        return tuple(zip(self.shown(book, sides, profile), map(_words_place, sides), strict=True))

    def _leaf(self, book: Book, side: Side, ids: str, paper: str, ppi: int) -> Leaf:
        from ..publishing.ebook.html import side_html

        def source(mark: Picture) -> str:
            return "data:image/jpeg;base64," + base64.b64encode(self._plate(book, mark, ppi, paper)).decode()

        html, trim = side_html(side, source, ids, book.story.language), side.frame.trim
        return Leaf(html, trim.width, trim.height, paper, side.part, side.number, side.name)

    def _plate(self, book: Book, mark: Picture, ppi: int, paper: str) -> bytes:
        """A JPEG of what is seen of a picture, made once."""
        from ..publishing.plate import make_plate

        name = book.pages[mark.number - 1].picture
        seen = repr((name, mark.box, mark.outline, mark.veils, ppi, paper))
        kept = self._library.thumbnails(book.id) / f"plate-{hashlib.sha256(seen.encode()).hexdigest()[:20]}.jpg"
        if not kept.is_file():
            made = make_plate(self._library.pictures(book.id) / name, mark, ppi, paper)
            _make_room(kept.parent)
            atomic_write(kept, _lighter(made.jpeg))
        return kept.read_bytes()


@lru_cache(8)
def _laid_out(desk: Designing, book: Book, profile: str, trim: str) -> tuple[Side, ...]:
    return Designing.sides(desk, book, profile, trim)


def _lighter(jpeg: bytes) -> bytes:
    """The same picture in a third of the bytes, which is fine enough for a screen."""
    from PIL import Image

    raw = io.BytesIO()
    Image.open(io.BytesIO(jpeg)).save(raw, "JPEG", quality=SHOWN_QUALITY, optimize=True)
    return raw.getvalue()


def _make_room(folder: Path) -> None:
    """Removes the plates that were made first, when there are too many."""
    plates = sorted(folder.glob("plate-*.jpg"), key=lambda plate: plate.stat().st_mtime_ns)
    for plate in plates[: max(0, len(plates) + 1 - MOST_PLATES)]:
        plate.unlink(missing_ok=True)


def _words_place(side: Side) -> Shares | None:
    """The part of a page around the words that lie on its picture, with the heights of their letters and a little air."""
    from ..publishing.fonts import load_fonts

    measure, trim = load_fonts().width, side.frame.trim
    texts = [mark for mark in side.marks if isinstance(mark, Text) and mark.role == "words"]
    boxes = [
        Box(line.x, line.y - 0.35 * text.size, measure(line.words, text.face, text.size), 1.4 * text.size)
        for text in texts
        for line in text.lines
    ]
    pictures = (mark.seen.within(trim).area for mark in side.marks if isinstance(mark, Picture))
    if not boxes or max(pictures, default=0.0) < FILLED * trim.area:
        return None
    left, bottom = min(box.left for box in boxes), min(box.bottom for box in boxes)
    right, top = max(box.right for box in boxes), max(box.top for box in boxes)
    return _shares(Box(left, bottom, right - left, top - bottom).inset(-AIR * trim.width), trim)


def _shares(box: Box, page: Box) -> Shares:
    """Left, top, right and bottom as shares of the page."""
    left, right = ((x - page.left) / page.width for x in (box.left, box.right))
    top, bottom = ((page.top - y) / page.height for y in (box.top, box.bottom))
    return max(left, 0.0), max(top, 0.0), min(right, 1.0), min(bottom, 1.0)
