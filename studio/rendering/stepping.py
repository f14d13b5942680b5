"""Work of a library that calls back between its steps, turned into a generator that can be watched and stopped there.

A pipeline of diffusers is one call that holds its own loop, and Python cannot leave a function in its middle and come back,
except on a thread of its own. So the call runs on one, in lockstep: it waits at the end of each step until the next one is
asked for, and nothing else runs meanwhile. Tried and dropped: a call per step with a scheduler that holds a single time, which
moves an offloaded model to the card and back at each step; and loops of our own, five of them, for what the library knows.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Semaphore
from typing import TypeVar

Result = TypeVar("Result")
Report = Callable[[int], None]  # to be called with the number of each finished step


class _Stopped(BaseException):
    """Thrown into the work where it reported, because nobody asks for its next step any more."""


def stepwise(work: Callable[[Report], Result]) -> Generator[int, None, Result]:
    """Yields the numbers that the work reports, and gives its result; what it raises is raised here.

    Closing the generator ends the work at the step where it waits; the thread is over when `close` returns.
    """
    reported: SimpleQueue[int | None] = SimpleQueue()
    go, wanted = Semaphore(0), True

    def report(step: int) -> None:
        reported.put(step)
        go.acquire()
        if not wanted:
            raise _Stopped

    with ThreadPoolExecutor(1, "drawing") as pool:
        outcome = pool.submit(work, report)
        outcome.add_done_callback(lambda _: reported.put(None))
        try:
            while (step := reported.get()) is not None:
                yield step
                go.release()
        finally:
            wanted = False
            go.release()
    return outcome.result()
