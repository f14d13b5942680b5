"""What nobody needs any more: half-written files of a process that is gone, claimed places where nothing came to stand, locks of
books that are no more, second names of what was moved as the power went. What a dead process of this machine wrote goes at once,
and so do second names; all else is let be while it is young, because somebody may be at work on it."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from ..files import machine_mark, remove_folder, shred
from ..settings import Settings
from .gallery import RECORD
from .gallery import SAFE_ID as PIECE

LUGGAGE, LUGGAGE_S = "luggage", 86_400.0  # packed books that wait for the worker, and for how long at most
YOUNG_S = 300.0  # without a write; what is written takes less than that between two
PART = re.compile(r"\..+\.tmp(\.\w+)?")
WRITER = re.compile(r"\.?(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-.+")
TRASHED = {"books": "book.json", "pictures": RECORD}
LOCK = re.compile(r"book-(?P<id>[a-z0-9-]+)\.lock")


def leftovers(settings: Settings, young_s: float = YOUNG_S) -> Iterator[Path]:
    """Files and folders that can go."""
    found = (*_parts(settings.home), *_rooms(settings), *_empty_places(settings), *_locks(settings))
    yield from _twins(settings.home)
    yield from (path for path in dict.fromkeys(found) if _is_dead(path) or _age_s(path) >= young_s)


def clear(settings: Settings, paths: Iterable[Path], shredding: bool = False) -> tuple[Path, ...]:
    """Takes them away, with `shredding` so that nothing of them stays on the disk; gives those that went."""
    gone = []
    for path in paths:
        if shredding and not _is_locked(path):
            shred(path)
        elif path.is_dir():
            discard(path)
        elif not _is_locked(path):
            path.unlink(missing_ok=True)
        if not path.exists():
            gone.append(path)
    return tuple(gone)


def discard(folder: Path) -> None:
    """Deletes a folder, so that a crash leaves all of it or nothing in its place."""
    if PART.fullmatch(folder.name):
        shutil.rmtree(folder, ignore_errors=True)
    else:
        remove_folder(folder)


def _parts(home: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(home):
        yield from (Path(place, name) for name in (*folders, *files) if PART.fullmatch(name))
        folders[:] = [name for name in folders if not PART.fullmatch(name)]


def _twins(home: Path) -> Iterator[Path]:
    """What lies in the trash and still, or again, where it was: some disks keep the names of two folders apart, and the power went
    between them. Nobody changes what is being moved, so the trash has nothing that is not there too."""
    for kind, record in TRASHED.items():
        for thrown in (home / "trash" / kind).glob("*"):
            twin = home / kind / thrown.name
            with suppress(FileNotFoundError):  # somebody has just brought it back
                told = (thrown / record).read_bytes()  # first here: what is being thrown away is not there yet
                if told == (twin / record).read_bytes() and not twin.samefile(thrown):
                    yield thrown


def _rooms(settings: Settings) -> Iterator[Path]:
    """What arrived and was not taken in."""
    yield from (settings.home / "arriving").glob("*")
    yield from (path for path in luggage(settings) if _age_s(path) >= LUGGAGE_S)


def luggage(settings: Settings) -> Iterator[Path]:
    """Packed books that were dropped, also those that still wait for the worker: anybody's face may be in them."""
    yield from (settings.home / LUGGAGE).glob("*")


def _empty_places(settings: Settings) -> Iterator[Path]:
    """Places that were claimed, or drawn into after their owner was thrown away, and have no record."""
    for folder in settings.books.glob("*"):
        nothing = folder.is_dir() and not any(path.is_file() for path in folder.rglob("*"))
        thrown = (settings.home / "trash" / "books" / folder.name).is_dir()
        if folder.is_dir() and not (folder / "book.json").exists() and (nothing or thrown):
            yield folder
    for folder in settings.characters.glob("*"):  # photos of somebody whose record was never written
        if folder.is_dir() and not (folder / "character.json").exists():
            yield folder
    for folder in (settings.home / "pictures").glob("*"):
        if PIECE.fullmatch(folder.name) and folder.is_dir() and not (folder / RECORD).exists():
            yield folder


def _locks(settings: Settings) -> Iterator[Path]:
    places = settings.books, settings.home / "trash" / "books"
    for path in (settings.home / "locks").glob("*.lock"):
        named = LOCK.fullmatch(path.name)
        if named and not any((place / named["id"]).exists() for place in places):
            yield path


def _is_dead(path: Path) -> bool:
    """Whether the process of this machine that wrote it is no more."""
    import psutil

    writer = WRITER.fullmatch(path.name)
    return bool(writer and writer["machine"] == machine_mark() and not psutil.pid_exists(int(writer["process"])))


def _is_locked(path: Path) -> bool:
    """Whether somebody holds this lock; other files are held by nobody."""
    from filelock import FileLock, Timeout

    if path.suffix != ".lock":
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True


def _age_s(path: Path) -> float:
    """Seconds since anything in it was written; of what is from tomorrow, none."""
    newest = 0.0
    for one in (path, *(path.rglob("*") if path.is_dir() else ())):
        with suppress(FileNotFoundError):
            newest = max(newest, one.lstat().st_mtime)
    return max(0.0, time.time() - newest)
