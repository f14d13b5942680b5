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
OWN = ("title", "author", "dedication")  # kept in a book as soon as they are typed
FILES = ["txt", "md", "docx", "epub", "pdf"]
FIELDS = (*OWN, "text", "pages", "idea")


def lay_out(book: Book | None) -> None:
    """Fills the fields of the Story screen for the book at hand, or from the draft."""
    of, told = (book.id, book.story.text) if book else ("", "")
    before = st.session_state.get("story_of"), st.session_state.get("story_told", "")
    if before == (of, told) and field("text") in st.session_state:
        return
    if book and before[0] == of:  # told anew: what stood on the desk was the story before
        remember(**{_draft(of, name): "" for name in ("text", "pages")})
    st.session_state.update({"story_of": of, "story_told": told})
    typed = {name: recall(_draft(of, name)) for name in FIELDS} | {"idea": recall("draft_idea")}
    if book:
        story = book.story
        own = {"title": book.title, "author": story.author, "dedication": story.dedication}
        _fill(typed | own | {"text": typed["text"] or story.text, "pages": typed["pages"] or str(len(book.pages))})
    else:
        _fill(typed)


def field(name: str) -> str:
    """The key of this field, one of FIELDS, since the desk was last laid out."""
    return f"story_{name}_{st.session_state.get(LAID, 0)}"


def words(name: str) -> Any:
    """What stands in this field; nothing when it is not on the screen."""
    return st.session_state.get(field(name), "")


def keep(book: Book | None) -> None:
    """Saves what stands in the fields: title, author and dedication with the book, everything else as its draft."""
    with friendly():
        if book:
            if words("title").strip():
                workshop().rename_book(book.id, words("title"))
            workshop().sign_book(book.id, author=words("author"), dedication=words("dedication"))
        of, names = (book.id, ("text", "pages")) if book else ("", FIELDS)
        remember(**{_draft(of, name): str(words(name)) for name in names})


def take_sample(book: Book | None) -> None:
    """Puts the sample story in the fields."""
    _take(workshop().sample_story(language()), book)


def take_file(book: Book | None) -> None:
    """Puts an uploaded story in the fields."""
    given: Any = st.session_state["story_file"]
    if given:
        with friendly():
            _take(workshop().read_story_file(given.name, given.getvalue()), book)


def story() -> Story:
    """The story in the fields. Raises BadStory."""
    return workshop().read_story(words("text"), words("title"), author=words("author"), dedication=words("dedication"))


def split(book: Book | None, story: Story, pages: int) -> str:
    """Splits the story into the pages of the book at hand, or of a new one that takes the draft; gives its id."""
    id = workshop().split_book(book.id, story, pages).id if book else workshop().begin_book(story, pages).id
    of = book.id if book else ""
    remember(**{_draft(of, name): "" for name in FIELDS if recall(_draft(of, name))})
    return id


def _draft(of: str, name: str) -> str:
    """Under which name a field is remembered: of the book with this id, or of none."""
    return f"draft_{of}_{name}" if of else f"draft_{name}"


def _take(story: Story, book: Book | None) -> None:
    _fill({name: str(words(name) or "") for name in FIELDS} | {"title": story.title, "text": story.text})
    keep(book)


def _fill(given: dict[str, str]) -> None:
    st.session_state[LAID] = st.session_state.get(LAID, 0) + 1
    values: dict[str, Any] = {name: given.get(name, "") for name in FIELDS}
    values["pages"] = min(max(int(given.get("pages") or 8), PAGES[0]), PAGES[1])
    st.session_state.update({field(name): value for name, value in values.items()})
