"""One dataclass in one JSON file: unknown keys are refused, a newer version or a damaged file gets a clear error.

A file of an older version is read as `migrations` bring it forward, and kept in `backups/` beside it before the first write.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from os import stat_result
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from ..errors import N_, BadInput, NotFound
from ..files import atomic_write, replace_for_good
from .migrations import Raw, forward, version_of

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Record = TypeVar("Record")
Thing = Literal["book", "character", "picture", "experiment", "archive", "person"]
BACKUPS = "backups"  # beside the record
YOUNG_NS = 2_000_000_000  # a file may change again within one tick of the disk's clock
MOST_READ = 4000
MOST_TIMES = 5  # that a file is read which somebody writes at that moment
_READ: dict[tuple[Path, Any], tuple[tuple[int, ...], Any]] = {}  # records are frozen, so that all may share them


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person is told of a file that cannot be read, by what is wrong with it."""

    absent: str
    newer: str
    torn: str
    unknown: str  # a field that nobody knows
    missing: str  # a field
    wrong: str  # the value of a field


TOLD = {
    "book": Told(
        absent=N_("There is no book '{id}'."),
        newer=N_("Book '{id}' was made by a newer studio (version {version}). Update the studio to open it."),
        torn=N_(
            "The file of book '{id}' is damaged (it is not whole). "
            "Everything else is safe; put the file back from a backup, or remove this one."
        ),
        unknown=N_(
            "The file of book '{id}' is damaged ('{field}' is not a known field). "
            "Everything else is safe; put the file back from a backup, or remove this one."
        ),
        missing=N_(
            "The file of book '{id}' is damaged ('{field}' is missing). "
            "Everything else is safe; put the file back from a backup, or remove this one."
        ),
        wrong=N_(
            "The file of book '{id}' is damaged ('{field}' has a wrong value). "
            "Everything else is safe; put the file back from a backup, or remove this one."
        ),
    ),
    "character": Told(
        absent=N_("There is no character '{id}'."),
        newer=N_("Character '{id}' was made by a newer studio (version {version}). Update the studio to open it."),
        torn=N_(
            "The file of character '{id}' is damaged (it is not whole). "
            "Everything else is safe; put the file back from a backup, or remove this one."
        ),
        unknown=N_(
            "The file of character '{id}' is damaged ('{field}' is not a known field). "
            "Everything else is safe; put the file back from a backup, or remove this one."
        ),
        missing=N_(
            "The file of character '{id}' is damaged ('{field}' is missing). "
            "Everything else is safe; put the file back from a backup, or remove this one."
        ),
        wrong=N_(
            "The file of character '{id}' is damaged ('{field}' has a wrong value). "
            "Everything else is safe; put the file back from a backup, or remove this one."
        ),
    ),
    "picture": Told(
        absent=N_("There is no picture '{id}'. It may be in the trash, or was erased with a character."),
        newer=N_("Picture '{id}' was made by a newer studio (version {version}). Update the studio to open it."),
        torn=N_(
            "The record of picture '{id}' is damaged (it is not whole). The picture itself and all others are safe."
        ),
        unknown=N_(
            "The record of picture '{id}' is damaged ('{field}' is not a known field). "
            "The picture itself and all others are safe."
        ),
        missing=N_(
            "The record of picture '{id}' is damaged ('{field}' is missing). The picture itself and all others are safe."
        ),
        wrong=N_(
            "The record of picture '{id}' is damaged ('{field}' has a wrong value). "
            "The picture itself and all others are safe."
        ),
    ),
    "experiment": Told(
        absent=N_("There is no experiment '{id}' in the lab. It may have been taken away."),
        newer=N_("Experiment '{id}' was made by a newer studio (version {version}). Update the studio to open it."),
        torn=N_("The record of experiment '{id}' is damaged (it is not whole). Its pictures and all else are safe."),
        unknown=N_(
            "The record of experiment '{id}' is damaged ('{field}' is not a known field). Its pictures and all else are safe."
        ),
        missing=N_(
            "The record of experiment '{id}' is damaged ('{field}' is missing). Its pictures and all else are safe."
        ),
        wrong=N_(
            "The record of experiment '{id}' is damaged ('{field}' has a wrong value). Its pictures and all else are safe."
        ),
    ),
    "person": Told(
        absent=N_("There is nobody here with the id '{id}'."),
        newer=N_("The record of person '{id}' was made by a newer studio (version {version}). Update the studio."),
        torn=N_(
            "The record of person '{id}' is damaged (it is not whole). Their books are safe; ask an administrator."
        ),
        unknown=N_(
            "The record of person '{id}' is damaged ('{field}' is not a known field). "
            "Their books are safe; ask an administrator."
        ),
        missing=N_(
            "The record of person '{id}' is damaged ('{field}' is missing). Their books are safe; ask an administrator."
        ),
        wrong=N_(
            "The record of person '{id}' is damaged ('{field}' has a wrong value). "
            "Their books are safe; ask an administrator."
        ),
    ),
    "archive": Told(
        absent=N_(
            "'{id}' is not whole: a part of it is missing. Have it packed and sent once more; nothing was changed."
        ),
        newer=N_(
            "'{id}' was packed by a newer studio (version {version}). Update the studio to take it in; nothing was changed."
        ),
        torn=N_("'{id}' is damaged (it is not whole). Have it packed and sent once more; nothing was changed."),
        unknown=N_(
            "'{id}' is damaged ('{field}' is not a known field). Have it packed and sent once more; nothing was changed."
        ),
        missing=N_("'{id}' is damaged ('{field}' is missing). Have it packed and sent once more; nothing was changed."),
        wrong=N_(
            "'{id}' is damaged ('{field}' has a wrong value). Have it packed and sent once more; nothing was changed."
        ),
    ),
}


def read_record(path: Path, kind: type[Record], thing: Thing, id: str = "") -> Record:
    """The record of a `thing` in the JSON file `path`, whose folder is its id if none is given. Raises NotFound, BadInput.

    The truth is on the disk: a file that did not change since it was read is not taken apart again, and a young one always is.
    """
    told, id = TOLD[thing], id or path.parent.name
    try:
        marks = _marks(path.stat())
        if (known := _READ.get((path, kind))) and known[0] == marks:
            return cast(Record, known[1])
        record = _parsed(_whole(path), kind, told, id)
    except FileNotFoundError:
        raise NotFound(told.absent, id=id) from None
    if time.time_ns() - max(marks[-2:]) > YOUNG_NS:
        if len(_READ) >= MOST_READ:
            _READ.clear()
        _READ[path, kind] = marks, record
    return record


def forget_gone() -> int:
    """Lets go of what this process remembers of files that are not there any more; gives how many."""
    gone = [known for known in tuple(_READ) if not known[0].exists()]
    for known in gone:
        _READ.pop(known, None)
    return len(gone)


def write_record(path: Path, record: Any) -> None:
    """Writes a dataclass as indented JSON, whole or not at all; keeps what an older studio wrote there. Raises NoRoom."""
    if not is_dataclass(record):
        raise TypeError(f"a record is a dataclass, not {type(record).__name__}")
    _back_up(path, record)
    replace_for_good(path, _adapter(cast(Any, type(record))).dump_json(record, indent=1) + b"\n")


def _back_up(path: Path, record: Any) -> None:
    """Keeps the file as `backups/<name>-v<version>.json` when an older version than the record's wrote it."""
    try:
        raw = path.read_bytes()
        former = version_of(_object(raw))
    except (FileNotFoundError, ValueError):  # there is none, or none that could be read either
        return
    if former < getattr(record, "version", former):
        sys.audit("studio.record.backup")
        atomic_write(path.parent / BACKUPS / f"{path.stem}-v{former}{path.suffix}", raw)
        sys.audit("studio.record.migrate")


def _parsed(raw: bytes, kind: type[Record], told: Told, id: str) -> Record:
    """The record in the bytes of a file, brought forward to the version that is known. Raises BadInput."""
    from pydantic import ValidationError

    known: Any = next(field.default for field in fields(cast(Any, kind)) if field.name == "version")
    try:
        given = _object(raw)
    except ValueError:  # broken JSON or text that is not UTF-8
        raise BadInput(told.torn, id=id) from None
    if version_of(given) > known:  # before its new keys are called damage
        raise BadInput(told.newer, id=id, version=version_of(given))
    if given and version_of(given) < known:
        raw = json.dumps(forward(given, kind.__name__, known)).encode()
    try:
        return cast(Record, _adapter(cast(Any, kind)).validate_json(raw))
    except ValidationError as error:
        message, field = _complaint(error, told)
        raise BadInput(message, id=id, field=field) from error


def _whole(path: Path) -> bytes:
    """The bytes of the file, read again where another state took its place meanwhile, which overwrites them."""
    for _ in range(MOST_TIMES):
        before = path.stat().st_ino
        raw = path.read_bytes()
        if raw.strip(b"\0") and path.stat().st_ino == before:
            break
    return raw


def _object(raw: bytes) -> Raw:
    """What the JSON holds; nothing of what is no record. Raises ValueError."""
    given = json.loads(raw)
    return given if isinstance(given, dict) else {}


def is_torn(path: Path) -> bool:
    """Whether the file is gone or is no whole record, whoever wrote it."""
    try:
        return not _object(_whole(path))
    except (FileNotFoundError, ValueError):
        return True


def _marks(seen: stat_result) -> tuple[int, ...]:
    """What changes with a file."""
    return seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _complaint(error: Any, told: Told) -> tuple[str, str]:
    """The sentence about the first fault, and the field it is in, as in 'look.colour'."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    known = {
        "extra_forbidden": told.unknown,
        "missing": told.missing,
        "unexpected_keyword_argument": told.unknown,
    }
    field = ".".join(str(part) for part in first["loc"])
    return known.get(first["type"], told.wrong) if field else told.torn, field
