"""The story as it lies on the pages, with handles between the pages that move sentences over the break."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

FACE = Path(__file__)
COLUMN = '<div class="story"></div>'


@dataclass(frozen=True, slots=True)
class Move:
    """Sentences that go over the break after page `page`, counted from 1.

    `sentences` > 0 go from the beginning of the next page to the end of this one, < 0 from its end to the next one.
    """

    page: int
    sentences: int


def page_breaks(pages: Sequence[Sequence[str]], key: str, page: str, handle: str) -> Move | None:
    """Shows the sentences of every page; gives the move that a person just made, once, and leaves it to the caller.

    `page` and `handle` are the words on a handle and for screen readers, with {number} for the page. The browser shows
    the move already, and `pages` again with the next run: rerun when the move was made.
    """
    numbers = range(1, len(pages) + 1)
    # The number of the next move. It begins with the clock, since a browser that outlives the studio tells its last
    # moves to the next one too.
    turn = st.session_state.setdefault(f"{key}_turn", time.time_ns() // 1_000_000)
    shown = {
        "pages": [[sentence.strip() for sentence in sentences] for sentences in pages],
        "names": [page.format(number=number) for number in numbers],
        "handles": [handle.format(number=number) for number in numbers[:-1]],
        "turn": turn,
    }
    for told in _part()(key=key, data=shown, on_moves_change=lambda: None).get("moves") or ():
        if told["turn"] == turn:
            st.session_state[f"{key}_turn"] = turn + 1
            return _fitting(Move(told["page"], told["sentences"]), pages)
    return None


def _fitting(move: Move, pages: Sequence[Sequence[str]]) -> Move | None:
    """The move, or None when these pages are newer than those it was made on and would lose a page by it."""
    if not 0 < move.page < len(pages):
        return None
    return move if -len(pages[move.page - 1]) < move.sentences < len(pages[move.page]) else None


@cache
def _part() -> Any:
    look, script = (FACE.with_suffix(suffix).read_text(encoding="utf-8") for suffix in (".css", ".js"))
    return st.components.v2.component("studio_breaks", html=COLUMN, css=look, js=script)
