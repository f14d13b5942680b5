"""A tiny screen for the browser test: a book to turn, and a page whose words can be moved."""

import json
import os
from pathlib import Path

import streamlit as st

from studio.ui.boxes import words_box
from studio.ui.leafing import turning_book
from studio.workshop.leafing import Leaf

HOME = Path(os.environ["STUDIO_HOME"])
PARTS = ("cover", "endpaper", "half title", "story", "story", "back")


def leaf(number: int, part: str) -> Leaf:
    """A square side that says its number."""
    html = f'<div class="side" style="width:300px;height:300px"><p class="words">side {number}</p></div>'
    return Leaf(html, 300, 300, "#FBF6EC", part, max(0, number - 2), part)


turning_book([leaf(number, part) for number, part in enumerate(PARTS)], "book")
place = st.session_state.setdefault("place", (0.1, 0.6, 0.9, 0.9))
moved = words_box(leaf(3, "story"), place, "words")
if moved:
    st.session_state["place"] = moved
    (HOME / "place.json").write_text(json.dumps(moved))
    st.rerun()
st.button("Again", on_click=st.session_state.update, args=({"run": st.session_state.get("run", 0) + 1},))
st.text(f"run {st.session_state.get('run', 0)}")
