"""The words of a PDF that holds letters: its lines with their places on the page, put together by `lines.joined`.

pypdf is held to small streams and few pages; what takes long all the same ends with the child process that runs it.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .document import MOST_PAGES, Document, Paragraphs, Refused
from .lines import Line, joined

FEWEST_LETTERS = 5  # per page, on average; a scan has none, or a stamp of its program
MOST_STRANGE = 0.05  # share of signs that are no writing; fonts that do not tell their letters give little else
LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": 20_000_000,
    "array_based_stream_maximum_output_length": 20_000_000,
    "zlib_maximum_output_length": 20_000_000,
    "lzw_maximum_output_length": 20_000_000,
    "run_length_maximum_output_length": 20_000_000,
    "stream_decoding_work_maximum_length": 60_000_000,
    "stream_parsing_work_maximum_count": 1_000_000,
    "page_tree_maximum_entries": 3 * MOST_PAGES,
    "xform_maximum_invocations_per_extraction": 500,
    "jbig2dec_binary": None,  # starts no program
}
# What pypdf lets through on broken files beside its own errors.
BROKEN = (
    ArithmeticError, AssertionError, AttributeError, IndexError, KeyError, NotImplementedError, OSError, RecursionError,
    TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_MARK = re.compile(r"[\d*†‡]{1,3}")  # of a footnote


def read_pdf(raw: bytes, most: int) -> Document:
    """The paragraphs of a PDF, without title. Raises Refused."""
    from pypdf import apply_configuration
    from pypdf.errors import DependencyError, DeprecationError, FileNotDecryptedError, LimitReachedError, PyPdfError

    try:
        with apply_configuration(**LIMITS):
            pages = _pages(raw, most)
    except (DependencyError, FileNotDecryptedError):  # a cipher that pypdf cannot undo alone, or a password
        raise Refused("locked") from None
    except LimitReachedError:
        raise Refused("bomb") from None
    except (PyPdfError, DeprecationError, *BROKEN):
        raise Refused("damaged") from None
    _check_letters("".join(line.text for page in pages for line in page), len(pages))
    paragraphs = Paragraphs(most)
    for paragraph in joined(pages):
        paragraphs.add(paragraph)
    return Document("", paragraphs.text)


def _pages(raw: bytes, most: int) -> list[list[Line]]:
    """The lines of each page; the reading stops where there are far more than `most` characters."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(raw))
    found: list[list[Line]] = []
    letters = 0
    for number in range(_page_count(reader)):
        found.append(_lines(reader.pages[number]))
        letters += sum(len(line.text) for line in found[-1])
        if letters > 1.2 * most:  # running heads and page numbers are still among them
            raise Refused("long")
    return found


def _page_count(reader: Any) -> int:
    from pypdf.errors import LimitReachedError

    try:
        count = len(reader.pages)
    except LimitReachedError:
        raise Refused("pages") from None
    if count > MOST_PAGES:
        raise Refused("pages")
    return count


def _lines(page: Any) -> list[Line]:
    """The upright lines of a page, in the order in which the file draws them."""
    if page.rotation:
        page.transfer_rotation_to_content()
    box = page.cropbox
    pieces = _Pieces(float(box.bottom), max(float(box.height), 1.0))
    page.extract_text(orientations=(0,), visitor_text=pieces.hear)
    pieces.end_line()
    return pieces.lines


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words in one font, with the place where they begin, in points."""

    text: str
    x: float
    y: float
    size: float


@dataclass(slots=True)
class _Pieces:
    """Hears the pieces of text that pypdf finds on a page, and makes lines of them."""

    bottom: float
    height: float
    lines: list[Line] = field(default_factory=list)
    _pieces: list[_Piece] = field(default_factory=list)

    def hear(self, text: str, page: Sequence[float], place: Sequence[float], font: object, size: float) -> None:
        """One piece of text; `page` and `place` are the matrices (a, b, c, d, e, f) of PDF 32000-1, 9.4.4."""
        x = place[4] * page[0] + place[5] * page[2] + page[4]
        y = place[4] * page[1] + place[5] * page[3] + page[5]
        scale = abs(place[3] * page[3] + place[2] * page[1])
        for number, words in enumerate(text.translate(LIGATURES).split("\n")):
            if number:
                self.end_line()
            if words:
                self._pieces.append(_Piece(words, x, y, size * scale))

    def end_line(self) -> None:
        """Makes a line of the pieces since the last; small raised numbers are marks of footnotes and stay out."""
        pieces, self._pieces = self._pieces, []
        if not any(piece.text.strip() for piece in pieces):
            return
        main = max(pieces, key=lambda piece: len(piece.text.strip()))
        kept = [piece for piece in pieces if piece.size >= 0.8 * main.size or not _MARK.fullmatch(piece.text.strip())]
        text = "".join(piece.text for piece in kept)
        first = next(piece for piece in kept if piece.text.strip())
        self.lines.append(Line(text.strip(), first.x, main.y, main.size, (main.y - self.bottom) / self.height))


def _check_letters(text: str, pages: int) -> None:
    """Raises Refused for the picture of a text, and for a text whose fonts do not tell which letters they draw."""
    written = "".join(text.split())
    if sum(map(str.isalpha, written)) < FEWEST_LETTERS * pages:
        raise Refused("scan")
    strange = sum(sign == "\ufffd" or unicodedata.category(sign) in ("Cc", "Co", "Cn") for sign in written)
    if strange > MOST_STRANGE * len(written):
        raise Refused("letters")
