"""The book as it prints, to be turned on the screen; kept until the book changes."""

from __future__ import annotations

import streamlit as st

from ..publishing.book import Book
from ..workshop.leafing import Leaf
from .boxes import words_box
from .desk import workshop
from .language import _
from .leafing import turning_book

FRONT, HERO = "cover", "hero"  # sides that are looked at when a section of the screen is open


def preview(book: Book, profile: str, section: str) -> None:
    """The book that is turned. It opens at the side that is written on in this section of the screen; of a book that a print
    service binds, the whole cover lies flat then."""
    if section == FRONT and (wrap := _wrap(book, profile, repr((book, profile)))):
        words_box(wrap[0], None, "print_wrap")
        st.caption(_("Back, spine and front, as they are printed on one sheet."))
        return
    with st.spinner(_("Laying out the book")):  # seen only when it takes a moment
        leaves = _leaves(book, profile, repr((book, profile)))
    part = next((side for side, leaf in enumerate(leaves) if leaf.part == section), 0)
    turning_book(leaves, "print_book", side=part, coming=section)


@st.cache_data(max_entries=8, show_spinner=False)
def _leaves(_book: Book, _profile: str, said: str) -> tuple[Leaf, ...]:
    """All sides of what `said` tells."""
    return workshop().leaves(_book, _profile)


@st.cache_data(max_entries=4, show_spinner=False)
def _wrap(_book: Book, _profile: str, said: str) -> tuple[Leaf, ...]:
    return workshop().wrap(_book, _profile)
