"""Files to take along: each visit gets them at addresses of its own."""

from __future__ import annotations

import secrets

import streamlit as st

from ..errors import BadInput
from ..files import slug
from ..publishing.book import Book


def own(mime: str) -> str:
    """The kind of a file, with a random word that no other visit has. Streamlit makes a file's address from its bytes, its name and
    its kind, of large ones from parts of the bytes; with the word, nobody who has the same file, or one like it, can tell where it
    lies, and two that look alike are never taken for each other. The name that the person sees stays as it is."""
    word = st.session_state.setdefault("takeaway_word", secrets.token_hex(8))
    return f"{mime}; visit={word}"


def carried(book: Book, name: str) -> str:
    """What a file of the book is called where a person keeps it: after the title, also where the studio's own says none."""
    try:
        return slug(book.title) + name.removeprefix(book.id)
    except BadInput:  # a title without one Latin letter or digit
        return name
