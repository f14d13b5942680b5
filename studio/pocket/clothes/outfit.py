"""What one drawn picture of clothes shows, as plain data, and which outfits a training set holds.

Held out are whole combinations of garment, colour, pattern and setting: each of their words is seen in training, the
four together never are, so that they ask what was learnt and not what was remembered.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import astuple, dataclass
from functools import cache
from itertools import product

from ..world.description import COLOURS

GARMENTS = ("dress", "shirt", "trousers", "skirt", "coat", "jumper", "hat", "scarf", "socks", "ao dai")
PATTERNS = ("plain", "striped", "checked", "dotted", "flowered")
SETTINGS = ("on a hanger", "on a washing line", "on a bed", "in a shop window", "on the grass", "on the beach")
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "garment": GARMENTS,
    "colour": COLOURS,
    "pattern": PATTERNS,
    "setting": SETTINGS,
}
HELD_OUT = 40
TRIES = 12  # outfits that are looked at for each one that is taken

Look = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Outfit:
    """One garment in its setting. `seed` varies what no word tells: cut, place, tilt, light, background."""

    garment: str
    colour: str
    pattern: str
    setting: str
    seed: int = 0

    @property
    def look(self) -> Look:
        """The four attributes that words tell."""
        return (self.garment, self.colour, self.pattern, self.setting)


@cache
def held_out() -> tuple[Outfit, ...]:
    """Forty combinations that training never sees, the values of each attribute as even as they can be."""
    looks = product(GARMENTS, COLOURS, PATTERNS, SETTINGS)
    ranked = sorted(looks, key=lambda look: hashlib.sha256("|".join(look).encode()).digest())
    seen: dict[str, int] = {}
    chosen: list[Outfit] = []
    for index in range(HELD_OUT):
        garment, colour, pattern, setting = min(ranked, key=lambda look: _crowding(look, seen))
        ranked.remove((garment, colour, pattern, setting))
        _count((garment, colour, pattern, setting), seen)
        chosen.append(Outfit(garment, colour, pattern, setting, seed=1_000_000 + index))
    return tuple(chosen)


def outfits(seed: int, count: int) -> tuple[Outfit, ...]:
    """So many outfits for training: every value of an attribute as often as any other, combinations seldom twice."""
    rng = random.Random(f"outfits {seed}")
    never = {one.look for one in held_out()}
    seen: dict[str, int] = {}
    chosen: list[Outfit] = []
    while len(chosen) < count:
        looks = [_random_look(rng) for _ in range(TRIES)]
        allowed = [look for look in looks if look not in never]
        if allowed:
            look = min(allowed, key=lambda one: _crowding(one, seen))
            _count(look, seen)
            chosen.append(Outfit(*look, seed=rng.randrange(1_000_000)))
    return tuple(chosen)


def _random_look(rng: random.Random) -> Look:
    return (rng.choice(GARMENTS), rng.choice(COLOURS), rng.choice(PATTERNS), rng.choice(SETTINGS))


def _crowding(look: Look, seen: dict[str, int]) -> float:
    """How much has been seen of what a look is made of; rare attributes count more where they have fewer values."""
    single = sum(seen.get(word, 0) * len(values) for word, values in zip(look, ATTRIBUTES.values(), strict=True))
    return single + 40 * seen.get("|".join(look), 0)


def _count(look: Look, seen: dict[str, int]) -> None:
    for word in (*look, "|".join(look)):
        seen[word] = seen.get(word, 0) + 1


def attributes(outfit: Outfit) -> dict[str, str]:
    """The four attributes by name."""
    return dict(zip(ATTRIBUTES, astuple(outfit), strict=False))
