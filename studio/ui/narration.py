"""Reading the book aloud for the e-reader, page by page; where nobody read, the voice of this computer does."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ..publishing.book import Book
from .desk import friendly, workshop
from .destinations import Destination
from .language import _

VOICED = "reader"  # the destination that has a voice


def narration(book: Book, place: Destination) -> None:
    """A page to read, and the recordings there are; nothing for a destination without a voice."""
    if place.id != VOICED:
        return
    with st.expander(_("Read it yourself"), key="print_voices", icon=":material/mic:", on_change="rerun") as shown:
        if shown.open:
            st.fragment(_desk)(book.id)


def _desk(book_id: str) -> None:
    book = workshop().book(book_id)
    read = workshop().recordings(book)
    told = _("{count} of {all} pages have your voice.").format(count=len(read), all=len(book.pages))
    rest = _("The computer reads where you did not.") if workshop().has_voice() else _("The others stay silent.")
    st.caption(f"{told} {rest}")
    number = st.pills(
        _("Which page?"),
        range(1, len(book.pages) + 1),
        default=1,
        required=True,
        format_func=lambda page: f":material/mic: {page}" if page in read else str(page),
        key=f"print_voice_page_{book_id}",
    )
    st.text(book.pages[number - 1].scene.text)
    _recorder(book, number, read.get(number))


def _recorder(book: Book, number: int, file: Path | None) -> None:
    """The microphone, and what was recorded before."""
    key = f"print_voice_{book.id}_{number}"
    st.audio_input(
        _("Read page {number} aloud").format(number=number), key=key, on_change=_keep, args=(book.id, number, key)
    )
    if file:
        st.audio(file.read_bytes(), format="audio/mpeg")
        st.button(
            _("Let go of this recording"),
            key=f"print_voice_drop_{number}",
            type="tertiary",
            icon=":material/delete:",
            on_click=workshop().drop_recording,
            args=(book.id, number),
        )


def _keep(book_id: str, number: int, key: str) -> None:
    if sound := st.session_state[key]:
        with friendly():
            workshop().keep_recording(book_id, number, sound.getvalue())
