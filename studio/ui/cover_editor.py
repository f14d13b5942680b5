"""The cover: its picture, title, author, dedication, and what the back of the book says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import streamlit as st

from ..publishing.book import Book
from .book_design import blurb_field
from .cards import Choice, tiles
from .desk import friendly, workshop
from .language import _

FIELDS = ("title", "author", "dedication")


def cover_fields(book: Book) -> None:
    """All of them, kept as they are typed; a book without a title keeps the one it had."""
    said = {"title": book.title, "author": book.story.author, "dedication": book.story.dedication}
    for field in FIELDS:
        key = _key(book.id, field)
        if key not in st.session_state or st.session_state[key].split() != said[field].split():
            st.session_state[key] = said[field]
    st.text_input(_("Title"), key=_key(book.id, "title"), on_change=_save, args=(book.id,))
    st.text_input(_("Author"), key=_key(book.id, "author"), on_change=_save, args=(book.id,))
    st.text_area(_("Dedication"), key=_key(book.id, "dedication"), height=90, on_change=_save, args=(book.id,))
    blurb_field(book)
    st.markdown("**" + _("The picture on the cover") + "**")
    tiles("print_cover", [*_pictures(book)], str(book.cover), partial(_choose, book.id), 4, 64)


def _pictures(book: Book) -> Iterator[Choice]:
    for number in range(1, len(book.pages) + 1):
        yield Choice(str(number), str(number), picture=workshop().thumbnail(book, number) or "")


def _choose(book_id: str, number: str) -> None:
    with friendly():
        workshop().change_design(book_id, cover=int(number))


def _key(book_id: str, field: str) -> str:
    return f"print_{field}_{book_id}"


def _save(book_id: str) -> None:
    title, author, dedication = (st.session_state[_key(book_id, field)] for field in FIELDS)
    with friendly():
        if title.strip():
            workshop().rename_book(book_id, title)
        workshop().sign_book(book_id, author=author, dedication=dedication)
