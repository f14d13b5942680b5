"""What was typed about a page, put onto what the page says by now, since another window may have changed it meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..story.merge import Chosen, Given, Typed, settled
from ..story.scene import Bearing, Scene


def changes_of(scene: Scene, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a Scene that the changes ask for. Raises Clash."""
    return {field: _settled(scene, field, value) for field, value in changes.items()}


def dressed(scene: Scene, name: str, clothes: Given) -> tuple[Bearing, ...]:
    """The bearings of the scene with other clothes for one. Raises Clash."""
    before = scene.bearing(name)
    bearing = Bearing(name, before.action, before.mood, " ".join(settled(clothes, before.clothes).split()))
    return (*(one for one in scene.bearings if one.who != name), bearing)


def _settled(scene: Scene, field: str, value: Any) -> Any:
    kept = getattr(scene, field)
    if isinstance(value, Typed) and isinstance(kept, tuple):  # typed in one line, with commas between
        value = Chosen(_parts(value.words), _parts(value.shown))
    return value.onto(kept) if isinstance(value, Typed | Chosen) else value


def _parts(line: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in line.split(","))))
