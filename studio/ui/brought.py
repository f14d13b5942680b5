"""A book that comes from another computer in one file."""

from __future__ import annotations

import streamlit as st

from .desk import friendly, hold, live_job, say_error, workshop
from .language import _
from .running import at_work
from .text import plain

CAME = "bookshelf_came"  # what was dropped last, until its book stands on the shelf
MOST_MB = 500


def bring_book() -> None:
    """Where its file is given, how far the worker is with it, and what was found when it came."""
    _told()
    with st.expander(_("Bring a book from another computer"), key="bookshelf_bring", icon=":material/move_to_inbox:"):
        file = st.file_uploader(
            _("Its file, which ends in .storybook"), ["storybook"], key="bookshelf_bring_file", max_upload_size=MOST_MB
        )
        pressed = st.button(
            _("Put it on the shelf"), key="bookshelf_bring_now", icon=":material/library_add:", disabled=file is None
        )
        if pressed and file:
            with friendly():
                _take_in(file.name, file.getvalue())
        if id := st.session_state.get(CAME):
            busy = bool(live_job(id, "unpack"))
            st.fragment(_coming, run_every=1 if busy else None)(id, busy)


def _told() -> None:
    """Says once that the book has come, and opens it next."""
    id = st.session_state.get(CAME)
    if arrived := workshop().arrived(id) if id else None:
        del st.session_state[CAME]
        hold(arrived.book.id)
        st.success(
            _("“{title}” is on the shelf.").format(title=plain(arrived.book.title)), icon=":material/check_circle:"
        )
        for remark in arrived.remarks:
            say_error(remark)


def _coming(id: str, busy: bool) -> None:
    if not at_work(id, "unpack", busy) and workshop().arrived(id):
        st.rerun(scope="app")


def _take_in(name: str, raw: bytes) -> None:
    st.session_state.pop(CAME, None)
    id = workshop().receive_archive(name, raw)
    workshop().submit_unpacking(id)
    st.session_state[CAME] = id
