"""What goes by itself when its time is over: what was thrown away, former states, what was kept aside, pictures that only waited to
be begun with. Finished files, books and models stay. Those of people have a clock of their own, see `clock`.

Nothing goes before the studio has run on four days since it rested for more than a month: a clock that jumps, or a family that
comes back after a long time, loses nothing at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..errors import NoRoom
from ..files import atomic_write
from ..settings import Settings
from .clock import NOTICE_DAYS, USUAL, Clock, tell
from .leftovers import discard
from .record import BACKUPS
from .seals import ALTERED

DIARY = "tidied.json"  # the days on which the studio was tidied
REST = timedelta(days=USUAL)
OLD = timedelta(days=USUAL)


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody whose time is over soon, or was: `goes` is the day at the earliest, ISO 8601. With a number of `photos`, only those of
    them go that were left out."""

    id: str
    name: str
    goes: str
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was done: characters that were erased, characters that will be, how many thrown things and files went, and how many
    photos that were left out."""

    erased: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    emptied: int = 0
    swept: int = 0
    photos: int = 0


def is_steady(settings: Settings, now: datetime) -> bool:
    """Notes that the studio runs today; whether it has for long enough that its clock can be trusted."""
    file, today = settings.home / DIARY, now.date().isoformat()
    with suppress(NoRoom):
        days = [day for day in _days(file) if day <= today]
        if days and now - _at(days[-1]) > REST:
            days = []
        if today not in days:
            atomic_write(file, json.dumps({"version": 1, "days": [*days, today][-10:]}))
        return len({*days, today}) > NOTICE_DAYS
    return False


def empty_trash(settings: Settings, now: datetime) -> int:
    """Deletes for good what was in the trash for its time; gives how many books and pictures went."""
    thrown = [*(settings.home / "trash").glob("*/*")]
    over = [folder for folder in thrown if folder.is_dir() and tell(folder, now).over(now)]
    for folder in over:
        discard(folder)
    return len(over)


def forget_old(settings: Settings, now: datetime) -> int:
    """Deletes former states and what was kept aside or only waited, after its time; gives how many files went."""
    old = [path for path in _kept_aside(settings.home) if now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > OLD]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def goes_on(clock: Clock, now: datetime) -> str:
    """The day on which something goes at the earliest, after it was told long enough; empty for what stays."""
    if clock.due is None:
        return ""
    told = _at(min(clock.told, default=now.date().isoformat()))
    return max(clock.due, told + timedelta(days=NOTICE_DAYS)).date().isoformat()


def _kept_aside(home: Path) -> Iterator[Path]:
    for place in ("books/*/history", f"books/*/{BACKUPS}", f"characters/*/{BACKUPS}", f"pictures/*/{BACKUPS}"):
        yield from (path for path in home.glob(f"{place}/*") if path.is_file())
    for place in ("books/*/pictures", "books/*/exports", "characters/*/portraits", "pictures/*"):
        yield from (path for path in home.glob(f"{place}/{ALTERED}/*") if path.is_file())
    yield from (path for path in home.glob("pictures/from/*") if path.is_file())


def _days(file: Path) -> list[str]:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return sorted(str(day) for day in json.loads(file.read_bytes())["days"] if _at(str(day)))
    return []


def _at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)
