"""Flowers from words on the screen: a sentence, a second one for a film, who paints, and what came of it."""

from __future__ import annotations

import streamlit as st

from ..errors import N_
from ..library.experiments import Experiment
from .chronicle import moment
from .desk import friendly, workshop
from .experiments import earlier, follow, hold
from .language import _, language
from .text import plain

EXAMPLES = {
    "en": (
        "a red flower with a yellow centre on a dark background",
        "six round pink petals around a brown centre, a green background",
        "a blue flower with a white centre and many leaves on a cream background",
    ),
    "vi": (
        "bông hoa màu đỏ với nhụy vàng trên nền tối",
        "hoa tím có 8 cánh nhọn, nhụy cam, nhiều lá, nền màu kem",
        "bông hoa màu trắng với nhụy vàng trên nền xanh dương",
    ),
}
SEEN = ("colour", "centre", "ground")  # what the judge is asked
WORDS = {
    "red": N_("red"), "orange": N_("orange"), "yellow": N_("yellow"), "pink": N_("pink"), "purple": N_("purple"),
    "blue": N_("blue"), "white": N_("white"), "brown": N_("brown"), "green": N_("green"), "cream": N_("cream"),
    "dark": N_("dark"),
}  # fmt: skip


def paint() -> None:
    """The form, and the flowers."""
    st.markdown(
        _(
            "A small network that has seen thousands of drawn flowers paints new ones from your words, from nothing but chance. "
            "It knows petals, centres, leaves and backgrounds, in English and Vietnamese."
        )
    )
    left, right = st.columns(2, gap="large")
    with left.container(key="lab_flowers_form"):
        _form()
    with right.container(key="lab_flowers_result"):
        follow("flowers", _show)
        earlier("flowers", lambda one: str(one.asked["text"]))


def _form() -> None:
    examples = EXAMPLES[language()]
    st.session_state.setdefault("lab_flowers_text", examples[0])
    st.text_input(_("What flower?"), key="lab_flowers_text", max_chars=200)
    with st.container(key="lab_flowers_examples", horizontal=True, gap="small"):
        for number, example in enumerate(examples):
            st.button(example, key=f"lab_flowers_example_{number}", type="tertiary", on_click=_take, args=(example,))
    with st.expander(_("Details"), key="lab_flowers_details"):
        st.text_input(
            _("Turning into"), key="lab_flowers_to", max_chars=200,
            help=_("A film strip goes from the first sentence to this one. Without it the film shows the same words by another chance."),
        )  # fmt: skip
        count, seed = st.columns(2)
        count.slider(_("How many"), 1, 48, 12, key="lab_flowers_count")
        seed.number_input(_("Seed"), 0, 2**31 - 1, 1, key="lab_flowers_seed")
        _painter()
    if st.button(_("Paint flowers"), key="lab_flowers_paint", type="primary", icon=":material/local_florist:"):
        with friendly():
            told = {name: st.session_state[f"lab_flowers_{name}"] for name in ("text", "to", "count", "seed")}
            hold("flowers", workshop().ask_flowers(**told, school=st.session_state.get("lab_flowers_school", "")))
            st.rerun()


def _take(example: str) -> None:
    st.session_state["lab_flowers_text"] = example


def _painter() -> None:
    taught = {one.id: one for one in workshop().experiments("school") if one.over}
    if taught:
        names = {"": _("The studio's own"), **{id: painter_name(one) for id, one in taught.items()}}
        st.selectbox(_("Who paints"), list(names), format_func=names.__getitem__, key="lab_flowers_school")


def painter_name(one: Experiment) -> str:
    """What a painter is called: by what it learnt from, and when."""
    source = str(one.asked.get("dataset", "")) or _("drawn flowers")
    return _("Taught with {what}").format(what=source) + " · " + moment(one.created)


def _show(one: Experiment) -> None:
    words = str(one.asked["text"])
    sheet, strip = (workshop().experiment_file(one.id, name) for name in ("result.png", "strip.png"))
    if sheet:
        st.image(str(sheet), alt=words, width="stretch")
        st.caption(plain(words))
    if "colour" in one.figures:
        told = {name: (_(WORDS[str(one.figures[name])]), 100 * float(one.figures[f"{name} share"])) for name in SEEN}
        st.markdown(
            _(
                "The flower judge, a network of its own, sees petals **{colour}** in {colour_share:.0f} %, a centre **{centre}** in "
                "{centre_share:.0f} % and a background **{ground}** in {ground_share:.0f} % of them."
            ).format(
                **{
                    key: value
                    for name, (word, share) in told.items()
                    for key, value in ((name, word), (f"{name}_share", share))
                }
            )
        )
    if strip:
        st.image(str(strip), alt=_("A film strip from one flower to another"), width="stretch")
        st.caption(
            plain(str(one.asked["to"])) if one.asked.get("to") else _("The same words, from one chance to another")
        )
