"""A wish for one page in plain words, and what was understood of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..publishing.book import Book
from ..story.wishes import Told
from ..workshop.mending import Granted
from .desk import friendly, workshop
from .language import _
from .scene import CHOICES, word
from .telling import chosen_model
from .text import plain
from .undo import GRANTED

KEEP_SEED = "pages_keep_seed"


def wish_field(book: Book, number: int, draw: bool = False) -> None:
    """A wish for one page. It changes what the picture shows, and has it drawn if `draw`; where there is a language model, that
    may rewrite the page instead."""
    wish = st.text_input(
        _("A wish for this page"), key=f"page_wish_{book.id}_{number}", placeholder=_("make it night, and let it rain")
    )
    with st.container(key=f"page_wishes_{number}", horizontal=True):
        if st.button(
            _("Change it and draw") if draw else _("Change the picture"),
            key=f"page_wish_now_{number}",
            icon=":material/auto_fix_high:",
        ):
            with friendly():
                _grant(book, number, wish, draw)
                st.rerun()
        if chosen_model() and st.button(
            _("Rewrite this page"), key=f"page_rewrite_{number}", icon=":material/edit_note:", disabled=not wish
        ):
            with friendly():
                workshop().submit_writing(book.id, "rewrite", number=number, wish=wish)
                st.rerun()
    _answered(book, number)


def _grant(book: Book, number: int, wish: str, draw: bool) -> None:
    granted = workshop().wish_page(book.id, number, wish)
    st.session_state[GRANTED] = (book.id, number, granted)
    if draw and granted.drawn:
        workshop().submit_redo(book.id, number, keep_seed=st.session_state.get(KEEP_SEED, True))


def _answered(book: Book, number: int) -> None:
    """What became of the last wish, for as long as the person stays with its page."""
    of, page, granted = st.session_state.get(GRANTED) or ("", 0, None)
    if (of, page) == (book.id, number) and granted:
        st.caption(answer(granted, book.look.model))
        if granted.drawn and granted.left_out:
            words = ", ".join(map(plain, granted.left_out))
            st.caption(_("Left out of the picture: {words}.").format(words=words))


def answer(granted: Granted, model: str) -> str:
    """'Understood: at night, with a red kite.'"""
    what = ", ".join(dict.fromkeys(plain(_said(one)) for one in granted.told))
    if not granted.changed:
        return _("The page asks for that already: {what}.").format(what=what)
    if not granted.drawn:
        told = _("Understood: {what}. The model {model} draws it the same way, though.")
        return told.format(what=what, model=plain(model))
    return _("Understood: {what}.").format(what=what)


def _said(told: Told) -> str:
    kind, value = told
    if kind == "who":
        return _("with {somebody}").format(somebody=value)
    if kind in ("without", "gone"):
        return _("without {something}").format(something=value if kind == "gone" else named(value))
    if kind == "clothes":
        return _("in clothes of their own: {clothes}").format(clothes=word("clothes", value))
    return word(kind, value)


def named(value: str, fields: Sequence[str] = ("kind", "thing")) -> str:
    """A word of the world in the person's language; any other as it is."""
    return next((word(field, value) for field in fields if value in CHOICES[field]), value)
