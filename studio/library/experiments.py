"""What was tried in the lab: `lab/<id>/` holds experiment.json, what was given (in/) and what came out.

An id is the time of the asking, so that the newest can be found without opening all. What is taken away is gone for good: all of it can
be made again from what the person gave.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from ..errors import NotFound, StudioError
from ..files import atomic_folder, atomic_write, private_folder, remove_folder, shred
from ..settings import Settings
from .record import read_record, write_record

RECORD = "experiment.json"
GIVEN = "in"
SAFE_ID = re.compile(r"\d{8}-\d{9}(-\d+)?")
Kind = Literal["style", "book", "flowers", "school", "anatomy"]
Value = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """What was asked for, by name; the files that came of it; and what was measured, by name."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    id: str
    kind: Kind
    created: str  # ISO 8601, UTC
    asked: Mapping[str, Value] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    figures: Mapping[str, Value] = field(default_factory=dict)
    version: int = 1

    @property
    def title(self) -> str:
        """The words that it is about; empty where there are none."""
        return str(self.asked.get("text") or self.asked.get("prompt") or self.asked.get("title") or "")

    @property
    def over(self) -> bool:
        """Whether anything came of it."""
        return bool(self.files)


class Experiments:
    """All of one home."""

    def __init__(self, settings: Settings) -> None:
        self.place = settings.home / "lab"

    def all(self, *kinds: Kind) -> tuple[Experiment, ...]:
        """Those that can be opened, of these kinds or of all, the newest first."""
        found = []
        for id in self.ids():
            with suppress(StudioError):  # told by `damaged`
                found.append(self.get(id))
        return tuple(one for one in found if not kinds or one.kind in kinds)

    def ids(self) -> tuple[str, ...]:
        """The newest first."""
        folders = self.place.iterdir() if self.place.is_dir() else ()
        return tuple(sorted((one.name for one in folders if SAFE_ID.fullmatch(one.name)), reverse=True))

    def damaged(self) -> tuple[tuple[str, StudioError], ...]:
        """Id and complaint of each that cannot be opened."""
        found = []
        for id in self.ids():
            try:
                self.get(id)
            except StudioError as error:
                found.append((id, error))
        return tuple(found)

    def get(self, id: str) -> Experiment:
        """Raises NotFound, and BadInput when its file is damaged."""
        return read_record(self.folder(id) / RECORD, Experiment, "experiment", id)

    def folder(self, id: str) -> Path:
        """Where its files lie. Raises NotFound."""
        if not SAFE_ID.fullmatch(id) or not (self.place / id / RECORD).is_file():
            raise NotFound("There is no experiment '{id}' in the lab. It may have been taken away.", id=id)
        return self.place / id

    def begin(self, kind: Kind, asked: Mapping[str, Value], given: Mapping[str, bytes] | None = None) -> Experiment:
        """A new one, with the files it needs, whole or not at all. Raises NoRoom."""
        now = datetime.now(UTC)
        id = self._free(f"{now:%Y%m%d-%H%M%S}{now.microsecond // 1000:03}")
        one = Experiment(id=id, kind=kind, created=now.isoformat(timespec="milliseconds"), asked=dict(asked))
        with atomic_folder(private_folder(self.place) / id) as part:
            for name, raw in (given or {}).items():
                atomic_write(part / GIVEN / name, raw)
            sys.audit("studio.lab.given")
            write_record(part / RECORD, one)
        sys.audit("studio.lab.begun")
        return one

    def given(self, id: str) -> tuple[Path, ...]:
        """The files it began with, by name. Raises NotFound."""
        return tuple(sorted((self.folder(id) / GIVEN).glob("*")))

    def change(self, id: str, edit: Callable[[Experiment], Experiment]) -> Experiment:
        """Reads it, applies `edit` and saves; only the worker that has it at hand does so. Raises NotFound."""
        one = edit(self.get(id))
        sys.audit("studio.lab.change")
        write_record(self.folder(id) / RECORD, one)
        return one

    def remove(self, id: str) -> None:
        """Deletes it with all its files. Raises NotFound."""
        remove_folder(self.folder(id))

    def erase(self) -> int:
        """Deletes all that may show somebody: whatever began with a picture that was given, and what cannot be read. Gives how many."""
        gone = self.telling()
        for folder in gone:
            sys.audit("studio.erase.experiment")
            shred(folder)
        return len(gone)

    def telling(self) -> tuple[Path, ...]:
        """The folders of those that `erase` deletes."""
        return tuple(
            self.place / id for id in self.ids() if any((self.place / id / GIVEN).glob("*")) or not self._readable(id)
        )

    def _readable(self, id: str) -> bool:
        with suppress(StudioError):
            return bool(self.get(id))
        return False

    def _free(self, id: str) -> str:
        number = 1
        while (self.place / (free := id if number == 1 else f"{id}-{number}")).exists():
            number += 1
        return free
