"""What is wished for on the Picture screen: kept as it is typed, filled in from a piece or a file, read as a Wish.

As on the Story screen the fields get new keys each time they are filled, so that a click that the browser sent before cannot
bring their old values back.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import streamlit as st

from ..adapters.card import AdapterCard, Worn
from ..errors import NotFound, StudioError
from ..rendering.drawing import Start
from ..rendering.wish import Axis, Wish
from ..workshop.grids import NAMES
from ..workshop.wishing import usual_weight
from .desk import friendly, workshop
from .language import _, language, n_
from .memory import recall, remember

FORM = "picture_form"  # what the fields hold; Streamlit forgets those that are not on the screen
LAID = "picture_laid_out"  # how many times
KEPT = "picture"  # under which name the form is remembered
OPEN = "picture_open"  # the piece that is looked at
ASKED = "picture_asked"  # whether the person pressed the button with something amiss
USUAL_STRENGTH = 0.6
WEIGHTS, PRESETS = "worn", "presets"  # fields without a widget of their own
NUMBERS = ("width", "height", "steps", "guidance", "sampler", "pace", "refined")  # that follow from the model
AXES = (0, 1)


def field(name: str) -> str:
    """The key of this field since the form was last filled."""
    return f"picture_{name}_{st.session_state.get(LAID, 0)}"


def bound(name: str) -> str:
    """The key for the widget of this field, which then shows what the form holds."""
    st.session_state.setdefault(field(name), st.session_state[FORM][name])
    return field(name)


def told(name: str) -> Any:
    """What stands in this field, or stood there when it was last on the screen."""
    return st.session_state.get(field(name), st.session_state[FORM][name])


def put(name: str, value: Any) -> None:
    """Changes a field, before it is drawn in this run."""
    st.session_state[FORM][name] = value
    if field(name) in st.session_state:
        st.session_state[field(name)] = value


def lay_out() -> None:
    """Fills the fields from what was typed last, on this visit or before, or as the model likes it; takes out what is not here
    any more."""
    if FORM not in st.session_state:
        kept: dict[str, Any] = {}
        with suppress(ValueError):
            kept = json.loads(recall(KEPT) or "{}")
        known = kept.get("model") in [model.key for model, here in workshop().models() if here]
        values = _of_wish(workshop().usual_wish(kept["model"] if known else "pocket"))
        _fill({**values, **({name: value for name, value in kept.items() if name in values} if known else {})})
    _take_out_what_is_gone()


def _fill(values: Mapping[str, Any]) -> None:
    """New fields with these values."""
    st.session_state[LAID] = st.session_state.get(LAID, 0) + 1
    st.session_state[FORM] = dict(values)


def take(wish: Wish, fresh: bool = False) -> None:
    """Fills the form with a wish, of which every parameter comes back; with `fresh` another picture is drawn each time."""
    _fill({**_of_wish(wish), "fresh": fresh})
    st.session_state[ASKED] = False
    keep()


def use_again(id: str, file: str) -> None:
    """Fills the form with the wish of a piece, or of the one of its pictures that was chosen."""
    with friendly():
        take(workshop().wish_again(id, file))


def take_from_file() -> None:
    """Fills the form with what the notes of an uploaded PNG tell."""
    given: Any = st.session_state[field("file")]
    if given:
        with friendly():
            take(workshop().wish_in(given.name, given.getvalue(), wish()))


def keep() -> None:
    """Remembers the form, if it changed."""
    st.session_state[FORM] = {name: told(name) for name in st.session_state[FORM]}
    with friendly():
        remember(**{KEPT: json.dumps(st.session_state[FORM], ensure_ascii=False)})


def change_model() -> None:
    """The numbers that another model likes."""
    keep()
    usual = _of_wish(workshop().usual_wish(told("model")))
    _fill({**st.session_state[FORM], **{name: usual[name] for name in (*NUMBERS, PRESETS)}})


def change_pace() -> None:
    """The numbers that go with that pace."""
    usual = workshop().usual_wish(told("model"), told("pace"))
    for name in ("steps", "guidance", "sampler"):
        put(name, getattr(usual, name))


def toggle_worn(id: str, kind: str) -> None:
    """Puts a character or style on or takes it off; a style takes the place of others unless several are wanted."""
    before = told(WEIGHTS)
    kinds = {card.id: card.kind for card in workshop().wearable(told("model"))}
    stays = {one: weight for one, weight in before.items() if one != id and (told("several") or kinds[one] != "style")}
    if id in before or kind == "subject":
        stays = {one: weight for one, weight in before.items() if one != id}
    put(WEIGHTS, stays if id in before else {**stays, id: usual_weight(kind)})


def toggle_preset(id: str) -> None:
    chosen = list(told(PRESETS))
    put(PRESETS, [one for one in chosen if one != id] if id in chosen else [*chosen, id])


def wish() -> Wish:
    """The form as a wish, whatever stands in its fields."""
    return Wish(
        prompt=told("prompt"),
        negative=told("negative"),
        width=told("width"),
        height=told("height"),
        steps=told("steps"),
        guidance=told("guidance"),
        sampler=told("sampler"),
        seed=_seed(told("seed")),
        count=told("count"),
        model=told("model"),
        worn=tuple(Worn(id, weight) for id, weight in told(WEIGHTS).items()),
        presets=tuple(told(PRESETS)),
        turned=told("turned"),
        pace=told("pace"),
        refined=told("refined"),
        start=Start(told("start"), told("strength"), told("mask")) if told("start") else None,
        large=told("large"),
        axes=tuple(axis for number in AXES if (axis := _axis(number))),
    )


def what_draws() -> str:
    """What the main button says: how many pictures come of it."""
    count = wish().pictures
    return _("Draw the picture") if count == 1 else n_("Draw {count} picture", "Draw {count} pictures", count)


def draw() -> None:
    """Asks for the pictures, with another seed if the person wants another picture each time."""
    if told("fresh") and not any(axis.name == "seed" for axis in wish().axes):
        put("seed", str(secrets.randbelow(2**31)))
    keep()
    try:
        st.session_state[OPEN] = workshop().wish_picture(wish())
        st.session_state[ASKED] = False
    except StudioError:  # told beside the fields
        st.session_state[ASKED] = True


def title_of(card: AdapterCard) -> str:
    """What a character or style is called in the person's language."""
    return (card.titles or {}).get(language(), card.title)


def _seed(said: str) -> Any:
    """A number where it is one; else what was typed, which is then refused."""
    plain = said.strip()
    return int(plain) if plain.removeprefix("-").isdecimal() and len(plain) < 40 else plain


def _axis(number: int) -> Axis | None:
    """The axis as it is chosen: 'steps', or 'weight:watercolour'."""
    name, _colon, adapter = told(f"axis_{number}").partition(":")
    if not name or (number and not told("axis_0")):
        return None
    values = told(f"samplers_{number}") if name == "sampler" else told(f"values_{number}").replace(";", ",").split(",")
    cards = {card.id: card for card in workshop().adapters()}
    title = title_of(cards[adapter]) if adapter in cards else _(NAMES[name])
    return Axis(name, tuple(value.strip() for value in values if value.strip()), adapter, title)


def _of_wish(wish: Wish) -> dict[str, Any]:
    """The values of all fields for a wish."""
    values: dict[str, Any] = {name: getattr(wish, name) for name in ("prompt", "negative", *NUMBERS, "count", "model")}
    values |= {"seed": str(wish.seed), "large": wish.large, "turned": wish.turned, "fresh": True}
    values["several"] = len(wish.worn) > 1
    values |= {WEIGHTS: {one.adapter: one.weight for one in wish.worn}, PRESETS: list(wish.presets)}
    start = wish.start or Start("", USUAL_STRENGTH)
    values |= {"start": start.picture, "strength": start.strength, "mask": start.mask}
    for number in AXES:
        axis = wish.axes[number] if number < len(wish.axes) else Axis("steps", ())
        chosen = f"{axis.name}:{axis.adapter}".rstrip(":") if axis.values else ""
        values[f"axis_{number}"] = chosen
        values[f"values_{number}"] = ", ".join(axis.values)
        values[f"samplers_{number}"] = list(axis.values) if axis.name == "sampler" else []
    return values


def _take_out_what_is_gone() -> None:
    """Erased characters, styles that the model cannot wear, and pictures that were taken away."""
    wearable = {card.id for card in workshop().wearable(told("model"))}
    put(WEIGHTS, {id: weight for id, weight in told(WEIGHTS).items() if id in wearable})
    for number in AXES:
        name, _colon, adapter = told(f"axis_{number}").partition(":")
        if name == "weight" and adapter not in told(WEIGHTS):
            put(f"axis_{number}", "")
    for name in ("start", "mask"):
        try:
            if told(name):
                workshop().start_picture(told(name))
        except NotFound:
            put(name, "")
    if not told("start"):
        put("mask", "")
