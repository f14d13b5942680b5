"""The fields of one page: its words, what its picture shows, the prompt that this becomes. Saved as soon as they change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from ..publishing.book import Book, Page
from ..story.merge import Chosen, Typed
from .cards import details
from .desk import friendly, workshop
from .field import typed_field, window
from .language import LANGUAGES, _
from .scene import CHOICES, word
from .text import plain


def follow(book: Book) -> None:
    """Lets open fields show what the book says when something else than typing changed it: undo, or a language model.

    Fields of words see to that themselves, since somebody may be typing in them.
    """
    for number, page in enumerate(book.pages, 1):
        scene = page.scene
        now = {
            "who": list(scene.who), "action": scene.action, "place": scene.place, "time": scene.time,
            "weather": scene.weather, "mood": scene.mood, "relation": scene.relation,
            "things": next(iter(scene.things), "none"),
        }  # fmt: skip
        for name, value in now.items():
            key = f"page_{name}_{book.id}_{number}"
            if key in st.session_state and st.session_state[key] != value:
                st.session_state[key] = value


def words_field(book: Book, number: int, height: int = 150) -> None:
    """The words of the page, and those in the second language where the book has one."""
    page = book.pages[number - 1]
    _words(st.text_area, book, number, "text", _("Words on this page"), page.scene.text, height=height)
    if book.second_language:
        label = _("The same in {language}").format(language=LANGUAGES[book.second_language])
        key, save = f"page_translation_{book.id}_{number}", partial(_save_translation, book.id, number)
        typed_field(st.text_area, label, page.translation, key, save, height=height)


def scene_fields(book: Book, number: int) -> None:
    """Who, what, where and when."""
    page = book.pages[number - 1]
    names = [role.name for role in book.cast.roles]
    _field(
        "multiselect",
        book,
        number,
        "who",
        _("Who"),
        [one for one in page.scene.who if one in names],
        options=names,
        placeholder=_("Nobody"),
    )
    labels = {
        "action": _("Does what"), "place": _("Where"), "time": _("When"), "weather": _("Weather"), "mood": _("Mood"),
    }  # fmt: skip
    if len(page.scene.who) == 2:
        labels["relation"] = _("How they are together")
    for field, label in labels.items():
        _choice(book, number, field, label, field, getattr(page.scene, field))
    _choice(book, number, "things", _("With what"), "thing", next(iter(page.scene.things), "none"))
    for name in page.scene.who:
        _wears(book, number, page, name)
    without = ", ".join(page.scene.without)
    _words(st.text_input, book, number, "without", _("What must not be there"), without)


def prompt_told(book: Book, number: int) -> None:
    """Everything about a page's prompt, in a closed section."""
    with details(f"page_{number}"):
        prompt_lines(book, number)
        st.caption(_("Seed {seed}").format(seed=book.pages[number - 1].seed))


def prompt_lines(book: Book, number: int) -> None:
    """The words that the image model gets, how many it reads, and what became of those it does not know."""
    prompt = book.pages[number - 1].prompt
    st.text(prompt.positive)
    if prompt.limit:
        st.caption(
            _("{count} of {limit} word pieces that the model reads").format(count=prompt.tokens, limit=prompt.limit)
        )
    for asked, used in prompt.replaced:
        st.caption(_("“{asked}” is drawn as “{used}”.").format(asked=plain(asked), used=plain(used)))
    left_out = [plain(one) for one in prompt.dropped if one]
    if left_out:
        st.caption(_("Left out of the picture: {words}.").format(words=", ".join(left_out)))
    _prompt_language(book, number)


def _prompt_language(book: Book, number: int) -> None:
    """In which language the book speaks to an image model that reads more than one."""
    known = workshop().prompt_languages(book)
    if len(known) < 2:
        return
    chosen = st.segmented_control(
        _("Words for the picture model"),
        known,
        default=book.look.prompt_language,
        format_func=lambda code: LANGUAGES[code],
        key=f"page_speaks_{book.id}_{number}_{book.look.prompt_language}",
        required=True,
    )
    if chosen != book.look.prompt_language:
        with friendly():
            workshop().change_look(book.id, prompt_language=chosen)
            st.rerun()


def _wears(book: Book, number: int, page: Page, name: str) -> None:
    """Other clothes on this page only, for a figure that the image model dresses."""
    role = next((role for role in book.cast.roles if role.name == name), None)
    if role is None or role.character:
        return
    typed_field(
        st.text_input,
        _("What {name} wears here").format(name=plain(name)),
        page.scene.bearing(name).clothes,
        f"page_wears_{book.id}_{number}_{name}",
        partial(_save_clothes, book.id, number, name),
        placeholder=word("clothes", role.clothes) or None,
    )


def _words(draw: Callable[..., Any], book: Book, number: int, name: str, label: str, said: str, **options: Any) -> None:
    """Words of the page, kept as they are typed."""
    typed_field(
        draw, label, said, f"page_{name}_{book.id}_{number}", partial(_save_words, book.id, number, name), **options
    )


def _choice(book: Book, number: int, name: str, label: str, of: str, value: str) -> None:
    """One of the world's words of a kind, or the word that stands there: "red kite", or one that nobody here knows."""
    known = CHOICES[of]
    options = known if value in known else (*known, value)
    _field("selectbox", book, number, name, label, value, options=options, format_func=partial(word, of))


def _field(widget: str, book: Book, number: int, name: str, label: str, value: Any, **options: Any) -> None:
    """One field of the page, saved as soon as it changes."""
    key = f"page_{name}_{book.id}_{number}"
    begin = {"selectbox": "index", "multiselect": "default"}.get(widget, "value")
    # Told twice: a slow browser that is two runs behind never hears what the first of them put in the session, and would
    # send an empty field back as a change.
    if name == "who":
        st.session_state[f"{key}_shown"] = tuple(value)
    options[begin] = options["options"].index(value) if begin == "index" else value
    getattr(st, widget)(label, key=_laid(key, value), on_change=_save, args=(book.id, number, name, key), **options)


def _laid(key: str, value: Any) -> str:
    """The key of a field that shows this value when it is opened."""
    st.session_state.setdefault(key, value)
    return key


def _save(book_id: str, number: int, name: str, key: str) -> None:
    value = st.session_state[key]
    if name == "things":
        value = () if value == "none" else (value,)
    if name == "who":
        value = Chosen(tuple(value), st.session_state[f"{key}_shown"], window())
    with friendly():
        workshop().edit_page(book_id, number, **{name: value})


def _save_words(book_id: str, number: int, name: str, typed: Typed) -> None:
    """Raises Clash."""
    workshop().edit_page(book_id, number, **{name: typed})


def _save_translation(book_id: str, number: int, typed: Typed) -> None:
    """Raises Clash."""
    workshop().edit_translation(book_id, number, typed)


def _save_clothes(book_id: str, number: int, name: str, typed: Typed) -> None:
    """Raises Clash."""
    workshop().dress(book_id, number, name, typed)
