"""The commands around the queue: what is going on, stop it, and the worker itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..rights import can_be_kept
from .console import Json, StudioCommands, say, table, write_json

if TYPE_CHECKING:
    from ..jobs.job import Job

jobs = typer.Typer(cls=StudioCommands, help="The work in the queue, and the worker that does it.", no_args_is_help=True)

JobId = Annotated[str, typer.Argument(metavar="JOB_ID", help="As in: jobs list.")]


@jobs.command("list")
def list_jobs(limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20, answer: Json = False) -> None:
    """The latest jobs, newest first."""
    from ..workshop import Workshop

    workshop = Workshop()
    found = workshop.jobs(limit)
    names = {one.id: one.name for one in workshop.characters()}
    table([(job.id, job.kind, names.get(job.target, job.target), _far(job)) for job in found], "No jobs yet.")
    for name in workshop.damaged_lists():
        say(f"An earlier list of jobs was damaged and is kept as '{name}'; what waited in it can be asked for again.")
    if not workshop.worker_alive():
        say("No worker is running. Start one with: python -m studio jobs work")
    if not can_be_kept():
        say(rights_of_worker())
    if answer:
        state = {"worker": workshop.worker(), "workers": workshop.workers(), "kept_to_folders": can_be_kept()}
        write_json({"jobs": found, **state})


@jobs.command("show")
def show_job(job_id: JobId, answer: Json = False) -> None:
    """How far one job is, and what went wrong if something did."""
    from ..workshop import Workshop

    _tell(Workshop().job(job_id), answer)


@jobs.command("cancel")
def cancel_job(job_id: JobId, answer: Json = False) -> None:
    """Stop a job. What it has finished is kept."""
    from ..workshop import Workshop

    _tell(Workshop().cancel(job_id), answer)


@jobs.command("pause")
def pause_job(job_id: JobId, answer: Json = False) -> None:
    """Stop a job for a while."""
    from ..workshop import Workshop

    _tell(Workshop().pause(job_id), answer)


@jobs.command("resume")
def resume_job(job_id: JobId, answer: Json = False) -> None:
    """Go on with a job that was paused, cancelled or did not work, where it stood. It becomes a new job."""
    from ..workshop import Workshop

    _tell(Workshop().resume(job_id), answer)


@jobs.command("work")
def work() -> None:
    """Do the queued work until told to stop."""
    from ..jobs.worker import run_worker
    from ..workshop import Workshop

    workshop = Workshop()
    workshop.recover()
    say("The worker is ready. Stop it with Ctrl-C; work that is not finished goes on at the next start.")
    say(rights_of_worker())
    run_worker(workshop.settings, workshop.perform, workshop.in_pieces)


def rights_of_worker() -> str:
    """What a worker on this computer could do if something took it over."""
    if can_be_kept():
        return "A worker on this computer can write only in the studio's folders; the system sees to it."
    return (
        "A worker on this computer has all your rights, for the system has no means to take some away (Linux 5.19 or newer with "
        "Landlock has). Everything works; give the studio a user account of its own if others share this computer."
    )


def _tell(job: Job, answer: bool) -> None:
    say(f"{job.kind} {job.target}: {_far(job)}. {job.error or ''}".strip())
    if answer:
        write_json({"job": job})


def _far(job: Job) -> str:
    return f"{job.state} {job.done} of {job.total}" if job.total else job.state
