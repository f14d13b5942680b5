"""What left this computer: every request to a language model, byte for byte, written down before it is sent.

One JSON object a line in `audit/language_model.jsonl`. Keys are left out; everything else is as it went. The oldest half is
dropped when the file grows past its limit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ...files import atomic_write, private_folder, room_for
from ...settings import Settings

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


class Ledger:
    """The log of one home."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.home / "audit" / "language_model.jsonl"

    def note(
        self, host: str, here: bool, task: str, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Writes a request down. Raises NoRoom; then nothing is sent."""
        kept = {name: "•••" if name.lower() in SECRET else value for name, value in headers.items()}
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = Entry(at, host, here, task, method, path, kept, body.decode("utf-8", "replace"))
        self._trim()
        private_folder(self._path.parent)
        with room_for(self._path.name):
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())

    def entries(self, limit: int = 50) -> tuple[Entry, ...]:
        """The latest requests, newest first; a line that a crash cut short is passed over."""
        found = []
        for line in reversed(_lines(self._path)):
            try:
                found.append(Entry(**json.loads(line)))
            except (ValueError, TypeError):
                continue
            if len(found) == limit:
                break
        return tuple(found)

    def clear(self) -> None:
        """Forgets all that was written down."""
        self._path.unlink(missing_ok=True)

    def _trim(self) -> None:
        if self._path.is_file() and self._path.stat().st_size > LARGEST:
            lines = _lines(self._path)
            atomic_write(self._path, "\n".join(lines[len(lines) // 2 :]) + "\n")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").split("\n") if path.is_file() else []
