"""Packed books that would write elsewhere, fill the disk, or say two things at once."""

from __future__ import annotations

import io
import json
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable

from tests.travelling import png, sha256

Files = dict[str, bytes]
MIDDLE = "pictures/02-bb.png"


def packed(files: Files, honest: bool = True, **options: int) -> bytes:
    """An archive of these files, told by its manifest."""
    if honest:
        told = [
            {"name": name, "sha256": sha256(raw), "bytes": len(raw)}
            for name, raw in files.items()
            if name != "manifest.json"
        ]
        files = files | {"manifest.json": json.dumps(json.loads(files["manifest.json"]) | {"files": told}).encode()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", **options) as package:
        for name, raw in files.items():
            package.writestr(name, raw)
    return written.getvalue()


def added(name: str, raw: bytes = b"x") -> Callable[[Files], bytes]:
    return lambda files: packed(files | {name: raw})


def appended(entry: zipfile.ZipInfo | str, raw: bytes) -> Callable[[Files], bytes]:
    """One entry more than the manifest tells."""

    def make(files: Files) -> bytes:
        written = io.BytesIO(packed(files))
        with warnings.catch_warnings(), zipfile.ZipFile(written, "a") as package:
            warnings.simplefilter("ignore")
            package.writestr(entry, raw)
        return written.getvalue()

    return make


def link(name: str) -> zipfile.ZipInfo:
    told = zipfile.ZipInfo(name)
    told.create_system, told.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return told


def patched(signature: bytes, place: int, value: bytes) -> Callable[[Files], bytes]:
    """The field at a place of every header with that signature overwritten."""

    def make(files: Files) -> bytes:
        content, at = bytearray(packed(files)), -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + place : at + place + len(value)] = value
        return bytes(content)

    return make


def bomb(files: Files) -> bytes:
    return packed(files | {MIDDLE: bytes(150_000_000)}, compression=zipfile.ZIP_DEFLATED)


def nested(files: Files) -> bytes:
    """A small archive of archives, each of which unfolds to ten megabytes, in the place of a picture."""
    layer = io.BytesIO()
    with zipfile.ZipFile(layer, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(10):
            package.writestr(f"{number}.zip", bytes(1_000_000))
    return packed(files | {MIDDLE: layer.getvalue()})


def lying(files: Files) -> bytes:
    """A bomb that says of itself that it is small."""
    raw = packed(files | {MIDDLE: bytes(5_000_000)}, compression=zipfile.ZIP_DEFLATED)
    return raw.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 700))


def crowd(count: int) -> Callable[[Files], bytes]:
    """An archive that says of itself it has that many entries, and has."""

    def make(files: Files) -> bytes:
        heads, lists = [], []
        for number in range(count):
            name, at = b"pictures/%06d.png" % number, 30 * number + 19 * number
            heads.append(struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name)
            lists.append(
                struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, at) + name
            )
        body, listed = b"".join(heads), b"".join(lists)
        end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(listed), len(body), 0)
        return body + listed + end

    return make


ARCHIVES: dict[str, tuple[str, Callable[[Files], bytes]]] = {
    "climbs out": ("holds '../../evil.txt'", added("../../evil.txt")),
    "climbs out below the pictures": ("which is no part of a book", added("pictures/../../evil.png")),
    "is absolute": ("which is no part of a book", added("/etc/cron.d/evil")),
    "is of Windows": ("which is no part of a book", added("C:\\evil.png")),
    "is a device": ("which is no part of a book", added("pictures/CON.png", png("red"))),
    "is a device with a number": ("which is no part of a book", added("pictures/com1.png", png("red"))),
    "is a link": ("which is no part of a book", appended(link("pictures/03-link.png"), b"/etc/passwd")),
    "is there twice": ("which is no part of a book", appended(MIDDLE, png("red"))),
    "is there in capitals": ("which is no part of a book", appended("pictures/02-BB.png", png("red"))),
    "ends at a zero": ("which is no part of a book", appended("pictures/03-cc.png\0.py", b"x")),
    "has an endless name": ("which is no part of a book", added("pictures/" + "a" * 5000 + ".png")),
    "is locked": ("which is no part of a book", patched(b"PK\1\2", 8, b"\1\0")),
    "has a wrong sum": ("", patched(b"PK\1\2", 16, b"\xde\xad\xbe\xef")),
    "unfolds without end": ("unfolds to far more than a book", bomb),
    "unfolds and lies": ("is damaged", lying),
    "unfolds again and again": ("is not what was packed", nested),
    "is one of a hundred thousand": ("unfolds to far more than a book", crowd(100_000)),
    "has a list of gigabytes": ("unfolds to far more than a book", patched(b"PK\5\6", 12, struct.pack("<I", 3 << 30))),
    "is a program": ("which is no part of a book", added("pictures/evil.py")),
    "says otherwise": ("is not what was packed", lambda files: packed(files | {MIDDLE: png("pink")}, honest=False)),
}  # fmt: skip
