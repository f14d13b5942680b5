"""One button that takes the newest change of a book back, and says which that is."""

from __future__ import annotations

import streamlit as st

from ..errors import N_
from ..publishing.book import Book
from .desk import friendly, workshop
from .language import _

GRANTED = "page_wish_granted"  # id and number of the page of the last wish, and what was understood of it
CHANGES = {  # by the first word of a change's label; its second is the number of the page
    "wish": N_("Takes the wish for page {number} back"),
    "candidate": N_("Brings the picture back that page {number} had before"),
    "redo": N_("Brings the picture back that page {number} had before"),
    "mend": N_("Brings page {number} back as it was before a part was drawn anew"),
    "seed": N_("Gives page {number} its former seed"),
    "rewrite": N_("Brings page {number} back as it was before it was rewritten"),
    "boxes": N_("Puts the figures of page {number} back"),
    "style": N_("Brings the former style of all pages back"),
    "layout": N_("Lays page {number} out as it was before"),
    "words": N_("Puts the words of page {number} back"),
    "design": N_("Brings the former looks of the printed book back"),
    "look": N_("Brings the former look of the book back"),
}


def undo_button(book: Book, key: str) -> None:
    """Undo; grey when there is nothing to take back."""
    if st.button(
        _("Undo"),
        key=key,
        icon=":material/undo:",
        disabled=not workshop().can_undo(book.id),
        help=taken_back(workshop().latest_change(book.id)) or None,
    ):
        with friendly():
            workshop().undo(book.id)
            # The Story desk is laid out anew, since its title may be another; what was said of a wish is past.
            st.session_state.update({"story_of": None, GRANTED: None})
            st.rerun()


def taken_back(label: str) -> str:
    """What undo would do about the change with this label, in the person's language; empty for changes that need no words."""
    kind, _first, rest = label.partition("-")
    number = rest.partition("-")[0]
    return _(CHANGES[kind]).format(number=number) if kind in CHANGES else ""
