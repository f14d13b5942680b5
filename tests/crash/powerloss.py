"""What a disk holds after the power went: rebuilt from the journal of a day, for any moment of it.

Two disks are played. A strict one keeps of a file what was synced, and of a folder the names that were there when it was
synced. A hasty one keeps all names at once and still only what was synced of the files: names before data, as in
"All File Systems Are Not Created Equal" (OSDI 2014). `kill -9` tests neither: what was written is there after it.
"""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HEAD = struct.Struct("<IIIIQQ")
CREATE, WRITE, CUT, SYNC, RENAME, UNLINK, MKDIR, RMDIR, LINK, MARK = range(1, 11)


@dataclass(frozen=True, slots=True)
class Note:
    """One step on the disk."""

    kind: int
    inode: int
    offset: int
    data: bytes
    path: str
    other: str


@dataclass(slots=True)
class File:
    now: bytearray = field(default_factory=bytearray)
    kept: bytes = b""


@dataclass(slots=True)
class Folder:
    now: dict[str, File | Folder] = field(default_factory=dict)
    kept: dict[str, File | Folder] = field(default_factory=dict)


def read_journal(path: Path) -> list[Note]:
    """All steps in the order in which they were done."""
    raw, at, notes = path.read_bytes(), 0, []
    while at + HEAD.size <= len(raw):
        kind, length, first, second, inode, offset = HEAD.unpack_from(raw, at)
        at += HEAD.size
        data, at = raw[at : at + length], at + length
        name, at = raw[at : at + first].decode(), at + first
        other, at = raw[at : at + second].decode(), at + second
        notes.append(Note(kind, inode, offset, data, name, other))
    return notes


class Disk:
    """A home, and what of it would be there if the power went now."""

    def __init__(self, home: Path) -> None:
        self._home = str(home.resolve())
        self._inodes: dict[int, File] = {}
        self.root = self._loaded(home)
        self.done = 0  # things that were told to be done

    def _loaded(self, home: Path) -> Folder:
        """What lies there is there for good."""
        folder = Folder()
        for entry in os.scandir(home):
            if entry.is_dir():
                folder.now[entry.name] = self._loaded(Path(entry.path))
            else:
                raw = Path(entry.path).read_bytes()
                folder.now[entry.name] = self._inodes[entry.inode()] = File(bytearray(raw), raw)
        folder.kept = dict(folder.now)
        return folder

    def do(self, note: Note) -> None:
        """One step more."""
        if note.kind == MARK:
            self.done = note.inode
        elif note.kind in (WRITE, CUT, SYNC):
            self._change(note)
        elif note.kind in (CREATE, MKDIR):
            parent, name = self._place(note.path)
            parent.now[name] = made = File() if note.kind == CREATE else Folder()
            if isinstance(made, File):
                self._inodes[note.inode] = made
        elif note.kind in (UNLINK, RMDIR):
            parent, name = self._place(note.path)
            parent.now.pop(name, None)
        else:
            self._rename(note)

    def _change(self, note: Note) -> None:
        found = self._found(note.path)
        if isinstance(found, Folder):
            found.kept = dict(found.now)
            return
        if (file := self._inodes.get(note.inode)) is None:
            return
        if note.kind == SYNC:
            file.kept = bytes(file.now)
        elif note.kind == CUT:
            del file.now[note.offset :]
            file.now.extend(bytes(note.offset - len(file.now)))
        else:
            file.now.extend(bytes(max(0, note.offset - len(file.now))))
            file.now[note.offset : note.offset + len(note.data)] = note.data

    def _rename(self, note: Note) -> None:
        before, name = self._place(note.path)
        after, called = self._place(note.other)
        if (moved := before.now.get(name)) is not None:
            after.now[called] = moved
            if note.kind == RENAME:
                del before.now[name]

    def _place(self, path: str) -> tuple[Folder, str]:
        """The folder in which something lies, and its name there."""
        parent = self._found(os.path.dirname(path))
        if not isinstance(parent, Folder):
            raise RuntimeError(f"the journal speaks of {path}, whose folder it never saw")
        return parent, os.path.basename(path)

    def _found(self, path: str) -> File | Folder | None:
        found: File | Folder | None = self.root
        for name in path.removeprefix(self._home).strip("/").split("/"):
            found = found.now.get(name) if isinstance(found, Folder) and name else found
        return found

    def leave(self, home: Path, hasty: bool) -> None:
        """Writes what is there after the power went."""
        shutil.rmtree(home)
        _leave(self.root, home, hasty)


def _leave(folder: Folder, place: Path, hasty: bool) -> None:
    place.mkdir(mode=0o700)
    for name, one in (folder.now if hasty else folder.kept).items():
        if isinstance(one, Folder):
            _leave(one, place / name, hasty)
        else:
            (place / name).write_bytes(one.kept)


def moments(notes: list[Note], most: int) -> Iterator[int]:
    """So many moments at which the power may go, evenly; the last is the end."""
    stride = max(1, len(notes) // most)
    return iter(range(len(notes), 0, -stride))
