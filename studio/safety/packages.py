"""The parts of files that hold others: web pages with what is embedded in them, EPUB and ZIP entry by entry."""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

from .leak import NOTES, Leak, Piece, at
from .pictures import picture_pieces
from .recordings import recording_pieces

PICTURES = (".jpg", ".jpeg", ".png", ".webp")
PAGES = (".html", ".htm", ".xhtml", ".svg", ".opf", ".ncx", ".smil", ".xml")
PLAIN = (".css", ".js", ".json", ".txt", ".md", ".csv")
DEEPEST = 4  # a picture in a page in an EPUB in a ZIP
MOST_BYTES = 1 << 31  # unpacked, of one entry
DATA_URI = re.compile(r"data:([\w.+/-]*)((?:;[\w=.+-]+)*),([A-Za-z0-9+/=%_.~!*'():;@&$\-]*)")
ABOUT = re.compile(r"<!--(.*?)-->|<meta\b([^>]*)>|<dc:[\w]+[^>]*>([^<]*)<", re.S)
CONTENT = re.compile(r"content\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.S)
TAG = re.compile(r"<[^>]*>")
# RuntimeError is zipfile's word for a password and for a packing that it does not know.
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError)


def pieces(raw: bytes, suffix: str, where: str = "", depth: int = 0) -> Iterator[Piece | Leak]:
    """All that is written in a file of that kind; of unknown kinds the bytes as they are."""
    if depth > DEEPEST:
        yield Leak("closed", where or NOTES, "…")
    elif suffix in PICTURES:
        yield from picture_pieces(raw, where or NOTES)
        yield Piece(where or NOTES, raw.decode("latin-1"), "raw")
    elif suffix in PAGES:
        yield from _page(raw.decode("utf-8", "replace"), where, depth)
    elif suffix in PLAIN:
        yield from _script(raw.decode("utf-8", "replace"), where, depth)
    elif suffix in (".zip", ".epub"):
        yield from _package(raw, where, depth)
    elif suffix == ".pdf":
        from .papers import paper_pieces

        yield from paper_pieces(raw, where)
    else:
        yield from recording_pieces(raw, where or NOTES)
        yield Piece(where or NOTES, raw.decode("latin-1"), "raw")


def _page(text: str, where: str, depth: int) -> Iterator[Piece | Leak]:
    """What is read, what is written in the tags, and the notes: comments, meta elements and those of Dublin Core."""
    bare = DATA_URI.sub(" ", text)
    yield from _embedded(text, where, depth)
    for read in (bare, TAG.sub(" ", bare)):
        yield Piece(where or "HTML", html.unescape(read))
    for found in ABOUT.finditer(bare):
        for note in (found[1], found[3], *(one for told in CONTENT.findall(found[2] or "") for one in told)):
            if note and note.strip():
                yield Piece(at(where, NOTES), html.unescape(note), "note")


def _script(text: str, where: str, depth: int) -> Iterator[Piece | Leak]:
    yield from _embedded(text, where, depth)
    yield Piece(where, DATA_URI.sub(" ", text))


def _embedded(text: str, where: str, depth: int) -> Iterator[Piece | Leak]:
    """What stands in the page itself as data: addresses, opened like files of their own."""
    for number, found in enumerate(DATA_URI.finditer(text), 1):
        kind, ways, body = found.groups()
        suffix = "." + kind.rpartition("/")[2].partition("+")[0]
        yield from pieces(_decoded(body, ";base64" in ways), suffix, at(where, f"data {number}"), depth + 1)


def _decoded(body: str, base_64: bool) -> bytes:
    raw = unquote_to_bytes(body)
    if not base_64:
        return raw
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return raw


def _package(raw: bytes, where: str, depth: int) -> Iterator[Piece | Leak]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            yield Piece(at(where, NOTES), package.comment.decode("utf-8", "replace"), "note")
            for entry in package.infolist():
                yield from _entry(package, entry, where, depth)
    except BROKEN:
        yield Leak("closed", where or "ZIP", "…")


def _entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str, depth: int) -> Iterator[Piece | Leak]:
    name = entry.filename
    place = at(where, name)
    yield Piece(place, name, "name")
    yield Piece(place, entry.comment.decode("utf-8", "replace"), "note")
    if name.startswith(("/", "\\")) or name[1:3] in (":/", ":\\"):
        yield Leak("path", place, name[:1] + "…")
    if entry.file_size > MOST_BYTES:
        yield Leak("closed", place, "…")
    elif not entry.is_dir():
        yield from pieces(package.read(entry), PurePosixPath(name).suffix.lower(), place, depth + 1)
