"""What stands around every screen: style, language, side bar with its sections, and what the worker is doing."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ..files import keep_private
from ..settings import ASSETS
from . import caretaker
from .entrance import entrance, guarded, person, way_out
from .language import LANGUAGES, _, choose_language, language
from .panel import panel

NAME = "Storybook Studio"
STYLE = Path(__file__).with_name("style.css")
LOGO = str(ASSETS / "logo.svg")
SPEAK = "export default function({data}) { document.documentElement.lang = data.language }"
# Python's own is ten times as long: whoever has read a file waits so long for each other session that computes.
TURN_S = 0.0005
sys.setswitchinterval(TURN_S)
keep_private()
caretaker.hire()


def open_studio() -> Any:
    """Draws the frame and gives the screen that the person asked for; `.run()` draws it."""
    st.set_page_config(page_title=NAME, page_icon=LOGO, layout="wide")
    st.html(STYLE)
    st.logo(LOGO, size="large")
    _language_mark()(data={"language": language()}, key="frame_speak")
    _language_button()
    welcome = not guarded() or person()
    screen = st.navigation(_sections(), position="sidebar" if welcome else "hidden")
    if not welcome:
        entrance()
        st.stop()
    with st.sidebar.container(key="frame_worker"):
        st.fragment(panel, run_every=2)()
        way_out()
    return screen


def _sections() -> dict[str, list[Any]]:
    make = [
        _screen("bookshelf", _("Bookshelf"), "shelves", default=True),
        _screen("story", _("Story"), "edit_note"),
        _screen("characters", _("Characters"), "face"),
        _screen("styles", _("Styles"), "palette"),
        _screen("pages", _("Pages"), "menu_book"),
        _screen("print", _("Print"), "print"),
    ]
    play = [
        _screen("picture", _("Picture"), "brush"),
        _screen("dataset", _("Dataset"), "imagesmode"),
        _screen("lab", _("Lab"), "science"),
    ]
    keep = [_screen("jobs", _("Jobs"), "pending_actions"), _screen("settings", _("Settings"), "settings")]
    return {_("Make a book"): make, _("Play"): play, _("Keep"): keep}


def _screen(name: str, title: str, icon: str, default: bool = False) -> Any:
    return st.Page(f"../pages/{name}.py", title=title, icon=f":material/{icon}:", url_path=name, default=default)


def _language_button() -> None:
    """One click changes to the other language; its label is that language's own name."""
    other = next(code for code in LANGUAGES if code != language())
    with st.container(key="frame_language"):
        st.button(
            LANGUAGES[other],
            key="frame_other_language",
            type="tertiary",
            icon=":material/translate:",
            on_click=choose_language,
            args=(other,),
        )


@cache
def _language_mark() -> Any:
    """A part without a face that tells the browser the page's language, for screen readers and hyphenation."""
    return st.components.v2.component("studio_language", js=SPEAK)
