"""Two heroes in one picture: what is left of each, whether two are there, and whether they are who they should be.

    python -m benchmarks.together --home HOME [--heroes Tilda,Dot] [--scenes 5] [--ways "stacked,each side"] [--sheet FILE] [--json]

HOME is a STUDIO_HOME; heroes of the benchmark that were not taught in it yet are taught first, about two minutes each. Every way
draws the same scenes with the same seeds through the studio's own illustrator. Told are: each hero's likeness to the photos as a
share of what it is alone in the same scenes, in how many pictures two are seen, in how many somebody is liker to the
other hero than to themselves (`mistaken`) and both are (`swapped`), and the seconds of a picture. The measures themselves are
tried first, on renders of the same pairs and scenes. About twelve minutes on two quiet cores, after the teaching.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from benchmarks.features import Features
from benchmarks.heroes import HEROES, Hero, photos
from studio.adapters.card import Worn
from studio.adapters.tensors import read_adapter
from studio.evaluation.figures import figures
from studio.evaluation.likeness import Eyes, Impression, likeness
from studio.library.characters import Characters
from studio.library.library import Library
from studio.models.device import best_device
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.photos.spotter import spot
from studio.pocket.world.description import Description
from studio.pocket.world.picture import render
from studio.progress import finish
from studio.rendering.conditioning import Conditioning
from studio.rendering.denoising import Denoising
from studio.rendering.drawing import Box, Drawing, Region, Start
from studio.rendering.starts import keep
from studio.settings import load_settings
from studio.story.composer import compose
from studio.story.composer.regional import seen_by
from studio.story.layout import proposed
from studio.story.scene import Cast, Role, Scene
from studio.workshop import Workshop
from studio.workshop.album import view
from studio.workshop.easel import Easel
from studio.workshop.wardrobe import Wardrobe

ASKED = {"likeness": 0.85, "two": 0.90, "swapped": 0.05}
KNOWN = {hero.name: hero for hero in HEROES}
PAIRS = (  # every two of five: people who are alike, a person on either side of an animal
    ("Tilda", "Nico"), ("Odette", "Dot"), ("Dot", "Tilda"), ("Nico", "Odette"), ("Tilda", "Odette"),
    ("Dot", "Nico"), ("Bruno", "Tilda"), ("Nico", "Bruno"), ("Odette", "Bruno"), ("Bruno", "Dot"),
)  # fmt: skip
SCENES = (  # what they do, where and when, and what is between them
    ("standing", "garden", "day", "beside"),
    ("walking", "beach", "sunset", "beside"),
    ("waving", "snow", "day", "beside"),
    ("standing", "village", "day", "holding hands"),
    ("dancing", "old street", "night", "beside"),
)
SEED = 101
FRAMES = ((0.04, 0.22, 0.5, 1.0), (0.5, 0.22, 0.96, 1.0))  # closer about the figures than the halves
HALVES = ((0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0))
LIKELY, THICK, LEFT_PX = (
    0.7,
    (29, 47),
    150,
)  # of 45 renders of one, two and three such heroes 43 are counted so
REDRAWN = 0.8  # strength with which a plain figure becomes the hero


@dataclass(frozen=True, slots=True)
class Task:
    """One picture: two heroes in a scene, from left to right."""

    pair: tuple[str, str]
    scene: Scene
    seed: int

    @property
    def cast(self) -> Cast:
        return Cast(tuple(Role(name, KNOWN[name].kind, name.lower()) for name in self.pair))


class Bench:
    """All that stays the same while ways are tried."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given, self.settings = given, load_settings()
        self.workshop, self.eyes = Workshop(self.settings), Eyes()
        self.easel = Easel(self.settings, Library(self.settings), Wardrobe(self.settings))
        self.folder = self.settings.home / "together"
        self.tasks = [
            Task(pair, Scene("", pair, pose, place, hour, relation=relation), SEED + at)
            for pair in given.pairs
            for at, (pose, place, hour, relation) in enumerate(SCENES[: given.scenes])
        ]
        for name in dict.fromkeys(name for task in self.tasks for name in task.pair):
            self.teach(KNOWN[name])
        self.cards = {card.id: card for card in self.workshop.adapters() if card.kind == "subject"}
        self.album = {name: self.photos(name) for task in self.tasks for name in task.pair}
        self.alone = self.likeness_alone()

    def teach(self, hero: Hero) -> None:
        if hero.name.lower() in {card.id for card in self.workshop.adapters()}:
            return
        paths = photos(hero, self.settings.home / "photos" / hero.name)
        told = [(path.name, path.read_bytes()) for path in paths]
        finish(
            self.workshop.train_character(
                self.workshop.begin_character(hero.name, "drawn", told, hero.kind).character.id
            )
        )

    def photos(self, name: str) -> Impression:
        characters = Characters(self.settings)
        views = [view(characters, characters.get(name.lower()), one) for one in characters.kept_photos(name.lower())]
        return self.eyes.look([one.picture for one in views], [one.subject.mask for one in views])

    def likeness_alone(self) -> dict[tuple[str, int], float]:
        """Of each hero in each scene with nobody else, drawn with nothing else worn."""
        asked = {(name, task.seed): self.alone_in(task, name) for task in self.tasks for name in task.pair}
        pictures = self.drawn(list(asked.values()))
        found = self.like(
            pictures, [one for picture in pictures for one in [figures(spot(picture))]], [name for name, _ in asked]
        )
        return dict(zip(asked, found, strict=True))

    def alone_in(self, task: Task, name: str) -> Drawing:
        scene = replace(task.scene, who=(name,), relation="beside")
        return self.drawing(compose(scene, task.cast, self.cards).positive, task.seed, (name,))

    def like(
        self, pictures: Sequence[np.ndarray], masks: Sequence[list[np.ndarray]], names: Sequence[str]
    ) -> list[float]:
        """How like each hero the figures are that were found in each picture, all of them together; 0 where there is none."""
        return [
            float(likeness(self.eyes.look([picture], [np.any(found, axis=0)]), self.album[name])[0]) if found else 0.0
            for picture, found, name in zip(pictures, masks, names, strict=True)
        ]

    def drawing(self, prompt: str, seed: int, names: Sequence[str], regions: tuple[Region, ...] = ()) -> Drawing:
        worn = tuple(Worn(name.lower()) for name in names)
        return replace(self.easel.drawing(prompt, "", seed, base_model("pocket"), worn), regions=regions)

    def drawn(self, drawings: Sequence[Drawing]) -> list[np.ndarray]:
        names = [drawing.file_name() for drawing in drawings]
        paths = finish(self.easel.draw("pocket", drawings, self.folder, names))
        return [np.asarray(Image.open(path).convert("RGB")) for path in paths]

    # The ways

    def stacked(self, task: Task) -> Drawing:
        """Both LoRAs at full strength everywhere, as the open tools do it."""
        return self.drawing(compose(task.scene, task.cast, self.cards).positive, task.seed, task.pair)

    def each_side(self, task: Task) -> Drawing:
        """As the studio does it: each hero acts in their half and is told the scene from there."""
        boxes = [box for _, box in proposed(task.scene, task.cast)]
        return self.placed(task, boxes, self.sides(task))

    def whole_words(self, task: Task) -> Drawing:
        """In halves, but both are told the words of the whole picture."""
        return self.placed(task, HALVES, ("", ""))

    def frames(self, task: Task) -> Drawing:
        """Closer boxes, and the bare model around them."""
        return self.placed(task, FRAMES, self.sides(task))

    def placed(self, task: Task, boxes: Sequence[Box], prompts: Sequence[str]) -> Drawing:
        regions = tuple(
            Region(name.lower(), box, said) for name, box, said in zip(task.pair, boxes, prompts, strict=True)
        )
        return replace(self.stacked(task), regions=regions)

    def sides(self, task: Task) -> tuple[str, ...]:
        return tuple(
            compose(*seen_by(name, task.scene, task.cast, self.cards), self.cards).positive for name in task.pair
        )

    def redrawn(self, tasks: Sequence[Task]) -> list[np.ndarray]:
        """Two plain figures first, then each half anew with its hero."""
        pictures = self.drawn([self.drawing(self.plain(task), task.seed, ()) for task in tasks])
        for at, box in enumerate(HALVES):
            told = [
                replace(
                    self.drawing(self.sides(task)[at], task.seed, task.pair[at : at + 1]),
                    start=Start(keep(png(picture), self.folder), REDRAWN, keep(png(inside(box)), self.folder)),
                )
                for task, picture in zip(tasks, pictures, strict=True)
            ]
            pictures = self.drawn(told)
        return pictures

    def confined(self, tasks: Sequence[Task]) -> list[np.ndarray]:
        """In halves and with their words, but in one pass whose features are masked."""
        pipeline = load_pipeline(base_model("pocket"), self.settings, best_device().drawing_dtype)
        words, pictures = Conditioning(pipeline), []
        for task in tasks:
            files = [self.settings.characters / name.lower() / "adapter" / "adapter.safetensors" for name in task.pair]
            loras = [read_adapter(file, pipeline.unet, "pocket") for file in files]
            denoising = Denoising(pipeline, words, [self.each_side(task)], predictor=partial(Features, loras=loras))
            pictures += [pixels for steps in [list(denoising)] if steps for pixels in denoising.pixels()]
        return [(pixels * 255).round().byte().numpy() for pixels in pictures]

    def plain(self, task: Task) -> str:
        cast = Cast(tuple(replace(role, character="") for role in task.cast.roles))
        return compose(task.scene, cast, {}).positive

    # The measures

    def measured(self, pictures: Sequence[np.ndarray], alone: dict[tuple[str, int], float]) -> dict[str, float]:
        shares, mistaken, swapped = [], [], []
        for task, picture in zip(self.tasks, pictures, strict=True):
            found = self.sides_of(picture)
            said = [
                self.like([picture] * 2, [[part] if part is not None else [] for part in found], [name] * 2)
                for name in task.pair
            ]
            shares += [said[at][at] / alone[name, task.seed] for at, name in enumerate(task.pair)]
            other = [found[at] is not None and said[1 - at][at] > said[at][at] for at in (0, 1)]
            mistaken.append(any(other))
            swapped.append(all(other))
        return {
            "likeness": float(np.mean(shares)),
            "heroes under 85 %": float(np.mean(np.array(shares) < ASKED["likeness"])),
            "two": float(np.mean(self.counts(pictures) == 2)),
            "mistaken": float(np.mean(mistaken)),
            "swapped": float(np.mean(swapped)),
        }

    def sides_of(self, picture: np.ndarray) -> tuple[np.ndarray | None, np.ndarray | None]:
        """The masks of the left and the right one of the two largest figures."""
        parts = sorted(figures(spot(picture), 2), key=lambda part: -int(part.sum()))[:2]
        parts.sort(key=lambda part: float(np.nonzero(part)[1].mean()))
        return (parts[0], parts[1]) if len(parts) == 2 else (parts[0] if parts else None, None)

    def counts(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """How many figures there are: what is left of the spotter's mask when arms and all that is thin are worn away. The
        counter knows pocket's own figures only, and sees one in a quarter of the renders of two such heroes."""
        return np.array([trunks(spot(picture)) for picture in pictures])

    def rendered(self) -> dict[str, float]:
        """What the measures say of pictures in which everything is right: renders of the same heroes in the same scenes."""
        single = {(name, task.seed): render(self.described(task, name)) for task in self.tasks for name in task.pair}
        masks = [figures(spot(picture)) for picture in single.values()]
        alone = dict(zip(single, self.like(list(single.values()), masks, [name for name, _ in single]), strict=True))
        found = self.measured([render(self.described(task, *task.pair)) for task in self.tasks], alone)
        return found | {"alone seen as one": float(np.mean(self.counts(list(single.values())) == 1))}

    def described(self, task: Task, *names: str) -> Description:
        pose = task.scene.action
        seen = (KNOWN[name].figure(pose=pose, mood="happy", faces_left=bool(at)) for at, name in enumerate(names))
        scene = Description(tuple(seen), task.scene.place, task.scene.time, seed=task.seed)
        return replace(scene, relation=task.scene.relation) if len(names) > 1 else scene


def main() -> None:
    given = arguments()
    os.environ["STUDIO_HOME"] = str(given.home)
    bench = Bench(given)
    ways: dict[str, Callable[[Sequence[Task]], list[np.ndarray]]] = {
        "stacked": lambda tasks: bench.drawn([bench.stacked(task) for task in tasks]),
        "each side": lambda tasks: bench.drawn([bench.each_side(task) for task in tasks]),
        "whole words": lambda tasks: bench.drawn([bench.whole_words(task) for task in tasks]),
        "frames": lambda tasks: bench.drawn([bench.frames(task) for task in tasks]),
        "features": bench.confined,
        "redrawn": bench.redrawn,
    }
    rows = [{"way": "renders", **bench.rendered(), "seconds": 0.0}]
    print(line(rows[0]), flush=True)
    pictures = []
    for name in given.ways.split(",") if given.ways else ways:
        begun = time.monotonic()
        pictures.append(ways[name](bench.tasks))
        seconds = (time.monotonic() - begun) / len(bench.tasks)
        rows.append({"way": name, **bench.measured(pictures[-1], bench.alone), "seconds": seconds})
        print(line(rows[-1]), flush=True)
    if given.sheet:
        sheet(pictures, given)
    if given.json:
        print(json.dumps({"asked": ASKED, "ways": rows}, indent=1))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What is left of two heroes in one picture.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--heroes", default="", help="only pairs of these")
    parser.add_argument("--scenes", type=int, default=len(SCENES))
    parser.add_argument("--ways", default="")
    parser.add_argument("--sheet", type=Path, help="a file for a contact sheet: a row of pictures for each way")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    wanted = set(given.heroes.split(",")) if given.heroes else set(KNOWN)
    given.pairs = [pair for pair in PAIRS if wanted.issuperset(pair)]
    return given


def png(picture: np.ndarray) -> bytes:
    raw = io.BytesIO()
    Image.fromarray(picture).save(raw, "PNG")
    return raw.getvalue()


def trunks(seen: np.ndarray) -> int:
    """The parts of a spotter's mask of 256 px that are thick enough for somebody's body."""
    worn = cv2.erode((seen > LIKELY).astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, THICK))
    count, _, told, _ = cv2.connectedComponentsWithStats(worn, connectivity=8)
    return sum(int(told[part, cv2.CC_STAT_AREA]) >= LEFT_PX for part in range(1, count))


def inside(box: Box) -> np.ndarray:
    """White inside of a box, uint8 [256, 256]."""
    mask = np.zeros((256, 256), np.uint8)
    left, top, right, bottom = (round(256 * share) for share in box)
    mask[top:bottom, left:right] = 255
    return mask


def sheet(pictures: Sequence[Sequence[np.ndarray]], given: argparse.Namespace) -> None:
    """One scene of every pair, another for each: the ways under one another."""
    chosen = [at * given.scenes + at % given.scenes for at in range(len(given.pairs))]
    rows = [np.concatenate([row[at] for at in chosen], 1) for row in pictures]
    Image.fromarray(np.concatenate(rows)).resize((128 * len(chosen), 128 * len(rows))).save(given.sheet, quality=88)


def line(row: dict[str, Any]) -> str:
    numbers = (f"{name} {value:.2f}" for name, value in row.items() if name != "way")
    return f"{row['way']:12} " + "  ".join(numbers)


if __name__ == "__main__":
    main()
