"""A description becomes words: English or Vietnamese, from terse tags to sentences, attributes sometimes left out.

About half of the English captions are phrased exactly as the story composer phrases its prompts. The words themselves
are in phrases.json; a phrase with {} takes a colour.
"""

from __future__ import annotations

import random
from typing import Any

from .description import PEOPLE, TIMELESS, Description, Figure
from .parts import table

VIETNAMESE_SHARE = 0.35
MUDDLED_SHARE = 0.06
AND = {"en": " and ", "vi": " và "}

Words = dict[str, Any]


def caption(scene: Description, rng: random.Random) -> str:
    """One caption of the scene, of random language, length and order; now and then with words that mean nothing."""
    language = "vi" if rng.random() < VIETNAMESE_SHARE else "en"
    told = _canonical(scene, rng, language) if rng.random() < 0.5 else _free(scene, language, rng)
    return _muddled(told, rng) if rng.random() < MUDDLED_SHARE else told


def nothing(rng: random.Random) -> str:
    """A text that tells nothing: empty, what is not wanted, or invented words. It stands for every unknown prompt."""
    return rng.choice(("", "", "blurry, ugly", " ".join(_invented(rng) for _ in range(rng.randint(1, 8)))))


def _muddled(told: str, rng: random.Random) -> str:
    """The caption with one to three invented words in it, which the model learns to pass over."""
    words = told.split()
    for _ in range(rng.randint(1, 3)):
        words.insert(rng.randint(0, len(words)), _invented(rng))
    return " ".join(words)


def _invented(rng: random.Random) -> str:
    """A word of random letters, some of them Vietnamese."""
    return "".join(rng.choice("aeiouyăâêôơưbcdđghklmnpqrstvxzwjf") for _ in range(rng.randint(3, 9)))


def canonical(scene: Description, language: str = "en", sides: bool = False) -> str:
    """The caption as the composer writes it: mood, clothes, pose, place, hour, weather and thing, where the scene says them.

    Two who are just beside each other are named from the left to the right; with `sides` that is said in words.
    """
    return _canonical(scene, None, language, sides)


def _canonical(scene: Description, rng: random.Random | None, language: str = "en", sides: bool = False) -> str:
    words = table("phrases")[language]
    told = [_named(figure, words, language, rng) for figure in scene.named]
    who = _together(scene, told, language, None, sides or (rng is not None and rng.random() < 0.5))
    place = [_said(words["place"][scene.place], None), *_hour(scene, words, None)]
    return " ".join(part for part in (who, _pose(scene, words, None), *place, *_things(scene, words, None)) if part)


def _named(figure: Figure, words: Words, language: str, rng: random.Random | None) -> str:
    """'a happy girl in a red dress'; with `rng` mood and clothes come and go, and looks come."""
    mood = _said(words["mood"][figure.mood], None) if figure.mood and (rng is None or rng.random() < 0.6) else ""
    kind = words["kind"][figure.kind][0]
    told = [_clothes(figure, words)] if rng is None or rng.random() < 0.6 else []
    if rng and rng.random() < 0.3 and figure.kind in PEOPLE:
        told += _looks(figure, words, rng)
    return _phrase(kind, mood, told, language)


def _phrase(kind: str, mood: str, told: list[str], language: str) -> str:
    """Mood before the noun in English, after everything in Vietnamese."""
    if language == "vi":
        return " ".join(part for part in (kind, *told, mood) if part)
    return " ".join(part for part in (_article(f"{mood} {kind}".strip()), *told) if part)


def _free(scene: Description, language: str, rng: random.Random) -> str:
    """A caption in one of several shapes."""
    words = table("phrases")[language]
    told = [_figure(figure, words, language, rng) for figure in scene.named]
    who = _together(scene, told, language, rng, sides=rng.random() < 0.5)
    pose, place = _pose(scene, words, rng), rng.choice(words["place"][scene.place])
    hour, things = _hour(scene, words, rng) if rng.random() < 0.85 else [], _things(scene, words, rng)
    verb = {"en": "are" if len(scene.figures) > 1 else "is", "vi": "đang"}[language] if pose else ""
    shapes = (
        [who, pose, place, *hour, *things],
        [who, verb, pose, *things, place, *hour],
        [f"{place},", who, verb, pose, *hour, *things],
        [rng.choice(words["picture"]).format(who), *things, place, *hour],
        [", ".join(part for part in (who, pose, place, *hour, *things) if part)],
    )
    return " ".join(part for part in rng.choice(shapes) if part)


def _together(scene: Description, told: list[str], language: str, rng: random.Random | None, sides: bool) -> str:
    """All figures in one phrase, in their relation. Just beside each other, they are named from the left or by `sides`."""
    words = table("phrases")[language]["relation"]
    if len(told) == 1:
        return told[0]
    if len(told) > 2:
        return ", ".join(told[:-1]) + AND[language] + told[-1]
    beside = scene.relation == "beside" and (sides or scene.hero == 1)
    relation = ("left", "right")[scene.hero] if beside else scene.relation
    return _said(words[relation], rng).format(a=told[0], b=told[1])


def _pose(scene: Description, words: Words, rng: random.Random | None) -> str:
    """What the hero does; nothing where the relation or the thing in both hands says it."""
    said = scene.named[0].pose == "holding" or (len(scene.figures) == 2 and scene.relation in ("chasing", "fighting"))
    return "" if said else _said(words["pose"][scene.named[0].pose], rng)


def _figure(figure: Figure, words: Words, language: str, rng: random.Random) -> str:
    """A figure with some of its attributes."""
    mood = rng.choice(words["mood"][figure.mood]) if rng.random() < 0.4 else ""
    kind = rng.choice(words["kind"][figure.kind])
    told = [_clothes(figure, words)] if rng.random() < 0.5 else []
    if figure.kind in PEOPLE:
        told += _looks(figure, words, rng)
    return _phrase(kind, mood, told, language)


def _looks(figure: Figure, words: Words, rng: random.Random) -> list[str]:
    """Hair, skin, hat, glasses and beard, each sometimes told."""
    told = []
    if figure.hair_style in words["hair"] and rng.random() < 0.3:
        told.append(_coloured(words["hair"][figure.hair_style], figure.hair_colour, words))
    for name, share in (("skin", 0.12), ("hat", 0.6), ("glasses", 0.4), ("beard", 0.4)):
        value = getattr(figure, name)
        if value in words.get(name, {}) and rng.random() < share:
            told.append(_said(words[name][value], None))
    return told


def _clothes(figure: Figure, words: Words) -> str:
    worn = figure.clothes if figure.kind in PEOPLE else "scarf"
    said = _said(words["clothes"].get(worn, ""), None)
    return _coloured(said, figure.colour, words) if figure.colour else ""


def _hour(scene: Description, words: Words, rng: random.Random | None) -> list[str]:
    return [] if scene.place in TIMELESS else [_said(words["time"][scene.time], rng)]


def _things(scene: Description, words: Words, rng: random.Random | None) -> list[str]:
    """Weather, thing and view; without `rng` the first phrasing of each, the thing with its colour where it has one."""
    found = [_said(words["weather"][scene.weather], rng)] if scene.weather != "sun" else []
    if scene.prop != "none":
        phrases = words["prop"][scene.prop]
        coloured = [one for one in phrases if "{}" in one] if scene.prop_colour and rng is None else []
        found.append(_coloured(_said(coloured or phrases, rng), scene.prop_colour, words))
    if scene.view != "middle" and rng and rng.random() < 0.5:
        found.append(_said(words["view"][scene.view], rng))
    return found


def _said(options: str | list[str], rng: random.Random | None) -> str:
    if isinstance(options, str):
        return options
    return rng.choice(options) if rng else options[0]


def _coloured(phrase: str, colour: str, words: Words) -> str:
    """The phrase with the colour in its gap: "in a {} dress", "in an orange dress"."""
    said = words["colour"].get(colour, colour)
    return (phrase.replace(" a {}", " an {}") if said[:1] in "aeiou" else phrase).format(said)


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
