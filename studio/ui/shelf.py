"""The bookshelf: the first visit's cards, the covers, what is being drawn, and the trash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ..jobs.job import Job
from ..library.clock import USUAL
from ..publishing.book import Book
from .book_header import cover
from .cards import art
from .desk import LIVE, begin_sample, friendly, hold, known_jobs, workshop
from .language import _, n_
from .running import doing
from .shelf_menu import menu, restore
from .text import plain

SEARCH_FROM = 9
AT_ONCE = 24


def welcome() -> None:
    """The first visit: three ways to begin, each one click."""
    st.markdown(_("Your first picture book is a few minutes away. How would you like to begin?"))
    with st.grid(3, min_column_width=260, key="bookshelf_welcome"):
        with _invitation(
            "sample", _("Watch a story grow"), _("A short story becomes drawn pages and a file to print.")
        ):
            if st.button(_("Make the sample book"), key="bookshelf_sample", type="primary", icon=":material/brush:"):
                with friendly():
                    begin_sample()
                    st.switch_page("../pages/pages.py")
        with _invitation("photos", _("Someone you love"), _("Six photos are enough to make them the hero.")):
            if st.button(_("Try with my photos"), key="bookshelf_photos", icon=":material/add_a_photo:"):
                st.switch_page("../pages/characters.py")
        with _invitation("story", _("A story of your own"), _("Paste it or write it. We find the pages in it.")):
            if st.button(_("Tell my story"), key="bookshelf_own", icon=":material/edit_note:"):
                _begin_new()


def _invitation(drawing: str, title: str, words: str) -> Any:
    """A card with a drawing, a title and a sentence, ready for its button."""
    card = st.container(key=f"bookshelf_{drawing}_card", horizontal_alignment="center")
    with card:
        art(drawing, width=260)
        st.subheader(title)
        st.markdown(words)
    return card


def shelf(books: Sequence[Book]) -> None:
    """The covers, newest first, with a search when there are many."""
    with st.container(key="bookshelf_bar", horizontal=True, vertical_alignment="bottom"):
        words = ""
        if len(books) >= SEARCH_FROM:
            words = st.text_input(
                _("Search"),
                key="bookshelf_search",
                icon=":material/search:",
                placeholder=_("A title, a hero, a word of the story"),
            )
        if st.button(_("New book"), key="bookshelf_new", type="primary", icon=":material/add:"):
            _begin_new()
    found = workshop().find_books(words or "", _chosen_tags())
    if not found:
        st.info(_("No book holds all of this. Try fewer words or another tag."), icon=":material/search_off:")
    page = st.pagination(-(-len(found) // AT_ONCE), key="bookshelf_page") if len(found) > AT_ONCE else 1
    busy = {job.target: job for job in known_jobs() if job.state in LIVE}
    with st.grid(5, min_column_width=160, gap=(28, 0), key="bookshelf_shelf"):
        for book in found[(page - 1) * AT_ONCE : page * AT_ONCE]:
            with st.container(key=f"bookshelf_book_{book.id}"):
                _book(book, busy.get(book.id))


def _chosen_tags() -> tuple[str, ...]:
    """The tags that books are sifted by; nothing is shown before there is one."""
    known = workshop().tags()
    if not known:
        return ()
    chosen = st.pills(
        _("Tags"),
        known,
        selection_mode="multi",
        key="bookshelf_chips",
        format_func=plain,
        label_visibility="collapsed",
    )
    return tuple(tag for tag in chosen or () if tag in known)


def damaged() -> None:
    """Says which books cannot be opened, and why."""
    for _id, complaint in workshop().damaged_books():
        st.warning(plain(complaint.said(_)), icon=":material/healing:")


def trash() -> None:
    """The books in the trash, each one click from the shelf."""
    thrown = workshop().trashed_books()
    if thrown:
        with st.expander(
            n_("{count} book in the trash", "{count} books in the trash", len(thrown)), icon=":material/delete:"
        ):
            st.caption(_("What was in the trash for {days} days is deleted for good.").format(days=USUAL))
            for book in thrown:
                label = _("Bring back “{title}”").format(title=plain(book.title) or _("Untitled"))
                st.button(
                    label,
                    key=f"bookshelf_restore_{book.id}",
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=restore,
                    args=(book.id,),
                )


def _book(book: Book, job: Job | None) -> None:
    with st.container(key=f"bookshelf_cover_{book.id}"):
        cover(book)
    if st.button(plain(book.title) or _("Untitled"), key=f"bookshelf_open_{book.id}", type="tertiary", width="stretch"):
        hold(book.id)
        st.switch_page("../pages/pages.py")
    with st.container(key=f"bookshelf_foot_{book.id}", horizontal=True, vertical_alignment="center"):
        st.caption(_state(book, job))
        menu(book)


def _state(book: Book, job: Job | None) -> str:
    if job:
        return doing(job.kind, job.done, job.total)
    drawn = sum(bool(page.picture) for page in book.pages)
    if drawn == len(book.pages):
        return n_("{count} page", "{count} pages", drawn)
    return _("{done} of {total} drawn").format(done=drawn, total=len(book.pages))


def _begin_new() -> None:
    hold("")
    st.switch_page("../pages/story.py")
