"""Two tiny screens for the browser tests: fields that are kept as they are typed, and page breaks that move."""

import json
import os
import time
from pathlib import Path

import streamlit as st

from studio.ui.breaks import Move, page_breaks
from studio.ui.keeping import keep_as_typed

HOME = Path(os.environ["STUDIO_HOME"])
Pages = tuple[tuple[str, ...], ...]
STORY: Pages = (
    ("An was six.", "An loved <b>rain</b> & *stars*.", "Every evening An listened."),
    ("One night the rain did not come.", "An took a lamp and went to look for it."),
    ("Behind the hill slept a cloud.", "An told it a story.", "The cloud laughed, and then it rained."),
)


def note(name: str, words: object) -> None:
    """One more line in the file of this name: when, and what."""
    with (HOME / name).open("a", encoding="utf-8") as file:
        file.write(json.dumps([time.time(), words]) + "\n")


def kept(field: str) -> None:
    note(field, st.session_state[f"{field}_{anew}"])


def write() -> None:
    keep_as_typed()
    st.text_input("Title", key=f"title_{anew}", on_change=kept, args=("title",))
    st.text_area("Text", key=f"text_{anew}", on_change=kept, args=("text",), height=200)
    with st.form("form"):
        st.text_area("In a form", key=f"formed_{anew}")
        st.form_submit_button("Send", on_click=kept, args=("formed",))
    time.sleep(0.2)  # as long as a slow screen takes, so that people type on while it runs
    st.text(f"{len(st.session_state[f'text_{anew}'])} letters")


def lay() -> None:
    pages = st.session_state.setdefault(f"pages_{anew}", STORY)
    move = page_breaks(pages, f"breaks_{anew}", page="Page {number}", handle="End of page {number}; arrow keys move it")
    if move:
        note("moves", [move.page, move.sentences])
    if move and not st.session_state.get(f"refuse_{anew}"):
        st.session_state[f"pages_{anew}"] = taken(pages, move)
        st.rerun()
    st.toggle("Refuse", key=f"refuse_{anew}")
    st.button("Again", on_click=st.session_state.update, args=({"run": st.session_state.get("run", 0) + 1},))
    st.text(f"run {st.session_state.get('run', 0)}")


def taken(pages: Pages, move: Move) -> Pages:
    """The pages after this move."""
    both = (*pages[move.page - 1], *pages[move.page])
    count = len(pages[move.page - 1]) + move.sentences
    return (*pages[: move.page - 1], both[:count], both[count:], *pages[move.page + 1 :])


anew = st.session_state.setdefault("anew", 0)  # how often everything began from the start
screen = st.navigation([st.Page(write, default=True), st.Page(lay)])
st.button("Anew", on_click=st.session_state.update, args=({"anew": anew + 1},))
screen.run()
