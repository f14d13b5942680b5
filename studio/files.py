"""Files that are either whole or absent: temporary file, fsync, rename, fsync of the folder (mode 0700/0600).

What is half written is called '.<machine>-<process>-<chance>.tmp<suffix>', so that it can go as soon as who wrote it is gone.
"""

from __future__ import annotations

import errno
import os
import platform
import re
import secrets
import shutil
import sys
import tempfile
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from .errors import BadInput, NoRoom

FAULTY = errno.EIO
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES}
ZEROS = bytes(4096)  # as much as a block of most disks
LONGEST_SLUG = 40
DEVICE = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]")  # no folder of Windows can be called that


def keep_private() -> None:
    """From now on nobody else on this machine can read what this process and its children write; SQLite and the libraries, which
    make their files themselves, cannot either. Were it to fall, it leaves no copy of its memory, in which there are photos and
    keys. Called once, where a process begins."""
    os.umask(0o077)
    with suppress(ImportError):  # Windows has no such copies
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def private_folder(path: Path) -> Path:
    """The folder, made with its parents if missing, readable by its owner only; it is there after a power cut too."""
    if path.is_dir():
        return path
    missing = [one for one in (path, *path.parents) if not one.is_dir()]
    with room_for(path.name):
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
            sync(folder.parent)
    return path


@contextmanager
def room_for(name: str) -> Iterator[None]:
    """Turns a full, read-only or faulty disk into `NoRoom`; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno == FAULTY:
            raise NoRoom(
                "'{name}' could not be saved: the disk reports a fault. "
                "Copy your books to another disk and try again; everything saved before is safe.",
                name=name,
            ) from error
        if error.errno not in FULL:
            raise
        raise NoRoom(
            "'{name}' could not be saved: the disk is full or not writable. "
            "Free some space and try again; everything saved before is safe.",
            name=name,
        ) from error


def atomic_write(path: Path, content: bytes | str) -> Path:
    """Writes `content` so that a reader or a crash sees the old file or the new one, never a part. Raises NoRoom."""
    raw = content.encode() if isinstance(content, str) else content
    with room_for(path.name), atomic_path(path) as part:
        part.write_bytes(raw)
    return path


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends well and vanishes when it does not.
    Raises NoRoom."""
    private_folder(path.parent)
    with room_for(path.name):
        handle, name = tempfile.mkstemp(prefix=f".{process_mark()}", suffix=f".tmp{path.suffix}", dir=path.parent)
        os.close(handle)
        part = Path(name)
        try:
            yield part
            sync(part)
            sys.audit("studio.file.written")
            os.replace(part, path)
            sys.audit("studio.file.renamed")
            sync(path.parent)
        finally:
            # A disk that fails to write may fail to delete; what went wrong first is what is told.
            with suppress(OSError):
                part.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """A temporary folder beside `path`, which must not exist; it becomes `path` when the block ends well, else vanishes.
    Raises NoRoom."""
    private_folder(path.parent)
    with room_for(path.name):
        part = Path(tempfile.mkdtemp(prefix=f".{process_mark()}", suffix=".tmp", dir=path.parent))
        try:
            yield part
            make_durable(part)
            sys.audit("studio.folder.written")
            os.replace(part, path)
            sys.audit("studio.folder.renamed")
            sync(path.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def process_mark() -> str:
    """Names this process among those of all machines, in what it writes before that is whole: what a dead one left can go."""
    return f"{machine_mark()}-{os.getpid()}-"


@cache
def machine_mark() -> str:
    """Eight hex digits of this machine's name, or of the container's in which process numbers have their meaning."""
    space = ""
    with suppress(OSError):  # only Linux has it
        space = os.readlink("/proc/self/ns/pid")
    return f"{zlib.crc32(f'{platform.node()} {space}'.encode()):08x}"


def make_durable(folder: Path) -> Path:
    """The folder, with all that is in it written to the disk itself. Raises NoRoom."""
    with room_for(folder.name):
        for place, _, names in os.walk(folder, topdown=False):
            for name in names:
                sync(Path(place, name))
            sync(Path(place))
    return folder


def move(path: Path, to: Path) -> Path:
    """Moves a file or folder within the disk, so that after a power cut it is at one place or the other. A folder goes where none
    is, or an empty one. Raises FileExistsError, NoRoom."""
    with room_for(path.name):
        private_folder(to.parent)
        try:
            os.rename(path, to)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise FileExistsError(error.errno, to.name) from error
            raise
        sync(to.parent)
        sync(path.parent)
    return to


def shred(path: Path) -> None:
    """Overwrites a file, or all files in a folder, before they go, so that what was in them is not on the disk any more. What is not
    there is no fault. A crash leaves it whole, or half-written under a name of its own. On drives that write every block to a new
    place (SSDs, copy-on-write file systems) only a destroyed key does that, see `vault`. Raises NoRoom."""
    gone = path.with_name(f".{process_mark()}{secrets.token_hex(4)}.tmp")
    with room_for(path.name), suppress(FileNotFoundError):
        os.rename(path, gone)
        sync(path.parent)
        sys.audit("studio.folder.gone")
        for file in sorted(gone.rglob("*")) if gone.is_dir() else [gone]:
            with suppress(IsADirectoryError):
                overwrite(file)
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()


def overwrite(file: Path) -> None:
    """Writes zeros over all of a file. Raises FileNotFoundError, IsADirectoryError, NoRoom."""
    opened = os.open(file, os.O_RDWR)
    try:
        _overwrite(opened)
    finally:
        os.close(opened)


def replace_for_good(path: Path, content: bytes | str) -> Path:
    """`atomic_write`, after which what lay there before is overwritten: a former state would stay on the disk until something else
    takes its room. Who reads at that moment finds zeros, and reads again. Raises NoRoom."""
    former = None if os.name == "nt" else _opened(path)  # Windows cannot put a file in the place of an open one
    try:
        placed = atomic_write(path, content)
        if former is not None and os.fstat(former).st_nlink == 0:
            _overwrite(former)
    finally:
        if former is not None:
            os.close(former)
    return placed


def _opened(path: Path) -> int | None:
    with suppress(OSError):
        return os.open(path, os.O_RDWR)
    return None


def _overwrite(opened: int) -> None:
    size = os.fstat(opened).st_size
    os.lseek(opened, 0, os.SEEK_SET)
    for _ in range(0, size, len(ZEROS)):
        os.write(opened, ZEROS)  # past the end too: the rest of the last block
    os.fsync(opened)


def remove_folder(path: Path) -> None:
    """Deletes a folder, so that a crash leaves all of it or nothing; what is left of nothing goes as all half-written does.
    It needs no room on a full disk. Raises FileNotFoundError, NoRoom."""
    gone = path.with_name(f".{process_mark()}{secrets.token_hex(4)}.tmp")
    with room_for(path.name):
        sys.audit("studio.folder.removed")
        os.rename(path, gone)
        sync(path.parent)
        sys.audit("studio.folder.gone")
        shutil.rmtree(gone)


def sync(path: Path) -> None:
    """Returns when a file, or the names in a folder, are on the disk itself."""
    if os.name == "nt" and path.is_dir():  # Windows cannot open a folder
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def slug(name: str) -> str:
    """A safe file name of lower-case letters, digits and hyphens: 'Bé Mây' gives 'be-may'. Raises BadInput if empty.

    The slug of a slug is itself.
    """
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    kept = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")
    kept = kept[:LONGEST_SLUG].rstrip("-")
    if not kept:
        raise BadInput("The name '{name}' has no letter or digit. Give a name such as 'May'.", name=name)
    return f"{kept}-1" if DEVICE.fullmatch(kept) else kept
