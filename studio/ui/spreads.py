"""The pages as spreads, picture beside words: drawn, being drawn, not drawn, out of date; and one page large."""

from __future__ import annotations

import streamlit as st

from ..jobs.job import Job
from ..publishing.book import Book, Page
from ..workshop.hearing import page_remarks
from .cards import art
from .desk import friendly, live_job, workshop
from .language import _
from .page_editor import follow, prompt_told, scene_fields, words_field
from .running import running, waiting_without_worker
from .scene import told
from .text import plain

OPEN = "pages_open"


def spreads(book_id: str, busy: bool) -> None:
    """All spreads of a book, and the bar of the work on it. Meant to run as a fragment while `busy`."""
    book, job = workshop().book(book_id), live_job(book_id, "draw", "redo")
    if busy and not job:
        st.rerun()
    if job:
        running(job)
        waiting_without_worker(job)
    states = workshop().page_states(book)
    with st.grid(2, min_column_width=400, gap="medium", key="pages_spreads"):
        for number, page in enumerate(book.pages, 1):
            with st.container(key=f"spread_{number}"):
                _picture(book, number, page, job)
                _words(book, number, page, job, states[number - 1] == "out of date")


def _picture(book: Book, number: int, page: Page, job: Job | None) -> None:
    with st.container(key=f"leaf_picture_{number}"):
        picture = workshop().thumbnail(book, number)
        if picture:
            st.image(str(picture), alt=told(page.scene), width="stretch")
            _remarks(book, page)
        elif job and job.kind == "draw":
            st.skeleton(height=220)
        else:
            art("blank", alt=_("Not drawn yet"))


def _remarks(book: Book, page: Page) -> None:
    """What did not come into the picture, quietly."""
    for remark in page_remarks(page, book.look.model):
        st.caption(plain(remark.said(_)))


def _words(book: Book, number: int, page: Page, job: Job | None, stale: bool) -> None:
    with st.container(key=f"leaf_words_{number}"):
        st.text(page.scene.text)
        if stale:
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


def open_page(book: Book) -> None:
    """Shows the page that the person opened, large and ready to change; nothing when none is open."""
    number = st.session_state.get(OPEN, 0)
    if 0 < number <= len(book.pages):
        title = _("Page {number}").format(number=number)
        st.dialog(title, width="large", on_dismiss=_close)(_large)(book, number)


def _close() -> None:
    st.session_state[OPEN] = 0


def _large(book: Book, number: int) -> None:
    book = workshop().book(book.id)  # a dialog runs again alone, with the book as it was when it opened
    follow(book)
    page = book.pages[number - 1]
    left, right = st.columns(2, gap="medium")
    with left:
        picture = workshop().picture(book, number)
        if picture:
            st.image(str(picture), alt=told(page.scene), width="stretch")
            _remarks(book, page)
        else:
            art("blank", alt=_("Not drawn yet"))
    with right:
        words_field(book, number)
        if st.button(_("Draw this page again"), key="page_redo", type="primary", icon=":material/brush:"):
            with friendly():
                workshop().submit_redo(book.id, number)
                _close()
                st.rerun()
        with st.expander(_("What the picture shows"), key="page_scene", icon=":material/landscape:"):
            scene_fields(book, number)
        prompt_told(book, number)
