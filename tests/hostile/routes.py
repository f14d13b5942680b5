"""What a person reads when something is refused, whichever way it came, and whether anything else was changed."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studio.errors import StudioError
from studio.progress import finish
from studio.workshop import Workshop

LONGEST_S = 20.0  # nothing hangs; how fast it is on a machine with nothing else to do is told in the notes
# What only somebody who wrote the program can read.
FOREIGN = re.compile(
    r"Traceback|Error\b|Exception|<_io|NoneType|0x[0-9a-f]{6}|<class|\bobject at\b|site-packages|\bself\b"
    r"|(?<![\w.:/])/(?:tmp|home|root|usr|work|var|proc|private)/|[A-Z]:\\\\|\{[a-z_]*\}"
)


def tree(home: Path) -> dict[str, str]:
    """Each file of a home by its hash. Locks are no content, and SQLite writes into its own files when it reads."""
    paths = (
        path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock" and "sqlite" not in path.name
    )
    return {path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@contextmanager
def unchanged(home: Path, longest_s: float = LONGEST_S) -> Iterator[None]:
    """What happens meanwhile changes no file of the home and takes no longer than that."""
    before, begun = tree(home), time.monotonic()
    yield
    took = time.monotonic() - begun
    after = tree(home)
    assert after == before, f"changed: {sorted(after.items() ^ before.items())}"
    assert took <= max(longest_s, LONGEST_S), f"took {took:.1f} s"


def plain(said: str, *words: str) -> None:
    """The sentence holds the words and nothing that is foreign to a person."""
    assert all(word in said for word in words), f"{words} not in: {said}"
    assert not FOREIGN.search(said), f"{FOREIGN.search(said)} in: {said}"


def refusal(do: Callable[[], object]) -> str:
    """What is said when it is refused, as a screen and the list of jobs say it."""
    with pytest.raises(StudioError) as caught:
        do()
    return str(caught.value)


def brought(workshop: Workshop, name: str, raw: bytes) -> str:
    """What is said when the worker takes in a style at which nobody glanced as it came; the home is then as it was."""
    before, room = tree(workshop.settings.home), workshop.settings.home / "arrivals"
    room.mkdir(parents=True, exist_ok=True)
    told = {"file": name, "title": "Mine", "trigger": "", "model": "pocket", "from": name}
    (room / name).write_bytes(raw)
    (room / "mine.json").write_text(json.dumps(told))
    said = refusal(lambda: finish(workshop.perform("bring", "mine", {})))
    assert tree(workshop.settings.home) == before and all(card.id != "mine" for card in workshop.adapters())
    return said
