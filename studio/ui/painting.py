"""A picture on which a person paints what shall be drawn anew, with mouse, finger, pen or keys."""

from __future__ import annotations

import base64
import binascii
import time
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ..library.thumbnails import shown
from .language import _

FACE = Path(__file__)
SHEET = '<div class="painting"></div>'
PNG = "data:image/png;base64,"
LARGEST = 8_000_000  # letters of a mask: many times what a painted one needs


def painting(picture: bytes, key: str, use: str = "", alt: str = "", hint: str = "") -> bytes | None:
    """Shows the picture, a PNG or JPEG, under a brush; gives the PNG of what was painted once for each press of the button.

    The mask is as large as the picture, white where it was painted and black elsewhere. `use` is the word on the button,
    `alt` tells the picture. Raises BadInput for what is no picture.
    """
    # The number of the next mask, from the clock as in `breaks`: a browser outlives the studio and its sessions.
    turn = st.session_state.setdefault(f"{key}_turn", time.time_ns() // 1_000_000)
    jpeg, width, height = _film(picture)
    data = {"picture": jpeg, "width": width, "height": height, "turn": turn, "words": _words(use, alt, hint)}
    told = _part()(key=key, data=data, on_mask_change=lambda: None).get("mask")
    if not told or told["turn"] != turn:
        return None
    st.session_state[f"{key}_turn"] = turn + 1
    return _mask(told["png"])


def _words(use: str, alt: str, hint: str) -> dict[str, str]:
    return {
        "tools": _("Tools"),
        "brush": _("Brush"),
        "eraser": _("Eraser"),
        "ellipse": _("Round shape"),
        "box": _("Box"),
        "size": _("Size"),
        "undo": _("Undo stroke"),
        "clear": _("Clear"),
        "stage": _("The picture; arrow keys move a shape, with Shift they change its size, Enter paints it"),
        "at": _("{x} % from the left, {y} % from the top, {width} % wide, {height} % high"),
        "hint": hint or _("Paint over what should be drawn anew. Everything else stays as it is."),
        "use": use or _("Use this part"),
        "alt": alt,
    }


@st.cache_data(max_entries=16, show_spinner=False)
def _film(picture: bytes) -> tuple[str, int, int]:
    """The picture as a browser shows it at once, and its real size."""
    jpeg, width, height = shown(picture)
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode(), width, height


def _mask(told: str) -> bytes | None:
    """The bytes of what a browser sent; nothing when it is no PNG."""
    if not told.startswith(PNG) or len(told) > LARGEST:
        return None
    try:
        return base64.b64decode(told[len(PNG) :], validate=True)
    except binascii.Error:
        return None


@cache
def _part() -> Any:
    look, script = (FACE.with_suffix(suffix).read_text(encoding="utf-8") for suffix in (".css", ".js"))
    return st.components.v2.component("studio_painting", html=SHEET, css=look, js=script)
