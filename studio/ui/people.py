"""The characters: portrait cards with their light, and the wizard whose four steps lead from photos to hero on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ..errors import N_
from ..library.characters import Character
from ..settings import SAMPLES
from .album import check
from .clocks import kept_until
from .consent import agreed
from .desk import friendly, live_job, workshop
from .language import _, n_
from .moments import badge, meet
from .newcomer import NEW, arrive
from .shown import picture
from .teaching import numbers, teach
from .text import plain

STEPS = (N_("Photos"), N_("Check"), N_("Teach"), N_("Meet"))
DONE = ":material/check_circle:"


def portraits(people: Sequence[Character]) -> None:
    """A card for each character: portrait, name, and how far they are."""
    with st.grid(min_column_width=170, key="characters_portraits"):
        for one in people:
            with st.container(key=f"characters_{one.id}_card"):
                small = (*workshop().small_portraits(one.id), *workshop().small_photos(one.id).values())
                if small:
                    picture(small[0], one.name)
                st.button(
                    plain(one.name),
                    key=f"characters_open_{one.id}",
                    type="tertiary",
                    width="stretch",
                    on_click=st.session_state.update,
                    args=({NEW: one.id},),
                )
                badge(one)
                kept_until(one.id)


def try_sample() -> None:
    """For who has no photos at hand: six drawings that came with the studio become a character."""
    with st.container(key="characters_sample_bar", horizontal_alignment="center"):
        if st.button(_("Try it with the drawings of May"), key="characters_sample", type="tertiary"):
            photos = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))]
            with friendly(), st.spinner(_("Looking at the photos")):
                st.session_state[NEW] = workshop().begin_character("May", "drawn", photos, "girl").character.id
                st.rerun()


def wizard(at_hand: str) -> None:
    """The way from photos to hero on one page; for a new character, or to teach one that has photos."""
    st.button(
        _("All characters"),
        key="characters_close",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=st.session_state.update,
        args=({NEW: ""},),
    )
    with st.container(key="characters_wizard_card"):
        if at_hand == "new":
            _new()
        else:
            _known(workshop().character(at_hand))


def _new() -> None:
    st.subheader(_("Who is it?"))
    with _step(1, "new", open=True):
        arrive()
    for number in (2, 3, 4):
        _step(number, "new")


def _known(one: Character) -> None:
    """The steps of a character that has photos; those that are done are closed."""
    workshop().use_character(one.id)
    _head(one)
    taught = bool(live_job(one.id, "train"))
    begun = workshop().begun_training(one.id) > 0
    with _step(1, one.id, n_("{count} photo", "{count} photos", one.photos), done=True):
        _given(one)
    kept = sum(photo.kept for photo in one.album) if one.album else one.photos
    words = n_("{count} to learn from", "{count} to learn from", kept)
    settled = taught or begun or one.ready
    with _step(2, one.id, words, done=settled, open=not settled, lasting=settled) as checked:
        check(one, busy=taught) if checked.open else _later()
    now = taught or begun or not one.ready
    with _step(3, one.id, done=one.ready and not now, open=now, lasting=now) as lesson:
        teach(one) if lesson.open else _later()
    if one.ready:
        with _step(4, one.id, open=not taught, done=True, lasting=taught) as met:
            meet(one) if met.open else _later()
        numbers(one.id)
    else:
        _step(4, one.id)


def _head(one: Character) -> None:
    with st.container(key="characters_head", horizontal=True, vertical_alignment="center"):
        st.subheader(plain(one.name), width="content")
        badge(one)


def _given(one: Character) -> None:
    """Whose word it is that the photos may be used, and where they are."""
    agreed(one)
    st.caption(_("The photos stay on this computer. Place and camera data are removed."))


def _later() -> None:
    """Stands in a closed step, which an empty one could not be opened, and is seen while it opens."""
    st.skeleton(height=120)


def _step(
    number: int, id: str, words: str = "", *, done: bool = False, open: bool = False, lasting: bool = False
) -> Any:
    """One of the four steps, which the person may open and close; `lasting` is what it was opened or closed for."""
    label = "**" + _(STEPS[number - 1]) + "**" + (f" · {words}" if words else "")
    return st.expander(
        label,
        expanded=open,
        key=f"characters_step_{number}_{id}_{lasting:d}",
        icon=DONE if done else f":material/counter_{number}:",
        type="step",
        on_change="rerun",
    )
