"""What became of a teaching: its moments, its report, and the hero as they were at another moment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..adapters.shelf import Shelf
from ..errors import NotFound
from ..library.characters import Character, Characters
from ..settings import Settings
from ..training import checkpoint, gallery
from ..training.moment import Moment
from ..training.report import choose, read_report


def moments(characters: Characters, id: str) -> tuple[Moment, ...]:
    """The moments of the latest training, the earliest first."""
    return gallery.moments(_room(characters, id))


def pictures(characters: Characters, id: str, step: int) -> tuple[Path, ...]:
    """What was drawn at that moment."""
    return gallery.samples(_room(characters, id), step)


def report(characters: Characters, id: str) -> Mapping[str, Any] | None:
    """The report of the latest finished training."""
    return read_report(_room(characters, id))


def choose_moment(settings: Settings, id: str, step: int) -> Character:
    """Stands the hero on the shelf as they were at that moment."""
    characters, shelf = Characters(settings), Shelf(settings)
    character, room = characters.get(id), _room(characters, id)
    moment = next((one for one in gallery.moments(room) if one.step == step), None)
    if moment is None:
        known = ", ".join(str(one.step) for one in gallery.moments(room)) or "-"
        raise NotFound(
            "'{name}' has no moment after {step} steps. There are: {known}.",
            name=character.name,
            step=step,
            known=known,
        )
    shelf.put(shelf.card(character.id), gallery.tensors(room, step))
    choose(room, moment)
    return characters.get(character.id)


def begun(characters: Characters, id: str) -> float:
    """How much of a training that was stopped is done, 0..1."""
    return checkpoint.begun(_room(characters, id))


def forget(characters: Characters, id: str) -> None:
    """Lets go of a training that was stopped."""
    checkpoint.Checkpoints(_room(characters, id), {}).clear()


def _room(characters: Characters, id: str) -> Path:
    return characters.folder(characters.get(id).id) / "adapter"
