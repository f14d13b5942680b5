"""A picture with a box for each figure in it, or a side of the book with one for its words, which a person moves and sizes with
mouse, finger, pen or keys."""

from __future__ import annotations

import base64
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ..library.thumbnails import shown
from ..publishing.design import Shares
from ..story.layout import Boxes, fitted
from ..workshop.leafing import Leaf
from .language import _
from .sheets import sheet, sheet_look, sheet_script

FACE = Path(__file__)
STAGE = '<div class="boxes"></div>'


def figure_boxes(boxes: Boxes, key: str, picture: bytes = b"", alt: str = "") -> Boxes | None:
    """Shows the boxes over the picture, a PNG or JPEG, or over blank paper; gives all of them, once, when a person has just
    moved or sized one, and leaves it to the caller. Raises BadInput for what is no picture."""
    film, width, height = _film(picture) if picture else ("", 1, 1)
    return _moved(boxes, key, {"picture": film, "ratio": width / height, "words": _words(alt)})


def words_box(leaf: Leaf, place: Shares | None, key: str) -> Shares | None:
    """Shows a side of the book and where its words stand, if there are any; gives their new place, once, when a person has
    just moved them."""
    ground = {"side": sheet(leaf), "look": sheet_look(), "ratio": leaf.width / leaf.height, "words": _words()}
    moved = _moved(((_("The words"), place),) if place else (), key, ground)
    return moved[0][1] if moved else None


def _moved(boxes: Boxes, key: str, ground: dict[str, Any]) -> Boxes | None:
    # The number of the next change, from the clock as in `breaks`: a browser outlives the studio and its sessions.
    turn = st.session_state.setdefault(f"{key}_turn", time.time_ns() // 1_000_000)
    laid = {"names": [name for name, _box in boxes], "boxes": [list(box) for _name, box in boxes], "turn": turn}
    # In a tuple, since in a mapping Streamlit looks for tables, and loads 90 MB of pandas to know one.
    told = _part()(key=key, data=(ground | laid,), on_boxes_change=lambda: None).get("boxes")
    if not told or told["turn"] < turn:
        return None
    st.session_state[f"{key}_turn"] = told["turn"] + 1
    return _named(boxes, told["boxes"])


def _named(boxes: Boxes, told: Sequence[Sequence[float]]) -> Boxes | None:
    """What a browser told, by the names; nothing when it tells of others than these."""
    if len(told) != len(boxes) or any(len(sides) != 4 for sides in told):
        return None
    return tuple(
        (name, fitted((sides[0], sides[1], sides[2], sides[3])))
        for (name, _box), sides in zip(boxes, told, strict=True)
    )


def _words(alt: str = "") -> dict[str, str]:
    return {
        "alt": alt,
        "box": _("{name}: {x} % from the left, {y} % from the top, {width} % wide, {height} % high"),
        "keys": _("Arrow keys move it, with Shift they change its size, Escape takes the move back"),
    }


@st.cache_data(max_entries=16, show_spinner=False)
def _film(picture: bytes) -> tuple[str, int, int]:
    """The picture as a browser shows it at once, and its real size."""
    jpeg, width, height = shown(picture)
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode(), width, height


@cache
def _part() -> Any:
    look, script = (FACE.with_suffix(suffix).read_text(encoding="utf-8") for suffix in (".css", ".js"))
    return st.components.v2.component("studio_boxes", html=STAGE, css=look, js=sheet_script() + script)
