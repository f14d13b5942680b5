"""Every number of a free picture, in the closed section of the Picture screen, each with its own complaint."""

from __future__ import annotations

import streamlit as st

from ..errors import N_, StudioError
from ..models.table import BaseModel, base_model
from ..rendering.parameters import TITLES
from ..workshop.grids import NAMES
from .cards import details
from .desk import say_error, workshop
from .language import _
from .picture_form import (
    AXES,
    WEIGHTS,
    bound,
    change_model,
    change_pace,
    field,
    put,
    take_from_file,
    title_of,
    told,
)
from .text import plain

PACES = {"exact": N_("Careful"), "fast": N_("Fast"), "draft": N_("Draft")}
SHAPES = {  # of the model's native side
    "square": (N_("Square"), 1.0, 1.0, "crop_square"),
    "wide": (N_("Wide"), 1.5, 1.0, "crop_landscape"),
    "tall": (N_("Tall"), 1.0, 1.5, "crop_portrait"),
}
SUGGESTED = {"steps": "8, 16, 24", "guidance": "2, 4.5, 7", "weight": "0, 0.4, 0.8"}
SAMPLERS = ["ddim", "euler a", "unipc"]
SEEDS = 3

Faults = dict[str, StudioError]


def everything(faults: Faults) -> None:
    """The closed section."""
    with details("picture"):
        _words()
        _size(faults)
        _numbers(faults)
        _seed(faults)
        _strengths(faults)
        _grid(faults)
        st.file_uploader(
            _("Take all numbers from the file of a picture"), ["png"], key=field("file"), on_change=take_from_file
        )


def _words() -> None:
    here = [model for model, here in workshop().models() if here]
    if len(here) > 1:
        titles = {model.key: model.title for model in here}
        st.selectbox(
            _("Drawing model"), list(titles), format_func=titles.__getitem__, key=bound("model"), on_change=change_model
        )
    st.text_input(_("What shall stay away?"), key=bound("negative"))


def _size(faults: Faults) -> None:
    model = base_model(told("model"))
    with st.container(key="picture_shapes", horizontal=True, vertical_alignment="bottom"):
        for name, (title, wide, high, icon) in SHAPES.items():
            st.button(
                _(title),
                key=f"picture_shape_{name}",
                icon=f":material/{icon}:",
                on_click=_shape,
                args=(_side(model, wide), _side(model, high)),
            )
    left, right = st.columns(2)
    left.number_input(_("Width in pixels"), None, None, step=model.size_unit_px, key=bound("width"))
    right.number_input(_("Height in pixels"), None, None, step=model.size_unit_px, key=bound("height"))
    _complain(faults, "size")
    st.toggle(_("Also four times as large, for printing"), key=bound("large"))


def _side(model: BaseModel, share: float) -> int:
    return round(model.native_size_px * share / model.size_unit_px) * model.size_unit_px


def _shape(width: int, height: int) -> None:
    put("width", width)
    put("height", height)


def _numbers(faults: Faults) -> None:
    paces = workshop().paces(told("model"))
    if told("pace") not in paces:
        put("pace", paces[0])
    if len(paces) > 1:
        st.segmented_control(
            _("How carefully?"),
            paces,
            format_func=lambda pace: _(PACES[pace]),
            key=bound("pace"),
            required=True,
            on_change=change_pace,
        )
    if workshop().can_refine(told("model")):
        st.toggle(_("Let the refiner draw the last fifth"), key=bound("refined"))
    left, right = st.columns(2)
    left.number_input(_("Steps"), None, None, step=1, key=bound("steps"))
    right.number_input(
        _("Guidance"), None, None, step=0.5, key=bound("guidance"), help=_("How closely the words are followed.")
    )
    _complain(faults, "steps", "guidance")
    left, right = st.columns(2)
    left.selectbox(_("Sampler"), list(TITLES), format_func=TITLES.__getitem__, key=bound("sampler"))
    right.number_input(_("How many pictures?"), None, None, step=1, key=bound("count"))
    _complain(faults, "sampler", "count")


def _seed(faults: Faults) -> None:
    st.toggle(_("Another picture each time"), key=bound("fresh"))
    st.text_input(
        _("Seed"),
        key=bound("seed"),
        disabled=told("fresh"),
        help=_("The same number and the same words give the same picture."),
    )
    _complain(faults, "seed")


def _strengths(faults: Faults) -> None:
    """How strongly each character and style is worn."""
    cards = {card.id: card for card in workshop().wearable(told("model"))}
    worn = {id: weight for id, weight in told(WEIGHTS).items() if id in cards}
    st.toggle(_("Several styles at once"), key=bound("several"))
    for id, weight in worn.items():
        key = field(f"weight_{id}")
        st.session_state.setdefault(key, float(weight))
        label = _("Strength of {title}").format(title=plain(title_of(cards[id])))
        st.number_input(label, None, None, step=0.05, key=key, on_change=_weigh, args=(id,))
    if {cards[id].kind for id in worn} == {"subject", "style"}:
        st.toggle(_("The hero first, then the style"), key=bound("turned"))
    _complain(faults, "worn")


def _weigh(id: str) -> None:
    put(WEIGHTS, {**told(WEIGHTS), id: st.session_state[field(f"weight_{id}")]})


def _grid(faults: Faults) -> None:
    """Up to two axes of a grid."""
    known = {"": _("No grid")} | {name: _(title) for name, title in NAMES.items() if name != "weight"}
    titles = {card.id: title_of(card) for card in workshop().wearable(told("model")) if card.id in told(WEIGHTS)}
    known |= {f"weight:{id}": _("Strength of {title}").format(title=title) for id, title in titles.items()}
    labels = (_("Grid, along the row"), _("Grid, downwards"))
    for number in AXES if told("axis_0") else AXES[:1]:
        left, right = st.columns(2)
        left.selectbox(
            labels[number],
            list(known),
            format_func=known.__getitem__,
            key=bound(f"axis_{number}"),
            on_change=_suggest,
            args=(number,),
        )
        chosen = told(f"axis_{number}")
        if chosen == "sampler":
            right.multiselect(
                _("Which samplers?"), list(TITLES), format_func=TITLES.__getitem__, key=bound(f"samplers_{number}")
            )
        elif chosen:
            right.text_input(_("Which values?"), key=bound(f"values_{number}"))
    _complain(faults, "axes")


def _suggest(number: int) -> None:
    """Values to begin with for an axis that was chosen."""
    name = told(f"axis_{number}").partition(":")[0]
    seed = int(told("seed")) if told("seed").isdecimal() else 1
    seeds = ", ".join(str(seed + more) for more in range(SEEDS))
    put(f"values_{number}", SUGGESTED.get(name, seeds if name == "seed" else ""))
    put(f"samplers_{number}", SAMPLERS if name == "sampler" else [])


def _complain(faults: Faults, *names: str) -> None:
    for name in names:
        if name in faults:
            say_error(faults[name])
