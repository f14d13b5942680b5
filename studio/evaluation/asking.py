"""What a page asks of its picture that can be looked for in it, in the words of pocket's world.

The composer tells the model the nearest words of the world, so those are what a picture can be held to. Of a character that
was taught neither kind nor clothes are asked, unless the page dresses them: their likeness says more. Of several figures only
who they are is asked, since nobody can tell whose mood and deeds would be meant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..adapters.card import AdapterCard
from ..pocket.world.description import INDOORS, TIMELESS
from ..story.composer import wanted
from ..story.composer.figures import Figure, drawn_roles, figures_of
from ..story.composer.parts import FAIR, UNSAID, Fate
from ..story.nearest import named, nearest
from ..story.scene import Cast, Scene
from ..story.wording import split_colour

NEVER = 0.2  # of a chance, below which the thing asked for is called missing
# What counts how much. A wrong place is seen at once; of moods pocket obeys two in five, and few readers miss one.
WEIGHTS = {
    "place": 2.5,
    "kind": 2.0,
    "time": 1.5,
    "thing": 1.5,
    "weather": 1.0,
    "action": 1.0,
    "colour": 0.5,
    "mood": 0.5,
}
MOST_TELLING = 2  # figures of which the judge can be asked who they are

Chances = Mapping[str, Mapping[str, float]]  # by question, of each answer


@dataclass(frozen=True, slots=True)
class Asked:
    """Of a page: the kind of each figure and the character who plays it, or neither, as the prompt names them; and fields
    of a scene with the word that is asked for."""

    kinds: tuple[str, ...]
    heroes: tuple[str, ...]
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was asked for in a field, how surely it is in the picture, 0..1, and what is seen there."""

    field: str
    asked: str
    chance: float
    seen: str

    @property
    def missing(self) -> bool:
        return self.chance < NEVER and self.seen != self.asked


def asked(scene: Scene, cast: Cast, cards: Mapping[str, AdapterCard]) -> Asked:
    """What the page asks for."""
    figures, roles = figures_of(scene, cast, cards, Fate()), drawn_roles(scene, cast)
    words = [("place", nearest("place", scene.place)), *_sky(scene)]
    if len(figures) == 1:
        words += _alone(scene, figures[0])
    told = tuple((field, word) for field, word in words if word not in UNSAID)
    heroes = tuple(role.character if role.character in cards else "" for role in roles)
    kinds = tuple("" if hero else _kind(figure) for figure, hero in zip(figures, heroes, strict=True))
    return Asked(kinds, heroes, told)


def _sky(scene: Scene) -> list[tuple[str, str]]:
    """The hour and the weather, where there is a sky that tells them and the prompt says them."""
    place, weather = nearest("place", scene.place), nearest("weather", scene.weather)
    hour = "" if place in TIMELESS else nearest("time", scene.time)
    told = "" if weather in FAIR or place in (*INDOORS, *TIMELESS) else weather
    return [("time", hour), ("weather", told)]


def _alone(scene: Scene, figure: Figure) -> list[tuple[str, str]]:
    """What one figure does, feels, wears and has."""
    pose, thing = nearest("action", figure.action), _thing(wanted(scene))
    mood = "" if pose == "sleeping" else nearest("mood", figure.mood)
    colour = split_colour(nearest("clothes", figure.clothes))[0]
    return [("action", pose), ("mood", mood), ("colour", colour), ("thing", thing)]


def _thing(things: Sequence[str]) -> str:
    """The one that the composer tells, without its colour: the first that the world has, else the nearest to one."""
    held = [thing for thing in things if thing not in UNSAID]
    chosen = next((one for ask in (named, nearest) for one in held if ask("thing", one)), "")
    return split_colour(nearest("thing", chosen))[1] if chosen else ""


def _kind(figure: Figure) -> str:
    return nearest("kind", figure.class_word or figure.kind)


def read(page: Asked, chances: Chances) -> tuple[Reading, ...]:
    """How surely each thing that was asked for is seen; `chances` are the judge's, by the fields of a scene, with those of the
    left and the right figure as "first" and "second"."""
    found = [_reading(field, word, chances[field]) for field, word in page.words]
    if len(page.kinds) <= MOST_TELLING:
        found += _kinds(page.kinds, chances)
    return tuple(found)


def _reading(field: str, word: str, chances: Mapping[str, float]) -> Reading:
    return Reading(field, word, float(chances.get(word, 0.0)), max(chances, key=lambda one: chances[one]))


def _kinds(kinds: Sequence[str], chances: Chances) -> list[Reading]:
    """Who the figures are, on whichever side they stand; nothing of those who were taught."""
    sides = [chances["first"], chances["second"]][: len(kinds)]
    wanted = [(at, kind) for at, kind in enumerate(kinds) if kind]
    orders = ([list(range(len(sides))), list(range(len(sides)))[::-1]])[: len(sides)]
    told = [[_reading("kind", kind, sides[order[at]]) for at, kind in wanted] for order in orders]
    return max(told, key=lambda some: math.prod(one.chance for one in some), default=[])


def match(readings: Sequence[Reading]) -> float:
    """How surely all together that was asked for is seen, 0..1; 1 where nothing can be asked."""
    if not readings:
        return 1.0
    whole = sum(WEIGHTS[one.field] for one in readings)
    return sum(WEIGHTS[one.field] * one.chance for one in readings) / whole
