"""How long each photo of a character is kept. One that is learnt from is used whenever its hero is, for what is drawn is compared with
it, and stays as long as they do. One that was left out serves nobody: it has a clock of its own, in `clocks/<number>/`, that runs from the
day on which it was left out, for as many days as the character is kept, and stops when it is taken in again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ..files import private_folder, remove_folder
from .clock import CLOCK, Clock, clock_of, keep, keep_for, tell

PLACE = "clocks"


def clock_of_photo(folder: Path, file: str, now: datetime) -> Clock:
    """The clock of a photo that was left out; one that begins now where none runs yet. `folder` is the character's."""
    place = _place(folder, file)
    return clock_of(place, now) if (place / CLOCK).is_file() else replace(clock_of(folder, now), used=now, told=())


def wind(folder: Path, left_out: Collection[str], now: datetime) -> None:
    """Begins the clocks of these photos where they do not run, and stops those of all others. Raises NoRoom."""
    for file in left_out:
        if not (_place(folder, file) / CLOCK).is_file():
            clock = clock_of_photo(folder, file, now)
            private_folder(_place(folder, file))
            keep(_place(folder, file), clock)
    for place in set((folder / PLACE).glob("[!.]*")) - {_place(folder, file) for file in left_out}:
        remove_folder(place)


def tell_of_photo(folder: Path, file: str, now: datetime) -> Clock:
    """Its clock after a person could read today that it is due; see `clock.tell`."""
    return tell(_place(folder, file), now)


def keep_photos_for(folder: Path, days: int) -> None:
    """Keeps all photos of a character that were left out for so many days from today. Raises BadInput, NoRoom."""
    for place in (folder / PLACE).glob("[!.]*"):
        keep_for(place, days)


def _place(folder: Path, file: str) -> Path:
    return folder / PLACE / Path(file).stem
