"""Scenes of pocket's world that a hero's training must leave as they are: others stay themselves beside the hero."""

from __future__ import annotations

from pathlib import Path

from ..training.conditioning import Lesson
from .world.captions import canonical
from .world.grammar import training_scenes
from .world.picture import render

SCENES = 64
SEED = 7


def world_lessons(folder: Path) -> tuple[Lesson, ...]:
    """Renders the scenes into `folder`, about 30 ms each, with what is said of each.

    All are made anew, the same bytes again: of what a killed process left behind the last may be torn.
    """
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    lessons = []
    for number, scene in enumerate(training_scenes(SEED, SCENES)):
        path = folder / f"{number:02}.png"
        Image.fromarray(render(scene)).save(path)
        lessons.append(Lesson(path, (canonical(scene),)))
    return tuple(lessons)
