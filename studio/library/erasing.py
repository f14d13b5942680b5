"""What is being erased, noted before the first file goes: an erasing that was cut short is brought to its end at the next start."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ..files import replace_for_good, shred
from ..settings import Settings
from .receipts import Store


@dataclass(frozen=True, slots=True)
class Erasing:
    """Somebody who goes, by the id and name of their character; the adapters in which they were baked, whether the pages that show
    them go too, and what was found of them."""

    character: str
    baked: tuple[str, ...] = ()
    name: str = ""
    pages: bool = False
    stores: tuple[Store, ...] = ()

    @property
    def everyone(self) -> tuple[str, ...]:
        """All adapters that are them."""
        return (self.character, *self.baked)


def begin(settings: Settings, erasing: Erasing) -> None:
    """Notes that somebody goes. From here on there is no way back. Raises NoRoom."""
    sys.audit("studio.erase.note")
    replace_for_good(_note(settings, erasing), json.dumps({"version": 1, **asdict(erasing)}))
    sys.audit("studio.erase.noted")


def begun(settings: Settings) -> Iterator[Erasing]:
    """What was begun and has not come to its end."""
    for note in sorted((settings.home / "erasing").glob("*.json")):
        with suppress(ValueError, KeyError, FileNotFoundError):  # another process may have finished it
            told = json.loads(note.read_bytes())
            stores = tuple(Store(**one) for one in told.get("stores", ()))
            name, pages = told.get("name", ""), told.get("pages", False)  # notes of an older studio have neither
            yield Erasing(told["character"], tuple(told["baked"]), name, pages, stores)


def is_begun(settings: Settings, erasing: Erasing) -> bool:
    """Whether the note of it is still there."""
    return _note(settings, erasing).is_file()


def end(settings: Settings, erasing: Erasing) -> None:
    """Takes the note away: nothing is left of whom it names, this note included."""
    sys.audit("studio.erase.end")
    shred(_note(settings, erasing))
    shred(settings.home / "erasing" / f"{erasing.character}.json")  # what an older studio called it
    sys.audit("studio.erase.ended")


def _note(settings: Settings, erasing: Erasing) -> Path:
    """Named by a hash: the name of a file stays in the disk's own journal."""
    return settings.home / "erasing" / f"{hashlib.sha256(erasing.character.encode()).hexdigest()[:16]}.json"
