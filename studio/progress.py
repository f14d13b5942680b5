"""How long work tells what it has done: a generator that yields `Progress` and returns its result."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` units are finished; `note` says in a few words what is going on."""

    done: int
    total: int
    note: str = ""


Work = Generator[Progress, None, Result]


def finish(work: Work[Result], watch: Callable[[Progress], None] = lambda _: None) -> Result:
    """Runs `work` to its end, shows each step to `watch`, and gives the result. Closes the work when `watch` raises."""
    try:
        while True:
            watch(next(work))
    except StopIteration as end:
        return end.value
    finally:
        work.close()
