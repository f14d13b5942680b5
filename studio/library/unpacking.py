"""A packed book taken apart: nothing of it is believed before it was checked, and nothing is written outside one folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ..errors import N_, BadInput, NotFound
from ..files import DEVICE, private_folder, room_for
from ..progress import Progress, Work
from ..publishing.book import Book
from .archive import BOOK, CHARACTERS, CHUNK, FROM, MANIFEST, PICTURES, Manifest, Packed
from .characters import Character
from .record import read_record

MOST_FILES = 3000
MOST_BYTES = 8 << 30
MOST_LIST = 4 << 20  # bytes of the list of entries
REACH = 70_000  # bytes from the end of an archive, within which it says how long that list is
ENDS = ((b"PK\5\6", 12, "<I"), (b"PK\6\6", 40, "<Q"))  # where, behind which sign
MOST_RECORD = 40_000_000  # bytes of a book.json
MOST_SWOLLEN = 100  # times the size of the archive itself; pictures hardly shrink at all
MOST_PIXELS = 100_000_000
SECRET = 0x1  # the flag of an entry that is locked with a password
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
NO_DEVICE = rf"(?!(?i:{DEVICE.pattern})[./])"  # which Windows would open in the place of a file
PICTURE = re.compile(rf"{NO_DEVICE}[A-Za-z0-9][A-Za-z0-9_-]{{0,120}}\.png")
SHA256 = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(
    rf"{MANIFEST}|{BOOK}|{PICTURES}/{PICTURE.pattern}|{FROM}/{SHA256.pattern}\.png"
    rf"|{CHARACTERS}/{NO_DEVICE}[a-z0-9][a-z0-9-]{{0,80}}/(?:character\.json|adapter\.json|adapter\.safetensors)"
)
# RuntimeError is zipfile's word for a password and for a packing that it does not know, and JSON's for a well without a
# bottom; OSError comes from places before the file.
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, KeyError,
)  # fmt: skip
NO_ARCHIVE = N_(
    "'{name}' is damaged, or it is no book that the studio packed. Have it packed and sent once more; nothing was changed."
)
STRANGE = N_(
    "'{name}' holds '{entry}', which is no part of a book, so nothing was taken out of it. "
    "Take books only from people you know; nothing was changed."
)
BOMB = N_(
    "'{name}' unfolds to far more than a book, so nothing was taken out of it. Take books only from people you know."
)
MISSING = N_(
    "'{name}' is not whole: '{entry}' is missing in it. Have it packed and sent once more; nothing was changed."
)
OTHER = N_(
    "'{name}' is damaged: '{entry}' is not what was packed. Have it packed and sent once more; nothing was changed."
)


def unpack(file: Path, folder: Path) -> Work[tuple[Manifest, Book]]:
    """Lays the checked files of an archive in `folder`, as they lie in that of a book. Progress counts files.
    Raises NotFound, BadInput, NoRoom."""
    with _told(file):
        _check_list(file)
        with file.open("rb") as source, zipfile.ZipFile(source) as package:
            entries = _entries(package, file)
            manifest = _manifest(package, entries, file, private_folder(folder))
            for done, packed in enumerate(manifest.files):
                yield Progress(done, len(manifest.files), packed.name)
                _take(package, entries[packed.name], packed, file.name, folder)
        book = _book(folder / BOOK, file.name)
        _check_book(book, manifest, file.name, folder)
    yield Progress(len(manifest.files), len(manifest.files))
    return manifest, book


def glance(file: Path) -> None:
    """Raises BadInput for an archive whose list of entries alone shows that it is no book: in a moment, with nothing taken out."""
    with _told(file):
        _check_list(file)
        with file.open("rb") as source, zipfile.ZipFile(source) as package:
            _entries(package, file)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """What is wrong with the file itself, in a person's words."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, PermissionError) as absent:
        raise NotFound("There is no file '{name}'. Look for the name in its folder.", name=file.name) from absent
    except BROKEN as broken:
        raise BadInput(NO_ARCHIVE, name=file.name) from broken


def _check_list(file: Path) -> None:
    """Raises BadInput for an archive whose list of entries is longer than any book's, before it is read: a list of ten million
    would fill the memory. Its length stands near the end, in one place or, of large archives, in two."""
    with file.open("rb") as source:
        source.seek(max(0, file.stat().st_size - REACH))
        tail = source.read()
    for sign, place, kind in ENDS:
        for found in re.finditer(re.escape(sign), tail):
            at = found.start() + place
            told = tail[at : at + struct.calcsize(kind)]
            if len(told) == struct.calcsize(kind) and struct.unpack(kind, told)[0] > MOST_LIST:
                raise BadInput(BOMB, name=file.name)


def _entries(package: zipfile.ZipFile, file: Path) -> dict[str, zipfile.ZipInfo]:
    """The entries by name. Raises BadInput for names that lead elsewhere, links, locks, doubles, and for more than a book."""
    found = package.infolist()
    size = sum(entry.file_size for entry in found)
    if len(found) > MOST_FILES or size > MOST_BYTES or size > MOST_SWOLLEN * max(CHUNK, file.stat().st_size):
        raise BadInput(BOMB, name=file.name)
    seen: set[str] = set()
    for entry in found:
        # `filename` ends at a zero byte, `orig_filename` does not
        known = NAME.fullmatch(entry.filename) and entry.orig_filename == entry.filename
        plain = entry.compress_type in PLAIN and not entry.flag_bits & SECRET
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if not known or not plain or kind not in (0, stat.S_IFREG) or entry.filename.casefold() in seen:
            raise BadInput(STRANGE, name=file.name, entry=entry.filename[:80])
        seen.add(entry.filename.casefold())
    return {entry.filename: entry for entry in found}


def _manifest(package: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], file: Path, folder: Path) -> Manifest:
    """What the archive says it holds, which is what it holds."""
    name = file.name
    if MANIFEST not in entries:
        raise BadInput(NO_ARCHIVE, name=name)
    path = folder / MANIFEST
    with room_for(name):
        path.write_bytes(_read(package, entries[MANIFEST], name))
    manifest = read_record(path, Manifest, "archive", name)
    path.unlink()
    told = {packed.name for packed in manifest.files}
    for entry in sorted((told | {BOOK}) - (told & entries.keys())):
        raise BadInput(MISSING, name=name, entry=entry[:80])
    for entry in sorted(entries.keys() - told - {MANIFEST}):
        raise BadInput(STRANGE, name=name, entry=entry)
    if len(told) != len(manifest.files):
        raise BadInput(NO_ARCHIVE, name=name)
    return manifest


def _read(package: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """A record. What it declares is checked, then what comes out."""
    with package.open(entry) as source:
        raw = source.read(MOST_RECORD + 1)
    if len(raw) > MOST_RECORD:
        raise BadInput(BOMB, name=name)
    return raw


def _take(package: zipfile.ZipFile, entry: zipfile.ZipInfo, packed: Packed, name: str, folder: Path) -> None:
    """Writes one file, never more of it than it should have. Raises BadInput for other bytes than were packed."""
    target, digest, left = folder / packed.name, hashlib.sha256(), packed.bytes
    private_folder(target.parent)
    if packed.name == BOOK and packed.bytes > MOST_RECORD:
        raise BadInput(BOMB, name=name)
    with room_for(target.name), package.open(entry) as source, target.open("xb") as out:
        while left >= 0 and (chunk := source.read(CHUNK)):
            left -= len(chunk)
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        sys.audit("studio.archive.taken_out")
        os.fsync(out.fileno())
    if left or digest.hexdigest() != packed.sha256:
        raise BadInput(OTHER, name=name, entry=packed.name)


def _book(path: Path, name: str) -> Book:
    """The book with a day and numbers that are some; NaN and a number of a thousand digits are JSON too."""
    book = read_record(path, Book, "archive", name)
    json.dumps(json.loads(path.read_bytes()), allow_nan=False)
    datetime.fromisoformat(book.created)
    return book


def _check_book(book: Book, manifest: Manifest, name: str, folder: Path) -> None:
    """Raises BadInput for a book that names files elsewhere or that are not there, and for pictures that are none."""
    here = {packed.name for packed in manifest.files}
    wanted = set(_named(book))
    for entry in sorted(wanted - here):
        refusal = MISSING if NAME.fullmatch(entry) else STRANGE
        raise BadInput(refusal, name=name, entry=entry[:80])
    for entry in sorted(one for one in here - wanted if not one.startswith(f"{CHARACTERS}/")):
        raise BadInput(STRANGE, name=name, entry=entry)
    for entry in sorted(wanted - {BOOK}):
        if not _is_picture(folder / entry):
            raise BadInput(OTHER, name=name, entry=entry)
    for character in {entry.split("/")[1] for entry in here if entry.startswith(f"{CHARACTERS}/")}:
        _check_character(folder / CHARACTERS / character, name)


def _named(book: Book) -> Iterator[str]:
    """All files that the book speaks of."""
    yield BOOK
    for page in book.pages:
        if page.picture:
            yield f"{PICTURES}/{page.picture}"
        for sha256 in (page.mended.picture, page.mended.mask) if page.mended else ():
            if sha256:
                yield f"{FROM}/{sha256}.png"


def _is_picture(file: Path) -> bool:
    from PIL import Image

    try:
        with Image.open(file, formats=("PNG",)) as picture:
            small = picture.width * picture.height <= MOST_PIXELS
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # Pillow's words for what is no picture
        return False
    return small


def _check_character(folder: Path, name: str) -> None:
    """Raises BadInput for what was learnt of somebody that is not whole, or bears the name of another."""
    from ..adapters.card import AdapterCard

    card = read_record(folder / "adapter.json", AdapterCard, "archive", name)
    record = folder / "character.json"
    ids = {card.id} | ({read_record(record, Character, "archive", name).id} if record.is_file() else set())
    tensors = folder / "adapter.safetensors"
    if ids != {folder.name} or card.kind != "subject" or not tensors.is_file():
        raise BadInput(MISSING, name=name, entry=f"{CHARACTERS}/{folder.name}")
