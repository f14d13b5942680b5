"""What fast pictures and drafts lose beside exact ones: `python -m benchmarks.pace [--captions 400] [--home HOME]`.

Held-out captions are drawn at each pace with the same seeds, as books draw them, and pocket's judge reads them back; with a
home in which characters were taught, also their portraits, whose likeness to the photos is compared. The gate for fast: read
back within one point of exact, likeness within two in a hundred.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from studio.adapters.card import Worn
from studio.adapters.shelf import Shelf
from studio.evaluation.likeness import Eyes, likeness
from studio.library.characters import Characters
from studio.models.loading import model_revision
from studio.models.table import base_model
from studio.pocket.evaluation import JUDGE, shares
from studio.pocket.judge import UNASKED, answers, judge, load_judge
from studio.pocket.world.captions import canonical
from studio.pocket.world.description import Description
from studio.pocket.world.grammar import held_out_scenes
from studio.progress import finish
from studio.rendering.drawing import Drawing
from studio.rendering.illustrator import Illustrator
from studio.rendering.pace import PACES, paced
from studio.settings import Settings, load_settings
from studio.workshop.album import view
from studio.workshop.portraits import SEED, prompts
from studio.workshop.wardrobe import Wardrobe

POCKET = base_model("pocket")
STEPS = 20
PAIRS = 0.3  # of the captions tell of two figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captions", type=int, default=400)
    parser.add_argument("--home", type=Path, help="where characters were taught")
    given = parser.parse_args()
    torch.set_num_threads(2)
    settings = Settings(given.home, "") if given.home else load_settings()
    illustrator = Illustrator(POCKET, settings)
    report: dict[str, Any] = {"read back": _read_back(illustrator, settings, given.captions)}
    if given.home:
        report["likeness"] = _likeness(illustrator, settings)
    json.dump(report, sys.stdout, indent=2)


def _bare(settings: Settings) -> Drawing:
    return Drawing(
        prompt="", negative="", seed=0, width=256, height=256, steps=STEPS, guidance=POCKET.guidance, sampler="ddim",
        model="pocket", revision=model_revision(POCKET, settings),
    )  # fmt: skip


def _drawn(illustrator: Illustrator, drawings: Sequence[Drawing]) -> list[np.ndarray]:
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        paths = finish(illustrator.draw(drawings, Path(folder), [f"{at}.png" for at in range(len(drawings))]))
        return [np.asarray(Image.open(path).convert("RGB")) for path in paths]


def _read_back(illustrator: Illustrator, settings: Settings, count: int) -> dict[str, dict[str, float]]:
    """For each pace the share of all that was asked which is read in the pictures, and of each question."""
    pairs = round(PAIRS * count)
    scenes = [*held_out_scenes(1, count - pairs), *_beside(pairs)]
    bare, found = _bare(settings), {}
    asked = [replace(bare, prompt=canonical(scene, "en", sides=True), seed=at) for at, scene in enumerate(scenes)]
    right, model = np.array([answers(scene) for scene in scenes]), load_judge(JUDGE)
    for pace in PACES:
        seen = judge(model, _drawn(illustrator, [paced(one, pace, POCKET) for one in asked]))[0]
        read = (seen == right)[right != UNASKED]
        found[pace] = {"all": round(float(read.mean()), 4), **shares(scenes, seen)}
        print(pace, found[pace], file=sys.stderr)
    return found


def _beside(count: int) -> list[Description]:
    several = (scene for scene in held_out_scenes(1, 20 * count, figures=2) if scene.relation == "beside")
    return [scene for scene, _ in zip(several, range(count), strict=False)]


def _likeness(illustrator: Illustrator, settings: Settings) -> dict[str, Any]:
    """For each pace the mean likeness of each hero's portraits to the photos, and of all heroes."""
    characters, wardrobe, eyes = Characters(settings), Wardrobe(settings), Eyes()
    found: dict[str, dict[str, float]] = {pace: {} for pace in PACES}
    for character in characters.all():
        if not character.ready:
            continue
        views = [view(characters, character, photo) for photo in characters.kept_photos(character.id)]
        photos = eyes.look([one.picture for one in views], [one.subject.mask for one in views])
        card = Shelf(settings).card(character.id)
        worn = wardrobe.worn((Worn(character.id, 1.0),), "pocket")
        for pace in PACES:
            asked = [
                paced(replace(_bare(settings), prompt=words, seed=SEED + at, worn=worn), pace, POCKET)
                for at, words in enumerate(prompts(card))
            ]
            like = likeness(eyes.look(_drawn(illustrator, asked)), photos).mean()
            found[pace][character.id] = round(float(like), 4)
        print(character.id, {pace: each[character.id] for pace, each in found.items()}, file=sys.stderr)
    return {pace: {**each, "mean": round(float(np.mean(list(each.values()))), 4)} for pace, each in found.items()}


if __name__ == "__main__":
    main()
