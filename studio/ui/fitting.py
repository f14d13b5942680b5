"""Learning from a set of pictures: the recipe, the curves and samples while it goes on, what came of it, and the try-out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import streamlit as st

from ..errors import N_
from ..training.curves import smoothed
from ..workshop.domains import Dataset
from .cards import details
from .desk import friendly, live_job, workshop
from .language import _
from .running import at_work

POINTS = 60
LOOKS, SAMPLES = 6, 4  # of which samples are shown, and how many of each
OWN = "own"
RECIPES = {"fashion": N_("Fashion: a whole domain, 2,000 steps"), OWN: N_("A recipe of your own")}


def teach(one: Dataset) -> None:
    """What there is to do now: watch, or begin; and what the last teaching did."""
    busy = bool(live_job(one.id, "fit"))
    if not busy:
        _begin(one)
    st.fragment(_watched, run_every=2 if busy else None)(one.id, busy)


def _begin(one: Dataset) -> None:
    recipe, trigger = "fashion", ""
    with details("dataset"):
        choice = st.selectbox(_("Recipe"), list(RECIPES), key="dataset_recipe", format_func=lambda it: _(RECIPES[it]))
        trigger = st.text_input(_("Words that shall call it, if any"), key="dataset_trigger", max_chars=40).strip()
        if choice == OWN:
            recipe = st.text_area(
                _("Recipe"),
                workshop().recipe_text("fashion"),
                height=360,
                key="dataset_own",
                label_visibility="collapsed",
            )
    words = _("Teach again") if one.taught else _("Teach")
    if st.button(words, key="dataset_teach", type="secondary" if one.taught else "primary", icon=":material/school:"):
        with friendly():
            workshop().submit_fit(one.id, recipe, trigger)
            st.rerun()


def _watched(id: str, busy: bool) -> None:
    """The bar while it goes on; curves and samples as far as they are."""
    at_work(id, "fit", busy)
    looks = workshop().fit_looks(id)
    if looks:
        _samples(looks)
        _curves(workshop().fit_losses(id), looks)


def _samples(looks: Sequence[tuple[Any, Sequence[Any]]]) -> None:
    """What the same words gave at every look, the first above."""
    st.markdown("**" + _("The same words, from before the teaching to now") + "**")
    shown = looks if len(looks) <= LOOKS else [looks[0], *looks[-(LOOKS - 1) :]]
    for check, pictures in shown:
        st.caption(_("After {step} steps").format(step=check.step) if check.step else _("Before"))
        with st.grid(SAMPLES, min_column_width=70, gap="xsmall", key=f"dataset_look_{check.step}"):
            for number, picture in enumerate(pictures, 1):
                alt = _("Sample {number} after {step} steps").format(number=number, step=check.step)
                st.image(str(picture), alt=alt, width="stretch")


def _curves(losses: Sequence[float], looks: Sequence[tuple[Any, Any]]) -> None:
    """The loss of each piece of the way, and the error on pictures that were kept back, between two looks as a straight line."""
    step, loss, error = _("Step"), _("Loss while learning"), _("Error on pictures kept back")
    rows = [{step: end, loss: mean, error: _between(looks, end)} for end, mean in smoothed(losses, POINTS)]
    st.line_chart(rows, x=step, y=[loss, error], height=240, alt=_("How loss and error went down"))


def _between(looks: Sequence[tuple[Any, Any]], step: int) -> float | None:
    """The error at that step; nothing after the last look."""
    checks = [check for check, _pictures in looks]
    for one, later in pairwise(checks):
        if one.step <= step <= later.step:
            share = (step - one.step) / max(1, later.step - one.step)
            return float(one.mse + share * (later.mse - one.mse))
    return None


def report(one: Dataset) -> None:
    """The numbers of the latest finished teaching, for who wants to know."""
    told = workshop().fit_report(one.id)
    if not told:
        return
    with st.expander(_("Report"), key="dataset_report", icon=":material/summarize:"):
        _numbers(told)


def _numbers(told: Mapping[str, Any]) -> None:
    recipe, checks = told["recipe"], {one["step"]: one for one in told["checks"]}
    best = checks[told["best"]]
    rows = [
        (_("Pictures learnt from"), told["pictures"]),
        (_("Pictures kept back"), told["kept_back"]),
        (_("Steps"), f"{told['steps']} / {recipe['steps']}"),
        (_("Taken after"), told["best"]),
        (_("Error"), f"{checks[0]['mse']:.4f} → {best['mse']:.4f}" if 0 in checks else f"{best['mse']:.4f}"),
        (_("Mean distance"), f"{best['mae']:.4f}"),
        (_("Spread"), f"{best['std']:.4f}"),
        (_("Rank and alpha"), f"{told['card']['rank']} / {told['card']['alpha']:g}"),
        (_("Batch size"), recipe["batch"]),
        (_("Time"), f"{told['seconds']:.0f} s"),
        (_("Time of a step"), f"{told['seconds_per_step']:.2f} s"),
        (_("Memory at its height"), f"{told['peak_memory_mb'] / 1024:.1f} GB"),
    ]
    with st.grid(3, min_column_width=110, gap="xsmall", key="dataset_numbers"):
        for label, value in rows:
            st.markdown(f"{label}  \n**{value}**")


def try_out(one: Dataset) -> None:
    """A prompt drawn with 20, 30 and 50 steps, side by side."""
    if not one.taught:
        return
    st.subheader(_("Try it"))
    prompt = st.text_input(_("What shall be drawn?"), key="dataset_prompt", value=workshop().dataset_prompt(one.id))
    negative = st.text_input(_("What shall stay away?"), key="dataset_negative")
    left, right = st.columns(2)
    usual = workshop().try_out_guidance(one.id)
    guidance = left.slider(_("How closely to follow the words"), 1.0, 20.0, usual, 0.5, key="dataset_guidance")
    seed = right.number_input(_("Seed"), 0, 2**31 - 1, 1, key="dataset_seed")
    busy = bool(live_job(one.id, "tryout"))
    if st.button(
        _("Draw it in 20, 30 and 50 steps"), key="dataset_try", icon=":material/brush:", disabled=busy or not prompt
    ):
        with friendly():
            workshop().submit_try_out(one.id, prompt, negative, guidance, int(seed))
            st.rerun()
    st.fragment(_tried, run_every=1 if busy else None)(one.id, busy)


def _tried(id: str, busy: bool) -> None:
    if at_work(id, "tryout", busy):
        return
    picture = workshop().try_out(id)
    if picture:
        st.image(str(picture), alt=_("The same picture in 20, 30 and 50 steps"), width="stretch")
        st.caption(_("From left to right: 20, 30 and 50 steps"))
