"""The list of all work: what runs, what waits, and, page by page, what is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ..jobs.job import Job
from .chronicle import OF_BOOKS, STATES, about, chronicle, moment, queued
from .desk import friendly, hold, say_error, workshop
from .language import _
from .running import doing, progress, waiting_without_worker
from .text import plain

ROWS = 15  # on a page
STEPS = "jobs_pages"  # after how many newer jobs each page began that was turned


@friendly()
def live_work() -> None:
    """What runs and what waits, with how long it takes, and the buttons. Meant to run as a fragment."""
    live, line = workshop().live_jobs(), workshop().line()
    ids = frozenset(job.id for job in live)
    if st.session_state.get("jobs_live", ids) != ids:  # something began or ended: the list below is another
        st.session_state["jobs_live"] = ids
        st.rerun()
    st.session_state["jobs_live"] = ids
    running = [job for job in live if job.state == "running"]
    waiting = sorted((job for job in live if job.state == "waiting"), key=lambda job: (job.created, job.id))
    if running:
        st.subheader(_("Now"), anchor=False)
    for job in running:
        _live(job, line)
    if waiting:
        st.subheader(_("Next"), anchor=False)
        waiting_without_worker(waiting[0])
    for job in waiting[:ROWS]:
        _live(job, line)
    if len(waiting) > ROWS:
        st.caption(_("And {count} more.").format(count=len(waiting) - ROWS))


def work_history() -> None:
    """What is over, newest first."""
    steps: list[int] = st.session_state.setdefault(STEPS, [0])
    rows, older = _page(steps[-1])
    if not rows and len(steps) == 1:
        return
    st.subheader(_("Earlier"), anchor=False)
    shown = st.session_state.get("jobs_live", frozenset())
    for job in rows:
        if job.id not in shown:  # it ended since what is live was drawn, a moment ago
            _over(job)
    with st.container(key="jobs_turn", horizontal=True, horizontal_alignment="center"):
        if len(steps) > 1:
            _turn(_("Newer"), "newer", "chevron_left", steps[:-1])
        if older:
            _turn(_("Older"), "older", "chevron_right", [*steps, older])


def machines() -> None:
    """Which computers are at work, where there is more than one."""
    workers = workshop().workers()
    if len({one.machine for one in workers}) > 1:
        names = sorted({one.machine for one in workers})
        st.caption(":material/computer: " + _("At work: {machines}").format(machines=", ".join(map(plain, names))))


def set_aside() -> None:
    """That a list of jobs was damaged and another begun, while the damaged one is kept."""
    if names := workshop().damaged_lists():
        st.info(
            _(
                "An earlier list of jobs was damaged and a new one begun. Books and pictures are as they were, and what could be "
                "read of the waiting work goes on. The damaged list is kept as {names} and can be deleted."
            ).format(names=", ".join(map(plain, names))),
            icon=":material/healing:",
        )


def go_on(job: Job, key: str) -> None:
    """The button that asks anew for work that is over."""
    words = _("Try again") if job.state == "failed" else _("Carry on")
    icon = "refresh" if job.state == "failed" else "play_arrow"
    _ask(words, f"{key}_resume_{job.id}", icon, workshop().resume, job)


def stop_buttons(job: Job, key: str) -> None:
    """Pause and cancel."""
    with st.container(key=f"{key}_stop_{job.id}", horizontal=True, width="content"):
        _ask(_("Pause"), f"{key}_pause_{job.id}", "pause", workshop().pause, job)
        _ask(_("Cancel"), f"{key}_cancel_{job.id}", "close", workshop().cancel, job)


def _ask(label: str, key: str, icon: str, what: Callable[[str], object], job: Job) -> None:
    if st.button(label, key=key, type="tertiary", icon=f":material/{icon}:"):
        with friendly():
            what(job.id)
            st.rerun()


def _live(job: Job, line: Sequence[Job]) -> None:
    name, _here = about(job)
    with st.container(key=f"jobs_{job.id}_card"):
        with st.container(key=f"jobs_{job.id}_head", horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(name)}**", width="stretch")
            stop_buttons(job, "jobs")
        if job.state == "running":
            progress(job)
            _told(job)
        else:
            told = (doing(job.kind, 0, 0), queued(job, line), moment(job.created))
            st.caption(":material/hourglass_empty: " + " · ".join(told))


def _over(job: Job) -> None:
    name, here = about(job)
    words, colour, icon = STATES[job.state]
    with st.container(key=f"jobs_{job.id}_card"):
        with st.container(key=f"jobs_{job.id}_head", horizontal=True, vertical_alignment="center"):
            st.badge(_(words), color=colour, icon=f":material/{icon}:")
            st.markdown(f"**{plain(name)}** · {doing(job.kind, 0, 0)}", width="stretch")
            if here and job.state in ("paused", "cancelled", "failed"):
                go_on(job, "jobs")
            if here and job.kind in OF_BOOKS and job.state == "done":
                _open(job)
        if job.error:
            say_error(job.error)
        _told(job)


def _open(job: Job) -> None:
    if st.button(_("Open"), key=f"jobs_open_{job.id}", type="tertiary", icon=":material/menu_book:"):
        hold(job.target)
        st.switch_page(f"../pages/{'print' if job.kind == 'export' else 'pages'}.py")


def _told(job: Job) -> None:
    """The log, closed."""
    told = filter(None, (_("What happened"), moment(job.ended or job.created), plain(job.machine)))
    with st.expander(" · ".join(told), key=f"jobs_log_{job.id}", type="compact"):
        st.caption("  \n".join(chronicle(job)))


def _page(offset: int) -> tuple[list[Job], int]:
    """The jobs of a page that are over, and after how many the next begins; 0 when there is none."""
    live = len(workshop().live_jobs())
    found = workshop().jobs(ROWS + live + 1, offset)
    rows: list[Job] = []
    for place, job in enumerate(found):
        if len(rows) == ROWS and job.over:
            return rows, offset + place
        rows += [job] if job.over else []
    return rows, 0


def _turn(label: str, key: str, icon: str, steps: list[int]) -> None:
    st.button(
        label,
        key=f"jobs_{key}",
        type="tertiary",
        icon=f":material/{icon}:",
        on_click=st.session_state.update,
        args=({STEPS: steps},),
    )
