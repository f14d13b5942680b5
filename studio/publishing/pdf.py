"""The book as a PDF: every font embedded, every picture once, the same bytes for the same book."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..errors import N_, BadInput, NotReady
from ..files import atomic_write
from ..progress import Progress, Work
from .book import Book
from .colophon import colophon, title
from .faces import NOTE
from .fonts import Fonts, load_fonts
from .geometry import Box, Outline
from .layout import lay_out
from .lines import clean
from .marks import PAPER, Fill, Mark, Picture, Rule, Side, Text
from .plate import Plate, cover_fit, make_plate
from .profiles import find_profile, find_trim
from .setting import words_of

if TYPE_CHECKING:
    from reportlab.pdfgen.pathobject import PDFPathObject

ODD_TITLE = N_(
    "The title has {letters}, which the fonts of the book cannot draw. Write it in other letters; nothing was changed."
)
ODD_AUTHOR = N_(
    "The author's name has {letters}, which the fonts of the book cannot draw. "
    "Write it in other letters; nothing was changed."
)
ODD_DEDICATION = N_(
    "The dedication has {letters}, which the fonts of the book cannot draw. "
    "Write it in other letters; nothing was changed."
)
ODD_PAGE = N_(
    "Page {number} has {letters}, which the fonts of the book cannot draw. "
    "Write it in other letters; nothing was changed."
)
ODD_COLOPHON = N_(
    "The colophon has {letters}, which the fonts of the book cannot draw. "
    "Write it in other letters; nothing was changed."
)


def bind(
    book: Book,
    pictures: Path,
    out: Path,
    profile: str = "screen",
    trim: str = "8.5x8.5in",
    *,
    enlarged: Callable[[Path], Path] = Path,
) -> Work[Path]:
    """Writes the book to `out`. Progress counts pictures, then the binding itself.

    `pictures` is the folder of the files that the pages name; `enlarged` gives the file that is printed for each, by
    default the same. Raises BadInput for an unknown profile or trim, for a title, author or dedication too long, and for letters that no font
    has; NotReady while a page has no picture; NoRoom.
    """
    where, size = find_profile(profile), find_trim(trim)
    files = _picture_files(book, pictures)
    fonts = load_fonts()
    _check_letters(book, fonts)
    sides = lay_out(book, where, size, fonts.width)
    plates: dict[Path, Plate] = {}
    for number, file in enumerate(files, 1):
        yield Progress(number - 1, len(files) + 1, f"preparing picture {number} of {len(files)}")
        plates.setdefault(file, make_plate(enlarged(file), number))
    yield Progress(len(files), len(files) + 1, "binding")
    painter = Painter(book, fonts, [plates[file] for file in files], where.bookmarks)
    for side in sides:
        painter.paint(side, PAPER if where.tinted else "")
    atomic_write(out, painter.finish())
    yield Progress(len(files) + 1, len(files) + 1, "bound")
    return out


def _picture_files(book: Book, folder: Path) -> list[Path]:
    files = [folder / page.picture for page in book.pages]
    missing = [str(number) for number, file in enumerate(files, 1) if not file.is_file()]
    if missing:
        raise NotReady(
            "'{title}' cannot be bound yet: page {pages} has no picture. Draw the pages first; what is drawn is kept.",
            title=book.title,
            pages=", ".join(missing),
        )
    if not files:
        raise NotReady(
            "'{title}' cannot be bound yet: it has no pages. Draw the pages first; what is drawn is kept.",
            title=book.title,
        )
    return files


def _check_letters(book: Book, fonts: Fonts) -> None:
    """Raises BadInput that names the letters no font has and where they stand: nothing is dropped in silence."""
    told = [
        (ODD_TITLE, 0, title(book)),
        (ODD_AUTHOR, 0, book.story.author),
        (ODD_DEDICATION, 0, book.story.dedication),
        *((ODD_PAGE, number, words.first + words.second) for number, words in enumerate(words_of(book), 1)),
        *((ODD_COLOPHON, 0, said) for _, said in colophon(book).rows),
    ]
    for refusal, number, words in told:
        if missing := fonts.missing(clean(words)):
            letters = ", ".join(f"'{letter}'" for letter in missing[:10])
            raise BadInput(refusal, letters=letters, number=number)


class Painter:
    """Draws sides on a canvas, one page of the PDF each."""

    def __init__(self, book: Book, fonts: Fonts, plates: list[Plate], bookmarks: bool) -> None:
        from reportlab import rl_config
        from reportlab.lib.utils import ImageReader
        from reportlab.pdfgen.canvas import Canvas

        rl_config.useA85 = 0  # pictures as they are, not as a fifth more of text
        self._raw = io.BytesIO()
        self._fonts, self._plates, self._bookmarks = fonts, plates, bookmarks
        # one reader per plate: reportlab embeds equal pixels once
        self._readers = {plate: ImageReader(io.BytesIO(plate.jpeg)) for plate in plates}
        self._canvas = Canvas(
            self._raw, pdfVersion=(1, 6), lang=book.story.language, initialFontName=NOTE, invariant=1, pageCompression=1
        )
        self._describe(book)

    def _describe(self, book: Book) -> None:
        self._canvas.setTitle(clean(title(book)))
        self._canvas.setAuthor(clean(book.story.author))
        self._canvas.setCreator(f"Storybook Studio {__version__}")
        self._canvas.setSubject(colophon(book).sentence)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def paint(self, side: Side, paper: str) -> None:
        """One more page; `paper` is the colour under everything, empty for none."""
        media, cut = side.frame.media, side.frame.trim
        self._canvas.setPageSize((media.width, media.height))
        self._canvas.setTrimBox(_corners(cut))
        self._canvas.setBleedBox(_corners(media))
        self._mark_place(side)
        if paper:
            self._paint(Fill(_around(media), paper))
        for mark in side.marks:
            self._paint(mark)
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The whole file."""
        self._canvas.save()
        return self._raw.getvalue()

    def _mark_place(self, side: Side) -> None:
        if side.name and self._bookmarks:
            place = f"side-{self._canvas.getPageNumber()}"
            self._canvas.bookmarkPage(place)
            self._canvas.addOutlineEntry(side.name, place)

    def _paint(self, mark: Mark) -> None:
        self._canvas.saveState()
        match mark:
            case Fill():
                self._canvas.setFillColor(mark.colour)
                self._canvas.drawPath(self._path(mark.outline), stroke=0, fill=1)
            case Rule():
                self._canvas.setStrokeColor(mark.colour)
                self._canvas.setLineWidth(mark.width)
                self._canvas.setLineCap(1)
                self._canvas.drawPath(self._path(mark.path))
            case Picture():
                self._paint_picture(mark)
            case Text():
                self._paint_text(mark)
        self._canvas.restoreState()

    def _paint_picture(self, mark: Picture) -> None:
        plate = self._plates[mark.number - 1]
        at = cover_fit(plate.width, plate.height, mark.box)
        self._canvas.clipPath(self._path(mark.outline), stroke=0, fill=0)
        self._canvas.drawImage(self._readers[plate], at.left, at.bottom, at.width, at.height)

    def _paint_text(self, mark: Text) -> None:
        """Words drawn letter by letter as they are; nothing in them is a command."""
        if mark.language:  # for those who have the book read aloud: PDF 32000-1:2008, 14.9.2.3
            self._canvas.addLiteral(f"/Span <</Lang ({mark.language})>> BDC")
        line = self._canvas.beginText(mark.x, mark.y)
        line.setFillColor(mark.colour)
        for face, words in self._fonts.runs(mark.words, mark.face):
            line.setFont(face, mark.size)
            line.textOut(words)
        self._canvas.drawText(line)
        if mark.language:
            self._canvas.addLiteral("EMC")

    def _path(self, outline: Outline) -> PDFPathObject:
        path = self._canvas.beginPath()
        path.moveTo(*outline[0])
        for step in outline[1:]:
            path.lineTo(*step) if len(step) == 2 else path.curveTo(*step)
        return path


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.bottom, box.right, box.top


def _around(box: Box) -> Outline:
    return (box.left, box.bottom), (box.right, box.bottom), (box.right, box.top), (box.left, box.top)
