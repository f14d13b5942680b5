"""The pages as spreads, picture beside words: drawn, being drawn, not drawn, out of date; and one page large."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from ..jobs.job import Job
from ..publishing.book import Book, Page
from ..story.wording import split_colour
from ..workshop.hearing import page_remarks
from .cards import art, details
from .desk import friendly, live_job, workshop
from .language import _
from .running import running, waiting_without_worker
from .scene import CHOICES, told, word
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
        _field("text_area", book, number, "text", _("Words on this page"), page.scene.text, height=150)
        if st.button(_("Draw this page again"), key="page_redo", type="primary", icon=":material/brush:"):
            with friendly():
                workshop().submit_redo(book.id, number)
                _close()
                st.rerun()
        with st.expander(_("What the picture shows"), key="page_scene", icon=":material/landscape:"):
            _scene_fields(book, number, page)
        with details("page"):
            st.text(page.prompt.positive)
            st.caption(_("Seed {seed}").format(seed=page.seed))


def _scene_fields(book: Book, number: int, page: Page) -> None:
    names = [role.name for role in book.cast.roles]
    _field(
        "multiselect",
        book,
        number,
        "who",
        _("Who"),
        [one for one in page.scene.who if one in names],
        options=names,
        placeholder=_("Nobody"),
    )
    labels = {
        "action": _("Does what"),
        "place": _("Where"),
        "time": _("When"),
        "weather": _("Weather"),
        "mood": _("Mood"),
    }
    if len(page.scene.who) == 2:
        labels["relation"] = _("How they are together")
    for field, label in labels.items():
        _choice(book, number, field, label, field, getattr(page.scene, field))
    _choice(book, number, "things", _("With what"), "thing", next(iter(page.scene.things), "none"))


def _choice(book: Book, number: int, field: str, label: str, of: str, value: str) -> None:
    """One of the world's words of a kind; "red kite", a thing with the colour that the story gave it, is one more."""
    options = CHOICES[of]
    if of == "thing" and split_colour(value)[1] in options:
        options = tuple(dict.fromkeys((*options, value)))
    at = options.index(value) if value in options else 0
    _field("selectbox", book, number, field, label, at, options=options, format_func=partial(word, of))


def _field(widget: str, book: Book, number: int, field: str, label: str, value: Any, **options: Any) -> None:
    """One field of the page, saved as soon as it changes."""
    given = {"text_area": "value", "multiselect": "default", "selectbox": "index"}[widget]
    key = f"page_{field}_{book.id}_{number}"
    getattr(st, widget)(
        label, key=key, on_change=_save, args=(book.id, number, field, key), **{given: value}, **options
    )


def _save(book_id: str, number: int, field: str, key: str) -> None:
    value = st.session_state[key]
    if field == "things":
        value = () if value == "none" else (value,)
    with friendly():
        workshop().edit_page(book_id, number, **{field: tuple(value) if field == "who" else value})
