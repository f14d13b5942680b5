"""The notes in a JPEG, PNG or WebP file, found by its structure; no pixel is decoded."""

from __future__ import annotations

import html
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress

from .leak import Leak, Piece, masked

JPEG, PNG, RIFF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"
EXIF, XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
EXIF_BEGINS = (EXIF + b"II*\0", EXIF + b"MM\0*")
SCAN, END, COMMENT = 0xDA, 0xD9, 0xFE
COLOUR = (0xE0, 0xE2, 0xEE)  # JFIF, colour profile, Adobe's word on how colours are stored: they say nothing of anybody
FREE_NOTES = {
    "software",
    "title",
    "author",
    "copyright",
    "description",
}  # that a PNG may have; their words are looked at
MOST_NOTE = 1 << 24  # bytes of an unpacked note
GPS_TAG = 0x8825
PROPERTY = re.compile(r"<([A-Za-z][\w.-]*:[\w.-]+)|\s([A-Za-z][\w.-]*:[\w.-]+)\s*=\s*[\"']")
VALUE = re.compile(r">([^<>]+)<|=\s*\"([^\"]*)\"|=\s*'([^']*)'")
NAMESPACE = re.compile(r"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
ALLOWED = re.compile(
    r"(?:rdf|x|xml|xmlns|dc|pdf|pdfaid|pdfuaid|pdfx|xmpRights):.*"
    r"|xmp:(?:CreatorTool|CreateDate|ModifyDate|MetadataDate)|xmpMM:(?:DocumentID|InstanceID|VersionID)"
    r"|[\w.-]+:DigitalSourceType"
)


def picture_pieces(raw: bytes, where: str) -> Iterator[Piece | Leak]:
    """The notes of the picture; what tells of a camera or a place is a leak by itself."""
    if raw.startswith(PNG):
        yield from _png(raw, where)
    elif raw.startswith(JPEG):
        yield from _jpeg(raw, where)
    elif raw.startswith(RIFF):
        yield from _webp(raw, where)


def xmp_pieces(raw: bytes, where: str) -> Iterator[Piece | Leak]:
    """Every value of an XMP packet as a note. Properties beyond title, author, language, dates and source are leaks."""
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    for found in PROPERTY.finditer(text):
        name = found[1] or found[2]
        if not ALLOWED.fullmatch(name):
            yield Leak("gps" if "gps" in name.casefold() else "note", where, masked(name))
    for found in VALUE.finditer(NAMESPACE.sub("", text)):
        value = html.unescape(found[1] or found[2] or found[3] or "").strip()
        if value:
            yield Piece(where, value, "note")


def exif_leak(raw: bytes, where: str) -> Leak:
    """What a block of EXIF gives away, the place before all."""
    return Leak("gps", where, "GPS") if GPS_TAG in _tags(raw.removeprefix(EXIF)) else Leak("exif", where, "EXIF")


def _tags(tiff: bytes) -> set[int]:
    """The tags of its first directory, those before the damage if it is damaged (TIFF 6.0, section 2)."""
    order, found = "<" if tiff.startswith(b"II") else ">", set[int]()
    with suppress(struct.error):
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(count):
            found.add(struct.unpack_from(f"{order}H", tiff, start + 2 + 12 * number)[0])
    return found


def _jpeg(raw: bytes, where: str) -> Iterator[Piece | Leak]:
    at = 2
    while at + 4 <= len(raw) and raw[at] == 0xFF:
        marker, length = raw[at + 1], int.from_bytes(raw[at + 2 : at + 4], "big")
        if marker in (SCAN, END):
            break
        yield from _segment(marker, raw[at + 4 : at + 2 + length], where)
        at += 2 + length
    if any(raw.find(begin, at) >= 0 for begin in EXIF_BEGINS):  # of a second picture behind the first
        yield Leak("exif", where, "EXIF")


def _segment(marker: int, body: bytes, where: str) -> Iterator[Piece | Leak]:
    if body.startswith(EXIF):
        yield exif_leak(body, where)
    elif body.startswith(XMP):
        yield from xmp_pieces(body[len(XMP) :], where)
    elif marker == COMMENT:
        yield from _free_note("Comment", body.decode("utf-8", "replace"), where)
    elif 0xE0 <= marker <= 0xEF and marker not in COLOUR:
        yield Leak("note", where, masked(body[:24].partition(b"\0")[0].decode("latin-1")))


def _png(raw: bytes, where: str) -> Iterator[Piece | Leak]:
    at = len(PNG)
    while at + 12 <= len(raw):
        length, kind = struct.unpack_from(">I4s", raw, at)
        body = raw[at + 8 : at + 8 + length]
        if kind == b"eXIf":
            yield exif_leak(EXIF + body, where)
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            name, text = _png_note(kind, body)
            if name == "XML:com.adobe.xmp":
                yield from xmp_pieces(text, where)
            else:
                yield from _free_note(name, text.decode("utf-8", "replace"), where)
        at += 12 + length


def _png_note(kind: bytes, body: bytes) -> tuple[str, bytes]:
    """Name and text of a note (PNG specification, section 11.3.3)."""
    name, _, rest = body.partition(b"\0")
    packed = kind == b"zTXt" or kind == b"iTXt" and rest[:1] == b"\1"
    text = {b"tEXt": rest, b"zTXt": rest[1:], b"iTXt": rest[2:].split(b"\0", 2)[-1]}[kind]
    if packed:
        try:
            text = zlib.decompressobj().decompress(text, MOST_NOTE)
        except zlib.error:
            text = b""
    return name.decode("latin-1"), text


def _free_note(name: str, text: str, where: str) -> Iterator[Piece | Leak]:
    """A note of a harmless name is read; any other, such as the numbers of a drawing, has no business in a book."""
    if name.casefold() in FREE_NOTES:
        yield Piece(where, text, "note")
    elif text.strip():
        yield Leak("note", where, f"{name[:20]}: {masked(text)}")


def _webp(raw: bytes, where: str) -> Iterator[Piece | Leak]:
    at = 12
    while at + 8 <= len(raw):
        kind, length = struct.unpack_from("<4sI", raw, at)
        body = raw[at + 8 : at + 8 + length]
        if kind == b"EXIF":
            yield exif_leak(body if body.startswith(EXIF) else EXIF + body, where)
        elif kind == b"XMP ":
            yield from xmp_pieces(body, where)
        at += 8 + length + length % 2
