"""The words inside a PNG file, read and written without touching a pixel (PNG specification, section 11.3.3).

Nothing is decoded, so that a file from anywhere may be read here.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LONGEST = 100_000  # bytes of one note
PIXELS, TEXT, WIDE_TEXT, END = b"IDAT", b"tEXt", b"iTXt", b"IEND"
SHOWN = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", PIXELS, END}  # without these it would look otherwise


def read_notes(png: bytes) -> dict[str, str]:
    """The notes before the pixels by their names; none in what is no PNG or is cut."""
    found = {}
    for kind, body in _chunks(png):
        if kind in (TEXT, WIDE_TEXT) and len(body) <= LONGEST:
            name, _, rest = body.partition(b"\0")
            found[name.decode("latin-1")] = _text(kind, rest)
    return found


def put_notes(png: bytes, notes: Mapping[str, str]) -> bytes:
    """The same picture with these notes, in place of those of the same names. Raises ValueError for what is no PNG."""
    if not png.startswith(SIGNATURE):
        raise ValueError("only a PNG can be given notes")
    written = b"".join(_chunk(WIDE_TEXT, _wide(name, text)) for name, text in notes.items())
    kept = bytearray(SIGNATURE)
    for kind, body in _chunks(png, to_the_end=True):
        if kind == PIXELS:
            kept += written
            written = b""
        if kind not in (TEXT, WIDE_TEXT) or body.partition(b"\0")[0].decode("latin-1") not in notes:
            kept += _chunk(kind, body)
    return bytes(kept)


def without_notes(png: bytes) -> bytes:
    """The same picture with nothing but what its pixels need. Raises ValueError for what is no whole PNG."""
    kept = bytearray(SIGNATURE)
    for kind, body in _chunks(png, to_the_end=True):
        if kind in SHOWN:
            kept += _chunk(kind, body)
        if kind == END:
            return bytes(kept)
    raise ValueError("only a whole PNG can lose its notes")


def _chunks(png: bytes, to_the_end: bool = False) -> Iterator[tuple[bytes, bytes]]:
    """Kinds and contents in order, up to the pixels."""
    at = len(SIGNATURE) if png.startswith(SIGNATURE) else len(png)
    while at + 12 <= len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        body = png[at + 8 : at + 8 + length]
        if len(body) < length or (kind == PIXELS and not to_the_end):
            return
        yield kind, body
        at += 12 + length


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _wide(name: str, text: str) -> bytes:
    """An uncompressed note in UTF-8 of no stated language."""
    return name.encode("latin-1") + b"\0\0\0\0\0" + text.encode()


def _text(kind: bytes, rest: bytes) -> str:
    """What follows a note's name; nothing of a compressed one, which could unfold to any size."""
    if kind == TEXT:
        return rest.decode("latin-1")
    if rest[:1] != b"\0":
        return ""
    return rest[2:].split(b"\0", 2)[-1].decode("utf-8", "replace")
