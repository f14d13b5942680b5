"""One page large: its picture and others to choose from, the page as it prints, its words, wishes for it, and everything that
can be changed."""

from __future__ import annotations

import streamlit as st

from ..publishing.book import Book
from ..workshop.easel import PageState
from .arrival import arrive
from .candidates import PAINT, paint_button, paint_choices, paint_desk, painted, seed_field, strip
from .cards import details
from .desk import friendly, last_job, live_job, workshop
from .language import _
from .layouts import printed_page
from .measures import measured, page_measures
from .page_editor import follow, prompt_lines, scene_fields, words_field
from .provenance import drawn_again
from .running import running, waiting_without_worker
from .spreads import OPEN, WORK, drawn_or_not, remarks
from .stages import stages_field
from .undo import undo_button
from .wishes import wish_field

LAST = "pages_last"  # the number of the page that was open last


def opened(book: Book) -> int:
    """The number of the page that the person opened; 0 for none."""
    number = int(st.session_state.get(OPEN, 0))
    if 0 < number <= len(book.pages):
        st.session_state[LAST] = number
        return number
    return 0


def show_page(book: Book, number: int, busy: bool) -> None:
    """The page, large and ready to change."""
    arrive("page_way", f"{book.id} {number}")
    _way(book, number)
    follow(book)
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        if painted(book, number):
            paint_desk(book, number)
        else:
            _views(book, number, busy)
    with right:
        if painted(book, number):
            paint_choices(book, number)
            return
        words_field(book, number)
        wish_field(book, number, draw=True)
        with st.expander(_("What the picture shows"), key="page_scene", icon=":material/landscape:"):
            scene_fields(book, number)
        stages_field(book, number)
        with details(f"page_{number}"):
            seed_field(book, number)
            prompt_lines(book, number)
            drawn_again(book)


def _views(book: Book, number: int, busy: bool) -> None:
    """The picture alone, and the page as it prints."""
    drawn = workshop().picture(book, number)
    shown = [_("The picture"), *([_("As it prints")] if drawn else [])]
    picture, *page = st.tabs(shown, key=f"page_view_{book.id}_{bool(drawn)}", on_change="rerun")
    with picture:
        st.fragment(_easel, run_every=1 if busy else None)(book.id, number, busy)
    for tab in page:
        with tab, friendly():
            if tab.open:
                printed_page(book, number)


def _way(book: Book, number: int) -> None:
    """Back to all pages, to the one before and after, and undo."""
    with st.container(key="page_way", horizontal=True, vertical_alignment="center"):
        _go(_("All pages"), 0, "grid_view")
        _go(_("Page before"), number - 1, "chevron_left", disabled=number == 1)
        st.markdown("**" + _("Page {number}").format(number=number) + "**", width="content")
        _go(_("Page after"), number + 1, "chevron_right", disabled=number == len(book.pages))
        st.space("stretch")
        undo_button(book, "page_undo")


def came_back(book: Book) -> None:
    """Where the page that was open last lies among the others."""
    number = st.session_state.get(LAST, 0)
    arrive(f"spread_{number}", f"{book.id} all", "center")


def _go(label: str, number: int, icon: str, disabled: bool = False) -> None:
    st.button(
        label,
        key=f"page_go_{icon}",
        type="tertiary",
        icon=f":material/{icon}:",
        on_click=st.session_state.update,
        args=({OPEN: number, PAINT: None},),
        disabled=disabled,
    )


def _easel(book_id: str, number: int, busy: bool) -> None:
    """The picture, what can be done with it, and its candidates. Meant to run as a fragment while `busy`."""
    book, job = workshop().book(book_id), live_job(book_id, *WORK)
    if busy and not job:
        st.rerun()
    if job:
        running(job)
        waiting_without_worker(job)
    state = workshop().page_state(book, number)
    with st.container(key="page_picture"):
        drawn_or_not(book, number, job, state, last_job(book_id, *WORK), workshop().picture(book, number))
    if workshop().picture(book, number):
        remarks(book, book.pages[number - 1], state)
        page_measures(book, number, measured(book), bool(job), large=True)
    if not job:
        _next(book, number, state)
    strip(book, number, job)


def _next(book: Book, number: int, state: PageState) -> None:
    """What can be done with the picture now; the filled button is what most people want."""
    with st.container(key="page_next", horizontal=True, vertical_alignment="center"):
        if state == "drawn":
            _ask(_("Draw four more"), "page_more", "add_photo_alternate", book, number, many=True, main=True)
            paint_button(book, number)
        else:
            label = _("Draw this page") if state == "missing" else _("Draw it as it is now")
            _ask(label, "page_draw", "brush", book, number, many=False, main=True)
            _ask(_("Draw four to choose from"), "page_more", "add_photo_alternate", book, number, many=True, main=False)


def _ask(label: str, key: str, icon: str, book: Book, number: int, *, many: bool, main: bool) -> None:
    if st.button(label, key=key, type="primary" if main else "secondary", icon=f":material/{icon}:"):
        with friendly():
            if many:
                workshop().submit_candidates(book.id, number)
            else:
                workshop().submit_redo(book.id, number, keep_seed=True)
            st.rerun()
