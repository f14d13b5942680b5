"""What left this computer: every request to a language model, byte for byte, written down before it is sent.

One JSON object a line in `audit/language_model.jsonl`. Keys are left out; everything else is as it went. The oldest half is
dropped when the file grows past its limit.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ...files import atomic_write, private_folder, room_for, shred, sync
from ...settings import Settings

if TYPE_CHECKING:
    from .conversation import Spent

Record = TypeVar("Record", "Entry", "Bill")

LARGEST = 8_000_000  # bytes of the file
SECRET = ("authorization", "api-key", "x-api-key", "cookie")


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `body` holds all that was sent of the story; `here` tells that the server is on this computer."""

    at: str  # ISO 8601, UTC
    host: str
    here: bool
    task: str  # "plan", "retell" …
    method: str
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Bill:
    """What one piece of writing took in the end: tokens as the server counted them, and dollars where a price is known."""

    at: str  # ISO 8601, UTC
    target: str  # the id of the book
    task: str
    model: str
    sent: int
    received: int
    tries: int
    dollars: float | None


class Ledger:
    """The log of one home."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.home / "audit" / "language_model.jsonl"
        self._bills = self._path.with_name("language_model_tokens.jsonl")

    def note(
        self, host: str, here: bool, task: str, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Writes a request down. Raises NoRoom; then nothing is sent."""
        kept = {name: "•••" if name.lower() in SECRET else value for name, value in headers.items()}
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._trim()
        _append(self._path, Entry(at, host, here, task, method, path, kept, body.decode("utf-8", "replace")))

    def bill(self, target: str, task: str, model: str, spent: Spent, dollars: float | None) -> None:
        """Writes down what a piece of writing took. Raises NoRoom."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        _append(self._bills, Bill(at, target, task, model, spent.sent, spent.received, spent.tries, dollars))

    def bills(self) -> tuple[Bill, ...]:
        """What all writing took, newest first."""
        return _records(self._bills, Bill, 10_000)

    def entries(self, limit: int = 50) -> tuple[Entry, ...]:
        """The latest requests, newest first; a line that a crash cut short is passed over."""
        return _records(self._path, Entry, limit)

    def clear(self) -> None:
        """Forgets all that was written down."""
        sys.audit("studio.ledger.clear")
        self._path.unlink(missing_ok=True)
        self._bills.unlink(missing_ok=True)

    def naming(self, words: Collection[str]) -> int:
        """How many requests hold one of these words."""
        return sum(_holds(line, words) for line in _lines(self._path))

    def forget(self, words: Collection[str]) -> None:
        """Lets go of the requests that hold one of these words; the file before is overwritten. Raises NoRoom."""
        if self.naming(words):
            kept = [line for line in _lines(self._path) if not _holds(line, words)]
            shred(self._path)
            atomic_write(self._path, "\n".join(kept) + "\n")

    def _trim(self) -> None:
        if self._path.is_file() and self._path.stat().st_size > LARGEST:
            lines = _lines(self._path)
            atomic_write(self._path, "\n".join(lines[len(lines) // 2 :]) + "\n")


def _append(path: Path, record: Entry | Bill) -> None:
    private_folder(path.parent)
    with room_for(path.name):
        new = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            begun = file.tell() and not path.read_bytes().endswith(
                b"\n"
            )  # a line that a crash cut short takes none with it
            sys.audit("studio.ledger.write")
            file.write("\n" * begun + json.dumps(asdict(record), ensure_ascii=False) + "\n")
            file.flush()
            sys.audit("studio.ledger.written")
            os.fsync(file.fileno())
        if new:
            sync(path.parent)


def _records(path: Path, kind: type[Record], limit: int) -> tuple[Record, ...]:
    """The latest records, newest first."""
    found: list[Record] = []
    for line in reversed(_lines(path)):
        try:
            found.append(kind(**json.loads(line)))
        except (ValueError, TypeError):
            continue
        if len(found) == limit:
            break
    return tuple(found)


def _holds(line: str, words: Collection[str]) -> bool:
    return any(json.dumps(word, ensure_ascii=False)[1:-1] in line for word in words if word)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").split("\n") if path.is_file() else []
