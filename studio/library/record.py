"""One dataclass in one JSON file: unknown keys are refused, a newer version or a damaged file gets a clear error."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..errors import BadInput, NotFound
from ..files import atomic_write

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Record = TypeVar("Record")


def read_record(path: Path, kind: type[Record], name: str) -> Record:
    """The record in the JSON file `path`; `name` is what a message calls it. Raises NotFound, BadInput."""
    from pydantic import ValidationError

    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"There is no {name}.") from None
    _check_version(raw, kind, name)
    try:
        return _adapter(cast(Any, kind)).validate_json(raw)
    except ValidationError as error:
        raise BadInput(f"The file of {name} is damaged ({_complaint(error)}). {REMEDY}") from error


def write_record(path: Path, record: Any) -> None:
    """Writes a dataclass as indented JSON, whole or not at all. Raises NoRoom."""
    if not is_dataclass(record):
        raise TypeError(f"a record is a dataclass, not {type(record).__name__}")
    atomic_write(path, _adapter(cast(Any, type(record))).dump_json(record, indent=1) + b"\n")


REMEDY = "Everything else is safe; put the file back from a backup, or remove this one."


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _check_version(raw: bytes, kind: Any, name: str) -> None:
    """Raises BadInput when a newer studio wrote the file, before its new keys are called damage."""
    try:
        record = json.loads(raw)
    except ValueError:  # broken JSON or text that is not UTF-8
        raise BadInput(f"The file of {name} is damaged (it is not whole). {REMEDY}") from None
    known: Any = next(field.default for field in fields(kind) if field.name == "version")
    version = record.get("version", known) if isinstance(record, dict) else known
    if isinstance(version, int) and version > known:
        raise BadInput(
            f"{name.capitalize()} was made by a newer studio (version {version}). Update the studio to open it."
        )


def _complaint(error: Any) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the whole file"
    known = {
        "extra_forbidden": "is not a known field",
        "missing": "is missing",
        "unexpected_keyword_argument": "is not a known field",
    }
    return f"'{where}' {known.get(first['type'], 'has a wrong value')}"
