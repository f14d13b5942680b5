"""The slim header of the four book screens: cover, title, and the steps with what is done."""

from __future__ import annotations

import streamlit as st

from ..publishing.book import Book
from .cards import art
from .desk import workshop
from .language import _
from .text import plain


def book_header(book: Book) -> None:
    """Cover, title and steps of the book at hand; each step is one click away."""
    with st.container(key="book_header", horizontal=True, vertical_alignment="center"):
        with st.container(key="book_cover", width=52):
            cover(book)
        title = plain(book.title) or _("Untitled")
        st.markdown(f"**{title}**", width="stretch")
        with st.container(key="book_steps", horizontal=True, width="content"):
            for name, label, done in _steps(book):
                st.page_link(f"../pages/{name}.py", label=label, icon=f":material/{_icon(done)}:")


def cover(book: Book) -> None:
    """The picture of the book's cover, else the first that there is, or a drawing while it has none."""
    numbers = (book.cover, *range(1, len(book.pages) + 1)) if book.pages else ()
    picture = next(filter(None, (workshop().thumbnail(book, number) for number in numbers)), None)
    if picture:
        st.image(str(picture), alt=_("Cover"), width="stretch")
    else:
        art("cover", alt=_("Cover"))


def _steps(book: Book) -> tuple[tuple[str, str, bool], ...]:
    begun = any(page.picture for page in book.pages)
    return (
        ("story", _("Story"), True),
        ("styles", _("Look"), begun or bool(book.look.worn)),
        ("pages", _("Pages"), book.drawn),
        ("print", _("Print"), bool(workshop().exports(book.id))),
    )


def _icon(done: bool) -> str:
    return "check_circle" if done else "circle"
