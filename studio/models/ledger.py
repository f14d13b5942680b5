"""`files.json` in a model's folder: the sha256 of each of its files, when it came and as it was last looked at.

Reading a large model through takes minutes, so a file whose size and time are as they were noted counts as the same. A
file that came by download or import and is no longer what came is damaged; one that the person put there may change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from ..errors import NoRoom
from ..files import atomic_write

NAME = "files.json"
KINDS = {".safetensors", ".json", ".txt", ".jinja"}  # what a model is made of
APART = ("upscaler", "measures")  # enlarge and judge what is drawn, so that better ones leave every picture up to date
Source = Literal["", "download", "import"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it was when it was read through."""

    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is noted of a folder: where it came from, empty when the person put it there, and its files by name."""

    source: Source = ""
    files: dict[str, Entry] = field(default_factory=dict)


def read_ledger(folder: Path) -> Ledger:
    """The notes of the folder; none when there are none that can be read."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        source: Source = {"download": "download", "import": "import"}.get(told["source"], "")  # type: ignore[assignment]
        return Ledger(source, {str(name): Entry(**entry) for name, entry in told["files"].items()})
    return Ledger()


def write_ledger(folder: Path, source: Source, files: dict[str, Entry]) -> Path:
    told = {"version": 1, "source": source, "files": {name: asdict(entry) for name, entry in sorted(files.items())}}
    return atomic_write(folder / NAME, json.dumps(told, indent=1))


def note(folder: Path, source: Source) -> Ledger:
    """Reads all files of the folder through and notes them as they came."""
    ledger = Ledger(source, {name: _entry(path) for name, path in model_files(folder)})
    write_ledger(folder, source, ledger.files)
    return ledger


def model_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files that a model is made of by their names in the folder, in order."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix in KINDS and not set(APART) & set(inside.parts) and not _beside(inside):
            yield inside.as_posix(), path


def digests(folder: Path, noted: bool = True) -> dict[str, str]:
    """The sha256 of each file; only those that are new or changed since they were `noted` are read."""
    ledger = read_ledger(folder) if noted else Ledger()
    found = {name: _known(ledger.files.get(name), path) or _entry(path) for name, path in model_files(folder)}
    if noted and not ledger.source and found != ledger.files:
        with suppress(NoRoom):  # a folder that cannot be written is read through each time
            write_ledger(folder, "", found)
    return {name: entry.sha256 for name, entry in found.items()}


def damaged(folder: Path, thoroughly: bool = False) -> tuple[str, ...]:
    """The names of the files that are no longer what came, in a folder that came by download or import.

    `thoroughly` reads every byte; else only files whose size or time changed are read.
    """
    ledger = read_ledger(folder)
    return tuple(
        name for name, entry in ledger.files.items() if ledger.source and not _same(folder / name, entry, thoroughly)
    )


def _same(path: Path, entry: Entry, thoroughly: bool) -> bool:
    if not path.is_file() or path.stat().st_size != entry.size:
        return False
    return bool(_known(entry, path)) and not thoroughly or file_sha256(path) == entry.sha256


def _known(entry: Entry | None, path: Path) -> Entry | None:
    """What is noted of the file, if it still stands for it."""
    stat = path.stat()
    return entry if entry and (entry.size, entry.mtime_ns) == (stat.st_size, stat.st_mtime_ns) else None


def _entry(path: Path) -> Entry:
    stat = path.stat()
    return Entry(_sha256(path, stat.st_size, stat.st_mtime_ns), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=256)
def _sha256(path: Path, size: int, mtime_ns: int) -> str:
    """The sha256 of a file; size and time are there to notice that it changed."""
    return file_sha256(path)


def file_sha256(path: Path) -> str:
    """The sha256 of all that is in the file now."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _beside(inside: Path) -> bool:
    """Whether a file at the top of the folder is a note of the studio, and no part of the model."""
    return inside.as_posix() in (NAME, "own.json")
