"""The looks to choose from, and how strongly style and hero are worn."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..adapters.card import STYLE_WEIGHT, AdapterCard, LoraSet, Worn
from ..publishing.book import Book
from ..settings import ASSETS
from .cards import Choice
from .desk import workshop
from .language import _, language


def look_choices() -> list[Choice]:
    """The studio's own look and every style on the shelf, each with a picture of it."""
    own = Choice("", _("Storybook"), picture=ASSETS / "pocket" / "sample.jpg")
    return [own, *map(_choice, workshop().styles())]


def strengths(book: Book, style: str) -> tuple[float, float, int]:
    """The sliders and the seed: strength of the style and of the hero, 0 to 1.5."""
    style_worn = next((one.weight for one in book.look.styles if one.adapter == style), STYLE_WEIGHT)
    hero_worn = next((one.weight for one in book.look.characters), 1.0)
    style_strength = st.slider(
        _("Strength of the style"), 0.0, 1.5, style_worn, 0.05, key="styles_strength", disabled=not style
    )
    hero_strength = st.slider(
        _("Strength of the hero"),
        0.0,
        1.5,
        hero_worn,
        0.05,
        key="styles_hero_strength",
        disabled=not book.look.characters,
    )
    seed = st.number_input(
        _("Seed"), 0, 2**31 - 1, book.look.seed, key="styles_seed", help=_("Another number, other pictures.")
    )
    return style_strength, hero_strength, seed


def chosen_look(book: Book, style: str, style_strength: float, hero_strength: float, seed: int) -> dict[str, Any]:
    """The look as `Workshop.change_look` takes it."""
    heroes: LoraSet = tuple(Worn(one.adapter, hero_strength) for one in book.look.characters)
    return {"styles": (Worn(style, style_strength),) if style else (), "characters": heroes, "seed": seed}


def _choice(card: AdapterCard) -> Choice:
    title = (card.titles or {}).get(language(), card.title)
    return Choice(card.id, title, picture=workshop().adapter_sample(card.id) or "style")
