"""What stands around every screen: style, language, side bar with its sections, and what the worker is doing."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ..errors import NotAllowed
from ..files import keep_private
from ..settings import ASSETS
from . import caretaker
from .account import guarded, person, sign_in
from .entrance import closed, entrance, way_out
from .gate import stands
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
    known = not guarded() or person()
    refused = _refused() if guarded() and known else None
    screen = st.navigation(_sections(), position="sidebar" if known and not refused else "hidden")
    if not known or refused:
        closed(refused) if refused else entrance()
        st.stop()
    with st.sidebar.container(key="frame_worker"):
        st.fragment(_watch, run_every=2)()
        way_out()
    return screen


def _refused() -> NotAllowed | None:
    """Why whoever signed in is not let in."""
    try:
        if not stands():
            return NotAllowed(
                "This studio was started without its gate, so nothing is shown. Start it with: streamlit run studio/web.py"
            )
        sign_in()
    except NotAllowed as refused:
        return refused
    return None


def _watch() -> None:
    """The panel; who signed out in another window, or was let go, sees nothing more within one of its rounds."""
    if guarded() and (not person() or _refused()):
        st.rerun()
    panel()


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
