"""The pages as spreads, picture beside words: drawn, being drawn, not drawn, out of date, or given up."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ..jobs.job import Job
from ..library.held import REASON
from ..publishing.book import Book, Page
from ..workshop.easel import PageState
from ..workshop.hearing import page_remarks
from .cards import art
from .desk import friendly, last_job, live_job, workshop
from .language import _
from .measures import measured, page_measures
from .running import running, waiting_without_worker
from .scene import told
from .text import plain

LOOK_S = 1.5  # while pages are drawn; each look shows all spreads
OPEN = "pages_open"  # the number of the page that is open large
WORK = ("draw", "redo", "candidates", "write")  # that changes pages


def spreads(book_id: str, busy: bool) -> None:
    """All spreads of a book, and the bar of the work on it. Meant to run as a fragment while `busy`."""
    book, job = workshop().book(book_id), live_job(book_id, *WORK)
    if busy and not job:
        st.rerun()
    if job:
        running(job)
        waiting_without_worker(job)
    states, last, worth = workshop().page_states(book), last_job(book_id, *WORK), measured(book)
    held = workshop().held_pages(book)
    with st.grid(2, min_column_width=400, gap="medium", key="pages_spreads"):
        for number, page in enumerate(book.pages, 1):
            with st.container(key=f"spread_{number}"):
                with st.container(key=f"leaf_picture_{number}"):
                    picture = workshop().thumbnail(book, number)
                    if number in held and not picture and not job:
                        _held(book, number)
                    else:
                        drawn_or_not(book, number, job, states[number - 1], last, picture)
                    if picture:
                        remarks(book, page)
                        page_measures(book, number, worth, bool(job))
                _words(book, number, page, job, states[number - 1])


def drawn_or_not(
    book: Book, number: int, job: Job | None, state: PageState, last: Job | None, picture: Path | None
) -> None:
    """The picture of a page, as far as it is; where there is none, why."""
    unfinished = workshop().preview(book, number) if job and job.kind in ("draw", "redo") else None
    if unfinished:
        st.image(str(unfinished), alt=_("Being drawn"), width="stretch")
    elif picture:
        st.image(str(picture), alt=told(book.pages[number - 1].scene), width="stretch")
    elif job and job.kind == "draw":
        st.skeleton(height=220)
    elif last and last.error and state == "missing":
        _given_up(book, number)
    else:
        art("blank", alt=_("Not drawn yet"))


def _held(book: Book, number: int) -> None:
    """A page whose picture was held back: why, and a way on."""
    with st.container(key=f"leaf_withheld_{number}", horizontal_alignment="center"):
        art("blank", alt=_("This picture was held back."))
        st.markdown(_(REASON))
        if st.button(_("Try again with another seed"), key=f"pages_other_seed_{number}", icon=":material/casino:"):
            with friendly():
                workshop().submit_redo(book.id, number)
                st.rerun()


def _given_up(book: Book, number: int) -> None:
    """A page of which no picture came, however it was tried: it cannot be printed, and another seed may help."""
    with st.container(key=f"leaf_held_{number}", horizontal_alignment="center"):
        art("blank", alt=_("This page could not be drawn."))
        st.markdown(_("This page could not be drawn."))
        if st.button(_("Try it another way"), key=f"pages_otherwise_{number}", icon=":material/casino:"):
            with friendly():
                workshop().submit_redo(book.id, number)
                st.rerun()


def remarks(book: Book, page: Page, state: PageState = "drawn") -> None:
    """What did not come into the picture, quietly, and whether the page asks for another by now."""
    if state == "out of date":
        st.caption(":material/history: " + _("Changed after it was drawn: keep it, or draw again"))
    for remark in page_remarks(page, book.look.model):
        st.caption(plain(remark.said(_)))


def _words(book: Book, number: int, page: Page, job: Job | None, state: PageState) -> None:
    with st.container(key=f"leaf_words_{number}"):
        st.text(page.scene.text)
        if state == "out of date":
            st.caption(":material/history: " + _("Changed after it was drawn: keep it, or draw again"))
        with st.container(key=f"leaf_foot_{number}", horizontal=True, vertical_alignment="center"):
            st.caption(str(number), width="content")
            st.space("stretch")
            if page.picture and st.button(
                _("Draw page {number} again").format(number=number),
                key=f"pages_redo_{number}",
                type="tertiary",
                icon=":material/refresh:",
                disabled=bool(job),
            ):
                with friendly():
                    workshop().submit_redo(book.id, number)
                    st.rerun()
            if st.button(
                _("Open page {number}").format(number=number),
                key=f"pages_open_{number}",
                type="tertiary",
                icon=":material/open_in_full:",
            ):
                st.session_state[OPEN] = number
                st.rerun()
