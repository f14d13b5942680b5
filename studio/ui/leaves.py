"""The right side of the Story screen: the pages as they are or would be, their breaks, and one page open to change."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ..errors import StudioError
from ..publishing.book import Book
from .breaks import page_breaks
from .cards import art
from .casting import cast_strip
from .desk import friendly, workshop
from .language import _, n_
from .page_editor import follow, prompt_told, scene_fields, words_field
from .scene import told
from .telling import at_work, model_offer, second_language, writer_told
from .text import plain
from .undo import undo_button
from .wishes import wish_field

LONGEST_PREVIEW = 10_000  # letters: read again at every pause of who types, in a third of a second
OPEN = "story_open"  # the number of the page that is open


def leaves(book: Book) -> None:
    """The pages of the book at hand, who plays in it, and what a language model may do for it."""
    follow(book)
    cast_strip(book)
    with st.container(key="story_tools", horizontal=True, vertical_alignment="center"):
        view = st.segmented_control(
            _("View"),
            ["pages", "breaks"],
            default="pages",
            format_func=lambda one: {"pages": _("Pages"), "breaks": _("Where pages end")}[one],
            key="story_view",
            required=True,
            label_visibility="collapsed",
        )
        undo_button(book, "story_undo")
        model_offer(book, len(book.pages))
    writer_told(book)
    if not at_work(book):
        _breaks(book) if view == "breaks" else _cards(book)
    if st.button(_("Choose the look"), key="story_next", type="primary", icon=":material/palette:"):
        st.switch_page("../pages/styles.py")


def preview(text: str, pages: int) -> None:
    """How the story on the desk would be divided, before there is a book."""
    texts = _split(text, pages) if text.strip() and len(text) <= LONGEST_PREVIEW else ()
    if len(text) > LONGEST_PREVIEW:
        st.caption(_("This is a long story. Press the button, and its pages appear here."))
    elif not texts:
        with st.container(key="story_empty", horizontal_alignment="center"):
            art("story", width=300)
            st.markdown(_("Paste a story, or take the sample. Its pages will appear here."))
    for number, (words, scene) in enumerate(texts, 1):
        with st.container(key=f"story_page_{number}_card"):
            st.text(words)
            st.caption(f"{number} · :material/landscape: {plain(scene)}")


@st.cache_data(max_entries=16, show_spinner=False)
def _split(text: str, pages: int) -> tuple[tuple[str, str], ...]:
    """Words and scene of each page; nothing while the story is too short for so many, which the button would tell."""
    try:
        _cast, scenes = workshop().plan(workshop().read_story(text), pages)
    except StudioError:
        return ()
    return tuple((scene.text, told(scene)) for scene in scenes)


def _breaks(book: Book) -> None:
    """The story in one column with a handle between the pages."""
    move = page_breaks(
        workshop().page_sentences(book),
        key=f"story_breaks_{book.id}",
        page=_("Page {number}"),
        handle=_("End of page {number}; arrow keys move it"),
    )
    if move:
        with friendly():
            workshop().move_break(book.id, move.page, move.sentences)
            st.rerun()


def _cards(book: Book) -> None:
    second_language(book)
    for number, page in enumerate(book.pages, 1):
        with st.container(key=f"story_page_{number}_card"):
            if st.session_state.get(OPEN) == (book.id, number):
                _open(book, number)
                continue
            st.text(page.scene.text)
            if page.translation:
                st.caption(plain(page.translation))
            with st.container(key=f"story_page_{number}_foot", horizontal=True, vertical_alignment="center"):
                words = n_("{count} word", "{count} words", len(page.scene.text.split()))
                st.caption(f"{number} · {words} · :material/landscape: {plain(told(page.scene))}", width="stretch")
                st.button(
                    _("Change page {number}").format(number=number),
                    key=f"story_change_{number}",
                    type="tertiary",
                    icon=":material/edit:",
                    on_click=st.session_state.update,
                    args=({OPEN: (book.id, number)},),
                )


def _open(book: Book, number: int) -> None:
    """One page with all its fields."""
    words_field(book, number, 160)
    st.caption(f"{number} · :material/landscape: {plain(told(book.pages[number - 1].scene))}")
    wish_field(book, number)
    with st.expander(_("What the picture shows"), key=f"story_scene_{number}", icon=":material/landscape:"):
        scene_fields(book, number)
    prompt_told(book, number)
    with st.container(key=f"story_page_{number}_cuts", horizontal=True):
        if number < len(book.pages):
            _cut(_("Join with the next page"), "join", "merge", workshop().join_pages, book.id, number)
        _cut(_("Cut in two"), "cut", "content_cut", workshop().cut_page, book.id, number)
        st.button(
            _("Done"),
            key="story_close",
            icon=":material/check:",
            on_click=st.session_state.update,
            args=({OPEN: None},),
        )


def _cut(label: str, key: str, icon: str, change: Callable[[str, int], Book], book_id: str, number: int) -> None:
    if st.button(label, key=f"story_{key}_{number}", type="tertiary", icon=f":material/{icon}:"):
        with friendly():
            change(book_id, number)
            st.session_state[OPEN] = None
            st.rerun()
