"""Who stands where: frames over a page's picture, one for each figure, where there are several heroes to keep apart."""

from __future__ import annotations

import streamlit as st

from ..publishing.book import Book
from .boxes import figure_boxes
from .desk import friendly, workshop
from .language import _
from .scene import told


def stages_field(book: Book, number: int) -> None:
    """The frames, saved as soon as one was moved; nothing on a page with one hero or none."""
    boxes = workshop().stages(book, number)
    if not boxes:
        return
    with st.expander(_("Who stands where"), key="page_stages", icon=":material/groups:"):
        st.caption(
            _("Each character is drawn in their own frame and nowhere else. Move the frames, then draw the page.")
        )
        picture = workshop().picture(book, number)
        moved = figure_boxes(
            boxes,
            f"stages_{book.id}_{number}",
            picture.read_bytes() if picture else b"",
            told(book.pages[number - 1].scene),
        )
        own = bool(book.pages[number - 1].boxes)
        proposed = own and st.button(_("As proposed"), key="page_stages_proposed", icon=":material/restart_alt:")
        if moved or proposed:
            with friendly():
                workshop().place_heroes(book.id, number, moved or ())
                st.rerun()
