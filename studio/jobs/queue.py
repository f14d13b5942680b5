"""The client's side of the queue: submit, look, cancel. It runs in the web process and never imports torch.

Asking for work that is already waiting or running gives that job, so a double click draws once. A cancelled or
failed job is not revived but submitted anew: pictures carry keys, so what was finished is not done again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import NotFound, StudioError
from ..settings import Settings
from .database import PROGRESS, QUEUES, VERSION, WORKFLOW, json_serializer, prepare_database
from .heartbeat import worker_state
from .job import Job, Kind, State, WorkerState

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus

STATES: dict[str, State] = {"ENQUEUED": "waiting", "DELAYED": "waiting", "PENDING": "running", "CANCELLED": "cancelled"}
BROKEN = StudioError(
    "Something went wrong inside the studio. What was finished is safe; try again, and if it happens again tell us."
)
GAVE_UP = StudioError(
    "This work stopped the studio several times, perhaps for lack of memory. "
    "What was finished is safe; close other programs and try again."
)


class JobQueue:
    """The queue of one home. Opens the database at the first question, creating it if the worker never ran."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._person = ""

    def of(self, person: str) -> JobQueue:
        """The same queue at the service of one person."""
        self._client  # noqa: B018  opened once for all
        mine = copy(self)
        mine._person = person
        return mine

    def submit(self, kind: Kind, target: str, arguments: Mapping[str, str | int] | None = None) -> str:
        """Puts work in the queue and gives the job's id; the id of the same work when that is not over yet."""
        given = dict(arguments or {})
        handle: Any = self._client.enqueue(
            {
                "queue_name": QUEUES[kind],
                "workflow_name": WORKFLOW,
                "app_version": VERSION,
                "deduplication_id": json.dumps([kind, target, given], sort_keys=True),
                "duplication_policy": "return-existing",
            },
            kind,
            target,
            given,
        )
        return handle.get_workflow_id()

    def jobs(self, limit: int = 50) -> tuple[Job, ...]:
        """The latest jobs, newest first."""
        found = self._client.list_workflows(name=WORKFLOW, limit=limit, sort_desc=True)
        return tuple(self._job(status) for status in found)

    def job(self, id: str) -> Job:
        """One job. Raises NotFound."""
        found = self._client.list_workflows(workflow_ids=[id], name=WORKFLOW)
        if not found:
            raise NotFound("There is no job '{id}'. See all with: python -m studio jobs list", id=id)
        return self._job(found[0])

    def cancel(self, id: str) -> Job:
        """Stops the job, within two seconds if it runs. What it has finished stays. Raises NotFound."""
        job = self.job(id)
        if job.over:
            return job
        self._client.cancel_workflow(id, cancel_children=True)
        return self.job(id)

    def pause(self, id: str) -> Job:
        """Cancels a job, to be resumed. Raises NotFound."""
        raise NotImplementedError

    def resume(self, id: str) -> Job:
        """Asks anew for what a job that is over was asked for. Raises NotFound."""
        raise NotImplementedError

    def workers(self) -> tuple[WorkerState, ...]:
        """What each worker that is alive does now."""
        raise NotImplementedError

    def worker(self) -> WorkerState:
        """What the worker does now."""
        return worker_state(self._settings)

    def worker_alive(self) -> bool:
        """Whether a worker is there to do the work."""
        return self.worker().alive

    def close(self) -> None:
        """Gives the database connections back."""
        if "_client" in self.__dict__:
            self.__dict__.pop("_client").destroy()

    @cached_property
    def _client(self) -> DBOSClient:
        from dbos import DBOSClient

        prepare_database(self._settings)
        return DBOSClient(system_database_url=self._settings.database_url, serializer=json_serializer())

    def _job(self, status: WorkflowStatus) -> Job:
        kind, target = _asked(status)
        state, output = _state(status), _output(status)
        far = output if state == "done" else self._progress(status.workflow_id, state)
        return Job(
            id=status.workflow_id,
            kind=kind,
            target=target,
            state=state,
            done=far.get("done", 0),
            total=far.get("total", 0),
            note=far.get("note", ""),
            error=_error(status) if state == "failed" else None,
            result=output.get("result", ""),
            created=datetime.fromtimestamp((status.created_at or 0) / 1000, UTC).isoformat(timespec="milliseconds"),
        )

    def _progress(self, id: str, state: State) -> dict[str, Any]:
        if state == "waiting":
            return {}
        return self._client.get_event(id, PROGRESS, timeout_seconds=0) or {}


def _asked(status: WorkflowStatus) -> tuple[Kind, str]:
    kind, target, _ = status.input["args"] if status.input else ("draw", "", {})
    return kind, target


def _output(status: WorkflowStatus) -> dict[str, Any]:
    """What the step gave back: `result`, `done` and `total`, or `error` and its `values`."""
    return status.output if isinstance(status.output, dict) else {}


def _state(status: WorkflowStatus) -> State:
    if status.status == "SUCCESS":
        return "failed" if "error" in _output(status) else "done"
    return STATES.get(status.status, "failed")


def _error(status: WorkflowStatus) -> StudioError:
    output = _output(status)
    if message := output.get("error"):
        return StudioError(message, **output.get("values", {}))
    return GAVE_UP if status.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED" else BROKEN
