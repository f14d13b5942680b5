"""What every screen shows alike: drawn art, empty states, a closed Details section, cards to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from .language import _
from .shown import picture

ART = Path(__file__).with_name("art")


@dataclass(frozen=True, slots=True)
class Choice:
    """One card to choose: its `picture` is a file, or the name of a drawing in `art/`."""

    id: str
    title: str
    words: str = ""
    picture: Path | str = ""


def art(name: str, alt: str = "", width: Any = "stretch") -> None:
    """A drawing of the studio's own; without `alt` it is an ornament that screen readers skip."""
    st.image(str(ART / f"{name}.svg"), alt=alt, width=width)


def empty(key: str, drawing: str, words: str, button: str, icon: str = "add") -> bool:
    """An empty screen: a picture, one sentence, one button. True when it was pressed."""
    with st.container(key=f"{key}_empty", horizontal_alignment="center"):
        art(drawing, width=280)
        st.markdown(words)
        return st.button(button, key=f"{key}_begin", type="primary", icon=f":material/{icon}:")


def details(key: str) -> Any:
    """The one closed section of a screen that holds everything technical."""
    return st.expander(_("Details"), key=f"{key}_details", icon=":material/tune:")


def choose(key: str, choices: Sequence[Choice], chosen: str, part: str = "") -> str:
    """A row of picture cards, one of them chosen; gives the id of the chosen one. Kept in the session under `key`; several rows,
    told apart by their `part`, may share it."""
    chosen, row = st.session_state.setdefault(key, chosen), f"{key}_{part}" if part else key
    tiles(row, choices, chosen, lambda id: st.session_state.update({key: id}))
    return chosen


def tiles(
    key: str, choices: Sequence[Choice], chosen: str, take: Callable[[str], None], columns: int = 4, least_px: int = 150
) -> None:
    """Picture cards in rows of so many, one of them chosen; `take` gets the id of the one that a person clicks."""
    with st.grid(columns, min_column_width=least_px, key=f"{key}_choices"):
        for number, choice in enumerate(choices):
            mark = "chosen" if choice.id == chosen else "open"
            with st.container(key=f"{key}_{number}_{mark}_tile"):
                choice_picture(choice)
                st.button(
                    choice.title,
                    key=f"{key}_{number}",
                    type="tertiary",
                    icon=":material/check_circle:" if choice.id == chosen else None,
                    on_click=take,
                    args=(choice.id,),
                    width="stretch",
                )
                if choice.words:
                    st.caption(choice.words)


def choice_picture(choice: Choice) -> None:
    """What a choice is seen by."""
    if isinstance(choice.picture, Path):
        picture(choice.picture)
    elif choice.picture:
        art(choice.picture)
