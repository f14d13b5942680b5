"""Pictures of a child that another model than pocket draws: nobody gets to see one before it was looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import N_, ChildBlock
from ..library.held import hold, is_held
from ..library.seals import seal, whole, withhold
from ..progress import Work
from ..rendering.preview import forget

HELD = N_(
    "{count} of the pictures were held back: the checker of pictures saw something in them that is not for children. Nobody gets "
    "to see those. Draw them with another seed; all other pictures are safe."
)


@dataclass(frozen=True, slots=True)
class Withholding:
    """Where `looked` tells of each picture whether it must be held back."""

    looked: Callable[[Path], bool]

    def begin(self, paths: Sequence[Path]) -> tuple[Path, ...]:
        """Those of the pictures that are to be drawn, which count as not there until they were looked at. Raises ChildBlock when
        all that are missing were held back before."""
        missing = [path for path in paths if not whole(path)]
        new = tuple(path for path in missing if not is_held(path))
        if missing and not new:
            raise ChildBlock(HELD, count=len(missing))
        for path in new:
            withhold(path)
        return new

    def watch(self, work: Work[tuple[Path, ...]], new: Sequence[Path]) -> Work[tuple[Path, ...]]:
        """Passes on the progress of drawing, after each new picture was looked at: sealed, or held back. Rough pictures of what
        is not finished are taken away. Raises ChildBlock when all are drawn and one was held back."""
        waiting, held = [*new], 0
        done: tuple[Path, ...] = ()
        while True:
            try:
                step = next(work)
            except StopIteration as over:
                done = over.value
                break
            for path in new:
                forget(path)
            waiting, more = self._sift(waiting)
            held += more
            yield step
        _, more = self._sift(waiting)
        if held + more:
            raise ChildBlock(HELD, count=held + more)
        return done

    def _sift(self, waiting: Sequence[Path]) -> tuple[list[Path], int]:
        """Looks at those that are there; gives the others, and how many were held back."""
        there = [path for path in waiting if path.is_file()]
        held = [path for path in there if self.looked(path)]
        for path in there:
            hold(path) if path in held else seal(path)
        return [path for path in waiting if path not in there], len(held)
