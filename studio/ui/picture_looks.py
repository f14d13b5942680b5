"""Characters, styles and words as chips with pictures, any of which can be put on and taken off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ..adapters.card import AdapterCard
from ..errors import NotFound
from ..settings import ASSETS
from .cards import art
from .desk import workshop
from .language import _
from .picture_form import PRESETS, WEIGHTS, title_of, toggle_preset, toggle_worn, told
from .shown import picture
from .text import plain

PICTURES = ASSETS / "presets"
CHIP_PX = 98


@dataclass(frozen=True, slots=True)
class Chip:
    """One of a row: what it is called, what it looks like, and whether it is on."""

    id: str
    title: str
    picture: Path | None
    on: bool


def chips() -> None:
    """The rows: who is in it, in which style, in what light."""
    cards = workshop().wearable(told("model"))
    heroes = [_worn(card, _face(card)) for card in cards if card.kind == "subject"]
    styles = [_worn(card, workshop().adapter_sample(card.id)) for card in cards if card.kind == "style"]
    words = [
        Chip(one.id, _(one.title), _there(PICTURES / f"{one.id}.jpg"), one.id in told(PRESETS))
        for one in workshop().word_presets(told("model"))
    ]
    _row("heroes", _("Who is in it?"), heroes, toggle_worn, ("subject",))
    _row("styles", _("In which style?"), styles, toggle_worn, ("style",))
    _row("presets", _("In what light?") if _in_pocket(words) else _("Drawn how?"), words, toggle_preset, ())


def _row(key: str, title: str, chips: Sequence[Chip], toggle: Callable[..., None], more: tuple[str, ...]) -> None:
    if not chips:
        return
    st.markdown("**" + title + "**")
    with st.container(key=f"picture_{key}", horizontal=True, wrap=False, gap="xsmall"):
        for chip in chips:
            with st.container(key=f"picture_{key}_{chip.id}_{'chosen' if chip.on else 'open'}_tile", width=CHIP_PX):
                _picture(chip)
                st.button(
                    plain(chip.title),
                    key=f"picture_{key}_{chip.id}",
                    type="tertiary",
                    icon=":material/check_circle:" if chip.on else None,
                    on_click=toggle,
                    args=(chip.id, *more),
                    width="stretch",
                )


def _picture(chip: Chip) -> None:
    if chip.picture:
        picture(chip.picture)
    else:
        art("style")


def _worn(card: AdapterCard, picture: Path | None) -> Chip:
    return Chip(card.id, title_of(card), picture, card.id in told(WEIGHTS))


def _face(card: AdapterCard) -> Path | None:
    """A portrait of the character, else a photo; of one that was baked, its sample."""
    try:
        small = (*workshop().small_portraits(card.id), *workshop().small_photos(card.id).values())
    except NotFound:
        return workshop().adapter_sample(card.id)
    return next(iter(small), None)


def _there(path: Path) -> Path | None:
    return path if path.is_file() else None


def _in_pocket(words: Sequence[Chip]) -> bool:
    return any(chip.picture for chip in words)
