"""The cover: its picture, title, author, dedication, and what the back of the book says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import streamlit as st

from ..publishing.book import Book
from ..story.merge import Typed
from .book_design import blurb_field
from .cards import Choice, tiles
from .desk import friendly, workshop
from .field import typed_field
from .language import _


def cover_fields(book: Book) -> None:
    """All of them, kept as they are typed; a book without a title keeps the one it had."""
    labels = {"title": _("Title"), "author": _("Author"), "dedication": _("Dedication")}
    said = {"title": book.title, "author": book.story.author, "dedication": book.story.dedication}
    for name, label in labels.items():
        draw = partial(st.text_area, height=90) if name == "dedication" else st.text_input
        typed_field(draw, label, said[name], f"print_{name}_{book.id}", partial(_save, book.id, name))
    blurb_field(book)
    st.markdown("**" + _("The picture on the cover") + "**")
    tiles("print_cover", [*_pictures(book)], str(book.cover), partial(_choose, book.id), 4, 64)


def _pictures(book: Book) -> Iterator[Choice]:
    for number in range(1, len(book.pages) + 1):
        yield Choice(str(number), str(number), picture=workshop().thumbnail(book, number) or "")


def _choose(book_id: str, number: str) -> None:
    with friendly():
        workshop().change_design(book_id, cover=int(number))


def _save(book_id: str, name: str, typed: Typed) -> None:
    """Raises Clash, and BadInput for an empty title."""
    if name == "title":
        workshop().rename_book(book_id, typed)
    else:
        workshop().sign_book(book_id, **{name: typed})
