"""The two ways in which torch.save lays out a file: a zip archive since 1.6, pickles followed by numbers before.

Where the numbers lie is looked up and checked here; none of them is read.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import IO, Any

from .machine import Machine
from .names import SIZES, Storage
from .refusal import Refused

ZIP, PICKLE = b"PK\x03\x04", b"\x80"
MOST_PICKLED = 64 << 20
MOST_ENTRIES = 100_000
PLAIN_FLAGS = 0x808  # sizes behind the numbers, names in UTF-8; all others hide something
LOCAL_BYTES = 30  # of a local header before its name
BESIDE = {"data.pkl", "byteorder", "version"}
MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes lie in the file."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the pickle says, and where each storage lies, by its key."""

    value: Any
    places: dict[str, Place]


def read_checkpoint(stream: IO[bytes], size: int) -> Checkpoint:
    """The checkpoint in a file of `size` bytes, whose layout its first bytes tell. Raises Refused."""
    stream.seek(0)
    first = stream.read(4)
    if first == ZIP:
        return _zipped(stream)
    if first[:1] == PICKLE:
        return _legacy(stream, size)
    raise Refused("format")


def _zipped(stream: IO[bytes]) -> Checkpoint:
    found = _entries(stream)
    if found.get("byteorder") and _bytes(stream, found["byteorder"]) != b"little":
        raise Refused("order")
    if found["data.pkl"].length > MOST_PICKLED:
        raise Refused("large", "data.pkl")
    value = Machine().run(io.BytesIO(_bytes(stream, found["data.pkl"])))
    places = {name.removeprefix("data/"): place for name, place in found.items() if name.startswith("data/")}
    return Checkpoint(value, places)


def _bytes(stream: IO[bytes], place: Place) -> bytes:
    stream.seek(place.start)
    return stream.read(min(place.length, MOST_PICKLED))


def _entries(stream: IO[bytes]) -> dict[str, Place]:
    """The places of the archive's entries by their names below its one folder, none over another. Raises Refused."""
    archive = zipfile.ZipFile(stream)
    listed = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    if len(listed) > MOST_ENTRIES:
        raise Refused("large", "entries")
    if not any(entry.orig_filename.endswith("/data.pkl") for entry in listed):
        raise Refused("format")
    folder = listed[0].orig_filename.split("/")[0] + "/"
    found: dict[str, Place] = {}
    end = 0
    for entry in listed:
        name = _entry_name(entry, folder)
        if name in found:
            raise Refused("archive", name)
        found[name] = place = _entry_place(stream, entry, end, archive.start_dir)
        end = place.start + place.length
    return found


def _entry_name(entry: zipfile.ZipInfo, folder: str) -> str:
    """The name below the folder, if torch writes such. Raises Refused."""
    name = entry.orig_filename.removeprefix(folder)
    numbers = name.startswith("data/") and name[5:].isascii() and name[5:].isdigit()
    notes = name.startswith(".") and ".." not in name  # of newer torch to itself; they are not read
    if not entry.orig_filename.startswith(folder) or not (numbers or notes or name in BESIDE):
        raise Refused("archive", entry.orig_filename)
    return name


def _entry_place(stream: IO[bytes], entry: zipfile.ZipInfo, after: int, before: int) -> Place:
    """Where the entry's bytes lie, as they are: neither packed nor locked, between its neighbours. Raises Refused."""
    plain = entry.compress_type == zipfile.ZIP_STORED and entry.compress_size == entry.file_size
    if not plain or entry.flag_bits & ~PLAIN_FLAGS or entry.header_offset < after:
        raise Refused("archive", entry.orig_filename)
    stream.seek(entry.header_offset)
    local = stream.read(LOCAL_BYTES)
    named, extra = int.from_bytes(local[26:28], "little"), int.from_bytes(local[28:30], "little")
    start = entry.header_offset + LOCAL_BYTES + named + extra
    twins = local[:4] == ZIP and stream.read(named) == entry.orig_filename.encode()
    if not twins or start + entry.file_size > before:
        raise Refused("archive", entry.orig_filename)
    return Place(start, entry.file_size)


def _legacy(stream: IO[bytes], size: int) -> Checkpoint:
    """Five pickles (magic number, version, system, value, keys), then each storage behind its count of eight bytes."""
    stream.seek(0)
    window = io.BytesIO(stream.read(MOST_PICKLED))
    if Machine().run(window) != MAGIC or Machine().run(window) != VERSION:
        raise Refused("format")
    system = Machine().run(window)
    if type(system) is not dict or system.get("little_endian") is not True:
        raise Refused("order")
    machine = Machine()
    value = machine.run(window)
    keys = Machine().run(window)
    return Checkpoint(value, _places(stream, window.tell(), size, keys, machine.storages))


def _places(stream: IO[bytes], at: int, size: int, keys: Any, storages: dict[str, Storage]) -> dict[str, Place]:
    if type(keys) is not list or not all(type(key) is str for key in keys) or sorted(keys) != sorted(storages):
        raise Refused("places", "keys")
    places = {}
    for key in keys:
        stream.seek(at)
        count = int.from_bytes(stream.read(8), "little")
        places[key] = place = Place(at + 8, count * SIZES[storages[key].kind])
        at = place.start + place.length
        if at > size:
            raise Refused("damaged")
    return places
