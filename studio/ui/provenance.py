"""Whether a book would come out the same if it were drawn again today, for those who open Details."""

from __future__ import annotations

import streamlit as st

from ..errors import N_
from ..publishing.book import Book
from ..rendering.origin import MACHINE, Change
from .desk import workshop
from .language import _, n_
from .text import plain

CHANGED = {
    "model": N_("The model has other weights now, or is not here."),
    "engine": N_("The studio draws in another way now."),
    MACHINE: N_("The pictures were drawn on a machine that computes otherwise ({was}; this one: {now})."),
}
TOOL = N_("{what} was {was} then and is {now} now.")
GONE = N_("{what} is not here any more.")
ANOTHER = N_("{what} was taught anew since.")
SHORT = 30  # letters of a version; a sum has more


def drawn_again(book: Book) -> None:
    """One line, and what differs if something does."""
    found = workshop().redrawing(book)
    if not found.drawn:
        return
    if found.same:
        st.caption(":material/verified: " + _("Drawn again today, the pictures of this book would come out the same."))
        return
    if found.changes:
        st.caption(_("Drawn again today, the pictures of this book would come out differently:"))
        st.caption("\n".join(f"- {_said(one)}" for one in found.changes))
    if found.unknown:
        st.caption(
            n_(
                "An older studio drew {count} picture and did not note with which versions.",
                "An older studio drew {count} pictures and did not note with which versions.",
                found.unknown,
            )
        )


def _said(one: Change) -> str:
    if one.what in CHANGED:
        words = _(CHANGED[one.what])
    elif not one.now:
        words = _(GONE)
    else:
        words = _(ANOTHER) if len(one.was) > SHORT else _(TOOL)
    return words.format(what=plain(one.what), was=plain(one.was), now=plain(one.now))
