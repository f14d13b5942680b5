"""How much time the pictures of a book are worth, and what drawing them takes of this computer."""

from __future__ import annotations

import streamlit as st

from ..publishing.book import Book
from ..rendering.pace import PACES, Pace
from .cards import details
from .desk import friendly, workshop
from .language import _


def pace_field(book: Book, busy: bool) -> None:
    """Carefully, quickly or roughly; kept with the book. Pictures that are there stay until they are drawn again."""
    with details("pages"):
        key = f"pages_pace_{book.id}_{book.look.pace}"
        chosen = st.segmented_control(
            _("How to draw"), PACES, default=book.look.pace, format_func=_named, key=key, required=True, disabled=busy
        )
        st.caption(_told(chosen or book.look.pace))
        st.caption(workshop().memory_plan(book).said(_))
        if chosen and chosen != book.look.pace:
            with friendly():
                workshop().change_look(book.id, pace=chosen)
                st.rerun()


def _named(pace: Pace) -> str:
    return {"exact": _("Carefully"), "fast": _("Quickly"), "draft": _("As a draft")}[pace]


def _told(pace: Pace) -> str:
    words = {
        "exact": _("Every step of every picture. Choose this for the book that is printed."),
        "fast": _("Less than half the time; small things may look a little different."),
        "draft": _("A tenth of the time, and rough: to see how the pages come out."),
    }
    return words[pace]
