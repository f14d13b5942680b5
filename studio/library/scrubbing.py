"""Overwriting the free room of a disk: former states of records lie there until something else takes their place, and so do names of
folders in the disk's own journal. Photos and what was learnt of people need none of this: without their key they are noise."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from ..files import private_folder, process_mark
from ..progress import Progress, Work

BLOCK = bytes(8 << 20)
SMALL = bytes(4096)
MOST_SMALL = 200_000  # files of one block, which take what the large one left; more would only wear the disk
TURNS = 3000  # folders made and removed, so that the disk's journal is written anew


def scrub(home: Path) -> Work[int]:
    """Fills the room that is free on the home's disk with zeros and gives it back at once; gives how many bytes that were. For that
    moment the disk is full: work in the queue waits. Progress counts megabytes. A kill leaves half-written files, which go at the
    next start."""
    free, written = shutil.disk_usage(home).free, 0
    sys.audit("studio.erase.scrub")
    with TemporaryDirectory(dir=private_folder(home), prefix=f".{process_mark()}", suffix=".tmp") as room:
        for part in (_one(Path(room)), _many(Path(room)), _turned(Path(room))):
            for count in part:
                written += count
                yield Progress(min(written, free) >> 20, max(free, written) >> 20, "overwriting the free room")
        os.sync()
    return written


def _one(room: Path) -> Iterator[int]:
    """One file that grows until there is no more room, by ever smaller steps: what a disk holds back for its own notes it gives when
    what was written before is really there."""
    for size in (len(BLOCK), 1 << 16, len(SMALL), 1 << 10):
        with suppress(OSError), open(room / "large", "ab", buffering=0) as file:
            while count := file.write(BLOCK[:size]):
                yield count
        with suppress(OSError), open(room / "large", "ab", buffering=0) as file:
            os.fsync(file.fileno())


def _many(room: Path) -> Iterator[int]:
    """Files of one block, for the room between."""
    for number in range(MOST_SMALL):
        try:
            (room / f"{number:06}").write_bytes(SMALL)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                return
            raise
        yield len(SMALL)


def _turned(room: Path) -> Iterator[int]:
    """Makes and removes folders whose names are long, each time to the disk itself, so that no older name is in its journal."""
    (room / "large").unlink(missing_ok=True)
    for number in range(TURNS):
        folder = room / f"{number:0200}"
        folder.mkdir()
        folder.rmdir()
        if number % 2 == 0:
            handle = os.open(room, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
            yield 0
