"""The front desk as the screens see it: one Workshop per home, the book at hand, and errors shown kindly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import streamlit as st

from ..errors import NoDatabase, NotFound, StudioError
from ..jobs.job import Job
from ..publishing.book import Book
from ..settings import Settings, load_settings
from ..workshop import Workshop
from .account import guarded, present
from .language import _, language
from .text import plain

LIVE = ("waiting", "running")


def workshop() -> Workshop:
    """The Workshop of this home, made once per process; where people sign in, that of the home of whoever uses this browser.
    Raises NotAllowed for who has signed out or was let go."""
    settings = load_settings()
    shared = _workshop(str(settings.home), settings.database_url)
    return shared.of(present()) if guarded() else shared


@cache  # Streamlit's own cache looks at the function's signature at each call: a tenth of the work of the web process
def _workshop(home: str, database_url: str) -> Workshop:
    return Workshop(Settings(home=Path(home), database_url=database_url))


@contextmanager
def friendly() -> Iterator[None]:
    """Shows what a person can mend as one sentence in place; everything else passes."""
    try:
        yield
    except StudioError as error:
        say_error(error)


def told(error: Exception) -> bool:
    """Says what a person can mend in one sentence, wherever on a screen it happened, in a button's own deed too; else False."""
    if isinstance(error, StudioError):
        say_error(error)
    return isinstance(error, StudioError)


def say_error(error: StudioError) -> None:
    """One sentence in the person's language, in place."""
    st.error(plain(error.said(_)), icon=":material/error:")


def hold(book_id: str) -> None:
    """Makes this book the one at hand; an empty id begins with none."""
    st.session_state["book"] = book_id


def book_at_hand() -> Book | None:
    """The book that the person opened last in this visit, else the newest one; none when there is none."""
    held = st.session_state.get("book")
    if held == "":
        return None
    if held:
        with suppress(NotFound):  # thrown away meanwhile
            return workshop().book(held)
    return next(iter(workshop().books()), None)


def live_job(target: str, *kinds: str) -> Job | None:
    """The work that waits or runs for this book or character."""
    return next((job for job in jobs_of(target, *kinds) if job.state in LIVE), None)


def last_job(target: str, *kinds: str) -> Job | None:
    """The newest work asked for this book or character, whatever became of it."""
    return next(iter(jobs_of(target, *kinds)), None)


def jobs_of(target: str, *kinds: str) -> tuple[Job, ...]:
    """All known work for this book or character, newest first."""
    return tuple(job for job in known_jobs() if job.target == target and job.kind in (kinds or (job.kind,)))


def known_jobs() -> tuple[Job, ...]:
    """The jobs that are not over, then what was lately; none while their database is away, which the side bar tells."""
    with suppress(NoDatabase):
        studio = workshop()
        return tuple({job.id: job for job in (*studio.live_jobs(), *studio.jobs())}.values())
    return ()


def begin_sample() -> None:
    """Begins the sample book in the person's language and asks for its pictures."""
    book = workshop().begin_book(workshop().sample_story(language()))
    hold(book.id)
    workshop().submit_drawing(book.id)
