"""What the screens remember between visits: the language, the draft of a story. One small JSON in the user's folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import NotAllowed
from ..files import private_folder, replace_for_good
from ..story.merge import Given, settled
from .account import own_settings


def recall(name: str, default: str = "") -> str:
    """The words kept under `name`, or `default`. A missing or damaged file counts as empty; no book is in it."""
    with suppress(NotAllowed):  # of nobody, nothing is remembered
        return _read(_place()).get(name, default)
    return default


def remember(**words: str) -> None:
    """Keeps each of `words` under its name. Raises NoRoom."""
    with _alone() as known:
        known.update(words)


def amend(name: str, given: Given, default: str = "") -> None:
    """Keeps words as they were typed, with what another window wrote there meanwhile. Raises Clash, NoRoom."""
    with _alone() as known:
        known[name] = settled(given, known.get(name, default))


def forget(*names: str) -> None:
    """Lets go of what was kept under these names. Raises NoRoom."""
    with _alone() as known:
        for name in names:
            known.pop(name, None)


def recalled(beginning: str) -> tuple[str, ...]:
    """The names that begin so and under which something is kept."""
    return tuple(name for name in _read(_place()) if name.startswith(beginning))


@contextmanager
def _alone() -> Iterator[dict[str, str]]:
    """What is kept, to be changed by one window at a time, and written if it was."""
    from filelock import FileLock

    place = _place()
    with FileLock(private_folder(place.parent / "locks") / "screens.lock"):
        known = _read(place)
        before = dict(known)
        yield known
        if known != before:
            replace_for_good(place, json.dumps(known, ensure_ascii=False, indent=1) + "\n")


def _place() -> Path:
    """Raises NotAllowed where people sign in and nobody has."""
    return own_settings().home / "screens.json"


def _read(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(words) for name, words in kept.items()} if isinstance(kept, dict) else {}
