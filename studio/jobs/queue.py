"""The client's side of the queue: submit, look, cancel, pause, resume. It runs in the web process and never imports torch.

Asking for work that is already waiting or running gives that job, so a double click draws once. A job that is over is not
revived but asked for anew: pictures carry keys, so what was finished is not done again.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import NoDatabase, NotAllowed, NotFound, StudioError
from ..files import private_folder
from ..settings import PEOPLE, Settings
from .board import Board, Told
from .database import PIECE, QUEUES, VERSION, WORKFLOW, json_serializer, prepare_database
from .forgetting import forget_damaged, naming, scrub
from .job import Arguments, Job, Kind, State, WorkerState
from .rescue import check_free, opened, plainly, reachable, stamp
from .turns import IN_LINE, next_turn, turns_of

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus

STATES: dict[str, State] = {"ENQUEUED": "waiting", "DELAYED": "waiting", "PENDING": "running", "CANCELLED": "cancelled"}
MOST_KNOWN = 32  # answers
PAUSED = "paused"  # an attribute of a cancelled job that somebody means to go on with
BROKEN = StudioError(
    "Something went wrong inside the studio. What was finished is safe; try again, and if it happens again tell us."
)


class JobQueue:
    """The queue of one home. Opens the database at the first question, creating it if the worker never ran."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._person, self._only, self._most = "", False, 0
        self._known: dict[str, tuple[tuple[int, ...], tuple[Job, ...]]] = {}  # what was asked → when, the answer

    def of(self, person: str, everything: bool = False, most: int = 0) -> JobQueue:
        """The same queue at the service of one person, who sees and stops only what they asked for or, for who looks after the
        house, `everything`; at most so many jobs of theirs wait or run at the same time, 0 for any number."""
        with suppress(NoDatabase):  # told when something is asked
            self._open  # noqa: B018  once for all
        mine = copy(self)
        mine._person, mine._only, mine._most = person, not everything, most
        return mine

    @plainly
    def submit(self, kind: Kind, target: str, arguments: Arguments | None = None) -> str:
        """Puts work in the queue and gives the job's id; the id of the same work when that is not over yet. Raises NotAllowed for
        one more than this person may have."""
        self._check_free()
        given = dict(arguments or {})
        with self._alone():
            return self._submitted(kind, target, given)

    def _submitted(self, kind: Kind, target: str, given: Arguments) -> str:
        if self._only and self._most:
            self._check_most(kind, target, given)
        sys.audit("studio.queue.submit")
        options: Any = {
            "queue_name": QUEUES[kind],
            "workflow_name": WORKFLOW,
            "app_version": VERSION,
            "authenticated_user": self._person,
            "deduplication_id": json.dumps([kind, target, given, *self._home], sort_keys=True),
            "duplication_policy": "return-existing",
        }
        if QUEUES[kind] == "gpu":
            options["priority"] = next_turn(turns_of(self._client.list_workflows(**IN_LINE)), self._person, kind)
        return self._client.enqueue(options, kind, target, given).get_workflow_id()

    def _check_most(self, kind: Kind, target: str, given: Arguments) -> None:
        live = self.live()
        same = any((job.kind, job.target, dict(job.arguments)) == (kind, target, dict(given)) for job in live)
        if not same and len(live) >= self._most:
            raise NotAllowed(
                "{most} pieces of work of yours wait or run already, which is as many as one person may have. Let some be done or "
                "stop one that you do not need, then ask again.",
                most=self._most,
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Lets one piece of work of a person be asked for at a time, so that what they may have is counted exactly."""
        if not (self._only and self._most):
            yield
            return
        from filelock import FileLock

        with FileLock(private_folder(self._settings.house / "locks") / f"asking-{self._person}.lock"):
            yield

    @property
    def _home(self) -> tuple[str, ...]:
        """Whose home the work is for; nobody's own for the house's."""
        return (self._person,) if self._only else ()

    @plainly
    def jobs(self, limit: int = 50, offset: int = 0) -> tuple[Job, ...]:
        """The latest jobs, newest first, after `offset` newer ones."""
        return self._as_known(limit=limit, offset=offset, sort_desc=True, **self._mine)

    @plainly
    def live(self) -> tuple[Job, ...]:
        """The jobs that wait or run, however old they are, newest first."""
        return self._as_known(status=["ENQUEUED", "DELAYED", "PENDING"], sort_desc=True, **self._mine)

    @plainly
    def line(self) -> tuple[Job, ...]:
        """All jobs that wait or run, of everybody, newest first, to tell how many come first. Of others' it says nothing but when
        they were asked for and by how many people."""
        known = self._as_known(status=["ENQUEUED", "DELAYED", "PENDING"], sort_desc=True)
        return tuple(self._nameless(job, number) for number, job in enumerate(known)) if self._only else known

    def _nameless(self, job: Job, number: int) -> Job:
        if job.person == self._person:
            return job
        who = hashlib.sha256(f"{job.person} {self._person}".encode()).hexdigest()[:8]
        return Job(id=f"{number}", kind="draw", target="", state=job.state, created=job.created, person=who)

    @plainly
    def job(self, id: str) -> Job:
        """One job. Raises NotFound."""
        for job in self._jobs(workflow_ids=[id], **self._mine):
            return job
        raise NotFound("There is no job '{id}'. See all with: python -m studio jobs list", id=id)

    @plainly
    def cancel(self, id: str) -> Job:
        """Stops the job, within two seconds if it runs. What it has finished stays. Raises NotFound."""
        self._check_free()
        job = self.job(id)
        if job.over:
            return job
        sys.audit("studio.queue.cancel")
        self._client.cancel_workflow(id, cancel_children=True)
        return self.job(id)

    @plainly
    def pause(self, id: str) -> Job:
        """Stops the job as `cancel` does, for a while. Raises NotFound."""
        if not self.job(id).over:
            sys.audit("studio.queue.pause")
            self._client.update_workflow_attributes(id, {PAUSED: True})
            sys.audit("studio.queue.paused")
        return self.cancel(id)

    @plainly
    def resume(self, id: str) -> Job:
        """Asks anew for what a job that is over was asked for: another job, which goes on where that one stood; one that is
        not over is given as it is. Raises NotFound."""
        job = self.job(id)
        if not job.over:
            return job
        asking = self if self._only else self.of(job.person, not job.person)
        new = asking.submit(job.kind, job.target, job.arguments)
        sys.audit("studio.queue.resumed")
        self._client.update_workflow_attributes(id, None)
        return self.job(new)

    @plainly
    def workers(self) -> tuple[WorkerState, ...]:
        """What each worker that is alive does now, who work before who rest; to one of several people not for what."""
        return tuple(replace(one, target="", note="") if self._only else one for one in self._board.workers())

    def worker(self) -> WorkerState:
        """What the first of them does; not alive when there is none."""
        return next(iter(self.workers()), WorkerState())

    def worker_alive(self) -> bool:
        """Whether a worker is there to do the work."""
        return self.worker().alive

    @plainly
    def tidy(self, before: datetime) -> int:
        """Lets go of the pieces of jobs that are over, and of jobs that were over before that day; gives how many jobs."""
        pieces = self._client.list_workflows(
            name=PIECE, status=["SUCCESS", "ERROR", "CANCELLED"], load_input=False, load_output=False
        )
        live = {job.id for job in self.live()}
        self._forget(one.workflow_id for one in pieces if one.parent_workflow_id not in live)
        old = self._client.list_workflows(
            name=WORKFLOW, completed_before=before.isoformat(), load_input=False, load_output=False
        )
        return self._forget(one.workflow_id for one in old)

    @plainly
    def naming(self, words: Collection[str]) -> int:
        """How many jobs and pieces of jobs hold one of these words."""
        return len({*naming(self._client, words, self._is_mine)})

    @plainly
    def forget(self, words: Collection[str]) -> None:
        """Forgets every job and piece that holds one of these words, and what the database keeps of deleted lines."""
        sys.audit("studio.queue.forget")
        self._forget({*naming(self._client, words, self._is_mine)})
        forget_damaged(self._settings)
        sys.audit("studio.queue.forgotten")
        scrub(self._settings)

    def close(self) -> None:
        """Gives the database connections back."""
        if "_open" in self.__dict__:
            client, board, _ = self.__dict__.pop("_open")
            client.destroy()
            board.close()

    # Where it is kept

    @cached_property
    def _open(self) -> tuple[DBOSClient, Board, tuple[int, int]]:
        from dbos import DBOSClient

        prepare_database(self._settings)
        url = reachable(self._settings.database_url)
        client = DBOSClient(system_database_url=url, serializer=json_serializer(), retry_connection_errors=False)
        return client, Board(url), opened(self._settings)

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def file(self) -> tuple[int, int] | None:
        return self._open[2] if "_open" in self.__dict__ else None

    @property
    def _client(self) -> DBOSClient:
        return self._open[0]

    @property
    def _board(self) -> Board:
        return self._open[1]

    @property
    def _mine(self) -> dict[str, str]:
        """What limits a question to the jobs that this person may know of."""
        return {"user": self._person} if self._only else {}

    def _is_mine(self, person: str) -> bool:
        """Whether work that this person asked for is of this home: one's own, or in the house nobody's who has a home in it."""
        if self._only:
            return person == self._person
        return person in ("", self._person) or not (self._settings.house / PEOPLE / person).is_dir()

    def _check_free(self) -> None:
        self._open  # noqa: B018  which sets aside a damaged file
        check_free(self._settings)

    def _as_known(self, **wanted: Any) -> tuple[Job, ...]:
        """`_jobs`, asked once for all windows as long as nobody wrote to the list: twenty that look asked all the time."""
        now, asked = stamp(self._settings), repr(wanted)
        then, jobs = self._known.get(asked, ((), ()))
        if now and then == now:
            return jobs
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        jobs = self._jobs(**wanted)
        self._known[asked] = now, jobs
        return jobs

    def _jobs(self, **wanted: Any) -> tuple[Job, ...]:
        found = self._client.list_workflows(name=WORKFLOW, **wanted)
        told = self._board.told(status.workflow_id for status in found if status.status != "SUCCESS")
        return tuple(_job(status, told.get(status.workflow_id)) for status in found)

    def _forget(self, ids: Iterable[str]) -> int:
        gone = list(ids)
        self._client.delete_workflows(gone)
        self._board.forget(gone)
        return len(gone)


def _job(status: WorkflowStatus, told: Told | None) -> Job:
    kind, target, arguments = _asked(status)
    state, output = _state(status, told), _output(status)
    far = told or Told("", 0, 0, "")
    return Job(
        id=status.workflow_id,
        kind=kind,
        target=target,
        arguments=arguments,
        state=state,
        done=output.get("done", far.done),
        total=output.get("total", far.total),
        note="" if state == "done" else far.note,
        machine=output.get("machine", far.machine),
        error=_error(status) if state == "failed" else None,
        result=output.get("result", ""),
        person=status.authenticated_user or "",
        created=_time(status.created_at),
        began=_time(status.dequeued_at),
        ended=_time(status.completed_at),
    )


def _asked(status: WorkflowStatus) -> tuple[Kind, str, Arguments]:
    """What the job is for; next to nothing where the note of it is damaged."""
    given = status.input.get("args") if isinstance(status.input, dict) else None
    return tuple(given) if isinstance(given, list | tuple) and len(given) == 3 else ("draw", "", {})


def _time(ms: int | None) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds") if ms else ""


def _output(status: WorkflowStatus) -> dict[str, Any]:
    """What the step gave back: `result`, `done`, `total` and `machine`, or `error` and its `values`."""
    return status.output if isinstance(status.output, dict) else {}


def _state(status: WorkflowStatus, told: Told | None) -> State:
    if status.status == "SUCCESS":
        return "failed" if "error" in _output(status) else "done"
    if status.status == "PENDING" and not told:  # its pieces wait for the device
        return "waiting"
    if status.status == "CANCELLED" and (status.attributes or {}).get(PAUSED):
        return "paused"
    return STATES.get(status.status, "failed")


def _error(status: WorkflowStatus) -> StudioError:
    output = _output(status)
    if message := output.get("error"):
        return StudioError(message, **output.get("values", {}))
    return BROKEN
