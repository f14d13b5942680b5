"""The mixing desk: hero and style at nine pairs of strengths, how much is left of both, and one click to keep the best."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..adapters.card import HERO_FIRST, STYLE_LATER, Worn, in_turn, strength
from ..publishing.book import Book
from ..workshop.mixing import Trial, best
from .desk import friendly, live_job, workshop
from .language import _
from .running import at_work

GOOD, SO_SO = 0.75, 0.5
BARS = 5


def mixing_desk(book: Book, style: str) -> None:
    """The grid of the style for the book, or the button that asks for it; draws itself anew while it is being made."""
    if not style:
        return
    busy = bool(live_job(book.id, "try"))
    st.subheader(_("How strong?"))
    st.markdown(_("The same page nine times, from gentle to strong. Take the one you like best."))
    st.fragment(_desk, run_every=1 if busy else None)(book.id, style, busy)


def _desk(id: str, style: str, busy: bool) -> None:
    if at_work(id, "try", busy):
        return
    book = workshop().book(id)
    trials = workshop().trials(book, style)
    if trials:
        _grid(book, style, trials)
    else:
        if st.button(_("Try nine strengths"), key="styles_try", icon=":material/grid_view:"):
            with friendly():
                workshop().submit_trials(id, style)
                st.rerun()


def _grid(book: Book, style: str, trials: Sequence[Trial]) -> None:
    marked, worn = best(trials), _worn(book, style)
    with st.grid(3, min_column_width=100, gap="small", key="styles_trials"):
        for number, trial in enumerate(trials):
            mark = "chosen" if (trial.hero, trial.style) == worn else "open"
            with st.container(key=f"styles_trial_{number}_{mark}_tile"):
                words = _("Style {style} %, hero {hero} %").format(
                    style=round(100 * trial.style), hero=round(100 * trial.hero)
                )
                st.image(str(workshop().trial_picture(book, style, trial)), alt=words, width="stretch")
                if trial == marked:
                    st.badge(_("The studio's choice"), color="green", icon=":material/star:")
                _bars(trial)
                st.button(
                    _("Keep this"),
                    key=f"styles_keep_{number}",
                    type="tertiary",
                    icon=":material/check_circle:" if mark == "chosen" else None,
                    help=words,
                    on_click=_keep,
                    args=(book.id, style, trial.style, trial.hero),
                    width="stretch",
                )


def _bars(trial: Trial) -> None:
    """What is left of the hero and what came of the style, as a small bar with a word; the number on hover."""
    if trial.likeness is not None:
        _bar(_("Hero"), trial.likeness)
    _bar(_("Style"), trial.manner)


def _bar(name: str, share: float) -> None:
    word, colour = (
        (_("good"), "green") if share >= GOOD else (_("so-so"), "orange") if share >= SO_SO else (_("weak"), "red")
    )
    full = max(1, round(BARS * share))
    bar = f":{colour}[{'▪' * full}]:gray[{'▫' * (BARS - full)}]"
    st.caption(f"{name} {bar} {word}", help=f"{share:.2f}", text_alignment="center")


def _worn(book: Book, style: str) -> tuple[float, float]:
    """Strengths of hero and style in the book as it is."""
    styled = next((strength(one, STYLE_LATER) for one in book.look.styles if one.adapter == style), -1.0)
    return next((strength(one, HERO_FIRST) for one in book.look.characters), 1.0), styled


def _keep(id: str, style: str, styled: float, hero: float) -> None:
    """Makes it the book's look, and sets the sliders to it."""
    with friendly():
        heroes = tuple(Worn(one.adapter, hero) for one in workshop().book(id).look.characters)
        heroes, styles = in_turn(heroes, (Worn(style, styled),))
        workshop().change_look(id, styles=styles, characters=heroes)
        st.session_state["styles_in_turn"] = bool(heroes)
        st.session_state["styles_strength"], st.session_state["styles_hero_strength"] = styled, hero
