"""Draws descriptions at random, evenly over what matters, and keeps a held-out set that training never sees.

Held out are whole combinations of subject, place and time: for each subject one in twelve, chosen by a hash, so that
evaluation asks for scenes that were never shown.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

from .description import (
    COLOURS,
    INDOORS,
    MOODS,
    PLACES,
    POSES,
    SKINS,
    SUBJECTS,
    TIMELESS,
    TIMES,
    Description,
    Figure,
)
from .parts import HERE, part, table

HELD_OUT_SHARE = 12  # one combination in twelve
FREE_POSES = tuple(pose for pose in POSES if pose != "fighting")  # fighting needs somebody to fight
SHARED = (
    "standing",
    "walking",
    "running",
    "sitting",
    "sleeping",
    "waving",
    "flying",
    "dancing",
)  # words tell one pose for all
THINGS = 0.35  # of those whose pose allows it have a thing
TAUGHT_THINGS = (
    0.7  # the same while training: at 0.35 each of 32 things was seen 700 times in 211,000 pictures, too few
)
FOES = ("monster", "dragon", "pirate", "knight", "tiger")


@cache
def held_out_combinations() -> frozenset[tuple[str, str, str]]:
    """The combinations of subject, place and time that training never sees."""
    chosen = []
    for kind in SUBJECTS:
        ranked = sorted(
            product((kind,), PLACES, TIMES), key=lambda one: hashlib.sha256("|".join(one).encode()).digest()
        )
        chosen += ranked[: len(ranked) // HELD_OUT_SHARE]
    return frozenset(chosen)


def held_out(scene: Description) -> bool:
    """Whether training never sees one of the scene's figures in its place at its time."""
    return any((figure.kind, scene.place, scene.time) in held_out_combinations() for figure in scene.figures)


@cache
def props(held: str) -> tuple[str, ...]:
    """The things that are held in a `hand`, in `both` hands, or stand on the `ground`."""
    names = sorted(path.stem for path in (HERE / "props").glob("*.svg"))
    return tuple(name for name in names if dict(part(f"props/{name}").values)["held"] == held)


def all_props() -> tuple[str, ...]:
    """Every thing, by name."""
    return tuple(sorted(path.stem for path in (HERE / "props").glob("*.svg")))


def random_figure(kind: str, rng: random.Random, pose: str = "") -> Figure:
    """A figure of the kind with every attribute chosen at random among those that it may have."""
    allowed = table("people/kinds").get(kind, {})
    worn = {
        name: rng.choice(allowed[name])
        for name in ("clothes", "hair_style", "hat", "glasses", "beard")
        if allowed.get(name)
    }
    hair = (
        rng.choice(allowed["hair_colour"])
        if "hair_colour" in allowed
        else rng.choices(("black", "brown", "blond", "ginger"), (5, 2, 2, 1))[0]
    )
    return Figure(
        kind=kind,
        pose=pose or rng.choice(FREE_POSES),
        mood=rng.choices(MOODS, (6, 2, 2, 1.5, 1.5))[0],
        colour=rng.choice(COLOURS),
        hair_colour=hair,
        skin=rng.choices(SKINS, (3, 3, 2, 2))[0],
        faces_left=rng.random() < 0.5,
        **worn,
    )


def random_description(
    rng: random.Random, kind: str | None = None, alone: bool | None = None, things: float = THINGS
) -> Description:
    """One scene around a figure of `kind` (any if None): alone in six of ten, else with one other or two.

    `things` is the share, 0..1, of those whose pose allows it that have a thing.
    """
    first = kind or rng.choice(SUBJECTS)
    single = rng.random() < 0.6 if alone is None else alone
    others = [] if single else rng.sample([one for one in SUBJECTS if one != first], 1 if rng.random() < 0.75 else 2)
    relation = rng.choices(("beside", "behind", "chasing", "holding hands", "fighting"), (5, 2, 2, 2, 1))[0]
    if len(others) != 1:
        relation = "beside"
    if relation == "fighting":
        others = [rng.choice([foe for foe in FOES if foe != first])]
    hero = rng.randrange(2) if len(others) == 1 and relation in ("beside", "behind", "chasing") else 0
    kinds = [*others[:hero], first, *others[hero:]]
    place = rng.choice(PLACES)
    figures = tuple(_related([random_figure(one, rng) for one in kinds], hero, relation, rng))
    prop, figures = _thing(figures, hero, relation, things, rng)
    return Description(
        figures=figures,
        place=place,
        time="day" if place in TIMELESS else rng.choice(TIMES),
        weather=_weather(place, rng),
        view=rng.choices(("near", "middle", "far"), (3, 5, 2) if single else (0, 7, 3))[0],
        relation=relation,
        hero=hero,
        prop=prop,
        prop_colour=rng.choice(COLOURS) if prop != "none" else "",
        seed=rng.getrandbits(31),
    )


def _related(figures: list[Figure], hero: int, relation: str, rng: random.Random) -> list[Figure]:
    """The figures turned and posed as their relation asks."""
    if relation == "chasing":
        left = hero == 0  # the hero runs after the other: to the right when it stands left of it
        return [replace(one, pose="running", faces_left=not left) for one in figures]
    if relation == "holding hands":
        pose = rng.choice(("standing", "walking"))
        return [replace(one, pose=pose, faces_left=False) for one in figures]
    if relation == "fighting":
        return [replace(one, pose="fighting", mood="angry", faces_left=i == 1) for i, one in enumerate(figures)]
    pose = figures[hero].pose if figures[hero].pose in SHARED else "standing"
    return [one if i == hero else replace(one, pose=pose) for i, one in enumerate(figures)]


def _thing(
    figures: tuple[Figure, ...], hero: int, relation: str, share: float, rng: random.Random
) -> tuple[str, tuple[Figure, ...]]:
    """A thing for the hero, which reading and holding always need, and the figures that go with it."""
    pose = figures[hero].pose
    if pose == "reading":
        return "book", figures
    if pose == "holding":
        return rng.choice(props("both")), figures
    if relation == "fighting":
        return "sword", figures
    if (
        pose in ("standing", "walking", "waving", "sitting", "dancing")
        and relation == "beside"
        and rng.random() < share
    ):
        return rng.choice((*props("hand"), *props("ground"))), figures
    return "none", figures


def _weather(place: str, rng: random.Random) -> str:
    if place in (*INDOORS, *TIMELESS):
        return "sun"
    return rng.choices(("sun", "rain", "snow", "storm"), (8, 1, 1, 1))[0]


def training_scenes(seed: int, count: int) -> Iterator[Description]:
    """`count` scenes that hold no held-out combination."""
    rng = random.Random(f"train-{seed}")
    while count:
        scene = random_description(rng, things=TAUGHT_THINGS)
        if not held_out(scene):
            count -= 1
            yield scene


def held_out_scenes(seed: int, count: int, figures: int = 1) -> Iterator[Description]:
    """`count` scenes of so many figures, evenly over the subjects, whose combinations training never saw."""
    rng = random.Random(f"held-out-{seed}-{figures}")
    for index in range(count):
        kind = SUBJECTS[index % len(SUBJECTS)]
        while True:
            scene = random_description(rng, kind, alone=figures == 1)
            here = (kind, scene.place, scene.time)
            if len(scene.figures) == figures and here in held_out_combinations():
                break
        yield scene
