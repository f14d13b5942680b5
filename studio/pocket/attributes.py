"""A scene as answers to fixed questions: what the text model learns to say, and what the judge learns to see."""

from __future__ import annotations

from functools import cache

from .world import description as words
from .world.description import Description, Figure
from .world.grammar import all_props
from .world.parts import table

NONE = "none"


@cache
def attributes() -> dict[str, tuple[str, ...]]:
    """The questions and the possible answers of each, always in the same order."""
    worn = table("people/kinds").values()
    return {
        "place": words.PLACES,
        "time": words.TIMES,
        "weather": words.WEATHERS,
        "view": words.VIEWS,
        "relation": (*words.RELATIONS, NONE),
        "side": ("left", "right", NONE),
        "prop": (*all_props(), NONE),
        "prop colour": (*words.COLOURS, NONE),
        "subject": words.SUBJECTS,
        "second": (*words.SUBJECTS, NONE),
        "third": (*words.SUBJECTS, NONE),
        "pose": words.POSES,
        "mood": words.MOODS,
        "colour": words.COLOURS,
        "clothes": (*_all(worn, "clothes"), "scarf"),
        "hair": (*_all(worn, "hair_style"), NONE),
        "hair colour": words.HAIR_COLOURS,
        "skin": words.SKINS,
        "hat": (*_all(worn, "hat"), *(() if "none" in _all(worn, "hat") else (NONE,))),
        "glasses": ("round", "eyepatch", NONE),
        "beard": ("beard", "moustache", NONE),
        "second colour": (*words.COLOURS, NONE),
        "second mood": (*words.MOODS, NONE),
    }


def answers(scene: Description) -> list[int]:
    """What is right for the scene, one index per question of `attributes`."""
    said = _scene(scene) | _hero(scene.named[0]) | _second(scene.named[1:])
    return [options.index(said[name]) for name, options in attributes().items()]


def _scene(scene: Description) -> dict[str, str]:
    several = len(scene.figures) > 1
    return {
        "place": scene.place,
        "time": scene.time,
        "weather": scene.weather,
        "view": scene.view,
        "relation": scene.relation if several else NONE,
        "side": ("right" if scene.hero else "left") if len(scene.figures) == 2 else NONE,
        "prop": scene.prop,
        "prop colour": scene.prop_colour or NONE,
    }


def _hero(figure: Figure) -> dict[str, str]:
    return {
        "subject": figure.kind,
        "pose": figure.pose,
        "mood": figure.mood,
        "colour": figure.colour,
        "clothes": figure.clothes if figure.kind in words.PEOPLE else "scarf",
        "hair": figure.hair_style,
        "hair colour": figure.hair_colour,
        "skin": figure.skin,
        "hat": figure.hat,
        "glasses": figure.glasses,
        "beard": figure.beard,
    }


def _second(others: tuple[Figure, ...]) -> dict[str, str]:
    return {
        "second": others[0].kind if others else NONE,
        "third": others[1].kind if len(others) > 1 else NONE,
        "second colour": others[0].colour if others else NONE,
        "second mood": others[0].mood if others else NONE,
    }


def _all(worn: object, name: str) -> tuple[str, ...]:
    """Everything that some kind of person may wear there, in the order of the table."""
    return tuple(dict.fromkeys(one for kind in worn for one in kind.get(name, ())))  # type: ignore[attr-defined]
