"""A moment of a training that can be worn: how good it was, and which of all was best. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Light = Literal["more", "ready", "much"]

LEAST_GAIN = 0.05  # of likeness, beneath which a share of it says nothing
LIKE, OBEDIENT = 0.8, 0.85  # a hero whose pictures have so much is ready
COPIED = 0.8  # a picture that correlates so with a photo repeats it; another garden has 0.6
WORTH = 0.5  # what obedience, leaving others alone, and not copying count beside likeness
LEAKING = 0.5  # others who take after the hero by half of what the hero has gained are no others any more
PATIENCE = 3  # moments that may be worse than the best one before it is no use to go on
SETTLING = 0.75  # of the way, before which nothing is given up: while the rate is high, heroes listen badly for a while
NOISE = 0.03  # by how much two moments may differ and mean nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What four pictures drawn after `step` steps told. All are shares, about 0..1.

    `likeness` to the photos, of the likeness of the photos to one another; `match` of pictures with what was asked,
    of the same match without the adapter; `copy`: how closely the most suspicious of them repeats a photo;
    `leak`: by how much one of the same kind, asked for without the trigger, became like the photos, as a share of the
    hero's own gain.
    """

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    step: int
    likeness: float
    match: float
    copy: float
    leak: float = 0.0

    @property
    def score(self) -> float:
        """What is to be as large as possible. A hero who no longer obeys, or only repeats a photo, is none."""
        faults = max(0.0, self.copy - COPIED) + max(0.0, self.leak)
        return self.likeness + WORTH * min(self.match, 1.0) - WORTH * faults

    @property
    def light(self) -> Light:
        """Whether the hero needs more, is ready, or was taught too much."""
        if self.copy > COPIED or self.match < OBEDIENT or self.leak > LEAKING:
            return "much"
        return "ready" if self.likeness >= LIKE else "more"


def best(moments: Sequence[Moment]) -> Moment:
    """The moment with the highest score; of several that are as good, the latest, because the measure sees colours and
    forms better than how finely they are drawn. Raises ValueError for none.
    """
    top = max(moment.score for moment in moments)
    return max((moment for moment in moments if moment.score >= top - NOISE), key=lambda moment: moment.step)


def hopeless(moments: Sequence[Moment], steps: int) -> bool:
    """Whether a training of so many steps only gets worse: the last few moments are all clearly below the best one."""
    latest = moments[-PATIENCE:]
    if len(moments) <= PATIENCE or latest[-1].step < SETTLING * steps:
        return False
    top = max(moment.score for moment in moments[:-PATIENCE])
    return all(moment.score < top - NOISE for moment in latest)
