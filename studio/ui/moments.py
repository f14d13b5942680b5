"""The wizard's fourth step: the hero with their light and portraits, and the moments of the teaching to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

import streamlit as st

from ..errors import N_
from ..library.characters import Character
from ..training.moment import LIKE, Moment
from .desk import friendly, last_job, live_job, workshop
from .language import _
from .running import outcome, running, waiting_without_worker
from .shown import picture
from .text import plain

Colour = Literal["green", "orange", "red"]
LIGHTS: dict[str, tuple[str, str, Colour, str]] = {  # what the badge says, and in short; colour and icon
    "ready": (N_("Ready to play"), N_("Ready"), "green", "check"),
    "more": (N_("Could be taught more carefully"), N_("Not quite yet"), "orange", "school"),
    "much": (N_("Taught too much"), N_("Too much"), "red", "error"),
}
MEANING = {
    "ready": N_("{name} looks like the photos and does what the story says."),
    "more": N_("{name} can play, but is not quite like the photos yet. More care or one more photo helps."),
    "much": N_("{name} repeats photos or no longer listens to the story. An earlier moment may be better."),
}
SO_SO = 0.6  # of likeness; from LIKE on it is good
PICTURES = 4  # at each moment
PORTRAITS = 8


def badge(one: Character) -> None:
    """How far a character is, in a word and a colour."""
    if not one.ready:
        st.badge(_("Not taught yet"), color="gray", icon=":material/school:")
        return
    long, _short, colour, icon = LIGHTS[_light(one.id)]
    st.badge(_(long), color=colour, icon=f":material/{icon}:")


def _chosen(id: str) -> Mapping[str, Any]:
    """What is known of the moment that is worn; nothing of a hero whom an older studio taught."""
    return (workshop().training_report(id) or {}).get("chosen", {})


def _light(id: str) -> str:
    return _chosen(id).get("light", "ready")


def growing(id: str, until: int | None = None) -> None:
    """The four newest pictures large, and one of each moment before; those of a teaching before it do not count."""
    moments = [moment for moment in workshop().moments(id) if until is None or moment.step <= until]
    if not moments:
        if until is not None:
            _coming(PICTURES, "characters_coming")
        return
    with st.grid(PICTURES, min_column_width=120, gap="xsmall", key="characters_now"):
        for number, file in enumerate(workshop().moment_pictures(id, moments[-1].step), 1):
            picture(file, _("The hero so far, picture {number}").format(number=number))
    if len(moments) > 1:
        st.caption(_("How it began:"))
        with st.grid(10, min_column_width=56, gap="xsmall", key="characters_before"):
            for number, moment in enumerate(moments[:-1], 1):
                _first_picture(id, moment, number)


def _coming(count: int, key: str) -> None:
    with st.grid(4, min_column_width=120, gap="xsmall", key=key):
        for _number in range(count):
            st.skeleton(height=130)


def _first_picture(id: str, moment: Moment, number: int) -> None:
    file = next(iter(workshop().moment_pictures(id, moment.step)), None)
    if file:
        picture(file, _("The hero at moment {number}").format(number=number))


def meet(one: Character) -> None:
    """The hero: how like they are, in eight scenes that were never taught, and as they were at other moments."""
    chosen = _chosen(one.id)
    st.markdown(_(MEANING[_light(one.id)]).format(name=plain(one.name)))
    if chosen:
        _likeness(chosen["likeness"])
    job = live_job(one.id, "portraits")
    if job:
        st.fragment(_drawing, run_every=1)(one.id)
    else:
        _sheet(one)
        if st.button(
            _("Put {name} in a story").format(name=plain(one.name)),
            key="characters_play",
            type="primary",
            icon=":material/auto_stories:",
        ):
            st.switch_page("../pages/story.py")
    if len(workshop().moments(one.id)) > 1:
        _others(one, chosen)


def _likeness(share: float) -> None:
    """A small bar with a word; the number is there for who points at it."""
    words, colour = _judged(share)
    number = _("{share} of 1. From {good} on it is good.").format(share=f"{share:.2f}", good=f"{LIKE:.1f}")
    with st.container(key="characters_likeness", horizontal=True, vertical_alignment="bottom"):
        st.progress(min(max(share, 0.0), 1.0), text=_("Likeness"), width=150)
        st.badge(words, color=colour, help=number)


def _judged(share: float) -> tuple[str, Colour]:
    if share >= LIKE:
        return _("good"), "green"
    return (_("so-so"), "orange") if share >= SO_SO else (_("weak"), "red")


def _sheet(one: Character) -> None:
    """The portraits, and a way to have them drawn when that was stopped."""
    drawn = workshop().small_portraits(one.id)
    last = last_job(one.id, "portraits", "train")
    broken = last is not None and last.kind == "portraits" and last.state != "done"
    if broken:
        outcome(last)
    if (broken or not drawn) and st.button(
        _("Draw the portraits"), key="characters_draw_portraits", icon=":material/brush:"
    ):
        with friendly():
            workshop().submit_portraits(one.id)
            st.rerun()
    with st.grid(4, min_column_width=120, gap="xsmall", key="characters_sheet"):
        for number, portrait in enumerate(drawn, 1):
            words = _("{name}, portrait {number}").format(name=one.name, number=number)
            picture(portrait, words)


def _drawing(id: str) -> None:
    """The portraits being drawn anew; until they are there, the hero as they were at the chosen moment."""
    job = live_job(id, "portraits")
    if not job:
        st.rerun()
    running(job)
    waiting_without_worker(job)
    pictures = workshop().moment_pictures(id, _chosen(id).get("step", -1))
    with st.grid(4, min_column_width=120, gap="xsmall", key="characters_now"):
        for number, file in enumerate(pictures, 1):
            picture(file, _("The hero so far, picture {number}").format(number=number))
        for _number in range(PORTRAITS - len(pictures)):
            st.skeleton(height=130)


def _others(one: Character, chosen: Mapping[str, Any]) -> None:
    section = st.expander(
        _("Choose another moment"), key=f"characters_others_{one.id}", type="compact", on_change="rerun"
    )
    with section:
        if not section.open:
            return
        st.caption(
            _("The studio looked at {name} along the way and took the best. You may see it otherwise.").format(
                name=plain(one.name)
            )
        )
        busy = bool(live_job(one.id, "portraits", "train"))
        with st.grid(5, min_column_width=104, gap="xsmall", key="characters_moments"):
            for number, moment in enumerate(workshop().moments(one.id), 1):
                _moment(one, moment, number, _worn(moment, chosen), busy)


def _worn(moment: Moment, chosen: Mapping[str, Any]) -> bool:
    return all(chosen.get(name) == value for name, value in asdict(moment).items())


def _moment(one: Character, moment: Moment, number: int, worn: bool, busy: bool) -> None:
    """One moment: its first picture, its light, and a button; the one that is worn is marked instead."""
    long, short, colour, icon = LIGHTS[moment.light]
    with st.container(key=f"characters_moment_{moment.step}_card", height="stretch"):
        _first_picture(one.id, moment, number)
        st.badge(_(short), color=colour, icon=f":material/{icon}:", help=_(long))
        if worn:
            st.markdown(":primary[:material/check_circle: " + _("Chosen") + "]", width="content")
        elif st.button(_("This one"), key=f"characters_take_{moment.step}", type="tertiary", disabled=busy):
            with friendly():
                workshop().choose_moment(one.id, moment.step)
                workshop().submit_portraits(one.id)
                st.rerun()
