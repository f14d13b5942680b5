"""How well the measured book sees: how many figures there are, which of them is which hero, and in which style they are drawn.

    python -m benchmarks.measuring [--scenes 105] [--pairs 24] [--styles] [--json]

Counted are held-out renders of one, two and three figures: by the counter, and by what was tried before, the parts of the spotter's
mask and the judge's question for a second figure. Then pairs of the ten drawn heroes stand side by side or hand in hand: how often
the right figure is found for each, and how like it is to their photos beside what they are alone, all of the mask, and somebody else.
With `--styles` pocket draws scenes plainly and in each style that ships, and told is in how many pairs the styled one is further on
the way to its style. About a minute on two quiet cores, with `--styles` four.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from studio.adapters.card import STYLE_WEIGHT, Worn
from studio.evaluation.figures import SURE, figures, hanging
from studio.evaluation.likeness import Eyes, likeness, own_likeness
from studio.photos.spotter import spot
from studio.pocket.counter import counted, load_counter
from studio.pocket.evaluation import JUDGE
from studio.pocket.hand import load_hand, on_the_way, strokes
from studio.pocket.judge import load_judge, weighed
from studio.pocket.styles import MANNERS
from studio.pocket.world.captions import canonical
from studio.pocket.world.description import Description
from studio.pocket.world.grammar import held_out_scenes, training_scenes
from studio.pocket.world.picture import render
from studio.progress import finish
from studio.settings import ASSETS, SHIPPED_ADAPTERS
from studio.workshop import Workshop
from studio.workshop.witness import opened

from .heroes import HEROES

PLACES = ("garden", "beach", "city", "village", "snow", "forest")
AT_ONCE = 35
DRAWN = 4  # scenes plain and in each style


def main() -> None:
    parser = argparse.ArgumentParser(description="How well the measured book sees.")
    parser.add_argument("--scenes", type=int, default=105, help="of each number of figures")
    parser.add_argument("--pairs", type=int, default=24)
    parser.add_argument("--styles", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    told: dict[str, Any] = {"counted rightly": numbers(given.scenes), "two heroes": heroes(given.pairs)}
    if given.styles:
        told["styled beyond plain"] = styles()
    print(json.dumps(told, indent=None if given.json else 1))


def numbers(each: int) -> dict[str, dict[str, float]]:
    """The share of scenes in which so many figures are told as there are."""
    judge, counter = load_judge(JUDGE), load_counter()
    found: dict[str, dict[str, float]] = {"counter": {}, "parts of the mask": {}, "judge, one or more": {}}
    for count in (1, 2, 3):
        hits = {name: 0 for name in found}
        scenes = list(held_out_scenes(19, each, figures=count))
        for at in range(0, each, AT_ONCE):
            pictures = [render(scene) for scene in scenes[at : at + AT_ONCE]]
            told, seen = weighed(judge, pictures)
            hits["counter"] += int((counted(counter, told, seen).argmax(1) + 1 == count).sum())
            hits["parts of the mask"] += sum(len(hanging(spot(picture) > SURE)) == count for picture in pictures)
            hits["judge, one or more"] += int(((told["second"][:, -1] < 0.5) == (count > 1)).sum())
        for name, right in hits.items():
            found[name][str(count)] = round(right / each, 3)
    return found


def heroes(pairs: int) -> dict[str, float]:
    """Of heroes in company: how often the right figure is taken, and likenesses as shares of that of two photos."""
    rng, eyes, rows = random.Random(3), Eyes(), []
    for number in range(pairs):
        two = rng.sample(HEROES, 2)
        relation, place = rng.choice(("beside", "beside", "holding hands")), rng.choice(PLACES)
        told = [hero.figure(pose="standing", mood="happy") for hero in two]
        picture = render(Description(tuple(told), place, seed=number, relation=relation))
        parts = figures(spot(picture), 2)
        middles = [np.nonzero(part)[1].mean() for part in parts]
        alone = [render(Description((one,), place, seed=number)) for one in told]
        for at, hero in enumerate(two):
            photos = eyes.look([render(scene) for scene in _posing(hero)])
            own = own_likeness(photos)
            like = likeness(eyes.look([picture] * len(parts), parts), photos) / own
            right = int(np.argmax(like)) == int(np.argmin(middles) if at == 0 else np.argmax(middles))
            plain = likeness(eyes.look([picture, alone[at], alone[1 - at]]), photos) / own
            rows.append((float(right), float(like.max()), *map(float, plain)))
    names = ("right one", "in company", "all of the mask", "alone", "somebody else")
    return dict(zip(names, np.mean(rows, 0).round(3).tolist(), strict=True))


def _posing(hero: Any) -> list[Description]:
    poses = (("standing", "garden", "near"), ("waving", "beach", "middle"), ("sitting", "city", "near"))
    return [
        Description((hero.figure(pose=pose, mood="happy"),), place, seed=3, view=view) for pose, place, view in poses
    ]


def styles() -> dict[str, float]:
    """For each style in which share of all pairs a picture in it is further on the way than a plain one."""
    workshop, words = Workshop(), [canonical(scene) for scene in training_scenes(31, DRAWN)]
    judge, hand, found = load_judge(JUDGE), load_hand(), {}
    with tempfile.TemporaryDirectory() as room:
        plain = strokes(judge, _drawn(workshop, words, "", Path(room)))
        (sample,) = strokes(judge, [opened(ASSETS / "pocket" / "sample.jpg")])
        for name, (_, _, trigger) in MANNERS.items():
            styled = strokes(judge, _drawn(workshop, [f"{said}, {trigger}" for said in words], name, Path(room)))
            (whole,) = strokes(judge, [opened(SHIPPED_ADAPTERS / name / "sample.jpg")])
            far, near = (on_the_way(hand, some, sample, whole) for some in (styled, plain))
            found[name] = round(float((far[:, None] > near[None]).mean()), 3)
    return found


def _drawn(workshop: Workshop, words: list[str], style: str, room: Path) -> list[np.ndarray]:
    worn = (Worn(style, STYLE_WEIGHT),) if style else ()
    paths = [
        finish(workshop.draw_picture(said, room / f"{style}-{at}.png", seed=100 + at, adapters=worn)).path
        for at, said in enumerate(words)
    ]
    return [opened(path) for path in paths]


if __name__ == "__main__":
    main()
