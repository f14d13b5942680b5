"""The process that does the queued work, one drawing or training at a time.

The workflow is one step that drives a generator of the workshop. It may be killed at any moment: at the next start
DBOS runs the step again, and since finished pictures carry keys, the work goes on where it stood.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from ..errors import Cancelled, NoRoom, NotReady, StudioError
from ..files import private_folder
from ..progress import Progress, Work, finish
from ..settings import Settings
from .database import APPLICATION, PROGRESS, VERSION, WORKFLOW, json_serializer, prepare_database
from .heartbeat import BEAT_S, Heartbeat

Arguments = Mapping[str, str | int]
Perform = Callable[[str, str, Arguments], Work[str]]  # kind, target, arguments → name of the file made, or ""

TELL_S = 0.5  # between two looks at whether the job was cancelled, and two progress events
ATTEMPTS = 5  # a job that kills the worker, by memory for example, must not do so for ever


def run_worker(settings: Settings, perform: Perform) -> None:
    """Works until told to stop (Ctrl-C or SIGTERM). Raises NotReady when another worker serves this home."""
    with _alone(settings):
        heartbeat = Heartbeat(settings)
        heartbeat.beat()
        prepare_database(settings)
        _launch(settings, perform, heartbeat)
        _until_told(heartbeat)
        # Threads in the middle of a job are not waited for: a job survives even kill -9, so a quick end is a safe one.
        logging.shutdown()
        os._exit(0)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Holds a lock that the system frees even after kill -9. Two workers of one name would do each job twice."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(private_folder(settings.home / "locks") / f"{_executor(settings)}.lock", timeout=0):
            yield
    except Timeout:
        raise NotReady("A worker is already at work for this studio. Nothing needs to be started.") from None


def _executor(settings: Settings) -> str:
    """The name under which DBOS takes up this worker's unfinished jobs again.

    A SQLite file belongs to one machine, whose host name may change with the network; Postgres is shared.
    """
    return "here-gpu0" if settings.database_url.startswith("sqlite") else f"{socket.gethostname()}-gpu0"


def _launch(settings: Settings, perform: Perform, heartbeat: Heartbeat) -> None:
    from dbos import DBOS

    DBOS(
        config={
            "name": APPLICATION,
            "application_version": VERSION,
            "executor_id": _executor(settings),
            "system_database_url": settings.database_url,
            "serializer": json_serializer(),
            "log_level": "WARNING",
        }
    )
    logging.getLogger("dbos").addFilter(_unless_cancelled)
    _register(perform, heartbeat)
    DBOS.launch()
    DBOS.register_queue("gpu", worker_concurrency=1, polling_interval_sec=0.25)
    DBOS.register_queue("books", worker_concurrency=2, polling_interval_sec=0.25)


def _unless_cancelled(record: logging.LogRecord) -> bool:
    """Keeps a cancelled job, which DBOS tells of with a long traceback, out of the log: nothing went wrong."""
    from dbos import error

    return not (record.exc_info and isinstance(record.exc_info[1], error.DBOSAwaitedWorkflowCancelledError))


def _register(perform: Perform, heartbeat: Heartbeat) -> None:
    """Tells DBOS the one workflow and its one step; both names are stored with the jobs and must not change."""
    from dbos import DBOS

    @DBOS.step(name="perform")
    def step(kind: str, target: str, arguments: Arguments) -> dict[str, Any]:
        watch = _Watch(DBOS.workflow_id or "", kind, target, heartbeat)
        try:
            result = finish(perform(kind, target, arguments), watch)
        except StudioError as error:
            return {"error": error.message, "values": error.values}
        finally:
            heartbeat.over(watch.job)
        return {"result": result, "done": watch.last.total, "total": watch.last.total}

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=ATTEMPTS)
    def workflow(kind: str, target: str, arguments: Arguments) -> dict[str, Any]:
        return step(kind, target, arguments)


class _Watch:
    """Passes progress on at most twice a second, and stops the work when its job was cancelled."""

    def __init__(self, job: str, kind: str, target: str, heartbeat: Heartbeat) -> None:
        self.job = job
        self.last = Progress(0, 0)
        self._kind, self._target, self._heartbeat = kind, target, heartbeat
        self._told_at = 0.0
        heartbeat.doing(job, kind, target, self.last)

    def __call__(self, step: Progress) -> None:
        self.last = step
        if time.monotonic() - self._told_at < TELL_S:
            return
        from dbos import DBOS

        self._told_at = time.monotonic()
        status = DBOS.get_workflow_status(self.job)
        if status and status.status == "CANCELLED":
            raise Cancelled("Stopped as you asked. What was finished is kept.")
        DBOS.set_event(PROGRESS, {"done": step.done, "total": step.total, "note": step.note})
        self._heartbeat.doing(self.job, self._kind, self._target, step)


def _until_told(heartbeat: Heartbeat) -> None:
    told = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())
    while not told.is_set():
        with suppress(NoRoom):  # a full disk is told by the job that meets it; the worker stays for the others
            heartbeat.beat()
        told.wait(BEAT_S)
    heartbeat.stop()
