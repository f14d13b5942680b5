"""A hero cut out of the photos and put on pocket's stages, alone and beside others: lessons that say who is who.

From photos alone the model learns that a picture with the trigger holds the hero wherever there is somebody: asked for
the hero and a buffalo it drew the hero twice. Photographs of the real world come nearer to a drawn one so, too.
"""

from __future__ import annotations

import io
import random
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .. import vault
from ..adapters.card import AdapterCard
from ..files import private_folder
from ..photos.cutout import Cutout
from ..training.conditioning import Lesson
from ..training.subject import called
from .world.captions import canonical
from .world.description import ANIMALS, PEOPLE, SUBJECTS, Description, Figure
from .world.grammar import SHARED, random_description, random_figure
from .world.picture import SIZE_PX, empty_stage, height_units, render, silhouette

BESIDE = 2  # of so many stages one has somebody beside the hero
ALIKE = 0.5  # of these are of the hero's sort: people take a girl's looks first, and animals a cat's
AROUND = 0.25  # what the stage counts in the loss, of what the hero counts: the model knows the stages
WHOLE = (0.95, 1.1)  # height of a hero, of what one of the kind has
CUT_OFF = (0.5, 0.75)  # of one whom the photo cuts off, of the picture: larger ones made every hero a giant
READ_IN, SURE = ("sea", "garden", "beach", "village"), 0.7  # it read 15 of 18 poses of drawn heroes rightly so


@dataclass(frozen=True, slots=True)
class Stage:
    """Where lessons are played: the hero's `card`, the `folder` for their pictures, whether the hero may be mirrored, and
    the places at hours that are left out."""

    card: AdapterCard
    folder: Path
    flip: bool = False
    but: Container[tuple[str, str]] = ()


def stage_lessons(cutouts: Sequence[Cutout], stage: Stage, each: int, poses: bool = False) -> tuple[Lesson, ...]:
    """`each` stages for every cut-out, as PNGs of 256 px with what is said of them; with `poses` that the judge reads.

    All are made anew, the same bytes again: of what a killed process left behind the last may be torn.
    """
    kind, tall = stage.card.class_word, height_units(stage.card.class_word)
    heroes = [_posed(cutout, kind, tall) if poses else _unposed(kind) for cutout in cutouts]
    lessons = []
    for number in range(each * len(cutouts)):
        at, rng = number % len(cutouts), random.Random(f"stage-{number}")
        scene = stage_scene(heroes[at], number // len(cutouts) % BESIDE == BESIDE - 1, stage.but, rng)
        picture, mask = staged(cutouts[at], scene, tall, stage.flip, rng)
        lessons.append(_lesson(stage, f"cut-{number:03}", picture, mask, scene))
    return tuple(lessons)


def drawn_lessons(seen: Figure, stage: Stage, count: int) -> tuple[Lesson, ...]:
    """`count` scenes in which the world draws the hero as `seen` in the photos (see `recolouring` and `resemblance`), in any
    pose and mood; of what they wear nothing is said."""
    kind, lessons = stage.card.class_word, []
    for number in range(count):
        rng = random.Random(f"drawn-{number}")
        moved = random_figure(kind, rng, rng.choice(SHARED))
        hero = Figure(kind=kind, mood=moved.mood, pose=moved.pose, colour="")
        scene = stage_scene(hero, number % BESIDE == BESIDE - 1, stage.but, rng)
        shown = replace(seen, mood=moved.mood, pose=moved.pose, faces_left=moved.faces_left)
        figures = tuple(shown if one is hero else one for one in scene.figures)
        played = replace(scene, figures=figures)
        mask = silhouette(played).astype(np.uint8) * 255
        lessons.append(_lesson(stage, f"drawn-{number:03}", render(played), mask, scene))
    return tuple(lessons)


def _lesson(stage: Stage, name: str, picture: np.ndarray, mask: np.ndarray, scene: Description) -> Lesson:
    path, shape = private_folder(stage.folder) / f"{name}.png", stage.folder / f"{name}.mask.png"
    vault.put(path, png(picture))
    vault.put(shape, png(mask))
    told = called(canonical(scene), stage.card.class_word, stage.card.trigger)
    return Lesson(path, (told,), cuts=1, mask=shape, around=AROUND)


def png(pixels: np.ndarray) -> bytes:
    """The file of a picture uint8 [height, width, 3] or a mask [height, width]."""
    from PIL import Image

    raw = io.BytesIO()
    Image.fromarray(pixels).save(raw, "PNG")
    return raw.getvalue()


def _unposed(kind: str) -> Figure:
    """A hero of whose mood and pose nothing is said: to words, one who holds something has no pose."""
    return Figure(kind=kind, mood="", colour="", pose="holding")


def _posed(cutout: Cutout, kind: str, tall: float) -> Figure:
    """The hero in the pose that the judge reads with some certainty when they stand on a few stages."""
    from .evaluation import JUDGE
    from .judge import chances, load_judge

    figure = _unposed(kind)
    if cutout.cut_off:
        return figure
    scenes = (Description((Figure(kind),), place, seed=5) for place in READ_IN)
    pictures = [staged(cutout, scene, tall, False, random.Random(0))[0] for scene in scenes]
    pose, sure = chances(load_judge(JUDGE), pictures, "pose")
    return replace(figure, pose=pose) if sure > SURE and pose in SHARED else figure


def stage_scene(hero: Figure, beside: bool, but: Container[tuple[str, str]], rng: random.Random) -> Description:
    """The hero anywhere at any hour but those, alone or with somebody beside."""
    scene = random_description(rng, hero.kind, alone=not beside, things=0)
    if (scene.place, scene.time) in but:
        return stage_scene(hero, beside, but, rng)
    if not beside:
        return replace(scene, figures=(hero,), prop="none")
    near = PEOPLE if hero.kind in PEOPLE else ANIMALS
    among = near if rng.random() < ALIKE else SUBJECTS
    pose = hero.pose if hero.pose in SHARED else "standing"
    other = random_figure(rng.choice([one for one in among if one != hero.kind]), rng, pose)
    figures = (hero, other) if rng.random() < 0.5 else (other, hero)
    return replace(scene, figures=figures, hero=figures.index(hero), relation="beside", prop="none")


def staged(
    cutout: Cutout, scene: Description, tall: float, flip: bool, rng: random.Random
) -> tuple[np.ndarray, np.ndarray]:
    """The cut-out on the free spot of the scene, uint8 [256, 256, 3], and where it is, uint8 [256, 256]; one of its kind
    is `tall` units high."""
    behind, before, spot = empty_stage(scene)
    if cutout.cut_off:
        spot, high = spot._replace(y=SIZE_PX), rng.uniform(*CUT_OFF) * SIZE_PX
    else:
        high = tall * spot.scale * rng.uniform(*WHOLE)
    hero = _sized(cutout.picture, min(high, 0.97 * spot.y))
    hero = hero[:, ::-1] if flip and rng.random() < 0.5 else hero
    top, left = round(spot.y) - hero.shape[0], round(spot.x - hero.shape[1] / 2)
    layer = np.zeros((SIZE_PX, SIZE_PX, 4), np.uint8)
    inside = slice(max(0, left), min(SIZE_PX, left + hero.shape[1]))
    layer[top : top + hero.shape[0], inside] = hero[:, inside.start - left : inside.stop - left]
    return _over(before, _over(layer, behind)), layer[..., 3]


def _sized(picture: np.ndarray, high: float) -> np.ndarray:
    """Shrunk or enlarged to that height in pixels, never wider than the stage."""
    import cv2

    height, width = picture.shape[:2]
    scale = min(high / height, SIZE_PX / width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def _over(front: np.ndarray, back: np.ndarray) -> np.ndarray:
    """A layer uint8 [h, w, 4] laid over a picture uint8 [h, w, 3]."""
    share = front[..., 3:].astype(np.float32) / 255
    return (front[..., :3] * share + back * (1 - share)).round().astype(np.uint8)
