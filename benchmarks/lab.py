"""What the lab comes to, and the sheets of docs/lab.md: `python -m benchmarks.lab [--sheets docs/pictures] [--only styles]`.

Sample pairs are scenes that the eye never saw in manners of the shipped styles. Flowers are told by combinations of words that the painter
never saw; the flower judge reads them back. One line of JSON for each figure.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from studio.lab.botanist import agreement, load_botanist, pictures_of, read_back
from studio.lab.embedding import pocket_reader
from studio.lab.florist import Florist, grid, noise
from studio.lab.flowers import Flower, captions, flowers
from studio.lab.sheet import laid
from studio.pocket.styles import redrawn
from studio.pocket.world.grammar import training_scenes
from studio.pocket.world.picture import render
from studio.progress import finish
from studio.workshop.repainting import COLUMNS, Asked, Way, repaint

SCENES = 77  # a seed that nothing was trained with
PAIRS = ((3, "lacquer", 5), (3, "dongho", 7), (0, "crayon", 5), (6, "watercolour", 9))
UNSEEN, TELLING = 600, (1, 2, 7, 8, 9)  # flowers; captions that tell colour, centre and ground
FILM = (
    "a red flower with a yellow centre on a green background",
    "a blue flower with a white centre on a dark background",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=Path, help="the folder for the sheets")
    parser.add_argument("--side", type=int, default=512, help="of the repainted pictures, in px")
    parser.add_argument("--only", choices=("styles", "flowers"))
    given = parser.parse_args()
    if given.only != "flowers":
        _styles(given.side, given.sheets)
    if given.only != "styles":
        _flowers(given.sheets)


def _tell(**row: Any) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


def _styles(side: int, sheets: Path | None) -> None:
    scenes = [*training_scenes(SCENES, 12)]
    shown: dict[Way, list[tuple[np.ndarray, str]]] = {"careful": [], "quick": []}
    for place, name, other in PAIRS:
        content, style = render(scenes[place], side), redrawn(name, render(scenes[other]), 1)
        for way in ("careful", "quick"):
            found = finish(repaint(content, [style], [1.0], Asked(way=way, side_px=side)))
            _tell(pair=f"scene {place}, {name}", way=way, side=side, **found.figures)
            told = f"style −{found.figures['style fell']:.0%}, edges {found.figures['edges kept']:.2f}"
            shown[way] += [(content, "content"), (style, name), (found.picture, told)]
    if sheets:
        _write(laid(shown["careful"], 6, 256), sheets / "lab_style.jpg")
        _write(laid(shown["quick"], 6, 256), sheets / "lab_quick.jpg")
        content, style = render(scenes[3], 256), redrawn("dongho", render(scenes[7]), 1)
        found = finish(repaint(content, [style], [1.0], Asked(way="sheet")))
        _tell(way="sheet", **found.figures)
        _write(laid(found.sheet, COLUMNS, 192), sheets / "lab_manners.jpg")


def _flowers(sheets: Path | None) -> None:
    florist, judge, grown = Florist(), load_botanist(), [*flowers(777, UNSEEN, held_out=True)]
    own = [*flowers(4242, 300), *flowers(4242, 300, held_out=True)]
    _tell(judge="on drawn flowers it never saw", **agreement(read_back(judge, pictures_of(own)), own))
    for which in TELLING:
        painted = florist.painted(florist.read([captions(flower)[which] for flower in grown]), noise(UNSEEN, 1))
        asked = captions(Flower(6, "round", "red", "yellow", "no", "green"))[which]
        _tell(caption=asked, **agreement(read_back(judge, painted), grown))
    _match(florist, grown)
    _speed(florist)
    if sheets:
        rows = [florist.paint(captions(flower)[2], 8, 1) for flower in grown[:6]]
        _write(Image.fromarray(grid(rows, 112, 6)), sheets / "lab_flowers.jpg")
        films = [
            florist.film(*FILM, 9, 1),
            florist.film(captions(grown[3])[8], captions(grown[4])[8], 9, 1),
            florist.wander(FILM[0], 9, 1),
        ]
        _write(Image.fromarray(grid(films, 112, 6)), sheets / "lab_film.jpg")


def _match(florist: Florist, grown: list[Flower]) -> None:
    """CLIP's question: how near a picture is to its own words and to those of another, by words and pictures in one space. Pocket's own CLIP
    never saw a flower, so the space is made here: what the text encoder says, and what a linear map of drawn flowers says of it."""
    read, learnt = pocket_reader(), [*flowers(31, 3000)]
    words = torch.from_numpy(read([captions(flower)[2] for flower in learnt]))
    seen = _looks(pictures_of(learnt))
    mean, inner = words.mean(0), words - words.mean(0)
    map_ = torch.linalg.solve(seen.T @ seen + 10.0 * torch.eye(seen.shape[1]), seen.T @ inner)
    told = torch.from_numpy(read([captions(flower)[2] for flower in grown])) - mean
    drawn = _looks(florist.painted(told + mean, noise(len(grown), 1))) @ map_
    own = torch.nn.functional.cosine_similarity(drawn, told)
    other = torch.nn.functional.cosine_similarity(drawn, told.roll(1, 0))
    _tell(
        match="cosine of picture and words",
        own=round(own.mean().item(), 3),
        other=round(other.mean().item(), 3),
        own_above_other=round((own > other).float().mean().item(), 3),
    )


def _looks(pictures: torch.Tensor) -> torch.Tensor:
    """Pictures [n, 3, 64, 64] as [n, 769]: small, and a constant."""
    small = torch.nn.functional.adaptive_avg_pool2d(pictures, 16).flatten(1)
    return torch.cat([small, torch.ones(len(small), 1)], 1)


def _speed(florist: Florist, count: int = 1024) -> None:
    text = florist.read([FILM[0]]).expand(count, -1)
    began = time.perf_counter()
    florist.painted(text, noise(count, 1))
    _tell(pictures_a_second=round(count / (time.perf_counter() - began)), threads=torch.get_num_threads())


def _write(sheet: Any, path: Path) -> None:
    sheet.convert("RGB").save(path, quality=85)


if __name__ == "__main__":
    main()
