"""The wizard's third step: how carefully, how long that takes, and the hero growing while the studio learns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ..errors import N_
from ..library.characters import Character
from ..training.curves import smoothed
from ..training.recipe import CHANGEABLE
from .cards import details
from .desk import LIVE, friendly, known_jobs, last_job, live_job, workshop
from .language import _, n_
from .memory import recall, remember
from .moments import growing
from .running import outcome, running, waiting_without_worker

EFFORTS = {"draft": N_("Quick"), "good": N_("Good"), "best": N_("Best")}
WORTH = {"draft": N_("A first look."), "good": N_("Right for most."), "best": N_("The closest likeness.")}
USUAL_S = {"draft": 30, "good": 90, "best": 240}  # on a machine that was not measured yet
MEASURED = "characters_measured"  # this visit has asked for a measuring
ANEW = "characters_anew"  # the id of a character whose stopped teaching the person would rather begin anew
DOTS = 60  # in a curve of losses


def teach(one: Character) -> None:
    """What there is to do now: watch, go on, or begin."""
    job = live_job(one.id, "train")
    if job:
        st.fragment(_learning, run_every=1)(one.id)
        return
    begun = workshop().begun_training(one.id)
    last = last_job(one.id, "train")
    if last and not (begun and last.state == "cancelled"):
        outcome(last)
    if begun and st.session_state.get(ANEW) != one.id:
        _stopped(one, begun)
    else:
        _choose(one, begun)


def _learning(id: str) -> None:
    """The bar and the pictures so far; draws the whole screen when it is over."""
    job = live_job(id, "train")
    if not job:
        st.rerun()
    if job.state == "running":
        running(job, _("Pause"), "pause")
    else:
        running(job)
    waiting_without_worker(job)
    growing(id, job.done)


def _stopped(one: Character, begun: float) -> None:
    """A teaching that was paused or broke off: it can go on, or begin anew."""
    st.progress(
        begun, text=_("{percent} % are learnt and kept. Pause as long as you like.").format(percent=round(100 * begun))
    )
    with st.container(key="characters_stopped", horizontal=True, vertical_alignment="center"):
        if st.button(_("Go on"), key="characters_go_on", type="primary", icon=":material/play_arrow:"):
            effort, *changed = recall(_effort_of(one), "good").split()
            _submit(one, effort, {name: int(number) for name, number in (pair.split("=") for pair in changed)})
        st.button(
            _("Begin anew"),
            key="characters_anew_button",
            icon=":material/restart_alt:",
            on_click=st.session_state.update,
            args=({ANEW: one.id},),
        )
    st.caption(_("Going on needs the photos as they were. When you change them, it begins anew."))
    growing(one.id)


def _choose(one: Character, begun: float) -> None:
    """One choice with its minutes, and the button."""
    effort = st.segmented_control(
        _("How carefully?"),
        list(EFFORTS),
        default="good",
        format_func=lambda it: _(EFFORTS[it]),
        key="characters_effort",
        required=True,
        wrap=True,
    )
    unknown = workshop().estimate_training(one.id, effort) is None
    if unknown:
        _ask_to_measure()
    st.fragment(_minutes, run_every=3 if unknown else None)(one.id, effort)
    changes = _changes()
    with st.container(key="characters_begin_bar", horizontal=True, vertical_alignment="center"):
        words = _("Teach again") if one.ready else _("Teach")
        if st.button(
            words, key="characters_teach", type="secondary" if one.ready else "primary", icon=":material/school:"
        ):
            with friendly():
                if begun:
                    workshop().forget_training(one.id)
                _submit(one, effort, changes)
        if begun:
            st.button(
                _("Go on instead"),
                key="characters_go_on_instead",
                type="tertiary",
                on_click=st.session_state.update,
                args=({ANEW: ""},),
            )


def _changes() -> dict[str, int]:
    """Numbers that a specialist would rather choose; empty ones follow from the effort, the photos and the model."""
    labels = {"steps": _("Steps"), "rank": _("Rank"), "pace": _("Learning rate, percent of the usual")}
    given: dict[str, int] = {}
    with details("characters_changes"), st.container(horizontal=True):
        for name, (least, most) in CHANGEABLE.items():
            number = st.number_input(
                labels[name], least, most, value=None, placeholder=_("as usual"), key=f"characters_{name}"
            )
            given |= {name: int(number)} if number else {}
    return given


def _submit(one: Character, effort: str, changes: Mapping[str, int]) -> None:
    with friendly():
        remember(**{_effort_of(one): " ".join([effort, *(f"{name}={number}" for name, number in changes.items())])})
        workshop().submit_training(one.id, effort, **changes)
        st.session_state[ANEW] = ""
        st.rerun()


def _effort_of(one: Character) -> str:
    """Where it is remembered how carefully the character is being taught; no name is in it, because that may be erased."""
    return f"effort {one.created}"


def _minutes(id: str, effort: str) -> None:
    """What the effort is good for and how long it takes, on this computer as soon as it was measured."""
    estimate = workshop().estimate_training(id, effort)
    seconds = estimate.seconds if estimate else USUAL_S[effort]
    minutes = n_("about {count} minute", "about {count} minutes", max(1, round(seconds / 60)))
    if estimate:
        memory = f"{estimate.memory_mb / 1024:.1f} GB"
        long = _("It takes {minutes} and {memory} of memory on this computer.").format(minutes=minutes, memory=memory)
    else:
        long = _("It takes {minutes} on most computers.").format(minutes=minutes)
    st.caption(_(WORTH[effort]) + " " + long)


def _ask_to_measure() -> None:
    """Once in a visit, and only while nothing else is being done."""
    if not st.session_state.get(MEASURED) and not any(job.state in LIVE for job in known_jobs()):
        st.session_state[MEASURED] = True
        with friendly():
            workshop().submit_measuring()


def numbers(id: str) -> None:
    """Everything technical of the latest teaching, for who wants to know."""
    report = workshop().training_report(id)
    if not report:
        return
    section = details("characters")
    with section:
        _recipe(report)
        _losses(report["losses"])
        if report.get("moments"):
            _curves(report["moments"])


def _recipe(report: Mapping[str, Any]) -> None:
    recipe = report["recipe"]
    rows = [
        (_("Model"), f"{report['model']} {report['revision']}"),
        (_("Steps"), f"{report['steps']} / {recipe['steps']}"),
        (_("Batch size"), recipe["batch"]),
        (_("Learning rate"), f"{recipe['rate']:g}"),
        (_("Rank and alpha"), f"{report['card']['rank']} / {report['card']['alpha']:g}"),
        (_("Prior preservation"), f"{recipe['prior']:g} × {recipe['prior_weight']:g}"),
        (_("Seed"), report["seed"]),
        (_("Min-SNR gamma"), f"{recipe['snr_gamma']:g}"),
        (_("Time"), f"{report['seconds']:.0f} s"),
        (_("Time of a step"), f"{report['seconds_per_step']:.2f} s"),
        (_("Memory at its height"), f"{report['peak_memory_mb'] / 1024:.1f} GB"),
        (_("Likeness before"), f"{report.get('likeness_before', 0):.2f}"),
    ]
    with st.grid(3, min_column_width=110, gap="xsmall", key="characters_recipe"):
        for label, value in rows:
            st.markdown(f"{label}  \n**{value}**")


def _losses(losses: Sequence[float]) -> None:
    """The mean of each piece of the way, because single steps jump."""
    step, loss = _("Step"), _("Loss")
    curve = [{step: end, loss: mean} for end, mean in smoothed(losses, DOTS)]
    st.line_chart(curve, x=step, y=loss, height=180, alt=_("How the loss went down"))


def _curves(moments: Sequence[Mapping[str, Any]]) -> None:
    step = _("Step")
    names = {"likeness": _("Likeness"), "match": _("Listening"), "copy": _("Copying")}
    curves = {step: [one["step"] for one in moments]}
    curves |= {words: [one[name] for one in moments] for name, words in names.items()}
    alt = _("How likeness, listening and copying changed")
    st.line_chart(curves, x=step, y=list(names.values()), height=260, alt=alt)
