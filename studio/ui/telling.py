"""A language model at work on a book: who writes the scenes, what it will cost, what it has written so far, and wishes."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Literal

import streamlit as st

from ..errors import N_, NotReady, StudioError
from ..publishing.book import Book
from ..story.llm.server import Server
from ..story.story import Language
from . import draft
from .desk import friendly, last_job, live_job, workshop
from .language import LANGUAGES, _, language
from .running import outcome, running, waiting_without_worker
from .text import plain

AGES = {"0-3": N_("up to 3 years"), "4-6": N_("4 to 6 years"), "7-9": N_("7 to 9 years")}


def chosen_model() -> Server | None:
    """The language model that the person set up, or else the first one that answers on this computer."""
    with suppress(NotReady):
        return workshop().language_model()
    return _found_here(str(workshop().settings.home))


@st.cache_data(ttl=60, show_spinner=False)
def _found_here(home: str) -> Server | None:
    """Looked for once a minute; `home` keeps the answers of several studios in one process apart."""
    with suppress(NotReady):
        return workshop().language_model_at_hand()
    return None


def writer_told(book: Book) -> None:
    """Who wrote the scenes of this book."""
    if book.writer == "plain":
        st.caption(_("The plain writer found these scenes, without any language model."))
        return
    bill = next((one for one in workshop().bills() if one.target == book.id), None)
    told = _("{model} wrote these scenes.").format(model=plain(book.writer))
    if bill:
        took = _("The last writing took {sent} tokens there and {received} back.")
        told = f"{told} {took.format(sent=bill.sent, received=bill.received)}"
    st.caption(told)


def model_offer(book: Book, pages: int) -> None:
    """A language model in place of the plain writer, with what it will take; the way to set one up where there is none."""
    server = chosen_model()
    if not server:
        st.page_link("../pages/settings.py", label=_("Set up a language model"), icon=":material/smart_toy:")
        return
    with st.popover(_("Ask {model}").format(model=plain(server.model)), key="story_model", icon=":material/smart_toy:"):
        st.caption(_cost(book, pages))
        _order(book, "keep", _("Find the scenes, keep my words"), "landscape", pages=pages)
        age = st.segmented_control(
            _("For whom?"),
            list(AGES),
            default="4-6",
            format_func=lambda age: _(AGES[age]),
            key="story_age",
            required=True,
        )
        _order(book, "relevel", _("Say it for this age, same pictures"), "child_care", age=age)
        told, other = book.story.language, _other(book)
        _order(
            book, "retell", _("Tell the story anew for this age"), "auto_stories", pages=pages, age=age, language=told
        )
        _order(
            book,
            "translate",
            _("Add {language} beside it").format(language=LANGUAGES[other]),
            "translate",
            language=other,
        )


def second_language(book: Book) -> None:
    """A second language that the person writes."""
    other = _other(book)
    on = st.toggle(
        _("In two languages, with {language}").format(language=LANGUAGES[other]),
        value=bool(book.second_language),
        key=f"story_second_{book.id}_{book.second_language}",
    )
    if on != bool(book.second_language):
        workshop().speak_second(book.id, other if on else None)
        st.rerun()


def idea_desk(book: Book | None) -> None:
    """An idea instead of a story: the language model writes it. Begins a book and asks for its pages."""
    server = chosen_model()
    if not server:
        st.info(
            _("To have a story written from an idea, set up a language model in Settings."), icon=":material/smart_toy:"
        )
        st.page_link("../pages/settings.py", label=_("Set up a language model"), icon=":material/settings:")
        return
    hint = _("A shy dragon who is afraid of the dark")
    draft.write(st.text_area, "idea", _("Your idea"), book, height=110, placeholder=hint)
    pages = st.slider(_("How many pages?"), 2, 40, 8, key="idea_pages")
    age = st.segmented_control(
        _("For whom?"), list(AGES), default="4-6", format_func=lambda age: _(AGES[age]), key="idea_age", required=True
    )
    told = st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        default=language(),
        format_func=lambda code: LANGUAGES[code],
        key="idea_language",
        required=True,
    )
    kind: Literal["primary", "secondary"] = "secondary" if book else "primary"
    if st.button(_("Write the story"), key="idea_write", type=kind, icon=":material/edit_note:"):
        with friendly():
            new = workshop().begin_book(workshop().read_story(draft.words("idea"), language=told), 1)
            workshop().submit_writing(new.id, "invent", pages=pages, age=age, language=told)
            st.session_state["book"] = new.id
            st.rerun()


def at_work(book: Book) -> bool:
    """Shows the writing of the book while it goes on, and what became of the last; tells whether it goes on."""
    job = live_job(book.id, "write")
    outcome(None if job else last_job(book.id, "write"))
    if job:
        st.fragment(_watch, run_every=1)(book.id)
    return bool(job)


def _watch(book_id: str) -> None:
    job = live_job(book_id, "write")
    if not job:
        st.rerun()
        return
    running(job)
    waiting_without_worker(job)
    for number, words in enumerate(workshop().draft(book_id), 1):
        with st.container(key=f"story_page_draft_{number}_card"):
            st.text(words)
            st.caption(str(number))


def _other(book: Book) -> Language:
    """The language that the story is not told in."""
    return "en" if book.story.language == "vi" else "vi"


def _order(book: Book, task: str, label: str, icon: str, **order: Any) -> None:
    if st.button(label, key=f"story_task_{task}", icon=f":material/{icon}:", width="stretch"):
        with friendly():
            workshop().submit_writing(book.id, task, **order)
            st.rerun()


def _cost(book: Book, pages: int) -> str:
    """What it will take, in tokens and money."""
    try:
        cost = workshop().writing_cost(book, pages)
    except StudioError as error:
        return plain(error.said(_))
    if cost.dollars is None:
        told = _(
            "About {sent} tokens go there and {received} come back. Note the provider's price in Settings to see it here."
        )
    elif cost.dollars:
        told = _("About {sent} tokens go there and {received} come back: {price} US dollars.")
    else:
        told = _("About {sent} tokens go there and {received} come back, on your own computer.")
    return told.format(sent=cost.sent, received=cost.received, price=f"{cost.dollars or 0:.3f}")
