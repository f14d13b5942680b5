"""The list of all work: what runs, what waits, what is done."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Literal

import streamlit as st

from ..errors import N_, StudioError
from ..jobs.job import Job, State
from .desk import LIVE, friendly, say_error, workshop
from .language import _
from .running import doing
from .text import plain

STATES: dict[State, tuple[str, Literal["gray", "orange", "green", "red"], str]] = {
    "waiting": (N_("Waiting"), "gray", "hourglass_empty"),
    "running": (N_("Going on"), "orange", "brush"),
    "done": (N_("Done"), "green", "check"),
    "failed": (N_("Did not work"), "red", "error"),
    "cancelled": (N_("Stopped"), "gray", "pause"),
}


def _names() -> dict[str, str]:
    """What a person calls the things that work is done for, by id."""
    studio = workshop()
    named = {model.key: model.title for model, _here in studio.models()}
    named |= {card.id: card.title for card in studio.styles()} | {one.id: one.title for one in studio.datasets()}
    return named | {book.id: book.title for book in studio.books()} | {one.id: one.name for one in studio.characters()}


def _wished(job: Job) -> dict[str, str]:
    """The words of a free picture by its id."""
    with suppress(StudioError):  # it was removed meanwhile
        return {job.target: workshop().piece(job.target).wish.prompt} if job.kind == "picture" else {}
    return {}


def work_list() -> None:
    """One card per piece of work, newest first."""
    names = _names()
    for job in workshop().jobs():
        names |= _wished(job)
        with st.container(key=f"jobs_{job.id}_card", horizontal=True, vertical_alignment="center"):
            words, colour, icon = STATES[job.state]
            st.badge(_(words), color=colour, icon=f":material/{icon}:")
            when = datetime.fromisoformat(job.created).astimezone()
            what = doing(job.kind, 0, 0) if job.state == "done" else doing(job.kind, job.done, job.total)
            about = plain(names.get(job.target, job.target))
            st.markdown(f"**{about}** · {what} · {when:%d.%m. %H:%M}", width="stretch")
            if job.state in LIVE and st.button(_("Cancel"), key=f"jobs_cancel_{job.id}", icon=":material/close:"):
                with friendly():
                    workshop().cancel(job.id)
                    st.rerun()
        if job.error:
            say_error(job.error)
