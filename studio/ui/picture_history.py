"""All free pictures as a strip, the newest first; each one click from being looked at again."""

from __future__ import annotations

import streamlit as st

from ..library.gallery import Piece
from .cards import art
from .desk import workshop
from .language import _
from .picture_form import OPEN
from .picture_result import CHOSEN
from .text import plain

AT_ONCE = 16
SHOWN = 24  # letters of a prompt


def history() -> None:
    """The strip; nothing before there are two."""
    count = len(workshop().piece_ids())
    if count < 2:
        return
    st.subheader(_("Drawn before"))
    page = st.pagination(-(-count // AT_ONCE), key="picture_page") if count > AT_ONCE else 1
    with st.grid(8, min_column_width=96, gap="xsmall", key="picture_history"):
        for piece in workshop().pieces((page - 1) * AT_ONCE, AT_ONCE):
            _past(piece)


def _past(piece: Piece) -> None:
    mark = "chosen" if st.session_state.get(OPEN) == piece.id else "open"
    with st.container(key=f"picture_past_{piece.id}_{mark}_tile"):
        small = workshop().small_picture(piece.id, piece.sheet or piece.shots[0].file) if piece.shots else None
        if small:
            st.image(str(small), alt="", width="stretch")
        else:
            art("blank")
        st.button(
            plain(_short(piece.wish.prompt)) or _("Without words"),
            key=f"picture_open_{piece.id}",
            type="tertiary",
            help=plain(piece.wish.prompt),
            on_click=st.session_state.update,
            args=({OPEN: piece.id, CHOSEN: ""},),
            width="stretch",
        )


def _short(prompt: str) -> str:
    return prompt if len(prompt) <= SHOWN else prompt[:SHOWN].rstrip() + "…"
