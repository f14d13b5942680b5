"""What a person sees of one piece of queued work, and of the worker that does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..errors import StudioError

Kind = Literal[
    "draw",
    "redo",
    "candidates",
    "export",
    "train",
    "portraits",
    "picture",
    "measure",
    "assess",
    "try",
    "bring",
    "prepare",
    "fit",
    "tryout",
    "lab",
    "write",
    "download",
    "import",
    "unpack",
]
State = Literal["waiting", "running", "paused", "done", "failed", "cancelled"]
Arguments = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`target` is the id of a book, character, style or set of pictures; `done` of `total` counts the units that `note` names.

    `error` says what the person can mend when it failed; `result` is the name of the file that was made, if one was.
    Times are ISO 8601, UTC, and empty before they came.
    """

    id: str
    kind: Kind
    target: str
    state: State
    done: int = 0
    total: int = 0
    note: str = ""
    error: StudioError | None = None
    result: str = ""
    created: str = ""
    began: str = ""
    ended: str = ""
    person: str = ""  # who asked for it; empty where nobody has to say who they are
    machine: str = ""  # where it runs or ran; empty before
    arguments: Arguments = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return self.state not in ("waiting", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """`alive` is false when no worker has given a sign for ten seconds; `kind` is empty while it rests."""

    alive: bool = False
    machine: str = ""
    kind: str = ""
    target: str = ""
    done: int = 0
    total: int = 0
    note: str = ""
