"""A page as it will be printed: how picture and words share it, and the frame in which the words stand."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ..errors import N_
from ..publishing.book import Book
from ..publishing.design import LAYOUTS, LayoutName, Shares
from ..workshop.leafing import Leaf
from .boxes import words_box
from .cards import Choice, tiles
from .desk import friendly, workshop
from .language import _

AUTO = "auto"
NAMES: dict[str, str] = {
    "full": N_("Full page"),
    "above": N_("Picture above"),
    "facing": N_("Side by side"),
    "vignette": N_("Round picture"),
    "spread": N_("Over two pages"),
    AUTO: N_("As fits the book"),
}


def printed_page(book: Book, number: int) -> None:
    """The page as it prints, with its words in a frame to move, and the layouts to choose from."""
    laid = workshop().laid(book, number)
    bearing = next((order for order, (_leaf, place) in enumerate(laid) if place), -1)
    for order, (place, (leaf, words)) in enumerate(zip(st.columns(max(1, len(laid)), gap=None), laid, strict=False)):
        with place:
            _side(book, number, leaf, words if order == bearing else None, order)
    if bearing >= 0:
        _words_way(book, number)
    else:
        st.caption(_("On a full page you can move the words yourself."))
    st.markdown("**" + _("How the page is laid out") + "**")
    choices = [Choice(name, _(title), picture=f"layout_{name}") for name, title in NAMES.items()]
    tiles("layout", choices, book.pages[number - 1].layout or AUTO, partial(_lay, book.id, number), 3, 100)


def _side(book: Book, number: int, leaf: Leaf, words: Shares | None, order: int) -> None:
    own = book.pages[number - 1].text_box if words else None
    moved = words_box(leaf, own or words, f"words_{book.id}_{number}_{order}")
    if moved:
        with friendly():
            workshop().place_words(book.id, number, moved)
            st.rerun()


def _words_way(book: Book, number: int) -> None:
    """What can be done with the frame, or back to where the words read best."""
    with st.container(key="page_words_way", horizontal=True, vertical_alignment="center"):
        st.caption(_("Move the frame, and the words go with it."), width="stretch")
        if book.pages[number - 1].text_box and st.button(
            _("Where they read best"), key="page_words_best", icon=":material/restart_alt:"
        ):
            with friendly():
                workshop().place_words(book.id, number, None)
                st.rerun()


def _lay(book_id: str, number: int, name: str) -> None:
    chosen: LayoutName | None = next((layout for layout in LAYOUTS if layout == name), None)
    with friendly():
        workshop().lay_page(book_id, number, chosen)
