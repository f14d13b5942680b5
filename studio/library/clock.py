"""How long something is kept: when it was used last, for how many days after that, and on which days it was told that it goes.

Nothing goes by surprise. What is due is told on three days on which the studio runs before it goes, so that a clock that
jumps a year ahead, or a family that comes back after months, loses nothing at once; a clock that goes back does no harm.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from ..errors import BadInput, NoRoom
from ..files import atomic_write, move

CLOCK = "clock.json"
CHOICES = (30, 90, 365, 0)  # days after the last use; 0: until a person erases it
USUAL = 30
NOTICE_DAYS = 3
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Of one folder."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    used: datetime  # UTC
    days: int = USUAL
    told: tuple[str, ...] = ()  # days, ISO 8601, on which a person could read that it is due
    version: int = 1

    @property
    def due(self) -> datetime | None:
        """When it goes at the earliest; None for what stays until a person erases it."""
        return self.used + timedelta(days=self.days) if self.days else None

    def over(self, now: datetime) -> bool:
        """Whether it goes now: it is due, and that was told on enough days before."""
        first = min(self.told, default="")
        long_ago = bool(first) and datetime.fromisoformat(first).replace(tzinfo=UTC) + NOTICE_DAYS * DAY <= now
        return self.is_due(now) and long_ago and len(set(self.told) - {_day(now)}) >= NOTICE_DAYS

    def is_due(self, now: datetime) -> bool:
        return self.due is not None and self.due <= now


def clock_of(folder: Path, now: datetime | None = None) -> Clock:
    """The folder's clock; for one without, or with a damaged one, a clock that begins now."""
    from pydantic import TypeAdapter, ValidationError

    now = now or datetime.now(UTC)
    try:
        clock = TypeAdapter(Clock).validate_json((folder / CLOCK).read_bytes())
    except (OSError, ValidationError):
        return Clock(used=now)
    return replace(clock, used=now) if clock.used > now + DAY else clock  # it was used while the clock stood wrong


def use(folder: Path, now: datetime | None = None) -> None:
    """Notes that what lies in the folder is used; at most once a day, and never where that cannot be written."""
    now = now or datetime.now(UTC)
    if not folder.is_dir():
        return
    clock = clock_of(folder, now)
    if not (folder / CLOCK).is_file() or clock.told or _day(clock.used) != _day(now):
        with suppress(NoRoom):
            keep(folder, replace(clock, used=now, told=()))


def keep_for(folder: Path, days: int) -> Clock:
    """Keeps it so many days after its last use, which is now. Raises BadInput, NoRoom."""
    if days not in CHOICES:
        raise BadInput(
            "Nothing can be kept for '{days}' days. Choose 30, 90 or 365, or 0 to keep it until you erase it.",
            days=days,
        )
    return keep(folder, Clock(used=datetime.now(UTC), days=days))


def tell(folder: Path, now: datetime) -> Clock:
    """The clock after a person could read today that it is due, or after it is so no more."""
    clock = clock_of(folder, now)
    told = tuple(sorted({*clock.told, _day(now)}))[-10:] if clock.is_due(now) else ()
    if (folder / CLOCK).is_file() and told == clock.told:
        return clock
    with suppress(NoRoom):  # what cannot be noted counts as not told
        return keep(folder, replace(clock, told=told))
    return clock


def keep(folder: Path, clock: Clock) -> Clock:
    """Writes the clock down. Raises NoRoom."""
    from pydantic import TypeAdapter

    atomic_write(folder / CLOCK, TypeAdapter(Clock).dump_json(clock) + b"\n")
    return clock


def throw(folder: Path, place: Path) -> None:
    """Moves a folder to its place in the trash, where its clock begins."""
    sys.audit("studio.trash.throw")
    move(folder, place)
    sys.audit("studio.trash.thrown")
    use(place)


def take_back(place: Path, folder: Path) -> None:
    """Moves a folder out of the trash. Raises NoRoom."""
    sys.audit("studio.trash.take_back")
    (place / CLOCK).unlink(missing_ok=True)
    move(place, folder)
    sys.audit("studio.trash.taken_back")


def _day(when: datetime) -> str:
    return when.date().isoformat()
