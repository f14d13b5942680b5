"""A description becomes words: English or Vietnamese, from terse tags to sentences, attributes sometimes left out.

About half of the English captions are phrased exactly as the story composer phrases its prompts.
"""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

from .description import Description, Figure

VIETNAMESE_SHARE = 0.3


@cache
def phrases(language: str) -> dict[str, Any]:
    """The phrase tables of one language."""
    tables: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("phrases.json").read_text(encoding="utf-8"))
    return tables[language]


def caption(scene: Description, rng: random.Random) -> str:
    """One caption of the scene, of random language, length and order."""
    if rng.random() < VIETNAMESE_SHARE:
        return _vietnamese(scene, rng)
    return _canonical(scene, rng) if rng.random() < 0.5 else _english(scene, rng)


def canonical(scene: Description) -> str:
    """The caption as the composer would write it, with everything it says by default."""
    return _canonical(scene, random.Random(0), details=0.0)


def _canonical(scene: Description, rng: random.Random, details: float = 0.5) -> str:
    words = phrases("en")
    first = scene.figures[0]
    people = " and ".join(
        _article(f"{f.mood + ' ' if details == 0.0 or rng.random() < 0.5 else ''}{f.kind}") for f in scene.figures
    )
    parts = [people, first.pose]
    if rng.random() < details:
        parts.append(_clothes(first, words))
    parts.append(words["place"][scene.place][0])
    if scene.place != "space":
        parts.append(words["time"][scene.time][0])
    parts += _things(scene, words, None)
    return " ".join(parts)


def _english(scene: Description, rng: random.Random) -> str:
    words = phrases("en")
    who = " and ".join(_english_figure(figure, words, rng) for figure in scene.figures)
    pose = rng.choice(words["pose"][scene.figures[0].pose])
    place = rng.choice(words["place"][scene.place])
    time = rng.choice(words["time"][scene.time]) if scene.place != "space" and rng.random() < 0.85 else ""
    things = _things(scene, words, rng)
    verb = "are" if len(scene.figures) > 1 else "is"
    shapes = (
        [who, pose, place, time, *things],
        [who, verb, pose, *things, place, time],
        [f"{place},", who, verb, pose, time, *things],
        [f"a picture of {who}", *things, place, time],
        [f"{', '.join(p for p in (who, pose, place, time, *things) if p)}"],
    )
    return " ".join(part for part in rng.choice(shapes) if part)


def _english_figure(figure: Figure, words: dict[str, Any], rng: random.Random) -> str:
    mood = rng.choice(words["mood"][figure.mood]) + " " if rng.random() < 0.4 else ""
    parts = [_article(mood + rng.choice(words["kind"][figure.kind]))]
    if figure.hair_style != "none" and rng.random() < 0.3:
        parts.append("with " + words["hair"][figure.hair_style].format(figure.hair_colour))
    if figure.hair_style != "none" and rng.random() < 0.15:
        parts.append(words["skin"][figure.skin])
    if rng.random() < 0.4:
        parts.append(_clothes(figure, words))
    if figure.hat != "none" and rng.random() < 0.7:
        parts.append(words["hat"][figure.hat])
    return " ".join(parts)


def _vietnamese(scene: Description, rng: random.Random) -> str:
    words = phrases("vi")
    who = " và ".join(_vietnamese_figure(figure, words, rng) for figure in scene.figures)
    pose = rng.choice(words["pose"][scene.figures[0].pose])
    place = rng.choice(words["place"][scene.place])
    time = rng.choice(words["time"][scene.time]) if scene.place != "space" and rng.random() < 0.85 else ""
    things = _things(scene, words, rng)
    shapes = (
        [who, pose, *things, place, time],
        [who, "đang", pose, place, time, *things],
        [f"{time}," if time else "", place, "có", who, "đang", pose, *things],
        [f"{', '.join(p for p in (who, pose, place, time, *things) if p)}"],
    )
    return " ".join(part for part in rng.choice(shapes) if part)


def _vietnamese_figure(figure: Figure, words: dict[str, Any], rng: random.Random) -> str:
    colours = words["colour"]
    parts = [rng.choice(words["kind"][figure.kind])]
    if figure.hair_style != "none" and rng.random() < 0.3:
        parts.append(words["hair"][figure.hair_style].format(colours[figure.hair_colour]))
    if rng.random() < 0.4:
        parts.append(words["clothes"][figure.clothes].format(colours[figure.colour]))
    if figure.hat != "none" and rng.random() < 0.7:
        parts.append(words["hat"][figure.hat])
    if rng.random() < 0.4:
        parts.append(rng.choice(words["mood"][figure.mood]))
    return " ".join(parts)


def _clothes(figure: Figure, words: dict[str, Any]) -> str:
    return words["clothes"][figure.clothes].format(figure.colour)


def _things(scene: Description, words: dict[str, Any], rng: random.Random | None) -> list[str]:
    """Weather and prop phrases; the first phrasing of each without `rng`."""
    found = [words["weather"][scene.weather]] if scene.weather != "clear" else []
    found += [words["prop"][scene.prop]] if scene.prop != "none" else []
    return [rng.choice(options) if rng else options[0] for options in found]


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
