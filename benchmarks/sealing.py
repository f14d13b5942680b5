"""What sealing with people's keys costs, of teaching a character as a draft and of drawing a page with them.

    python -m benchmarks.sealing

Prints the seconds in which the vault was at work, of all seconds, and their share. The two are of one run: between two runs
other work makes more of a difference than what is measured. What a file costs to write plainly is not counted.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio import vault
from studio.adapters.card import Worn
from studio.progress import finish
from studio.settings import SAMPLES
from studio.workshop import Workshop

PARTS = ("_as_kept", "_opened", "sealed_with", "opens")  # all that is done beside the plain reading and writing
STORY = "A child finds a red kite in the garden."
spent = 0.0


def main() -> None:
    with tempfile.TemporaryDirectory() as room:
        os.environ["STUDIO_HOME"] = str(Path(room) / "home")
        for part in PARTS:
            setattr(vault, part, _timed(getattr(vault, part)))
        workshop = Workshop()
        photos = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))]
        with _told("taking in the photos"):
            id = workshop.begin_character("May", "drawn", photos).character.id
        with _told("teaching a draft, with portraits"):
            finish(workshop.train_character(id, "draft"))
        book = workshop.begin_book(workshop.read_story(STORY), pages=1, characters=(Worn(id),))
        with _told("drawing a page with them"):
            finish(workshop.draw_book(book.id))


def _timed(work: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*given: Any) -> Any:
        global spent
        begun = time.perf_counter()
        try:
            return work(*given)
        finally:
            spent += time.perf_counter() - begun

    return timed


@contextmanager
def _told(what: str) -> Iterator[None]:
    global spent
    spent, begun = 0.0, time.perf_counter()
    yield
    whole = time.perf_counter() - begun
    print(f"{what}: {spent:.3f} s of {whole:.1f} s, {100 * spent / whole:.2f} %", flush=True)


if __name__ == "__main__":
    main()
