"""The process that does the queued work, one drawing or training at a time.

A job is a workflow. Most are one step that drives a generator of the workshop; the drawing of a book asks for one piece a
page, so that people and machines take turns, and a kill costs no more than a page. Anything may be killed at any moment:
DBOS runs a step that did not end again, here or on another machine, and since finished pictures carry keys, the work goes
on where it stood.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ..errors import NoRoom, StudioError
from ..progress import Work, finish
from ..settings import Settings
from .board import Board
from .database import (
    APPLICATION,
    DRAWN,
    FORMER,
    PIECE,
    QUEUES,
    VERSION,
    WORKFLOW,
    json_serializer,
    prepare_database,
)
from .job import Arguments, WorkerState
from .seat import Seat, take_seat
from .turns import Turn, cost, next_turn
from .watch import Watch

Perform = Callable[[str, str, Arguments], Work[str]]  # kind, target, arguments → name of the file made, or ""
Pieces = Callable[[str, str, Arguments], Sequence[tuple[str, Arguments]]]  # of a job: kind and arguments of each

GENTLY = 10  # how much nicer the worker is: with it busy, nine of ten screens still answer as if it slept
STRIKES = 3  # a piece that ends the worker so often without getting further, by memory for example, is set aside
LOOK_S = 0.5  # between two looks at what was cancelled
BEAT_S = 2.0  # between two signs of life
DAY_S = 86_400.0
HEED_S = 1.0  # in which work that was cancelled has to stop by itself; after that the worker begins anew without it
ROOM_BYTES = 50_000_000  # with less on the disk nothing is begun
ROOM_S = 600  # that work waits for room before it gives up
GROWN = 2_000_000_000  # bytes above what it took at rest after its first work, with which a worker begins anew
GAVE_UP = (
    "This work stopped the studio several times, perhaps for lack of memory. "
    "What was finished is safe; close other programs and try again."
)


def run_worker(settings: Settings, perform: Perform, pieces: Pieces = lambda *_: ()) -> None:
    """Works until told to stop (Ctrl-C or SIGTERM). Raises NotReady when another worker serves this home."""
    be_gentle()
    prepare_database(settings)
    with take_seat(settings) as seat:
        Worker(settings, seat, perform, pieces).run()


def be_gentle() -> None:
    """Lets screens and other programs go first."""
    if os.name == "nt":
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(max(0, GENTLY - os.nice(0)))


class Worker:
    """One worker in its seat. `perform` does a piece of work, `pieces` tells which jobs are done in several."""

    def __init__(self, settings: Settings, seat: Seat, perform: Perform, pieces: Pieces) -> None:
        self._settings, self._seat = settings, seat
        self._perform, self._pieces = perform, pieces
        self._board = Board(settings.database_url)
        self._machine = socket.gethostname()
        self._device = threading.Lock()  # a page that is claimed ahead waits here, so that none waits for the database
        self._begun: dict[str, Watch] = {}
        self._worked, self._rest_bytes = False, 0
        self._told = threading.Event()

    def run(self) -> None:
        """Never returns: the process ends, or begins anew."""
        self._beat()
        self._launch()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._told.set())
        beaten = tidied = time.monotonic()
        while not self._told.wait(LOOK_S):
            if not self._seat.kept():
                begin_anew()
            self._mind_the_cancelled()
            if time.monotonic() - beaten >= BEAT_S:
                beaten = time.monotonic()
                self._beat()
                self._take_over()
            if time.monotonic() - tidied >= DAY_S:
                tidied = time.monotonic()
                self._ask_to_tidy()
        self._stop()

    def _stop(self) -> None:
        """Threads in the middle of a job are not waited for: a job survives even kill -9, so a quick end is a safe one."""
        with _patiently():
            self._board.pardon(list(self._begun))
            self._board.leave(self._seat.name)
        logging.shutdown()
        os._exit(0)

    # What it looks after

    def _beat(self) -> None:
        """Says what the longest running piece does."""
        resting = WorkerState(alive=True, machine=self._machine)
        now = next((watch.doing for watch in list(self._begun.values())), resting)
        with _patiently():
            self._board.beat(self._seat.name, now)

    def _take_over(self) -> None:
        """Gives the unfinished work of workers that are dead back to the queue."""
        from dbos import DBOS

        with _patiently():
            pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
            others = {status.executor_id or "" for status in pending} - {"", self._seat.name}
            for other in sorted(others):
                if self._seat.gone(other):
                    # Not `resume_workflow`, which forgets by what two askings for the same work are told to be one.
                    DBOS._recover_pending_workflows([other])
                    self._board.leave(other)

    def _mind_the_cancelled(self) -> None:
        """Begins anew when work that was cancelled does not heed it, in one long computation for example."""
        for watch in list(self._begun.values()):
            with _patiently():
                if watch.cancelled() and time.monotonic() - watch.cancelled_at > HEED_S:
                    self._begin_anew()

    def _mind_the_memory(self) -> None:
        """Begins anew between two pieces when memory has grown, which a process cannot always give back."""
        import psutil

        now = psutil.Process().memory_info().rss
        if self._rest_bytes and now > self._rest_bytes + GROWN and not self._begun:
            time.sleep(LOOK_S)  # the piece before may still be noting that it is done
            self._begin_anew()
        if self._rest_bytes == 0 and self._worked:
            self._rest_bytes = now

    def _begin_anew(self) -> None:
        self._board.pardon(list(self._begun))
        begin_anew()

    # What it does

    def _launch(self) -> None:
        from dbos import DBOS

        DBOS(
            config={
                "name": APPLICATION,
                "application_version": VERSION,
                "executor_id": self._seat.name,
                "system_database_url": self._settings.database_url,
                "serializer": json_serializer(),
                "log_level": "WARNING",
                "max_executor_threads": 64,  # a book that is being drawn waits in one for its pages
            }
        )
        logging.getLogger("dbos").addFilter(_unless_cancelled)
        self._register()
        DBOS.launch()
        DBOS.register_queue("gpu", worker_concurrency=2, polling_interval_sec=0.25)
        DBOS.register_queue("desk", worker_concurrency=2, polling_interval_sec=0.25)
        DBOS.register_queue("books", worker_concurrency=48, polling_interval_sec=0.25)
        self._adopt()
        self._ask_to_tidy()

    def _adopt(self) -> None:
        """Asks again for what was left waiting in the queue of a former version, whose steps were others."""
        from dbos import DBOS

        left = DBOS.list_workflows(name=WORKFLOW, app_version=list(FORMER), status=["ENQUEUED", "PENDING"])
        for status in left:
            kind, target, arguments = status.input["args"] if status.input else ("", "", {})
            options: Any = {"workflow_name": WORKFLOW, "queue_name": QUEUES[kind], "app_version": VERSION}
            options["workflow_id"] = (
                f"{status.workflow_id}-again"  # once, even if this worker dies before the next line
            )
            DBOS.enqueue_workflow_with_options(options, kind, target, arguments)
            DBOS.cancel_workflow(status.workflow_id)

    def _ask_to_tidy(self) -> None:
        """Asks for the day's tidying, once for all workers."""
        from dbos import DBOS

        with _patiently():
            today = datetime.now(UTC).strftime("tidy-%Y-%m-%d")
            options: Any = {"workflow_name": PIECE, "queue_name": "desk", "app_version": VERSION, "workflow_id": today}
            DBOS.enqueue_workflow_with_options(options, today, "tidy", "", {})

    def _register(self) -> None:
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
            found = list(self._pieces(kind, target, arguments))
        except StudioError as error:
            return {"error": error.message, "values": error.values}
        if not found:
            return {"pieces": []}
        waiting = DBOS.list_workflows(
            queue_name="gpu", status=["ENQUEUED", "PENDING"], load_input=False, load_output=False
        )
        turns = (Turn(one.authenticated_user or "", one.priority or 0, one.status == "PENDING") for one in waiting)
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
        asked = [ask(number) for number in range(last)]
        outcomes: list[dict[str, Any]] = [one.get_result(polling_interval_sec=LOOK_S) for one in asked]
        failed = next((outcome for outcome in outcomes if "error" in outcome), None)
        return failed or ask(last).get_result(polling_interval_sec=LOOK_S)

    def _do(self, job: str, kind: str, target: str, arguments: Arguments) -> dict[str, Any]:
        """Does one piece; what came of it: `result`, `done` and `total`, or `error` and its `values`."""
        from dbos import DBOS

        piece = DBOS.workflow_id or ""
        with self._device if kind in DRAWN else nullcontext():
            self._mind_the_memory()
            if self._board.begin(piece) > STRIKES:
                self._board.pardon([piece])
                return {"error": GAVE_UP, "values": {}}
            doing = WorkerState(alive=True, machine=self._machine, kind=_shown(kind), target=target)
            watch = self._begun[piece] = Watch(piece, job, doing, self._board)
            try:
                result = self._finish(kind, target, arguments, watch)
            except StudioError as error:
                return {"error": error.message, "values": error.values}
            finally:
                del self._begun[piece]
                self._worked = True
                with _patiently():
                    watch.tell()
                    self._board.pardon([piece])
        total = watch.last.total
        return {"result": result, "done": total, "total": total, "machine": self._machine}

    def _finish(self, kind: str, target: str, arguments: Arguments, watch: Watch) -> str:
        """Does the work; where the disk is full, goes on by itself as soon as there is room. Raises what the work raises."""
        for _ in range(ROOM_S):
            try:
                return finish(self._perform(kind, target, arguments), watch)
            except NoRoom:
                if shutil.disk_usage(self._settings.home).free > ROOM_BYTES:
                    raise
            watch(replace(watch.last, note="waiting for room on the disk"))
            time.sleep(1)
        return finish(self._perform(kind, target, arguments), watch)


def begin_anew() -> None:
    """The same program once more in the same process: under the eyes of whoever started it nothing ends."""
    logging.shutdown()
    if os.name == "nt":  # there, the new program would be another process: the launcher starts it again
        os._exit(75)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


@contextmanager
def _patiently() -> Iterator[None]:
    """Lets what is only a note go when the database cannot be reached for a while; the work goes on."""
    from sqlalchemy.exc import DBAPIError

    with suppress(DBAPIError):
        yield


def _shown(kind: str) -> str:
    """A page, to a person, is a part of the drawing of the book."""
    return "draw" if kind in ("pages", "sketch") else kind


def _unless_cancelled(record: logging.LogRecord) -> bool:
    """Keeps a cancelled job, which DBOS tells of with a long traceback, out of the log: nothing went wrong."""
    from dbos import error

    return not (record.exc_info and isinstance(record.exc_info[1], error.DBOSAwaitedWorkflowCancelledError))
