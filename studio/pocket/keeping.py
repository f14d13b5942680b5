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
    """Renders the scenes into `folder`, about 30 ms each, with what is said of each; what is there is not made again."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    lessons = []
    for number, scene in enumerate(training_scenes(SEED, SCENES)):
        path = folder / f"{number:02}.png"
        if not path.is_file():
            Image.fromarray(render(scene)).save(path)
        lessons.append(Lesson(path, (canonical(scene),)))
    return tuple(lessons)
