"""Ten drawn characters that the world of pocket never showed, and six pictures of each as a user might have them.

A hero is a figure sheet of the world's own kind, NAME.svg in this folder, with hair, clothes and marks drawn in: no
palette, wardrobe or animal of the world has them. Everything that a hero is seen with is drawn from its name.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from studio.pocket.world.description import PLACES, TIMELESS, TIMES, Description, Figure
from studio.pocket.world.parts import group, inked
from studio.pocket.world.picture import SIZE_PX, render, rendered
from studio.pocket.world.puppet import draw_figure

HERE = Path(__file__).parent
PHOTO_PX = 512
TINTS = ("#f4ead5", "#dcebf2", "#f8dfdd", "#e2efd9", "#eae2f4", "#fbf1c8")
MOODS = ("happy", "happy", "happy", "surprised", "sad", "afraid")
ON_PAPER = {"standing": (2.3, 314), "sitting": (1.8, 236), "running": (1.45, 228)}  # scale, y of the ground in units
IN_SCENES = {"waving": "near", "walking": "middle", "holding": "middle"}  # how near they are seen
HELD = ("gift", "cake", "boat")  # whoever is holding needs a thing for both hands


@dataclass(frozen=True, slots=True)
class Hero:
    """Somebody to be learnt: `kind` is the world's word for their class, `marks` says how to know them."""

    name: str
    kind: str
    marks: str

    def figure(self, **seen: Any) -> Figure:
        """The hero as a figure of the world; `seen` are its pose, mood and faces_left."""
        return Figure(kind=self.kind, sheet=str(HERE / self.name.lower()), **seen)


HEROES = (
    Hero("Tilda", "girl", "A cloud of turquoise curls and a mustard coat with a big white star."),
    Hero("Nico", "boy", "Spiky white hair, brass goggles on the forehead and a green cape with a golden hem."),
    Hero("Odette", "grandmother", "A tall lavender beehive with a daisy, teal cat-eye glasses and a rainbow poncho."),
    Hero("Bruno", "man", "A huge blue beard, a lime hat with a pink feather and a red and cream checked coat."),
    Hero("Fern", "witch", "A spotted toadstool for a hat, pink hair in two bunches and a dress of green leaves."),
    Hero("Pepper", "cat", "Cream, with one dark ear, dark paws and tail tip, and a teal vest with a pink heart."),
    Hero("Luna", "rabbit", "Midnight blue, a golden moon on the brow, one bent ear, golden ear tips and a white ruff."),
    Hero("Ember", "dragon", "Coral with cream stripes, curled golden horns and dark blue wings full of stars."),
    Hero("Patch", "bear", "Sewn from patches: a mint head, a lilac eye, one pink and one yellow ear, a quilted belly."),
    Hero("Dot", "dog", "White with black spots, one black ear, a striped sailor shirt and a cap with a red pompom."),
)


def photos(hero: Hero, folder: Path) -> tuple[Path, ...]:
    """Writes the six pictures of the hero, 01.png to 06.png of 512 × 512 px, always the same; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / f"{number:02}.png" for number in range(1, 7))
    for path, picture in zip(paths, _pictures(hero), strict=True):
        Image.fromarray(picture).save(path)
    return paths


def _pictures(hero: Hero) -> Iterator[np.ndarray]:
    """Three pictures on plain paper, then three in different places at different hours, uint8 [512, 512, 3] each."""
    rng = random.Random(hero.name)
    lefts, moods = iter(rng.sample((True, False) * 3, 6)), iter(rng.sample(MOODS, 6))
    for tint, (pose, (scale, ground)) in zip(rng.sample(TINTS, 3), ON_PAPER.items(), strict=True):
        figure = hero.figure(pose=pose, mood=next(moods), faces_left=next(lefts))
        yield _on_paper(figure, tint, scale, ground, rng)
    places = rng.sample([place for place in PLACES if place not in TIMELESS], 3)
    for place, time, (pose, view) in zip(places, rng.sample(TIMES, 3), IN_SCENES.items(), strict=True):
        figure = hero.figure(pose=pose, mood=next(moods), faces_left=next(lefts))
        prop = rng.choice(HELD) if pose == "holding" else "none"
        scene = Description((figure,), place, time, view=view, prop=prop, seed=rng.randrange(1000))
        yield render(scene, PHOTO_PX)


def _on_paper(figure: Figure, tint: str, scale: float, ground: float, rng: random.Random) -> np.ndarray:
    """The figure alone on a tinted sheet, uint8 [512, 512, 3]; `scale` and `ground` in the world's 256 units."""
    shadow = '<ellipse rx="32" ry="5" fill="#1b2038" fill-opacity=".15" stroke="none"/>'
    drawn = group(draw_figure(figure, rng), scale=(-1 if figure.faces_left else 1, 1))
    placed = group(shadow + drawn, (SIZE_PX / 2, ground, 0), (scale, scale))
    document = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE_PX} {SIZE_PX}">'
        f'<rect width="{SIZE_PX}" height="{SIZE_PX}" fill="{tint}"/>{inked(placed)}</svg>'
    )
    return rendered(document, PHOTO_PX)
