"""The answers to what print services and shops ask about AI, to be copied."""

from __future__ import annotations

import streamlit as st

from ..publishing.book import Book
from .desk import workshop
from .destinations import Destination
from .language import _

ASKED = ("kdp", "lulu", "ingram", "reader")  # the places that ask


def disclosure_text(book: Book, place: Destination) -> None:
    """Closed; nothing for a place that does not ask."""
    if place.id not in ASKED:
        return
    with st.expander(_("When they ask about AI"), key="print_disclosure", icon=":material/policy:"):
        st.caption(
            _(
                "Print services and bookshops ask whether AI helped, and readers may ask too. Copy these answers into their "
                "form; read them once, since only you know what you wrote yourself."
            )
        )
        st.code(workshop().disclosure(book.id, place.profile), language=None, wrap_lines=True)
