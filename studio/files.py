"""Files that are either whole or absent: temporary file, fsync, rename, fsync of the folder (mode 0700/0600)."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import BadInput, NoRoom

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES}
LONGEST_SLUG = 40
DEVICE = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]")  # no folder of Windows can be called that


def private_folder(path: Path) -> Path:
    """The folder, made with its parents if missing, readable by its owner only."""
    with room_for(path.name):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def room_for(name: str) -> Iterator[None]:
    """Turns a full or read-only disk into `NoRoom`; other errors pass."""
    try:
        yield
    except OSError as error:
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
    """A temporary path beside `path` that takes its place when the block ends well and vanishes when it does not."""
    private_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=".", suffix=f".tmp{path.suffix}", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _sync(part)
        os.replace(part, path)
        _sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """A temporary folder beside `path`, which must not exist; it becomes `path` when the block ends well, else vanishes."""
    private_folder(path.parent)
    part = Path(tempfile.mkdtemp(prefix=".", suffix=".tmp", dir=path.parent))
    try:
        yield part
        _sync(part)
        os.replace(part, path)
        _sync(path.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _sync(path: Path) -> None:
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
