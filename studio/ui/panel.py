"""A quiet line at the foot of the side bar: what the studio does now. Opened, it shows the work, and how to stop it."""

from __future__ import annotations

import streamlit as st

from ..jobs.job import Job, WorkerState
from .chronicle import about, queued
from .desk import friendly, workshop
from .language import _
from .running import doing, progress
from .text import plain
from .work import go_on, stop_buttons

MOST = 3  # pieces of work that are shown
LATELY = 6  # newest jobs among which a paused one is looked for


@friendly()
def panel() -> None:
    """The line and what is behind it. Meant to run as a fragment every two seconds."""
    workers = workshop().workers()
    busy = next((one for one in workers if one.kind), None)
    with st.container(key="frame_panel", horizontal=True, vertical_alignment="center", gap=None):
        st.caption(_line(workers, busy), width="stretch")
        # Its label stays: with another one Streamlit closes what is open.
        opened = st.popover(_("Show"), key="frame_panel_open", type="tertiary", on_change="rerun")
        with opened:
            if opened.open:
                _opened()


def _line(workers: tuple[WorkerState, ...], busy: WorkerState | None) -> str:
    if not workers:
        return ":material/power_off: " + _("Drawing is stopped. Start the studio again with launch.py.")
    if not busy:
        return ":material/bedtime: " + _("Resting")
    line = f":material/brush: {doing(busy.kind, busy.done, busy.total)}"
    more = sum(bool(one.kind) for one in workers) - 1
    return f"{line} · +{more}" if more else line


def _opened() -> None:
    live = workshop().live_jobs()
    running = [job for job in live if job.state == "running"]
    waiting = sorted((job for job in live if job.state == "waiting"), key=lambda job: (job.created, job.id))
    for job in [*running, *waiting][:MOST]:
        _row(job)
        if job.state == "running":
            progress(job)
        else:
            st.caption(queued(job, workshop().line()))
    if len(live) > MOST:
        st.caption(_("And {count} more.").format(count=len(live) - MOST))
    for job in workshop().jobs(LATELY):
        if job.state == "paused" and about(job)[1]:
            _row(job)
    if not live:
        st.caption(_("Nothing is being made at the moment."))
    st.page_link("../pages/jobs.py", label=_("All jobs"), icon=":material/pending_actions:")


def _row(job: Job) -> None:
    """What the work is for, and the buttons."""
    with st.container(key=f"panel_{job.id}", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(about(job)[0])}**", width="stretch")
        if job.state == "paused":
            go_on(job, "panel")
        else:
            stop_buttons(job, "panel")
