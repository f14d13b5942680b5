"""Sets of captioned pictures on the screen: what came, what was kept and why not, and which set is at hand."""

from __future__ import annotations

import streamlit as st

from ..errors import N_
from ..workshop.domains import Dataset
from .cards import art
from .desk import friendly, live_job, workshop
from .language import _, n_
from .newcomer import PHOTO_TYPES
from .running import at_work
from .text import plain

AT_HAND = "dataset_at_hand"
REASONS = {
    "missing": N_("not there"),
    "format": N_("no picture that can be read"),
    "foreign": N_("of a kind that is not opened here"),
    "channels": N_("not in colour"),
    "small": N_("too small"),
    "caption": N_("without words, or with too few"),
    "blurred": N_("blurred"),
    "narrow": N_("too long and narrow"),
    "enough": N_("good, but more than needed"),
}
SHOWN = 8


def set_at_hand() -> Dataset | None:
    """The set that the person opened, else the newest; its choice when there are several. None while a new one is begun."""
    known = {one.id: one for one in workshop().datasets()}
    if st.session_state.get(AT_HAND) == "new" or not known:
        return None
    if st.session_state.get(AT_HAND) not in known:
        st.session_state[AT_HAND] = next(iter(known))
    with st.container(key="dataset_bar", horizontal=True, vertical_alignment="bottom"):
        id = st.selectbox(_("Set of pictures"), list(known), format_func=lambda it: known[it].title, key=AT_HAND)
        st.button(
            _("Begin another"),
            key="dataset_new",
            icon=":material/add:",
            on_click=st.session_state.update,
            args=({AT_HAND: "new"},),
        )
    return known[id]


def arrive() -> None:
    """Asks for a name and the files, or takes the sample."""
    with st.container(key="dataset_arrive_card"):
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown(
                _("Pictures with a few words each teach a style or a whole world of things. Some hundred are best.")
            )
            title = st.text_input(_("Name"), key="dataset_title", max_chars=40).strip()
            files = st.file_uploader(
                _("A ZIP, or pictures with their captions"),
                ["zip", *PHOTO_TYPES, "txt", "json", "jsonl", "csv"],
                accept_multiple_files=True,
                key="dataset_files",
            )
            if st.button(
                _("Look at the pictures"),
                key="dataset_begin",
                type="primary",
                icon=":material/fact_check:",
                disabled=not (title and files),
            ):
                with friendly():
                    given = [(one.name, one.getvalue()) for one in files or ()]
                    _hold(workshop().receive_dataset(title, given), sample=False)
        with right, st.container(key="dataset_sample_bar", horizontal_alignment="center"):
            art("photos", width=240)
            if st.button(_("Try it with drawn clothes"), key="dataset_sample", type="tertiary"):
                with friendly():
                    _hold(workshop().receive_clothes(_("Drawn clothes")), sample=True)


def _hold(id: str, sample: bool) -> None:
    workshop().submit_preparing(id, sample)
    st.session_state[AT_HAND + "_next"] = id
    st.rerun()


def take_up() -> None:
    """Opens the set that was just begun; its choice must not be changed after it was drawn."""
    begun = st.session_state.pop(AT_HAND + "_next", "")
    if begun:
        st.session_state[AT_HAND] = begun


def looked_at(one: Dataset) -> bool:
    """What was kept of the set and why the rest was not; whether there is anything to learn from."""
    busy = bool(live_job(one.id, "prepare"))
    st.fragment(_looking, run_every=1 if busy else None)(one.id, busy)
    return not busy and one.taken > 0


def _looking(id: str, busy: bool) -> None:
    if at_work(id, "prepare", busy):
        return
    one = workshop().dataset(id)
    st.markdown("**" + n_("{count} picture to learn from", "{count} pictures to learn from", one.taken) + "**")
    if one.left_out:
        why = ", ".join(str(count) + " " + _(REASONS[reason]) for reason, count in one.left_out.items())
        st.caption(_("Left out: {why}.").format(why=why))
    if "foreign" in one.left_out:
        names = ", ".join(map(plain, workshop().left_out_pictures(id, "foreign", SHOWN)))
        st.caption(_("Not opened: {names}. Save them as JPEG or PNG and bring them again.").format(names=names))
    pictures = workshop().dataset_pictures(id, SHOWN)
    if pictures:
        with st.grid(SHOWN, min_column_width=90, gap="xsmall", key="dataset_strip"):
            for path, caption in pictures:
                st.image(str(path), alt=caption, width="stretch")


def farewell(one: Dataset) -> None:
    """Takes the set away; what was learnt from it stays."""
    with st.popover(_("Take this set away"), key="dataset_remove", icon=":material/delete:"):
        st.markdown(
            _("The copies of the pictures of {name} go. What was learnt from them stays with the styles.").format(
                name=plain(one.title)
            )
        )
        st.button(_("Take it away"), key="dataset_remove_now", on_click=_remove, args=(one.id,))


def _remove(id: str) -> None:
    with friendly():
        workshop().remove_dataset(id)
