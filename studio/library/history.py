"""What a book was before each change, so that every change can be taken back. Typing in one place counts as one change."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from ..files import atomic_write, shred, slug

MOST = 60  # changes that can be taken back
ONE_CHANGE_S = 60.0  # what is changed again in the same place within so many seconds of the first time is one change
NAME = re.compile(r"(\d{6})-(.+)\.json")


class History:
    """The former states in one folder, `000001-text-3.json`, the newest last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, record: bytes, label: str) -> None:
        """Keeps a state that is about to change; `label` says where it changes. Raises NoRoom."""
        known, place = self._states(), slug(label)
        newest = known[-1] if known else None
        if newest and newest.stem[7:] == place and _age_s(newest) < ONE_CHANGE_S:
            return
        number = int(newest.name[:6]) + 1 if newest else 1
        atomic_write(self._folder / f"{number:06}-{place}.json", record)
        sys.audit("studio.history.kept")
        for old in known[: max(0, len(known) + 1 - MOST)]:
            shred(old)

    def settle(self, record: bytes) -> None:
        """Lets go of the newest state when it is what the book is again: taking it back would change nothing."""
        newest = self.latest()
        if newest and newest.read_bytes() == record:
            sys.audit("studio.history.settle")
            shred(newest)

    def label(self, record: bytes = b"") -> str:
        """Where the newest change was, as its label says it in a file name: "wish-2-make-it-night"; empty for none."""
        newest = self.latest(record)
        return newest.stem[7:] if newest else ""

    def latest(self, record: bytes = b"") -> Path | None:
        """The state before the newest change; a state that is `record` was kept for a change that a crash prevented."""
        return next((path for path in reversed(self._states()) if not record or path.read_bytes() != record), None)

    def forget_from(self, former: Path) -> None:
        """Lets go of a state, and of all that are newer, the newest first."""
        for path in reversed(self._states()):
            if path.name >= former.name:
                shred(path)

    def _states(self) -> list[Path]:
        found = self._folder.iterdir() if self._folder.is_dir() else ()
        return sorted(path for path in found if NAME.fullmatch(path.name))


def _age_s(path: Path) -> float:
    return time.time() - path.stat().st_mtime
