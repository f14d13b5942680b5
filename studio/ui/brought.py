"""A book that comes from another computer in one file."""

from __future__ import annotations

from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import streamlit as st

from ..progress import finish
from ..workshop import Workshop
from ..workshop.moving import Arrived
from .desk import friendly, hold, say_error, workshop
from .language import _
from .text import plain

CAME = "bookshelf_came"  # the book that came last, and what is otherwise here than it was there
MOST_MB = 500


def bring_book() -> None:
    """Where its file is given, and what was found when it came."""
    if arrived := st.session_state.pop(CAME, None):
        st.success(
            _("“{title}” is on the shelf.").format(title=plain(arrived.book.title)), icon=":material/check_circle:"
        )
        for remark in arrived.remarks:
            say_error(remark)
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
                st.rerun()


def _take_in(name: str, raw: bytes) -> None:
    st.session_state[CAME] = arrived = unpacked(workshop(), name, raw)
    hold(arrived.book.id)


def unpacked(workshop: Workshop, name: str, raw: bytes) -> Arrived:
    """The book of a file that was dropped. Raises what `import_archive` raises."""
    # A browser may call a file anything: with a zero in it, or longer than a disk takes
    shown = "".join(letter for letter in PurePath(name).name if letter.isprintable())[-60:]
    with TemporaryDirectory() as room:
        path = Path(room) / (shown if shown.strip(". ") else "book.storybook")
        path.write_bytes(raw)
        return finish(workshop.import_archive(path))
