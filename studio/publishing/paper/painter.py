"""Draws sheets on a canvas, one page of the PDF each, and notes what is read and which pictures hang where.

Each mark is marked content: what is read has a number, all else is an artifact. Pictures are only called by name here;
their pixels are hung in afterwards, so that reportlab never unpacks them.
"""

from __future__ import annotations

import io
from codecs import BOM_UTF16_BE
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ... import __version__
from ..book import Book
from ..colophon import colophon, title
from ..faces import NOTE, TITLE
from ..fonts import Fonts
from ..geometry import Box, Outline, around
from ..lines import clean
from ..marks import Fill, Line, Mark, Picture, Role, Rule, Text
from .booklet import Placed, Sheet
from .tags import Element, Kind

if TYPE_CHECKING:
    from reportlab.pdfgen.pathobject import PDFPathObject

    from .press import Press

KINDS: dict[Role, Kind] = {"title": "H1", "heading": "H2", "words": "P", "note": "P"}


@dataclass(frozen=True, slots=True)
class Hanging:
    """What is seen of a picture, and how many points of paper a point of its mark becomes."""

    mark: Picture  # its outline is a plain rectangle: what is cut away is cut on the page
    wide: float


@dataclass(frozen=True, slots=True)
class Painted:
    """The file without pixels: its bytes, what is read in it, and what hangs where: a picture's name, what is seen of it,
    and the pages, from 0, that call it."""

    raw: bytes
    elements: tuple[Element, ...]
    hangings: tuple[tuple[str, Hanging, tuple[int, ...]], ...]


class Painter:
    """One file in the making. `press`: whose colours it is printed in, None for those of screens."""

    def __init__(self, book: Book, fonts: Fonts, press: Press | None, bookmarks: bool) -> None:
        from reportlab import rl_config
        from reportlab.pdfgen.canvas import Canvas

        rl_config.useA85 = 0  # bytes as they are, not as a fifth more of text
        self._raw = io.BytesIO()
        self._fonts, self._press, self._bookmarks = fonts, press, bookmarks
        self._canvas = Canvas(
            self._raw, pdfVersion=(1, 7), lang=book.story.language, initialFontName=NOTE, invariant=1, pageCompression=1
        )
        self._elements: list[Element] = []
        self._hangings: dict[Hanging, tuple[str, set[int]]] = {}
        self._pieces = 0  # of this page that are read
        self._describe(book)

    def _describe(self, book: Book) -> None:
        self._canvas.setTitle(clean(title(book)))
        self._canvas.setAuthor(clean(book.story.author))
        self._canvas.setCreator(f"Storybook Studio {__version__}")
        self._canvas.setSubject(colophon(book).sentence)

    def paint(self, sheet: Sheet, paper: str) -> None:
        """One more page; `paper` is the colour under everything, empty for none."""
        self._canvas.setPageSize((sheet.media.width, sheet.media.height))
        for set_box in (self._canvas.setCropBox, self._canvas.setBleedBox):
            set_box(_corners(sheet.media))
        self._canvas.setTrimBox(_corners(sheet.trim))
        self._pieces = 0
        for placed in sheet.placed:
            self._paint_side(placed, paper, sheet.folded)
        self._canvas.showPage()

    def finish(self) -> Painted:
        """The whole file."""
        self._canvas.save()
        hangings = ((name, hanging, tuple(sorted(pages))) for hanging, (name, pages) in self._hangings.items())
        return Painted(self._raw.getvalue(), tuple(self._elements), tuple(hangings))

    @property
    def _page(self) -> int:
        return int(self._canvas.getPageNumber()) - 1

    def _paint_side(self, placed: Placed, paper: str, moved: bool) -> None:
        side = placed.side
        if side.name and self._bookmarks:
            self._canvas.bookmarkPage(place := f"side-{placed.order}")
            self._canvas.addOutlineEntry(side.name, place)
        self._canvas.saveState()
        if moved:
            self._canvas.translate(placed.x, placed.y)
            self._canvas.scale(placed.scale, placed.scale)
            self._canvas.clipPath(self._path(around(side.frame.trim)), stroke=0, fill=0)
        if paper:
            self._paint(Fill(around(side.frame.media), paper), placed)
        for mark in side.marks:
            self._paint(mark, placed)
        self._canvas.restoreState()

    def _paint(self, mark: Mark, placed: Placed) -> None:
        self._canvas.saveState()
        match mark:
            case Text(role="folio"):
                with self._artifact():
                    self._write(mark, mark.lines)
            case Text():
                for paragraph in _paragraphs(mark):
                    self._write_paragraph(paragraph, placed)
            case Picture(alt=""):
                with self._artifact():
                    self._paint_picture(mark, placed)
            case Picture():
                with self._read("Figure") as number:
                    self._paint_picture(mark, placed)
                box = placed.box(mark.seen)
                self._elements.append(Element("Figure", self._page, (number,), placed.order, mark.alt, box=box))
            case _:
                with self._artifact():
                    self._paint_shape(mark)
        self._canvas.restoreState()

    @contextmanager
    def _artifact(self) -> Iterator[None]:
        self._canvas.addLiteral("/Artifact BMC")
        yield
        self._canvas.addLiteral("EMC")

    @contextmanager
    def _read(self, kind: str, words: str | None = None) -> Iterator[int]:
        """Marks what is drawn as read, as these words if there are any, and gives its number on the page."""
        number, self._pieces = self._pieces, self._pieces + 1
        said = "" if words is None else f"/ActualText <{(BOM_UTF16_BE + words.encode('utf-16-be')).hex()}>"
        self._canvas.addLiteral(f"/{kind} <</MCID {number}{said}>> BDC")
        yield number
        self._canvas.addLiteral("EMC")

    def _paint_shape(self, mark: Fill | Rule) -> None:
        if isinstance(mark, Fill):
            self._canvas.setFillColor(self._ink(mark.colour))
            self._canvas.drawPath(self._path(mark.outline), stroke=0, fill=1)
        else:
            self._canvas.setStrokeColor(self._ink(mark.colour))
            self._canvas.setLineWidth(mark.width)
            self._canvas.setLineCap(1)
            self._canvas.drawPath(self._path(mark.path))

    def _paint_picture(self, mark: Picture, placed: Placed) -> None:
        seen = mark.seen
        hanging = Hanging(replace(mark, outline=around(seen), alt=""), placed.scale)
        name, pages = self._hangings.setdefault(hanging, (f"P{len(self._hangings) + 1}", set()))
        pages.add(self._page)
        self._canvas.clipPath(self._path(mark.outline), stroke=0, fill=0)
        self._canvas.translate(seen.left, seen.bottom)
        self._canvas.scale(seen.width, seen.height)
        self._canvas.addLiteral(f"/{name} Do")

    def _write_paragraph(self, mark: Text, placed: Placed) -> None:
        """A large first letter stands apart from its word: there the file says how both are read (PDF 32000-1:2008, 14.9.4).
        It is no piece within a piece, which poppler loses."""
        kind, first, numbers = KINDS[mark.role], mark.lines[0], []
        if mark.cap:
            with self._read("Span", "") as number:
                self._write(replace(mark, face=TITLE, size=mark.cap_size), (mark.cap,))
                numbers.append(number)
            with self._read("Span", mark.cap.words + _with_space(first)) as number:
                self._write(mark, (first,))
                numbers.append(number)
        if rest := mark.lines[1 if mark.cap else 0 :]:
            with self._read(kind) as number:
                self._write(mark, rest)
                numbers.append(number)
        words, language = mark.words if mark.cap else "", mark.language or ""
        self._elements.append(Element(kind, self._page, tuple(numbers), placed.order, words=words, language=language))

    def _write(self, mark: Text, lines: tuple[Line, ...]) -> None:
        """Words drawn letter by letter as they are; nothing in them is a command."""
        for line in lines:
            self._canvas.saveState()
            self._canvas.translate(line.x, line.y)
            if mark.turned:
                self._canvas.rotate(-90)
            words = self._canvas.beginText(0, 0)
            words.setFillColor(self._ink(mark.colour, words=True))
            for face, run in self._fonts.runs(_with_space(line), mark.face):
                words.setFont(face, mark.size)
                words.textOut(run)
            self._canvas.drawText(words)
            self._canvas.restoreState()

    def _ink(self, colour: str, words: bool = False) -> Any:
        from reportlab.lib.colors import CMYKColor, HexColor

        return CMYKColor(*self._press.colour(colour, words)) if self._press else HexColor(colour)

    def _path(self, outline: Outline) -> PDFPathObject:
        path = self._canvas.beginPath()
        path.moveTo(*outline[0])
        for step in outline[1:]:
            path.lineTo(*step) if len(step) == 2 else path.curveTo(*step)
        return path


def _paragraphs(mark: Text) -> Iterator[Text]:
    """The paragraphs of a text, each of which is read by itself; the large first letter belongs to the first."""
    groups = accumulate((line.ends for line in mark.lines[:-1]), initial=0)
    numbers = list(groups)
    for number in sorted(set(numbers)):
        lines = tuple(line for line, group in zip(mark.lines, numbers, strict=True) if group == number)
        yield replace(mark, lines=lines, cap=None if number else mark.cap)


def _with_space(line: Line) -> str:
    """A paragraph that goes on does so after a space, which is not seen: whoever reads along needs it."""
    return line.words if line.ends else f"{line.words} "


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.bottom, box.right, box.top
