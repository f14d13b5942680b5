"""Which pictures are drawn together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from .drawing import Drawing

Job = TypeVar("Job")


def clothes(drawing: Drawing) -> Hashable:
    """What has to be put on for the drawing."""
    where = tuple((region.adapter, region.box, region.shift) for region in drawing.regions)
    return drawing.worn, drawing.late, drawing.style_only, drawing.draft, where


def alike(drawing: Drawing) -> Hashable:
    """What pictures that are denoised together have in common."""
    begun = drawing.start and drawing.start.strength
    return (
        drawing.width,
        drawing.height,
        drawing.steps,
        drawing.sampler,
        drawing.guided,
        drawing.fast,
        begun,
        drawing.refined,
    )


def groups(jobs: Iterable[Job], key: Callable[[Job], Hashable]) -> Iterator[list[Job]]:
    """The jobs with the same key together; the groups, and the jobs in each, in the order in which they came."""
    found: dict[Hashable, list[Job]] = {}
    for job in jobs:
        found.setdefault(key(job), []).append(job)
    yield from found.values()


def portions(jobs: Sequence[Job], most: int) -> Iterator[Sequence[Job]]:
    """The jobs, at most so many at a time and about as many each time."""
    count = -(-len(jobs) // most)
    size = max(1, -(-len(jobs) // max(1, count)))  # of no jobs there are no portions
    for first in range(0, len(jobs), size):
        yield jobs[first : first + size]
