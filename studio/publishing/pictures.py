"""The pictures of a book as a ZIP: each page a PNG named after its first words, the same bytes for the same pictures."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import BadInput, NotReady
from ..files import slug
from ..progress import Progress, Work
from ..rendering.notes import without_notes
from .book import Book
from .provenance import marked

DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can tell
MODE = 0o644 << 16
UNIX = 3


def picture_zip(book: Book, files: Sequence[Path]) -> Work[bytes]:
    """The pictures in `files`, one for each page in order, without their notes and with every pixel as it was. Progress counts
    pages. Raises NotReady for a page without one, BadInput for a damaged one."""
    raw, names = io.BytesIO(), tuple(picture_names(book))
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as package:
        for number, (name, file) in enumerate(zip(names, files, strict=True), 1):
            yield Progress(number - 1, len(names), name)
            package.writestr(entry(name), _bare(file, number))
    yield Progress(len(names), len(names))
    return raw.getvalue()


def picture_names(book: Book) -> Iterator[str]:
    """A name for each page's picture: '03-tren-duong-ra-dong-may-gap-chu-tho.png'."""
    digits = max(2, len(str(len(book.pages))))
    for number, page in enumerate(book.pages, 1):
        yield "-".join(filter(None, (f"{number:0{digits}}", _first_words(page.scene.text)))) + ".png"


def entry(name: str) -> zipfile.ZipInfo:
    """An entry of a ZIP that tells neither when nor on what computer it was made."""
    made = zipfile.ZipInfo(name, DAY)
    made.create_system, made.external_attr = UNIX, MODE
    return made


def _first_words(text: str) -> str:
    """Up to forty letters without accents; nothing of a text without a Latin letter or digit."""
    try:
        return slug(" ".join(text.split()[:8]))
    except BadInput:  # no Latin letter
        return ""


def _bare(file: Path, number: int) -> bytes:
    from PIL import Image

    try:
        raw = file.read_bytes()
        with Image.open(io.BytesIO(raw), formats=("PNG",)) as picture:
            picture.verify()  # the sums of all chunks, which `without_notes` writes anew
        return marked(without_notes(raw))
    except FileNotFoundError:
        raise NotReady(
            "Page {number} has no picture, so no ZIP was written. Draw the page first; what is drawn is kept.",
            number=number,
        ) from None
    except (OSError, SyntaxError, ValueError) as damaged:  # what Pillow raises for cut and damaged files
        raise BadInput(
            "The picture of page {number} is damaged, so no ZIP was written. Draw the page again; the others are safe.",
            number=number,
        ) from damaged
