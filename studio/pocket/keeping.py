"""Scenes of pocket's world that a hero's training must leave as they are: others stay themselves beside the hero."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from ..files import private_folder, room_for
from ..training.conditioning import Lesson
from .world.captions import canonical
from .world.description import ANIMALS, PEOPLE, Description
from .world.grammar import held_out, random_description, training_scenes
from .world.picture import render, silhouette

SCENES = 96
SEED = 7
AROUND = 0.25  # what the place counts, of what its figures count


def world_lessons(folder: Path, kind: str, count: int = SCENES) -> tuple[Lesson, ...]:
    """Renders the scenes into `folder`, about 30 ms each, with what is said of each; in two of three somebody of the
    hero's sort is alone, because people take after a girl first, and animals after a cat.

    All are made anew, the same bytes again: of what a killed process left behind the last may be torn.
    """
    from PIL import Image

    private_folder(folder)
    lessons = []
    for number, scene in enumerate(_scenes(kind, count)):
        path = folder / f"{number:02}.png"
        with room_for(path.name):
            Image.fromarray(render(scene)).save(path)
            Image.fromarray(silhouette(scene)).save(path.with_suffix(".mask.png"))
        lessons.append(Lesson(path, (canonical(scene),), mask=path.with_suffix(".mask.png"), around=AROUND))
    return tuple(lessons)


def _scenes(kind: str, count: int) -> Iterator[Description]:
    near = PEOPLE if kind in PEOPLE else ANIMALS
    rng, any_scene = random.Random(SEED), training_scenes(SEED, count)
    for number in range(count):
        alike = random_description(rng, near[number % len(near)], alone=True)
        yield next(any_scene) if number % 3 == 0 or held_out(alike) else alike
