"""Work on its way, in the person's units, with the time left and a way to stop it; and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

import streamlit as st

from ..errors import N_
from ..jobs.job import Job
from .desk import friendly, last_job, live_job, say_error, workshop
from .language import _
from .text import minutes_left, size

DRAWING = {
    "draw": N_("Drawing the pages"),
    "redo": N_("Drawing the page again"),
    "candidates": N_("Drawing pictures to choose from"),
    "portraits": N_("Drawing the portraits"),
    "picture": N_("Drawing the picture"),
    "assess": N_("Measuring the pictures"),
    "try": N_("Trying strengths"),
    "bring": N_("Looking at the style"),
    "prepare": N_("Looking at the pictures"),
    "tryout": N_("Trying it out"),
    "lab": N_("Working in the lab"),
    "write": N_("Writing the pages"),
    "download": N_("Downloading the model"),
    "import": N_("Taking the model in"),
    "unpack": N_("Unpacking the book"),
}
OTHERWISE = N_("At work")
MB = 1_000_000


def doing(kind: str, done: int, total: int) -> str:
    """What is going on and how far it is: 'Drawing the pages, 3 of 8'."""
    if kind == "measure":
        return _("Getting to know this computer")
    if kind == "train":
        return _teaching(done, total)
    if kind == "fit":
        what, far = _("Learning from the pictures"), f"{100 * done // max(total, 1)} %"
    elif kind == "export":
        what, far = _("Making the file"), f"{100 * done // max(total, 1)} %"
    elif kind == "picture":  # its total are parts of all the work
        what, far = _(DRAWING[kind]), f"{100 * done // max(total, 1)} %"
    elif kind == "download":  # megabytes
        what, far = _(DRAWING[kind]), _("{done} of {total}").format(done=size(done * MB), total=size(total * MB))
    else:
        what, far = _(DRAWING.get(kind, OTHERWISE)), _("{done} of {total}").format(done=done, total=total)
    return f"{what}, {far}" if total else what


def _teaching(done: int, total: int) -> str:
    """A teaching begins with the photos and ends with the portraits, while its bar stands still."""
    if total and not done:
        return _("Looking at the photos")
    if total and done >= total:
        return _("Drawing the portraits")
    what = _("Getting to know the character")
    return f"{what}, {100 * done // total} %" if total else what


def running(job: Job, stop: str = "", icon: str = "close") -> None:
    """The bar of work that waits or runs, and the button that stops it, which says Cancel or `stop`."""
    name = f"{job.kind}_{job.target}" if job.kind == "download" else job.kind  # several may come at once
    with st.container(key=f"running_{name}", horizontal=True, vertical_alignment="center"):
        progress(job)
        if st.button(stop or _("Cancel"), key=f"running_cancel_{name}", icon=f":material/{icon}:"):
            with friendly():
                workshop().cancel(job.id)
                st.rerun()


def progress(job: Job) -> None:
    """The bar alone, with how far the work is and how long it will still take."""
    st.progress(min(job.done / max(job.total, 1), 1.0), text=_words(job))


def at_work(target: str, kind: str, busy: bool) -> bool:
    """Shows the bar of such work for the target, and whether there is any; else what became of the last. A fragment that began
    while there was some (`busy`) draws the whole screen anew when it is over."""
    job = live_job(target, kind)
    if busy and not job:
        st.rerun(scope="app")
    if not job:
        outcome(last_job(target, kind))
        return False
    running(job)
    waiting_without_worker(job)
    return True


def outcome(job: Job | None) -> None:
    """What a person must know of work that ended badly; nothing when it went well."""
    if job and job.error:
        say_error(job.error)
    if job and job.state == "cancelled":
        st.info(_("Stopped, as you asked. What was finished is kept."), icon=":material/pause_circle:")
    if job and job.state == "paused":
        st.info(_("Paused, as you asked. What was finished is kept."), icon=":material/pause_circle:")
        if st.button(_("Carry on"), key=f"running_resume_{job.id}", icon=":material/play_arrow:"):
            with friendly():
                workshop().resume(job.id)
                st.rerun()


def waiting_without_worker(job: Job | None) -> None:
    """Says why nothing moves when work waits and nobody is there to do it."""
    if job and job.state == "waiting" and not workshop().worker_alive():
        st.warning(
            _("Nobody is drawing at the moment. Start the studio again with launch.py; this work then goes on."),
            icon=":material/bedtime:",
        )


def _words(job: Job) -> str:
    if job.state == "waiting":
        return _("Waiting for its turn")
    words, left = doing(job.kind, job.done, job.total), _seconds_left(job)
    return words if left is None else f"{words} · {minutes_left(left)}"


def _seconds_left(job: Job) -> float | None:
    """Told from how fast it went so far; nothing before that can be known.

    A teaching is watched from where it was first seen, because it prepares for long and may go on from its middle.
    """
    if not job.done or job.done >= job.total:
        return None
    first, since = 0, (datetime.now(UTC) - datetime.fromisoformat(job.began or job.created)).total_seconds()
    if job.kind in ("train", "fit", "download"):
        first, seen = st.session_state.setdefault(f"running_seen_{job.id}", (job.done, monotonic()))
        since = monotonic() - seen
    return since / (job.done - first) * (job.total - job.done) if job.done > first else None
