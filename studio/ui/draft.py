"""The story on the desk, kept as it is typed: of the book at hand, or a draft when no book holds it yet."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..publishing.book import Book
from ..story.story import Story
from .desk import friendly, workshop
from .language import language
from .memory import recall, remember

PAGES = (1, 40)


def lay_out(book: Book | None) -> None:
    """Fills the fields of the Story screen for the book at hand, or from the draft."""
    of = book.id if book else ""
    if st.session_state.get("story_of") == of and "story_text" in st.session_state:
        return
    st.session_state["story_of"] = of
    if book:
        _fill(book.title, book.story.text, len(book.pages))
    else:
        _fill(recall("draft_title"), recall("draft_text"), int(recall("draft_pages", "8")))


def keep(book: Book | None) -> None:
    """Saves what stands in the fields: the title with the book, and everything as draft when there is no book."""
    with friendly():
        if book and st.session_state["story_title"].strip():
            workshop().rename_book(book.id, st.session_state["story_title"])
        if not book:
            fields = {name: str(st.session_state[f"story_{name}"]) for name in ("title", "text", "pages")}
            remember(**{f"draft_{name}": words for name, words in fields.items()})


def take_sample() -> None:
    """Puts the sample story in the fields."""
    _take(workshop().sample_story(language()))


def take_file() -> None:
    """Puts an uploaded story in the fields."""
    given: Any = st.session_state["story_file"]
    if given:
        with friendly():
            _take(workshop().read_story_file(given.name, given.getvalue()))


def split(book: Book | None, story: Story, pages: int) -> str:
    """Splits the story into the pages of the book at hand, or of a new one that takes the draft; gives its id."""
    if book:
        return workshop().split_book(book.id, story, pages).id
    new = workshop().begin_book(story, pages)
    remember(draft_title="", draft_text="")
    return new.id


def _take(story: Story) -> None:
    _fill(story.title, story.text, st.session_state.get("story_pages", 8))
    keep(None)


def _fill(title: str, text: str, pages: int) -> None:
    values = {"story_title": title, "story_text": text, "story_pages": min(max(pages, PAGES[0]), PAGES[1])}
    st.session_state.update(values)
