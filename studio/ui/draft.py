"""The story on the desk, kept as it is typed: of the book at hand, or a draft when no book holds it yet.

Each time the desk is laid out its fields get new keys, so that what a slow browser still tells of the old ones is not heard.
The words belong to the story that the book then told: when it tells another, they are past.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

import streamlit as st

from ..errors import NotReady
from ..publishing.book import Book
from ..story.merge import Given
from ..story.story import Story
from . import field as fields
from .desk import friendly, workshop
from .language import language
from .memory import amend, forget, recall, recalled, remember

PAGES = (1, 40)
USUAL = 8
LAID = "story_laid_out"  # how many times
OWN = ("title", "author", "dedication")  # kept in a book as soon as they are typed
FILES = ["txt", "md", "docx", "epub", "pdf"]
FIELDS = (*OWN, "text", "idea")


def lay_out(book: Book | None) -> None:
    """Gives the fields of the Story screen new keys when another book, or another story in it, is at hand."""
    now = (book.id, book.story.text) if book else ("", "")
    if st.session_state.get("story_of") != now or LAID not in st.session_state:
        st.session_state["story_of"] = now
        st.session_state[LAID] = st.session_state.get(LAID, 0) + 1
        _sweep()
    key = field("pages")
    if key not in st.session_state:
        kept = recall(_name(book, "pages")) or str(len(book.pages) if book else USUAL)
        st.session_state[key] = min(max(int(kept), PAGES[0]), PAGES[1])


def _sweep() -> None:
    """Lets go of what was typed for books that are gone for good; what is in the trash may come back."""
    of_none = {_name(None, name) for name in (*FIELDS, "pages")}
    of_none |= {f"clash_{_place(None, name)}" for name in FIELDS}
    known = {*of_none, *(book.id for book in (*workshop().books(), *workshop().trashed_books()))}
    known |= {id for id, _complaint in workshop().damaged_books()}
    kept = {*recalled("draft_"), *recalled("clash_")}
    if gone := [name for name in kept - of_none if not known & {*name.split("_")}]:
        forget(*gone)


def field(name: str) -> str:
    """The key of this field, one of FIELDS or the pages, since the desk was last laid out."""
    return f"story_{name}_{st.session_state.get(LAID, 0)}"


def words(name: str) -> Any:
    """What stands in this field; nothing when it is not on the screen."""
    return st.session_state.get(field(name), "")


def write(draw: Callable[..., Any], name: str, label: str, book: Book | None, **options: Any) -> None:
    """Draws this field; what is typed is kept with the book, or as its draft."""
    fields.typed_field(
        draw, label, kept(book, name), field(name), partial(_save, book, name), _place(book, name), **options
    )


def watch(book: Book | None) -> None:
    """Follows what is typed in other windows."""
    fields.watch(partial(_seen, book))


def kept(book: Book | None, name: str) -> str:
    """What is kept of this field."""
    if book and name in OWN:
        own = {"title": book.title, "author": book.story.author, "dedication": book.story.dedication}
        return own[name]
    return recall(_name(book, name), _told(book, name))


def keep_pages(book: Book | None) -> None:
    """Keeps the number of pages that is chosen."""
    with friendly():
        remember(**{_name(book, "pages"): str(words("pages"))})


def take_sample(book: Book | None) -> None:
    """Puts the sample story in the fields."""
    _take(workshop().sample_story(language()), book)


def take_file(book: Book | None) -> None:
    """Puts an uploaded story in the fields."""
    given: Any = st.session_state["story_file"]
    if given:
        with friendly():
            _take(workshop().read_story_file(given.name, given.getvalue()), book)


def split(book: Book | None) -> str:
    """Splits what is kept of the story into the pages of the book at hand, or of a new one; gives its id. Raises BadStory."""
    if any(fields.undecided(_place(book, name)) for name in FIELDS):
        raise NotReady(
            "Some words here were changed in two windows. Choose first which of them to keep; nothing was changed."
        )
    title, author, dedication, text = (kept(book, name) for name in (*OWN, "text"))
    story = workshop().read_story(text, title, author=author, dedication=dedication)
    pages = int(words("pages") or USUAL)
    id = workshop().split_book(book.id, story, pages).id if book else workshop().begin_book(story, pages).id
    forget(*(recalled(f"draft_{book.id}_") if book else (_name(None, name) for name in (*FIELDS, "pages"))))
    return id


def _seen(book: Book | None) -> Hashable:
    return fields.words_of(book.id) if book else None, *(kept(book, name) for name in FIELDS)


def _save(book: Book | None, name: str, given: Given) -> None:
    """Raises Clash, BadInput."""
    if book and name == "title":
        workshop().rename_book(book.id, given)
    elif book and name in OWN:
        workshop().sign_book(book.id, **{name: given})
    else:
        amend(_name(book, name), given, _told(book, name))


def _name(book: Book | None, name: str) -> str:
    """Under which name a field is remembered: of the story that this book tells, or of none."""
    if not book or name == "idea":
        return f"draft_{name}"
    return f"draft_{book.id}_{name}_{hashlib.sha256(book.story.text.encode()).hexdigest()[:8]}"


def _told(book: Book | None, name: str) -> str:
    """What a field says before anything was typed in it; drafts had one name for all stories of a book before."""
    return recall(f"draft_{book.id}_text") or book.story.text if book and name == "text" else ""


def _place(book: Book | None, name: str) -> str:
    return f"{_name(book, name)}_here"


def _take(story: Story, book: Book | None) -> None:
    st.session_state["story_of"] = None  # laid out anew: nothing that a slow browser tells may undo this
    for name, given in (("title", story.title), ("text", story.text)):
        with friendly():
            _save(book, name, given)
