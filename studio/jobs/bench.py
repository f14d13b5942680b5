"""Where a worker does its pieces of work, and what DBOS is told of them: two workflows and two steps."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

from ..errors import N_, NoRoom, StudioError
from ..progress import Work, finish
from ..settings import Settings
from .board import Board
from .database import DRAWN, PIECE, VERSION, WORKFLOW
from .job import Arguments, WorkerState
from .rescue import damaged
from .turns import IN_LINE, cost, next_turn, turns_of
from .watch import Watch

Perform = Callable[
    [str, str, Arguments, str], Work[str]
]  # kind, target, arguments, person → name of the file made, or ""
Pieces = Callable[[str, str, Arguments, str], Sequence[tuple[str, Arguments]]]  # of a job: kind and arguments of each

STRIKES = 3  # a piece that ends the worker so often without getting further, by memory for example, is set aside
LOOK_S = 0.2  # between two looks at whether pieces elsewhere are done
NOTE_S = 0.5  # in which a piece that ended is noted
ROOM_BYTES = 50_000_000  # with less on the disk nothing is begun
ROOM_S = 600  # that work waits for room before it gives up
GROWN = 2_000_000_000  # bytes above what it took at rest after its first work, with which a worker begins anew
GAVE_UP = N_(
    "This work stopped the studio several times, perhaps for lack of memory. "
    "What was finished is safe; close other programs and try again."
)


class Bench:
    """`perform` does a piece of work, `pieces` tells which jobs are done in several. What has begun is in `begun`."""

    def __init__(self, settings: Settings, board: Board, perform: Perform, pieces: Pieces, grown_bytes: int) -> None:
        self._settings, self._board, self._grown_bytes = settings, board, grown_bytes
        self._perform, self._pieces = perform, pieces
        self.machine = socket.gethostname()
        self.begun: dict[str, Watch] = {}
        self._device = threading.Lock()  # a page that is claimed ahead waits here, so that none waits for the database
        self._worked, self._rest_bytes = False, 0

    def begin_anew(self) -> None:
        """Leaves all that has begun, which is no strike against it."""
        with patiently():
            self._board.pardon(list(self.begun))
        begin_anew()

    def register(self) -> None:
        """Tells DBOS the workflows and steps; their names are stored with the jobs and must not change."""
        from dbos import DBOS

        @DBOS.step(name="perform")
        def step(job: str, kind: str, target: str, arguments: Arguments) -> dict[str, Any]:
            return self._do(job, kind, target, arguments)

        @DBOS.step(name="plan")
        def plan(kind: str, target: str, arguments: Arguments) -> dict[str, Any]:
            return self._plan(kind, target, arguments)

        @DBOS.workflow(name=PIECE, max_recovery_attempts=None)
        def piece(job: str, kind: str, target: str, arguments: Arguments) -> dict[str, Any]:
            return step(job, kind, target, arguments)

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
        def workflow(kind: str, target: str, arguments: Arguments) -> dict[str, Any]:
            planned = plan(kind, target, arguments)
            if "error" in planned:
                return planned
            if not planned["pieces"]:
                return step(DBOS.workflow_id or "", kind, target, arguments)
            return self._in_pieces(planned, target)

    def _plan(self, kind: str, target: str, arguments: Arguments) -> dict[str, Any]:
        """In which pieces a job is done and with which turns; none when it is one piece."""
        from dbos import DBOS

        try:
            found = list(self._pieces(kind, target, arguments, DBOS.authenticated_user or ""))
        except StudioError as error:
            return {"error": error.message, "values": error.values}
        if not found:
            return {"pieces": []}
        turns = turns_of(DBOS.list_workflows(**IN_LINE))
        person = DBOS.authenticated_user or ""
        number, numbers = next_turn(turns, person, found[0][0]), []
        for name, _ in found:
            numbers.append(number)
            number += cost(name)
        return {"pieces": found, "turns": numbers, "person": person}

    def _in_pieces(self, planned: dict[str, Any], target: str) -> dict[str, Any]:
        """Asks for all pieces at once, and for the last, which finishes the job, when the others are done: what that one
        says, or the first that could not be done."""
        from dbos import DBOS

        def ask(number: int) -> Any:
            kind, arguments = planned["pieces"][number]
            options: Any = {"workflow_name": PIECE, "queue_name": "gpu", "app_version": VERSION}
            options |= {"priority": planned["turns"][number], "authenticated_user": planned["person"]}
            return DBOS.enqueue_workflow_with_options(options, DBOS.workflow_id, kind, target, arguments)

        last = len(planned["pieces"]) - 1
        sys.audit("studio.queue.pieces")
        asked = [ask(number) for number in range(last)]
        outcomes: list[dict[str, Any]] = [one.get_result(polling_interval_sec=LOOK_S) for one in asked]
        sys.audit("studio.queue.gathered")
        failed = next((outcome for outcome in outcomes if "error" in outcome), None)
        return failed or ask(last).get_result(polling_interval_sec=LOOK_S)

    def _do(self, job: str, kind: str, target: str, arguments: Arguments) -> dict[str, Any]:
        """Does one piece; what came of it: `result`, `done` and `total`, or `error` and its `values`."""
        from dbos import DBOS

        piece = DBOS.workflow_id or ""
        sys.audit("studio.queue.claim")
        with self._device if kind in DRAWN else nullcontext():
            self._mind_the_memory()
            if self._board.begin(piece) > STRIKES:
                self._board.pardon([piece])
                return {"error": GAVE_UP, "values": {}}
            doing = WorkerState(alive=True, machine=self.machine, kind=_shown(kind), target=target)
            watch = self.begun[piece] = Watch(piece, job, doing, self._board)
            try:
                result = self._finish(kind, target, arguments, DBOS.authenticated_user or "", watch)
            except StudioError as error:
                return {"error": error.message, "values": error.values}
            finally:
                del self.begun[piece]
                self._worked = True
                with patiently():
                    watch.tell()
                    self._board.pardon([piece])
        total = watch.last.total
        sys.audit("studio.queue.finish")
        return {"result": result, "done": total, "total": total, "machine": self.machine}

    def _finish(self, kind: str, target: str, arguments: Arguments, person: str, watch: Watch) -> str:
        """Does the work of that person; where the disk is full, goes on by itself as soon as there is room. Raises what the work raises."""
        for _ in range(ROOM_S):
            try:
                return finish(self._perform(kind, target, arguments, person), watch)
            except NoRoom:
                if shutil.disk_usage(self._settings.house).free > ROOM_BYTES:
                    raise
            watch(replace(watch.last, note="waiting for room on the disk"))
            time.sleep(1)
        return finish(self._perform(kind, target, arguments, person), watch)

    def _mind_the_memory(self) -> None:
        """Begins anew between two pieces when memory has grown, which a process cannot always give back."""
        import psutil

        now = psutil.Process().memory_info().rss
        if self._rest_bytes and now > self._rest_bytes + self._grown_bytes and not self.begun:
            time.sleep(NOTE_S)  # the piece before may still be noting that it is done
            self.begin_anew()
        if self._rest_bytes == 0 and self._worked:
            self._rest_bytes = now


def begin_anew() -> None:
    """The same program once more in the same process: under the eyes of whoever started it nothing ends."""
    logging.shutdown()
    if os.name == "nt":  # there, the new program would be another process: the launcher starts it again
        os._exit(75)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


@contextmanager
def patiently() -> Iterator[None]:
    """Lets what is only a note go when the database cannot be reached for a while; the work goes on. With a damaged one it
    cannot: the worker begins anew, which sets it aside."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        if damaged(error):
            begin_anew()


def _shown(kind: str) -> str:
    """A page, to a person, is a part of the drawing of the book."""
    return "draw" if kind in ("pages", "sketch") else kind
