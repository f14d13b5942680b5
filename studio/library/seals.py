"""Seals: the sha256 of each finished file, noted in the SHA256SUMS of its folder as the program sha256sum writes it.

A line is added in one write and the last one for a name holds, so that two workers may seal in one folder at once. A line torn
by a power cut counts for nothing: its file is whole as long as nobody noted otherwise.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from functools import lru_cache
from pathlib import Path

from ..files import atomic_write, private_folder, room_for, sync

SUMS, ALTERED = "SHA256SUMS", "altered"
LINE = re.compile(r"(?P<sum>[0-9a-f]{64})  (?P<name>[^\n]+)|#  (?P<gone>[^\n]+)")  # sha256sum reads past lines with a #
NOTHING = 64 * "0"  # the sum of no file
YOUNG_NS = (
    2_000_000_000  # a file may change again within one tick of the disk's clock, so a young one is read each time
)


def seal(path: Path) -> str:
    """Notes the sum of a finished file and gives it. Raises FileNotFoundError when there is no such file, NoRoom."""
    found = sum_of(path)
    if sealed(path) != found:
        sys.audit("studio.seal.note")
        _add(path.parent, f"{found}  {path.name}\n")
        sys.audit("studio.seal.noted")
    return found


def sealed(path: Path) -> str:
    """The noted sum of the file; empty when none is."""
    return seals(path.parent).get(path.name, "")


def withhold(path: Path) -> None:
    """Notes that the file is not finished, whatever lies there, until it is sealed."""
    _add(path.parent, f"{NOTHING}  {path.name}\n")


def unsealed(path: Path) -> None:
    """Forgets what was noted of the file, which need not be there."""
    if sealed(path):
        _add(path.parent, f"#  {path.name}\n")


def whole(path: Path) -> bool:
    """Whether the file is there and has the noted sum, if one is noted."""
    noted = sealed(path)
    try:
        return sum_of(path) == noted if noted else path.is_file()
    except FileNotFoundError:
        return False


def make_way(path: Path) -> None:
    """Puts a file aside that is not what was sealed, so that it can be made anew; what was never finished goes."""
    if sealed(path) == NOTHING:
        path.unlink(missing_ok=True)
        unsealed(path)
    elif sealed(path) and not whole(path):
        put_aside(path)


def put_aside(path: Path) -> None:
    """Lays a file in `altered/` beside it, if it is there, and forgets its sum."""
    if path.is_file():
        os.replace(path, private_folder(path.parent / ALTERED) / path.name)
    unsealed(path)  # last, or an altered file would count as whole after a crash


def seals(folder: Path) -> dict[str, str]:
    """The noted sums of a folder by file name."""
    try:
        seen = (folder / SUMS).stat()
    except FileNotFoundError:
        return {}
    return dict(_lines(folder / SUMS, *_marks(seen)))


def put_in_order(folder: Path) -> None:
    """Writes the sums of a folder anew without what is forgotten and without files that are gone."""
    kept = {name: noted for name, noted in seals(folder).items() if (folder / name).is_file()}
    if kept:
        atomic_write(folder / SUMS, "".join(f"{noted}  {name}\n" for name, noted in sorted(kept.items())))
    else:
        (folder / SUMS).unlink(missing_ok=True)


def sum_of(path: Path, anew: bool = False) -> str:
    """The sha256 of a file. One that was read before and did not change since is read again only if asked to be."""
    seen = path.stat()
    old = time.time_ns() - max(seen.st_ctime_ns, seen.st_mtime_ns) > YOUNG_NS
    return _remembered(path, *_marks(seen)) if old and not anew else _read(path)


def _marks(seen: os.stat_result) -> tuple[int, ...]:
    """What changes with a file."""
    return seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns


@lru_cache(maxsize=8192)
def _remembered(path: Path, *_marks: int) -> str:
    return _read(path)


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=256)
def _lines(path: Path, *_marks: int) -> tuple[tuple[str, str], ...]:
    """Name and sum of each file, as the last whole line about it says."""
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        if said := LINE.fullmatch(line):
            found[said["name"] or said["gone"]] = said["sum"] or ""
    return tuple((name, noted) for name, noted in found.items() if noted)


def _add(folder: Path, line: str) -> None:
    with room_for(SUMS):
        handle = os.open(private_folder(folder) / SUMS, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            torn = os.fstat(handle).st_size and os.lseek(handle, -1, os.SEEK_END) >= 0 and os.read(handle, 1) != b"\n"
            new = not os.fstat(handle).st_size
            os.write(handle, (f"\n{line}" if torn else line).encode())
            os.fsync(handle)
            if new:
                sync(folder)
        finally:
            os.close(handle)
