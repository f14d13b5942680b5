"""The worker's sign of life, `worker.json` in the home, which lets a screen say: resting, drawing 3 of 8, stopped."""

from __future__ import annotations

import json
import os
import threading
import time

from ..files import atomic_write
from ..progress import Progress
from ..settings import Settings
from .job import WorkerState

BEAT_S = 2.0
STILL_ALIVE_S = 10.0


class Heartbeat:
    """Written by the worker every two seconds, whatever its jobs do; safe to call from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.home / "worker.json"
        self._lock = threading.Lock()
        self._jobs: dict[str, dict[str, str | int]] = {}

    def doing(self, job: str, kind: str, target: str, step: Progress) -> None:
        """Notes how far the job is; the next beat tells it."""
        with self._lock:
            self._jobs[job] = {
                "kind": kind,
                "target": target,
                "done": step.done,
                "total": step.total,
                "note": step.note,
            }

    def over(self, job: str) -> None:
        with self._lock:
            self._jobs.pop(job, None)

    def beat(self) -> None:
        """Writes what the longest running job does."""
        with self._lock:
            now = next(iter(self._jobs.values()), {})
            atomic_write(self._path, json.dumps({"pid": os.getpid(), "time": time.time(), **now}))

    def stop(self) -> None:
        """Takes the sign away: the worker has stopped."""
        self._path.unlink(missing_ok=True)


def worker_state(settings: Settings) -> WorkerState:
    """What the worker of this home is doing; not alive when it never started or has been silent for ten seconds."""
    try:
        sign = json.loads((settings.home / "worker.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return WorkerState()
    if not abs(time.time() - sign.pop("time", 0)) < STILL_ALIVE_S:
        return WorkerState()
    sign.pop("pid", None)
    return WorkerState(alive=True, **sign)
