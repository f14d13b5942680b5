"""A painter of one's own on the screen: what it learns from, how it gets on while it learns, and its curves."""

from __future__ import annotations

import json

import streamlit as st

from ..library.experiments import Experiment
from ..training.curves import smoothed
from .desk import friendly, live_job, workshop
from .experiments import at_hand, follow, hold
from .flowers import painter_name
from .language import _

POINTS = 100


def teach() -> None:
    """Asks what to learn from and how long; shows samples and losses while it learns, and after."""
    st.subheader(_("Teach a painter of your own"))
    left, right = st.columns(2, gap="large")
    with left.container(key="lab_school_form"):
        _form()
    with right.container(key="lab_school_result"):
        follow("school", _shown, _samples)


def _form() -> None:
    st.markdown(
        _(
            "Two networks play against each other: one paints, the other tells painted from real and right words from wrong ones. "
            "After some minutes the first has learnt to paint what it is told."
        )
    )
    sets = {"": _("Drawn flowers, made here"), **{one.id: one.title for one in workshop().datasets() if one.taken}}
    st.selectbox(_("Learns from"), list(sets), format_func=sets.__getitem__, key="lab_school_dataset")
    st.slider(_("Minutes"), 1, 120, 10, key="lab_school_minutes")
    with st.expander(_("Details"), key="lab_school_details"):
        st.slider(
            _("Nearness to the real picture (L1)"), 0.0, 50.0, 5.0, 0.5, key="lab_school_l1",
            help=_("Draws each picture towards the real one with the same words: steadier, and a little alike."),
        )  # fmt: skip
        st.slider(
            _("Likeness in what the critic sees (feature matching)"), 0.0, 10.0, 1.0, 0.5, key="lab_school_features",
            help=_("Draws all painted pictures together towards all real ones, as the critic sees them."),
        )  # fmt: skip
        st.number_input(_("Seed"), 0, 2**31 - 1, 0, key="lab_school_seed")
    one = at_hand("school")
    busy = bool(one and live_job(one.id, "lab"))
    if st.button(_("Begin teaching"), key="lab_school_begin", icon=":material/school:", disabled=busy):
        with friendly():
            told = {
                name: st.session_state[f"lab_school_{name}"]
                for name in ("minutes", "dataset", "l1", "features", "seed")
            }
            hold("school", workshop().ask_school(**told))
            st.rerun()


def _shown(one: Experiment) -> None:
    st.markdown("**" + painter_name(one) + "**")
    _samples(one)
    told = one.figures
    st.caption(
        _("{pictures} pictures, {steps} steps, {minutes:.0f} min").format(
            pictures=told["pictures"], steps=told["steps"], minutes=float(told["learning seconds"]) / 60
        )
    )


def _samples(one: Experiment) -> None:
    """The newest samples, at noise and words that stay, beside the first; and the losses so far."""
    found = workshop().experiment_samples(one.id)
    if found:
        st.image(str(found[-1]), alt=_("What it paints of the same words now"), width="stretch")
        st.caption(_("After {step} steps").format(step=int(found[-1].stem)))
    losses = workshop().experiment_file(one.id, "losses.json")
    if losses:
        told = json.loads(losses.read_bytes())
        step, painter, critic = _("Step"), _("The painter's loss"), _("The critic's loss")
        both = zip(smoothed(told["generator"], POINTS), smoothed(told["critic"], POINTS), strict=True)
        rows = [{step: at, painter: loss, critic: doubt} for (at, loss), (_same, doubt) in both]
        st.line_chart(rows, x=step, y=[painter, critic], height=220, alt=_("How the two losses went"))
