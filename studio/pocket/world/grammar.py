"""Draws descriptions at random, evenly over what matters, and keeps a held-out set that training never sees.

Held out are whole combinations of subject, place and time, so that evaluation asks for scenes that were never shown.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

from .description import (
    CLOTHES,
    COLOURS,
    HAIR_COLOURS,
    HAIR_STYLES,
    MOODS,
    PEOPLE,
    PLACES,
    POSES,
    PROPS,
    SKINS,
    SUBJECTS,
    TIMES,
    Description,
    Figure,
)

HELD_OUT_SHARE = 12  # one combination in twelve


def held_out(kind: str, place: str, time: str) -> bool:
    """Whether training never sees this subject in this place at this time of day."""
    digest = hashlib.sha256(f"{kind}|{place}|{time}".encode()).digest()
    return digest[0] % HELD_OUT_SHARE == 0


def random_figure(kind: str, rng: random.Random) -> Figure:
    """A figure of the kind with every attribute chosen at random; black hair is the most frequent."""
    person = kind in PEOPLE
    return Figure(
        kind=kind,
        pose=rng.choice(POSES),
        mood=rng.choices(MOODS, (6, 2, 2))[0],
        colour=rng.choice(COLOURS),
        clothes=rng.choice(CLOTHES[kind]) if person else "scarf",
        hair_colour=rng.choices(HAIR_COLOURS, (5, 2, 2, 1))[0],
        hair_style=rng.choice(HAIR_STYLES[kind]) if person else "none",
        skin=rng.choices(SKINS, (3, 3, 2, 2))[0],
        hat=rng.choices(("none", "conical hat", "cap"), (7, 2, 1))[0] if person else "none",
    )


def random_description(rng: random.Random, kind: str | None = None) -> Description:
    """One scene: a figure of `kind` (any if None), in three of ten scenes with a second one of another kind."""
    first = kind or rng.choice(SUBJECTS)
    second = [rng.choice([k for k in SUBJECTS if k != first])] if rng.random() < 0.3 else []
    place = rng.choice(PLACES)
    figures = tuple(random_figure(k, rng) for k in [first, *second])
    holds = figures[0].pose in ("standing", "waving") and first in (
        *PEOPLE,
        "cat",
        "dog",
        "rabbit",
        "bear",
        "fox",
        "pig",
    )
    return Description(
        figures=figures,
        place=place,
        time=rng.choice(TIMES),
        weather="rain" if place not in ("space", "bedroom", "snow") and rng.random() < 0.1 else "clear",
        prop=rng.choice(PROPS[1:]) if holds and rng.random() < 0.35 else "none",
        near=not second and rng.random() < 0.3,
        seed=rng.getrandbits(31),
    )


def training_scenes(seed: int, count: int) -> Iterator[Description]:
    """`count` scenes that hold no held-out combination."""
    rng = random.Random(f"train-{seed}")
    while count:
        scene = random_description(rng)
        if not any(held_out(f.kind, scene.place, scene.time) for f in scene.figures):
            count -= 1
            yield scene


def held_out_scenes(seed: int, count: int) -> Iterator[Description]:
    """`count` scenes of one figure that training never saw, evenly over the subjects.

    Their combinations of subject, place and time were never shown either, but for the elephant and the pig: the draw of
    one in twelve held none of theirs out, so for these two only the scene itself is new.
    """
    rng = random.Random(f"held-out-{seed}")
    for index in range(count):
        kind = SUBJECTS[index % len(SUBJECTS)]
        unseen = [(place, time) for place in PLACES for time in TIMES if held_out(kind, place, time)]
        scene = random_description(rng, kind)
        while len(scene.figures) > 1 or (unseen and (scene.place, scene.time) not in unseen):
            scene = random_description(rng, kind)
        yield scene
