"""Words on pictures: can they be read, do they stay inside the margins, and do they keep off whoever is there?

    python -m benchmarks.layout [--scenes 100]

Scenes that pocket never saw, rendered, whose silhouettes are known; each is a page laid out with its words on the picture,
in the lengths of the sample stories. Contrast is that of WCAG 2.2 between the words and the worst twentieth of the pixels
behind each line, as printed. Words cover somebody when more than a hundredth of their lines lies on a silhouette.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from studio.pocket.world.description import Description
from studio.pocket.world.grammar import held_out_scenes
from studio.pocket.world.picture import render, silhouette
from studio.publishing.book import Book, Look, Page
from studio.publishing.calm import Calm, calm_of, luminance
from studio.publishing.contrast import LEAST, contrast, luminance_of
from studio.publishing.fonts import load_fonts
from studio.publishing.geometry import Box, frame
from studio.publishing.layout import lay_out
from studio.publishing.marks import CAP, Picture, Side, Text
from studio.publishing.place import SOMEBODY, Place
from studio.publishing.plate import cover_fit, make_plate
from studio.publishing.profiles import TRIMS, Trim, find_profile
from studio.publishing.scenery import Scenery
from studio.publishing.setting import choose_setting, words_of
from studio.story.prompt import Prompt
from studio.story.scene import Cast, Scene
from studio.story.story import Story

WORST = 0.05  # of the pixels behind a line that may be worse
COVERED = 0.01  # of the words' lines
WORDS = [
    "The",
    "wind",
    "puffed",
    "up",
    "its",
    "cheeks",
    "and",
    "blew",
    "the",
    "lantern",
    "over",
    "the",
    "fence",
    "and",
    "far",
    "away,",
    "and",
    "May",
    "ran",
    "after",
    "it",
    "as",
    "fast",
    "as",
    "she",
    "could.",
]
COUNTS = (8, 14, 20, 26)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of one page."""

    contrast: float
    inside: bool
    covered: float
    veiled: bool
    chosen: bool  # whether the studio would put these words on this picture by itself


def look_at(scene: Description, order: int, folder: Path) -> Looked:
    """One scene as a page of its own, in one of the trims."""
    file = folder / f"{order}.png"
    Image.fromarray(render(scene)).save(file)
    trim, profile, fonts = TRIMS[order % len(TRIMS)], find_profile("kdp"), load_fonts()
    text = " ".join(WORDS[: COUNTS[order % len(COUNTS)]])
    book = Book(
        id="x", title="Pages", story=Story(text, "en"), cast=Cast(), look=Look(), created="2026-01-01T00:00:00Z",
        pages=(Page(Scene(text), Prompt(""), 1, file.name, layout="full"),),
    )  # fmt: skip
    (side,) = (one for one in lay_out(book, profile, trim, fonts.width, [calm_of(file)]) if one.part == "story")
    place = place_of(book, trim, calm_of(file))
    return measured(side, file, silhouette(scene), place is not None and place.covered < SOMEBODY)


def place_of(book: Book, trim: Trim, calm: Calm | None) -> Place | None:
    """Where the words of a book of one page stand best."""
    told, width = words_of(book), load_fonts().width
    page = frame(trim, find_profile("kdp"), 4)
    setting = choose_setting(told, page, width, book.design)
    return Scenery(book, told, lambda side: page, setting, [calm], width).on_picture(1, 4)


def measured(side: Side, file: Path, figures: np.ndarray, chosen: bool) -> Looked:
    (picture,) = (mark for mark in side.marks if isinstance(mark, Picture))
    (text,) = (mark for mark in side.marks if isinstance(mark, Text))
    plate = np.asarray(Image.open(io.BytesIO(make_plate(file, picture, 150).jpeg)))
    boxes = list(line_boxes(text))
    light = luminance(plate)
    own = luminance_of(text.colour)
    worst = min(
        contrast(float(np.quantile(part(light, picture.seen, box), share)), own)
        for box in boxes
        for share in (WORST, 1 - WORST)
    )
    laid = cover_fit(figures.shape[1], figures.shape[0], picture.box)
    on_somebody = np.concatenate([part(figures, laid, box).ravel() > 0 for box in boxes])
    inside = all(side.frame.safe.holds(box, slack=0.35 * text.size) for box in boxes)
    return Looked(worst, inside, float(on_somebody.mean()), bool(picture.veils), chosen)


def line_boxes(text: Text) -> Iterator[Box]:
    for line in text.lines:
        wide = load_fonts().width(line.words, text.face, text.size)
        yield Box(line.x, line.y - 0.22 * text.size, wide, (CAP + 0.3) * text.size)


def part(pixels: np.ndarray, laid: Box, box: Box) -> np.ndarray:
    """Those of a picture that lies at `laid` which are behind `box`."""
    high, wide = pixels.shape[:2]
    left, right = ((x - laid.left) / laid.width * wide for x in (box.left, box.right))
    top, bottom = ((laid.top - y) / laid.height * high for y in (box.top, box.bottom))
    return pixels[max(0, int(top)) : max(1, round(bottom)), max(0, int(left)) : max(1, round(right))]


def alone(seen: list[Looked]) -> float:
    """Share of the pages whose words cover nobody."""
    return sum(one.covered <= COVERED for one in seen) / max(1, len(seen))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=100)
    count = parser.parse_args().scenes
    scenes = [*held_out_scenes(8, count - count // 3), *held_out_scenes(8, count // 3, figures=2)]
    with TemporaryDirectory() as folder:
        seen = [look_at(scene, order, Path(folder)) for order, scene in enumerate(scenes)]
    share = sum(one.contrast >= LEAST for one in seen) / len(seen)
    sys.stdout.write(
        f"{len(seen)} pages with their words on the picture\n"
        f"contrast of {LEAST} : 1 or more   {share:.0%}, the least {min(one.contrast for one in seen):.2f}\n"
        f"inside the margins           {sum(one.inside for one in seen) / len(seen):.0%}\n"
        f"on nobody                    {alone(seen):.0%}, of those that the studio lays out so by itself "
        f"({sum(one.chosen for one in seen)}) {alone([one for one in seen if one.chosen]):.0%}\n"
        f"with a veil                  {sum(one.veiled for one in seen) / len(seen):.0%}\n"
    )


if __name__ == "__main__":
    main()
