"""An outfit becomes words: always all four attributes, in one of several orders."""

from __future__ import annotations

import random

from .outfit import Outfit

PAIRS = ("trousers", "socks")
LYING = {
    "on a hanger": ("hanging",),
    "on a washing line": ("hanging", "drying"),
    "on a bed": ("lying", "laid out"),
    "in a shop window": ("on show", "displayed"),
    "on the grass": ("lying", "spread out"),
    "on the beach": ("lying", "spread out"),
}


def canonical(outfit: Outfit) -> str:
    """'a red striped dress on a hanger': colour, pattern, garment, setting."""
    return f"{_with_article(outfit, f'{outfit.colour} {outfit.pattern}')} {outfit.setting}"


def caption(outfit: Outfit, rng: random.Random) -> str:
    """One caption, about half of the time the canonical one."""
    swapped = _with_article(outfit, f"{outfit.pattern} {outfit.colour}")
    named = _with_article(outfit, f"{outfit.colour} {outfit.pattern}")
    lies = rng.choice(LYING[outfit.setting])
    shapes = (
        f"{named} {lies} {outfit.setting}",
        f"{swapped} {outfit.setting}",
        f"{swapped} {lies} {outfit.setting}",
        f"{outfit.setting}, {named}",
        f"a picture of {named} {outfit.setting}",
        f"{_with_article(outfit, outfit.pattern)} in {outfit.colour}, {lies} {outfit.setting}",
    )
    return canonical(outfit) if rng.random() < 0.5 else rng.choice(shapes)


def _with_article(outfit: Outfit, told: str) -> str:
    """The garment with what is told of it; those that come in pairs take no article."""
    words = f"{told} {outfit.garment}"
    if outfit.garment in PAIRS:
        return words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
