"""What a person is told of a piece of work: what it is for, how long the queue before it is, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal

import streamlit as st

from ..errors import N_, StudioError
from ..jobs.job import Job, State
from .account import guarded, present
from .desk import workshop
from .language import _, n_
from .running import doing
from .text import plain

STATES: dict[State, tuple[str, Literal["gray", "orange", "green", "red", "blue"], str]] = {
    "waiting": (N_("Waiting"), "gray", "hourglass_empty"),
    "running": (N_("Going on"), "orange", "brush"),
    "paused": (N_("Paused"), "blue", "pause"),
    "done": (N_("Done"), "green", "check"),
    "failed": (N_("Did not work"), "red", "error"),
    "cancelled": (N_("Stopped"), "gray", "stop_circle"),
}
OF_BOOKS = ("draw", "redo", "candidates", "export", "assess", "try", "write")
GONE = {  # what the work was for is not here any more
    "book": N_("A book that was thrown away"),
    "character": N_("A character that was erased"),
    "picture": N_("A picture that was removed"),
    "other": N_("Something that is not here any more"),
}


def about(job: Job) -> tuple[str, bool]:
    """What a person calls the thing that the work is for, and whether it is still here."""
    if guarded() and job.person not in ("", present()):  # which only an administrator is told of
        return _("Work of {person}").format(person=job.person[:6]), True
    if job.kind == "measure":
        return _("This computer"), True
    if job.kind == "picture":
        with suppress(StudioError):  # it was removed meanwhile
            return workshop().piece(job.target).wish.prompt, True
        return _(GONE["picture"]), False
    settings = workshop().settings
    name = _names(str(settings.home), settings.database_url).get(job.target)
    if name is not None:
        return name or _("Untitled"), True
    if job.kind == "import":  # a file that waits in the folder of the models
        return job.target, True
    if job.kind == "unpack":
        return _("A book from another computer"), True
    kind = "book" if job.kind in OF_BOOKS else "character" if job.kind in ("train", "portraits") else "other"
    return _(GONE[kind]), False


def before(job: Job, live: Sequence[Job]) -> int:
    """How many other pieces of work come first: people take turns, each with their oldest."""
    waiting = sorted((one for one in live if one.state == "waiting"), key=lambda one: (one.created, one.id))
    turns: dict[str, int] = {}
    ranked = []
    for one in waiting:
        turns[one.person] = turns.get(one.person, 0) + 1
        ranked.append((turns[one.person], one.created, one.id))
    mine = next((rank for rank in ranked if rank[2] == job.id), None)
    running = sum(one.state == "running" for one in live)
    return running + sum(rank < mine for rank in ranked) if mine else 0


def queued(job: Job, live: Sequence[Job]) -> str:
    """'Next in line', or how many come first."""
    ahead = before(job, live)
    return n_("Waiting, {count} comes first", "Waiting, {count} come first", ahead) if ahead else _("Next in line")


def chronicle(job: Job) -> Iterator[str]:
    """What happened to the job, one line after the other, as far as it is known."""
    yield _said(job.created, _("Asked for."))
    if job.machine:  # who stopped work has lost when it began
        yield _said(job.began, _("Began on {machine}.").format(machine=plain(job.machine)))
    elif job.began:
        yield _said(job.began, _("Began."))
    if job.total and job.state != "done":
        yield doing(job.kind, job.done, job.total) + "."
    ends = {
        "waiting": _("Waits for its turn.") if not job.began else "",
        "running": _("Goes on now."),
        "paused": _("Paused, as you asked. What was finished is kept."),
        "done": _("Done."),
        "failed": _("Did not work. What was finished is kept."),
        "cancelled": _("Stopped, as you asked. What was finished is kept."),
    }
    if ends[job.state]:
        yield _said(job.ended if job.over else "", ends[job.state])


def moment(iso: str) -> str:
    """A time of today as hour and minute, any other with its day."""
    if not iso:
        return ""
    when = datetime.fromisoformat(iso).astimezone()
    return f"{when:%H:%M}" if when.date() == datetime.now(when.tzinfo).date() else f"{when:%d.%m. %H:%M}"


def _said(iso: str, words: str) -> str:
    return f"{moment(iso)} · {words}" if iso else words


@st.cache_data(ttl=5, show_spinner=False)
def _names(home: str, database_url: str) -> dict[str, str]:
    """The titles of everything that work may be for, by id; looked up for all windows at once. What it is given keeps the
    studios of one process apart."""
    studio = workshop()
    named = {model.key: model.title for model, _here in studio.models()}
    named |= {one.id: one.title for one in studio.experiments()}
    named |= {card.id: card.title for card in studio.styles()} | {one.id: one.title for one in studio.datasets()}
    return named | {book.id: book.title for book in studio.books()} | {one.id: one.name for one in studio.characters()}
