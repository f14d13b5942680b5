"""A book on the screen that is turned like one of paper, and shows what will be printed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ..errors import N_
from ..workshop.leafing import Leaf
from .language import _
from .sheets import sheet, sheet_look, sheet_script

FACE = Path(__file__)
CHEVRON = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>'
BENCH = f"""
<div class="leafing">
  <div class="bench" role="group" tabindex="0"><div class="place"></div><div class="place"></div></div>
  <div class="way">
    <button type="button">{CHEVRON.format("M15 5l-7 7 7 7")}</button>
    <input type="range" min="0" step="1">
    <button type="button">{CHEVRON.format("M9 5l7 7-7 7")}</button>
    <p class="says" aria-live="polite"></p>
  </div>
</div>
"""
PARTS = {
    "cover": N_("Cover"),
    "endpaper": N_("Endpaper"),
    "half title": N_("Half title"),
    "dedication": N_("Dedication"),
    "title": N_("Title page"),
    "hero": N_("About the hero"),
    "own": N_("For your own drawing"),
    "colophon": N_("How it was made"),
    "blank": N_("Blank page"),
    "back": N_("Back of the book"),
}


def turning_book(leaves: Sequence[Leaf], key: str, side: int = 0, coming: str = "") -> None:
    """Shows the sides, the first one right-hand. Each new word in `coming` opens the book at `side`, counted from 0."""
    data = {
        "sides": [sheet(leaf) | {"name": side_name(leaf)} for leaf in leaves],
        "look": sheet_look(),
        "words": {
            "book": _("The book as it will be printed"),
            "keys": _("Arrow keys turn the leaves"),
            "before": _("Turn back"),
            "after": _("Turn over"),
            "jump": _("Where the book is open"),
        },
        "open": {"turn": coming, "side": side} if coming else None,
    }
    _part()(key=key, data=(data,))  # in a tuple, as in `boxes`


def side_name(leaf: Leaf) -> str:
    """What a side is called in the person's language."""
    return _(PARTS[leaf.part]) if leaf.part in PARTS else _("Page {number}").format(number=leaf.number)


@cache
def _part() -> Any:
    look, script = (FACE.with_suffix(suffix).read_text(encoding="utf-8") for suffix in (".css", ".js"))
    return st.components.v2.component("studio_leafing", html=BENCH, css=look + "\n", js=sheet_script() + script)
