"""How the printed book looks: the size of its page, its letters, and what stands around the story. Kept as soon as it changes."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from ..errors import N_
from ..publishing.book import Book
from ..publishing.design import MOST_OWN_PAGES
from ..publishing.faces import FACES, STORY_FACES
from ..story.merge import Typed
from ..story.story import AGES
from .cards import Choice, tiles
from .desk import friendly, workshop
from .field import typed_field
from .language import LANGUAGES, _

SHAPES: dict[str, tuple[str, dict[str, str]]] = {  # a name, and by trim what a ruler says
    "square": (N_("Square"), {"20x20cm": N_("20 × 20 cm"), "8.5x8.5in": N_("21.6 × 21.6 cm")}),
    "upright": (
        N_("Upright"),
        {
            "A5": N_("14.8 × 21 cm (A5)"),
            "17x24cm": N_("17 × 24 cm"),
            "8x10in": N_("20.3 × 25.4 cm"),
            "A4": N_("21 × 29.7 cm (A4)"),
            "8.5x11in": N_("21.6 × 27.9 cm"),
        },
    ),
    "wide": (
        N_("Wide"),
        {
            "A5-wide": N_("21 × 14.8 cm (A5)"),
            "24x17cm": N_("24 × 17 cm"),
            "10x8in": N_("25.4 × 20.3 cm"),
            "A4-wide": N_("29.7 × 21 cm (A4)"),
        },
    ),
}
USUAL = {"square": "8.5x8.5in", "upright": "8x10in", "wide": "10x8in"}
READERS = {"0-3": N_("up to 3 years"), "4-6": N_("4 to 6 years"), "7-9": N_("7 to 9 years")}
PLACES = {"below": N_("Under the first"), "facing": N_("On the page beside it")}
SAMPLE = "Đêm trăng, thỏ kể chuyện gió và mặt trời ngủ quên."


def look_fields(book: Book) -> None:
    """The page, the letters, the readers, and where the second language stands."""
    _page_field(book)
    st.markdown("**" + _("The letters of the story") + "**")
    with st.grid(2, min_column_width=120, key="print_faces"):
        for name in STORY_FACES:
            _face(book, name)
    _one_of(book, "age", _("How old are the readers?"), AGES, READERS)
    _toggle(book, "drop_cap", _("Begin with a large letter"))
    if book.second_language:
        label = _("Where does {language} stand?").format(language=LANGUAGES[book.second_language])
        _one_of(book, "second", label, tuple(PLACES), PLACES)


def matter_fields(book: Book) -> None:
    """What stands before and after the story."""
    _toggle(book, "endpapers", _("Patterned paper inside the cover"))
    _toggle(book, "half_title", _("A page with the title alone"))
    _toggle(book, "hero_page", _("A page about the hero"))
    if book.design.hero_page:
        _words(book, "about", _("What it says, if you like to say it yourself"), 90)
    st.slider(
        _("Pages for own drawings"),
        0,
        MOST_OWN_PAGES,
        key=_laid(book, "own_pages"),
        on_change=_save,
        args=(book.id, "own_pages"),
    )


def blurb_field(book: Book) -> None:
    """What the back of the cover says."""
    _words(book, "blurb", _("On the back of the book"), 120)


def _page_field(book: Book) -> None:
    """Three shapes as pictures, and the sizes of the one that is chosen."""
    trim = book.design.trim
    shape = next((name for name, (_title, sizes) in SHAPES.items() if trim in sizes), "")
    choices = [Choice(name, _(title), picture=f"shape_{name}") for name, (title, _sizes) in SHAPES.items()]
    tiles("print_shape", choices, shape, partial(_reshape, book.id), 3, 72)
    sizes = SHAPES[shape][1] if shape else {trim: trim.replace("x", " × ")}
    _one_of(book, "trim", _("Size of the page"), tuple(sizes), sizes)


def _reshape(book_id: str, shape: str) -> None:
    if workshop().book(book_id).design.trim not in SHAPES[shape][1]:
        _change(book_id, trim=USUAL[shape])


def _face(book: Book, name: str) -> None:
    """One face, shown in itself."""
    mark = "chosen" if book.design.face == name else "open"
    with st.container(key=f"print_face_{name}_{mark}_tile"):
        st.button(
            next(face.family for face in FACES if face.name == name),
            key=f"print_face_{name}",
            type="tertiary",
            icon=":material/check_circle:" if mark == "chosen" else None,
            on_click=_change,
            args=(book.id,),
            kwargs={"face": name},
            width="stretch",
        )
        st.caption(SAMPLE)


def _one_of(book: Book, field: str, label: str, known: tuple[str, ...], titles: dict[str, str]) -> None:
    st.pills(
        label,
        known,
        key=_laid(book, field),
        required=True,
        format_func=lambda one: _(titles[one]),
        on_change=_save,
        args=(book.id, field),
    )


def _toggle(book: Book, field: str, label: str) -> None:
    st.toggle(label, key=_laid(book, field), on_change=_save, args=(book.id, field))


def _words(book: Book, name: str, label: str, height: int) -> None:
    said, key = getattr(book.design, name), _key(book.id, name)
    typed_field(st.text_area, label, said, key, partial(_write, book.id, name), height=height)


def _laid(book: Book, field: str) -> str:
    """The key of a field, which shows what the book says."""
    key = _key(book.id, field)
    st.session_state[key] = getattr(book.design, field)
    return key


def _key(book_id: str, field: str) -> str:
    return f"print_{field}_{book_id}"


def _save(book_id: str, field: str) -> None:
    _change(book_id, **{field: st.session_state[_key(book_id, field)]})


def _write(book_id: str, name: str, typed: Typed) -> None:
    """Raises Clash."""
    workshop().change_design(book_id, **{name: typed})


def _change(book_id: str, **changes: Any) -> None:
    with friendly():
        workshop().change_design(book_id, **changes)
