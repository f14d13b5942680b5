"""The process that does the queued work, one drawing or training at a time.

A job is a workflow. Most are one step that drives a generator of the workshop; the drawing of a book asks for one piece a
page, so that people and machines take turns, and a kill costs no more than a page. Anything may be killed at any moment:
DBOS runs a step that did not end again, here or on another machine, and since finished pictures carry keys, the work goes
on where it stood.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from datetime import UTC, datetime
from typing import Any

from ..errors import NoDatabase
from ..settings import Settings
from .bench import GROWN, Bench, Perform, Pieces, begin_anew, patiently
from .board import Board
from .database import APPLICATION, FORMER, PIECE, QUEUES, VERSION, WORKFLOW, json_serializer, prepare_database
from .job import Arguments, WorkerState
from .reach import keep_to_folders, moved
from .rescue import left_waiting
from .seat import Seat, take_seat

GENTLY = 10  # how much nicer the worker is: with it busy, nine of ten screens still answer as if it slept
LOOK_S = 0.5  # between two looks at what was cancelled
BEAT_S = 2.0  # between two signs of life
DAY_S = 86_400.0
HEED_S = 1.0  # in which work that was cancelled has to stop by itself; after that the worker begins anew without it


def run_worker(settings: Settings, perform: Perform, pieces: Pieces = lambda *_: (), grown_bytes: int = GROWN) -> None:
    """Works until told to stop (Ctrl-C or SIGTERM). Raises NotReady when another worker serves this home, NoDatabase when a
    file of its own cannot be used; for a server that is away it waits. Begins anew when its memory grew by `grown_bytes`."""
    keep_to_folders(settings)
    be_gentle()
    _prepare(settings)
    with take_seat(settings) as seat:
        board = Board(settings.database_url)
        Worker(settings, seat, board, Bench(settings, board, perform, pieces, grown_bytes)).run()


def be_gentle() -> None:
    """Lets screens and other programs go first."""
    if os.name == "nt":
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(max(0, GENTLY - os.nice(0)))


def _prepare(settings: Settings) -> None:
    while True:
        try:
            return prepare_database(settings)
        except NoDatabase as error:
            if settings.database_url.startswith("sqlite"):
                raise
            logging.getLogger("studio").warning("%s", error)
            time.sleep(BEAT_S)


class Worker:
    """One worker in its seat."""

    def __init__(self, settings: Settings, seat: Seat, board: Board, bench: Bench) -> None:
        self._settings, self._seat, self._board, self._bench = settings, seat, board, bench
        self._told = threading.Event()

    def run(self) -> None:
        """Never returns: the process ends, or begins anew."""
        self._launch()
        self._beat()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._told.set())
        beaten = tidied = time.monotonic()
        while not self._told.wait(LOOK_S):
            if not self._seat.kept() or moved(self._settings):
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
        with patiently():
            self._board.pardon(list(self._bench.begun))
            self._board.leave(self._seat.name)
        logging.shutdown()
        os._exit(0)

    # What it looks after

    def _beat(self) -> None:
        """Says what the longest running piece does."""
        resting = WorkerState(alive=True, machine=self._bench.machine)
        now = next((watch.doing for watch in list(self._bench.begun.values())), resting)
        with patiently():
            self._board.beat(self._seat.name, now)

    def _take_over(self) -> None:
        """Gives the unfinished work of workers that are dead back to the queue."""
        from dbos import DBOS

        with patiently():
            pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
            others = {status.executor_id or "" for status in pending} - {"", self._seat.name}
            for other in sorted(others):
                if self._seat.gone(other):
                    # Not `resume_workflow`, which forgets by what two askings for the same work are told to be one.
                    DBOS._recover_pending_workflows([other])
                    self._board.leave(other)

    def _mind_the_cancelled(self) -> None:
        """Begins anew when work that was cancelled does not heed it, in one long computation for example."""
        for watch in list(self._bench.begun.values()):
            with patiently():
                if watch.cancelled() and time.monotonic() - watch.cancelled_at > HEED_S:
                    self._bench.begin_anew()

    # How it begins

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
        self._bench.register()
        DBOS.launch()
        DBOS.register_queue("gpu", worker_concurrency=2, polling_interval_sec=0.25)
        DBOS.register_queue("desk", worker_concurrency=2, polling_interval_sec=0.5)
        DBOS.register_queue("books", worker_concurrency=48, polling_interval_sec=0.5)
        self._adopt()
        self._ask_to_tidy()

    def _adopt(self) -> None:
        """Asks again for what was left waiting in the queue of a former version, whose steps were others, or in a damaged list."""
        from dbos import DBOS

        for id, person, asked in left_waiting(self._settings, WORKFLOW):
            if len(asked) == 3 and asked[0] in QUEUES:
                self._ask_again(id, person, *asked)
        left = DBOS.list_workflows(name=WORKFLOW, app_version=list(FORMER), status=["ENQUEUED", "PENDING"])
        for status in left:
            self._ask_again(
                status.workflow_id, status.authenticated_user or "", *(status.input["args"] if status.input else ())
            )
            DBOS.cancel_workflow(status.workflow_id)

    def _ask_again(self, id: str, person: str, kind: str, target: str, arguments: Arguments) -> None:
        """The same work for the same person under an id of its own: once, even if this worker dies before its next line."""
        from dbos import DBOS

        options: Any = {"workflow_name": WORKFLOW, "queue_name": QUEUES[kind], "app_version": VERSION}
        options |= {"authenticated_user": person}
        DBOS.enqueue_workflow_with_options(options | {"workflow_id": f"{id}-again"}, kind, target, arguments)

    def _ask_to_tidy(self) -> None:
        """Asks for the day's tidying, once for all workers."""
        from dbos import DBOS

        with patiently():
            today = datetime.now(UTC).strftime("tidy-%Y-%m-%d")
            options: Any = {"workflow_name": PIECE, "queue_name": "desk", "app_version": VERSION, "workflow_id": today}
            DBOS.enqueue_workflow_with_options(options, today, "tidy", "", {})


def _unless_cancelled(record: logging.LogRecord) -> bool:
    """Keeps a cancelled job, which DBOS tells of with a long traceback, out of the log: nothing went wrong."""
    from dbos import error

    return not (record.exc_info and isinstance(record.exc_info[1], error.DBOSAwaitedWorkflowCancelledError))
