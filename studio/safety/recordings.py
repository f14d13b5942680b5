"""The notes in front of an MP3 (ID3v2.3 and 2.4, id3.org): who recorded it, with what, and what else a program put there."""

from __future__ import annotations

from collections.abc import Iterator

from .leak import Leak, Piece, masked

MARK = b"ID3"
HEAD = 10  # bytes of the tag's header and of each frame's
LETTERS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}  # by the first byte of a text


def recording_pieces(raw: bytes, where: str) -> Iterator[Piece | Leak]:
    """Every text of the tag as a note; pictures and private blocks have no business in a book."""
    if not raw.startswith(MARK):
        return
    at, end = HEAD, HEAD + _seven(raw[6:HEAD])
    while at + HEAD <= min(end, len(raw)) and raw[at : at + 4].isalnum():
        name, size = raw[at : at + 4].decode("latin-1"), raw[at + 4 : at + 8]
        length = _seven(size) if raw[3] >= 4 else int.from_bytes(size, "big")
        body = raw[at + HEAD : at + HEAD + length]
        if name.startswith(("T", "W")) or name in ("COMM", "USLT"):
            yield Piece(where, body[1:].decode(LETTERS.get(body[0] if body else 0, "latin-1"), "replace"), "note")
        else:
            yield Leak("note", where, masked(name))
        at += HEAD + length


def _seven(size: bytes) -> int:
    """A number of which each byte holds seven bits."""
    return sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(size)))
