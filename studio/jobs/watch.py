"""Who looks over the shoulder of a piece of work: passes its progress on, stops it when it was cancelled."""

from __future__ import annotations

import time
from contextlib import suppress

from ..errors import Cancelled
from ..progress import Progress
from .board import Board
from .job import WorkerState

TELL_S = 0.5  # between two looks at whether the job was cancelled, and two notes of how far it is


class Watch:
    """Called with each step of a piece of work; `doing` is what a screen may say of it at any time."""

    def __init__(self, piece: str, job: str, doing: WorkerState, board: Board) -> None:
        self.piece, self.doing = piece, doing
        self.last = Progress(0, 0)
        self.cancelled_at = 0.0
        self._job, self._board = job, board
        self._told_at = 0.0

    def __call__(self, step: Progress) -> None:
        self.last = step
        if time.monotonic() - self._told_at < TELL_S:
            return
        if self.cancelled():
            raise Cancelled("Stopped as you asked. What was finished is kept.")
        if not self._told_at:
            self._board.begins_at(self.piece, step.done)
        self.tell()
        self._told_at = time.monotonic()

    def tell(self) -> None:
        """Notes how far the job is. A database that cannot be reached for a while must not stop the work."""
        from sqlalchemy.exc import OperationalError

        step = self.last
        self.doing = WorkerState(
            alive=True, machine=self.doing.machine, kind=self.doing.kind, target=self.doing.target,
            done=step.done, total=step.total, note=step.note,
        )  # fmt: skip
        with suppress(OperationalError):
            self._board.tell(self._job, self.doing.machine, step)

    def cancelled(self) -> bool:
        """Whether somebody cancelled the piece; notes when that was first seen."""
        from dbos import DBOS

        status = DBOS.get_workflow_status(self.piece)
        if status and status.status == "CANCELLED" and not self.cancelled_at:
            self.cancelled_at = time.monotonic()
        return bool(self.cancelled_at)
