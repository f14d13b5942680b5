"""Processes that look at what comes from anywhere. One that is killed by what it looks at is noticed, and the rest goes on: a plain
pool of `multiprocessing` would begin another in its place, and wait for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

Given = TypeVar("Given")
Found = TypeVar("Found")


class Lookers:
    """So many of them; each calls `begin` first."""

    def __init__(self, count: int, begin: Callable[[], None]) -> None:
        self._count, self._begin = count, begin
        self._pool = self._begun(count)

    def look(
        self, work: Callable[[Given], Found], given: Sequence[Given], killing: Callable[[Given], Found]
    ) -> Iterator[Found]:
        """What `work` finds of each, in order; of one that kills who looks at it, what `killing` says."""
        done = 0
        try:
            for found in self._pool.map(work, given, chunksize=4):
                done += 1
                yield found
        except BrokenProcessPool:
            for one in given[done:]:
                yield self._alone(work, one, killing)
            self._pool = self._begun(self._count)

    def close(self) -> None:
        """Lets go of them, whatever they are at."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _alone(self, work: Callable[[Given], Found], one: Given, killing: Callable[[Given], Found]) -> Found:
        pool = self._begun(1)
        try:
            return pool.submit(work, one).result()
        except BrokenProcessPool:
            return killing(one)
        finally:
            pool.shutdown()

    def _begun(self, count: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(count, get_context("spawn"), self._begin)
