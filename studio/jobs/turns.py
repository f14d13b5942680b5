"""Whose turn it is on the device: people share it fairly, however much each has asked for.

Every piece of work gets a number when it is asked for, and the lowest is done next. It is the moment at which the piece
would be finished if all people were served at once, bit by bit, counted in pages: fair queueing by finish times (Demers,
Keshav and Shenker 1989). Who asks for 200 pages and who asks for one come to their turns alike, and what is short need
not wait behind what is long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbos import WorkflowStatus

IN_LINE: dict[str, Any] = {  # how DBOS is asked for all that has a turn
    "queue_name": "gpu", "status": ["ENQUEUED", "PENDING"], "load_input": False, "load_output": False,
}  # fmt: skip

# What each kind of work costs, in pages. What is not named costs two.
COSTS = {
    "pages": 1,
    "sketch": 1,
    "redo": 1,
    "picture": 1,
    "candidates": 4,
    "portraits": 6,
    "try": 9,
    "train": 60,
    "fit": 60,
}
USUAL_COST = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """A piece of work that waits for the device or is being done there."""

    person: str
    number: int
    running: bool


def turns_of(line: Iterable[WorkflowStatus]) -> Iterator[Turn]:
    """The turns of what DBOS tells to be in line."""
    for one in line:
        yield Turn(one.authenticated_user or "", one.priority or 0, one.status == "PENDING")


def next_turn(turns: Iterable[Turn], person: str, kind: str) -> int:
    """The number of the next piece of this kind for this person, 1 or more; further ones of theirs count on from there."""
    known = tuple(turns)
    served = min((turn.number for turn in known if turn.running), default=0)
    if not served:  # nothing runs: the clock stands where the next to be served begins
        served = min((turn.number for turn in known), default=1) - 1
    mine = max((turn.number for turn in known if turn.person == person), default=0)
    return max(served, mine) + cost(kind)


def cost(kind: str) -> int:
    """How many pages such a piece is worth."""
    return COSTS.get(kind, USUAL_COST)
