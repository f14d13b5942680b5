"""One dataclass in one JSON file: unknown keys are refused, a newer version or a damaged file gets a clear error."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from ..errors import N_, BadInput, NotFound
from ..files import atomic_write

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Record = TypeVar("Record")
Thing = Literal["book", "character", "picture", "archive"]


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
    """The record of a `thing` in the JSON file `path`, whose folder is its id if none is given. Raises NotFound, BadInput."""
    from pydantic import ValidationError

    told, id = TOLD[thing], id or path.parent.name
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(told.absent, id=id) from None
    _check_version(raw, kind, told, id)
    try:
        return _adapter(cast(Any, kind)).validate_json(raw)
    except ValidationError as error:
        message, field = _complaint(error, told)
        raise BadInput(message, id=id, field=field) from error


def write_record(path: Path, record: Any) -> None:
    """Writes a dataclass as indented JSON, whole or not at all. Raises NoRoom."""
    if not is_dataclass(record):
        raise TypeError(f"a record is a dataclass, not {type(record).__name__}")
    atomic_write(path, _adapter(cast(Any, type(record))).dump_json(record, indent=1) + b"\n")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _check_version(raw: bytes, kind: Any, told: Told, id: str) -> None:
    """Raises BadInput when a newer studio wrote the file, before its new keys are called damage."""
    try:
        record = json.loads(raw)
    except ValueError:  # broken JSON or text that is not UTF-8
        raise BadInput(told.torn, id=id) from None
    known: Any = next(field.default for field in fields(kind) if field.name == "version")
    version = record.get("version", known) if isinstance(record, dict) else known
    if isinstance(version, int) and version > known:
        raise BadInput(told.newer, id=id, version=version)


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
