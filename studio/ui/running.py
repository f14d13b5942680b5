"""Work on its way, in the person's units, with the time left and a way to stop it; and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from ..jobs.job import Job
from .desk import friendly, say_error, workshop
from .language import _
from .text import minutes_left


def doing(kind: str, done: int, total: int) -> str:
    """What is going on and how far it is: 'Drawing the pages, 3 of 8'."""
    if kind == "train":
        what, far = _("Getting to know the character"), f"{100 * done // max(total, 1)} %"
    elif kind == "export":
        what, far = _("Making the file"), f"{100 * done // max(total, 1)} %"
    else:
        what = _("Drawing the pages") if kind == "draw" else _("Drawing the page again")
        far = _("{done} of {total}").format(done=done, total=total)
    return f"{what}, {far}" if total else what


def running(job: Job) -> None:
    """The bar of work that waits or runs, and its cancel button."""
    with st.container(key=f"running_{job.kind}", horizontal=True, vertical_alignment="center"):
        st.progress(min(job.done / max(job.total, 1), 1.0), text=_words(job))
        if st.button(_("Cancel"), key=f"running_cancel_{job.kind}", icon=":material/close:"):
            with friendly():
                workshop().cancel(job.id)
                st.rerun()


def outcome(job: Job | None) -> None:
    """What a person must know of work that ended badly; nothing when it went well."""
    if job and job.error:
        say_error(job.error)
    if job and job.state == "cancelled":
        st.info(_("Stopped, as you asked. What was finished is kept."), icon=":material/pause_circle:")


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
    words = doing(job.kind, job.done, job.total)
    if job.done and job.total:
        since = (datetime.now(UTC) - datetime.fromisoformat(job.created)).total_seconds()
        words += f" · {minutes_left(since / job.done * (job.total - job.done))}"
    return words
