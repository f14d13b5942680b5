"""The story on the desk, kept as it is typed: of the book at hand, or a draft when no book holds it yet.

Each time the desk is laid out its fields get new keys. A browser sends what its fields hold with every click, and a click
that comes before the new words have reached the browser would bring the old, empty ones, and the draft would be lost.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..publishing.book import Book
from ..story.story import Story
from .desk import friendly, workshop
from .language import language
from .memory import recall, remember

PAGES = (1, 40)
LAID = "story_laid_out"  # how many times


def lay_out(book: Book | None) -> None:
    """Fills the fields of the Story screen for the book at hand, or from the draft."""
    of = book.id if book else ""
    if st.session_state.get("story_of") == of and field("text") in st.session_state:
        return
    st.session_state["story_of"] = of
    if book:
        _fill(book.title, book.story.text, len(book.pages))
    else:
        _fill(recall("draft_title"), recall("draft_text"), int(recall("draft_pages", "8")))


def field(name: str) -> str:
    """The key of this field, `title`, `text` or `pages`, since the desk was last laid out."""
    return f"story_{name}_{st.session_state.get(LAID, 0)}"


def words(name: str) -> Any:
    """What stands in this field."""
    return st.session_state[field(name)]


def keep(book: Book | None) -> None:
    """Saves what stands in the fields: the title with the book, and everything as draft when there is no book."""
    with friendly():
        if book and words("title").strip():
            workshop().rename_book(book.id, words("title"))
        if not book:
            remember(**{f"draft_{name}": str(words(name)) for name in ("title", "text", "pages")})


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
    _fill(story.title, story.text, st.session_state.get(field("pages"), 8))
    keep(None)


def _fill(title: str, text: str, pages: int) -> None:
    st.session_state[LAID] = st.session_state.get(LAID, 0) + 1
    values = {"title": title, "text": text, "pages": min(max(pages, PAGES[0]), PAGES[1])}
    st.session_state.update({field(name): value for name, value in values.items()})
