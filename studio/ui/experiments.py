"""What was tried in the lab, on the screen: which experiment is at hand, its bar while it goes on, and its farewell."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ..library.experiments import Experiment, Kind
from .chronicle import moment
from .desk import friendly, jobs_of, live_job, workshop
from .language import _
from .running import at_work

SHOWN = 12  # of the earlier ones
LAB = "lab"


def hold(kind: Kind, id: str) -> None:
    """Makes this experiment the one that is shown."""
    st.session_state[f"lab_{kind}_at_hand"] = id


def at_hand(kind: Kind) -> Experiment | None:
    """The experiment that the person asked for last in this visit, else the newest one; none when there is none."""
    known = {one.id: one for one in workshop().experiments(kind)}
    held = st.session_state.get(f"lab_{kind}_at_hand")
    return known.get(held or "") or next(iter(known.values()), None)


def follow(kind: Kind, show: Callable[[Experiment], None], going: Callable[[Experiment], None] | None = None) -> None:
    """Shows the experiment at hand: what there is of it while it goes on, and all of it when it is over."""
    one = at_hand(kind)
    if one is None:
        return
    busy = bool(live_job(one.id, LAB))
    st.fragment(_following, run_every=1 if busy else None)(one.id, busy, show, going)
    if not busy:
        _farewell(one)


def _following(
    id: str, busy: bool, show: Callable[[Experiment], None], going: Callable[[Experiment], None] | None
) -> None:
    with friendly():
        if at_work(id, LAB, busy):
            if going:
                going(workshop().experiment(id))
            return
        one = workshop().experiment(id)
        if one.over:
            show(one)
        elif jobs_of(id, LAB):
            _go_on(one)


def _go_on(one: Experiment) -> None:
    if st.button(_("Go on"), key=f"lab_go_on_{one.id}", icon=":material/play_arrow:"):
        with friendly():
            workshop().go_on_experiment(one.id)
            st.rerun(scope="app")


def earlier(kind: Kind, name: Callable[[Experiment], str]) -> None:
    """The others of this kind, to be opened again."""
    known = {one.id: one for one in workshop().experiments(kind)[:SHOWN]}
    if len(known) < 2:
        return
    chosen, key = at_hand(kind), f"lab_{kind}_earlier"
    ids = list(known)
    st.session_state[key] = chosen.id if chosen and chosen.id in known else ids[0]
    st.selectbox(
        _("Earlier ones"),
        ids,
        format_func=lambda id: f"{name(known[id])} · {moment(known[id].created)}",
        key=key,
        on_change=lambda: hold(kind, st.session_state[key]),
    )


def _farewell(one: Experiment) -> None:
    with st.popover(_("Take it away"), key=f"lab_remove_{one.kind}", icon=":material/delete:"):
        st.markdown(_("This experiment and its pictures go for good."))
        if st.button(_("Delete it"), key=f"lab_remove_sure_{one.kind}", icon=":material/delete_forever:"):
            with friendly():
                workshop().remove_experiment(one.id)
                st.rerun()
