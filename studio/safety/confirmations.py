"""What a grown-up took upon themselves: one line of JSON each in audit/confirmations.jsonl, added and never changed.

A confirmation is of one thing: an adapter by its id and sum, a model or a character by its key. It opens no lock on words.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ..errors import BadInput
from ..files import atomic_write, replace_for_good
from ..settings import Settings

What = Literal["adapter", "model", "pictures", "photos"]
# "adapter", "model": I looked at what it draws, and it may be worn together with a child.
# "pictures": I look at the pictures of this model before anyone else sees them. "photos": pictures like photos are allowed.


class Confirmations:
    """All confirmations of one home."""

    def __init__(self, settings: Settings) -> None:
        self._path: Path = settings.home / "audit" / "confirmations.jsonl"

    def confirm(self, what: What, of: str, by: str) -> None:
        """Notes that the grown-up called `by` answers for it. Raises BadInput for nobody, NoRoom."""
        if not by.strip():
            raise BadInput("A grown-up has to sign this. Give your name; nothing was changed.")
        said = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "what": what, "of": of, "by": by.strip()}
        atomic_write(self._path, self._told() + json.dumps(said, ensure_ascii=False) + "\n")

    def confirmed(self, what: What, of: str) -> bool:
        """Whether somebody did. A line that cannot be read counts for nothing."""
        return any((one.get("what"), one.get("of")) == (what, of) for one in map(_read, self._told().splitlines()))

    def forget(self, of: str) -> None:
        """Lets go of what was confirmed of somebody; the file before is overwritten. Raises NoRoom."""
        told = self._told().splitlines()
        kept = [line for line in told if _read(line).get("of", "").partition(" ")[0] != of]
        if kept != told:
            replace_for_good(self._path, "".join(f"{line}\n" for line in kept))

    def _told(self) -> str:
        return self._path.read_text(encoding="utf-8") if self._path.is_file() else ""


def _read(line: str) -> dict[str, str]:
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
