"""The person's language, and the catalogues that hold the screens' words (gettext, English text as the key)."""

from __future__ import annotations

import gettext
from contextlib import suppress
from functools import cache

import streamlit as st

from ..errors import NotAllowed
from ..settings import ASSETS
from ..story.story import Language
from .memory import recall, remember

LANGUAGES: dict[Language, str] = {"en": "English", "vi": "Tiếng Việt"}


def language() -> Language:
    """What the person chose, else what was remembered, else the browser's language, else English."""
    if "language" not in st.session_state:
        wanted = recall("language") or (st.context.locale or "en")[:2]
        st.session_state["language"] = wanted if wanted in LANGUAGES else "en"
    return st.session_state["language"]


def choose_language(wanted: Language) -> None:
    """Changes the language now and remembers it."""
    st.session_state["language"] = wanted
    with suppress(NotAllowed):  # before somebody signs in
        remember(language=wanted)


def _(message: str) -> str:
    """`message` in the person's language."""
    return catalogue(language()).gettext(message)


def n_(one: str, many: str, count: int) -> str:
    """`one` or `many` in the person's language, with {count} filled in."""
    return catalogue(language()).ngettext(one, many, count).replace("{count}", str(count))


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """The compiled catalogue of one language, read once."""
    return gettext.translation("studio", ASSETS / "locale", [language])
