"""What came as a set of pictures: files one by one, or a ZIP, sorted into one folder before anything is opened."""

from __future__ import annotations

import io
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from ..errors import BadInput
from ..files import room_for
from .captions import FOREIGN, PICTURES

CAPTIONS = (".json", ".jsonl", ".csv", ".txt")
TAKEN = {*PICTURES, *FOREIGN, *CAPTIONS}
MOST_FILES = 200_000
MOST_BYTES = 40_000_000_000  # unpacked
MOST_SWOLLEN = 200  # times its packed size; pictures hardly shrink at all, and what swells so is made to fill a disk


def receive(files: Sequence[tuple[str, bytes]], folder: Path) -> int:
    """Writes pictures and captions to `folder` under their own plain names; gives how many. Raises BadInput, NoRoom."""
    count = 0
    for name, raw in files:
        if zipfile.is_zipfile(io.BytesIO(raw)):
            count += _unpack(name, raw, folder)
        elif PurePosixPath(name).suffix.lower() in TAKEN:
            with room_for(name):
                (folder / _plain(name)).write_bytes(raw)
            count += 1
    if not count:
        raise BadInput(
            "There are no pictures in what you gave. Choose JPEG, PNG or WebP files with their captions, or a ZIP of them."
        )
    return count


def captions_of(folder: Path) -> Path | None:
    """The file with all captions, if there is one; else they lie in a .txt beside each picture."""
    tables = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in (".jsonl", ".json", ".csv"))
    return next(tables, None)


def _unpack(name: str, raw: bytes, folder: Path) -> int:
    """The pictures and captions of a ZIP, from all its folders into one."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = list(_wanted(archive, name))
            for entry in entries:
                with room_for(name), archive.open(entry) as source, (folder / _plain(entry.filename)).open("wb") as out:
                    shutil.copyfileobj(source, out)
    # zipfile's words: RuntimeError for a password, and for a packing that it does not know
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise BadInput("The ZIP '{name}' is damaged or locked. Pack the pictures again.", name=name) from error
    return len(entries)


def _wanted(archive: zipfile.ZipFile, name: str) -> Iterator[zipfile.ZipInfo]:
    entries = [one for one in archive.infolist() if PurePosixPath(one.filename).suffix.lower() in TAKEN]
    unpacked, packed = (sum(getattr(one, size) for one in entries) for size in ("file_size", "compress_size"))
    if len(entries) > MOST_FILES or unpacked > MOST_BYTES or unpacked > MOST_SWOLLEN * max(1, packed):
        raise BadInput("The ZIP '{name}' holds more than the studio can take. Divide it.", name=name)
    for entry in entries:
        hidden = _plain(entry.filename).startswith(".") or "__MACOSX" in entry.filename
        if not entry.is_dir() and not hidden:
            yield entry


def _plain(name: str) -> str:
    """The file's own name without folders, so that nothing is written elsewhere."""
    return PurePosixPath(name.replace("\\", "/")).name[-120:]
