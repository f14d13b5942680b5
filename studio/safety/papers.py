"""What is written in a PDF: its notes, the strings of its objects, its streams unpacked, its words as they are read."""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .leak import NOTES, Leak, Piece, at
from .pictures import picture_pieces, xmp_pieces

if TYPE_CHECKING:
    import pikepdf

ABOUT_FILES = ("/F", "/UF", "/URI", "/T", "/NM", "/Desc")  # names of files, addresses, who wrote a remark
DEEPEST = 20


def paper_pieces(raw: bytes, where: str) -> Iterator[Piece | Leak]:
    """All that is written in a PDF. One that cannot be opened, or only with a password, cannot be vouched for."""
    import pikepdf

    book, notes = where or "PDF", at(where, NOTES)
    yield Piece(book, raw.decode("latin-1"), "raw")
    try:
        with pikepdf.open(io.BytesIO(raw)) as paper:
            for value in paper.docinfo.values():
                yield Piece(notes, str(value), "note")
            places = dict(_places(paper, where))
            for thing in paper.objects:
                place = places.get(thing.objgen, book) if isinstance(thing, pikepdf.Object) else book
                yield from _strings(thing, place)
                if isinstance(thing, pikepdf.Stream):
                    yield from _stream(thing, place, notes)
    except (
        pikepdf.PikepdfError,
        zlib.error,
        ValueError,
        TypeError,
        KeyError,
    ):  # locked, or a list where a word should be
        yield Leak("closed", book, "…")
        return
    yield from _words(raw, where)


def _places(paper: pikepdf.Pdf, where: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The page on which each picture stands."""
    for number, page in enumerate(paper.pages, 1):
        resources: Any = page.obj.get("/Resources", {})
        for thing in dict(resources.get("/XObject", {})).values():
            yield thing.objgen, at(where, f"page {number}")


def _strings(thing: Any, where: str, depth: int = 0) -> Iterator[Piece | Leak]:
    """The strings that lie directly in an object: bookmarks, what pictures show, remarks, names of files."""
    import pikepdf

    if depth > DEEPEST:
        return
    if isinstance(thing, pikepdf.String):
        yield Piece(where, str(thing))
    elif isinstance(thing, pikepdf.Array):
        for one in thing:
            if not getattr(one, "is_indirect", False):
                yield from _strings(one, where, depth + 1)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for name, one in thing.items():
            if isinstance(one, pikepdf.String):
                yield Piece(where, str(one), "note" if name in ABOUT_FILES else "words")
            elif not getattr(one, "is_indirect", False):
                yield from _strings(one, where, depth + 1)


def _stream(stream: Any, where: str, notes: str) -> Iterator[Piece | Leak]:
    """A JPEG as it is, notes as notes, all else unpacked. What stands openly in the file was looked at there."""
    import pikepdf

    if stream.get("/Subtype") == "/XML":
        yield from xmp_pieces(stream.read_bytes(), notes)
        return
    if "/DCTDecode" in str(stream.get("/Filter", "")):
        yield from picture_pieces(_jpeg(stream), where)
        return
    try:
        yield Piece(where, stream.read_bytes().decode("latin-1"), "raw")
    except pikepdf.PikepdfError:  # packed in a way that only viewers know, as scans are
        yield Piece(where, stream.read_raw_bytes().decode("latin-1"), "raw")


def _jpeg(stream: Any) -> bytes:
    """The JPEG's own bytes, out of what may be packed around it; qpdf unpacks such a stream wholly or not at all."""
    body, filters = stream.read_raw_bytes(), stream.Filter
    for name in map(str, [filters] if str(filters) == "/DCTDecode" else filters):
        if name == "/FlateDecode":
            body = zlib.decompressobj().decompress(body)
        elif name == "/ASCII85Decode":
            body = base64.a85decode(body.strip().removesuffix(b"~>"))
    return bytes(body)


def _words(raw: bytes, where: str) -> Iterator[Piece | Leak]:
    """The words of each page as a reader selects them: its fonts draw other bytes than letters."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    odd = (
        PyPdfError,
        LookupError,
        ArithmeticError,
        RuntimeError,
        ValueError,
        TypeError,
        AttributeError,
        AssertionError,
    )
    try:
        for number, page in enumerate(PdfReader(io.BytesIO(raw)).pages, 1):
            yield Piece(at(where, f"page {number}"), page.extract_text())
    except odd:  # all that pypdf raises for damaged files
        yield Leak("closed", where or "PDF", "…")
