"""What pocket learns from a captioned set: which garments, colours, patterns and settings it draws, before and after.

    python -m benchmarks.clothes [--pictures 600] [--recipe fashion] [--adapter NAME] [--seeds 2] [--sheet FILE] [--json]

Draws a set of clothes, makes it ready, and teaches it by the recipe (ten minutes are allowed); or takes an adapter that was
taught so. Then pocket draws the forty outfits that are in no set, without and with it, and a judge who learnt from other drawn
clothes says what it sees. Told are the share of right answers for each attribute, what guessing would give, and how often the
judge is right on drawings it never saw. About fourteen minutes on two quiet cores.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from benchmarks.styles import block, decoded, seen, shaken
from studio.adapters.shelf import Shelf
from studio.adapters.wearing import wearing
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.pocket.clothes.caption import canonical
from studio.pocket.clothes.dataset import write_clothes
from studio.pocket.clothes.outfit import ATTRIBUTES, Outfit, attributes, held_out, outfits
from studio.pocket.clothes.picture import draw
from studio.pocket.styles import drawn
from studio.progress import finish
from studio.settings import load_settings
from studio.workshop import Workshop

TAUGHT, EPOCHS = 1600, 14
JUDGED_SEED, TESTED_SEED = 501, 977  # of the judge's own outfits, which are in no set
GUIDANCE = 7.0


def main() -> None:
    given = arguments()
    home = tempfile.TemporaryDirectory()
    if not given.adapter:
        os.environ["STUDIO_HOME"] = home.name
    told: dict[str, Any] = {"pictures": given.pictures, "recipe": given.recipe}
    name = given.adapter or taught(given, told)
    judge, sure = taught_judge()
    print(
        "the judge is right on drawings it never saw:",
        {key: round(value, 3) for key, value in sure.items()},
        flush=True,
    )
    rows = {"judge": sure, "guessing": {key: 1 / len(values) for key, values in ATTRIBUTES.items()}}
    rows |= read_back(judge, name, given)
    print(json.dumps(told | {"rows": rows}, indent=1) if given.json else table(told, rows))
    home.cleanup()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What pocket learns from a captioned set of drawn clothes.")
    parser.add_argument("--pictures", type=int, default=600)
    parser.add_argument("--recipe", default="fashion")
    parser.add_argument("--adapter", help="one on the shelf that was taught so")
    parser.add_argument("--seeds", type=int, default=2, help="pictures of each outfit")
    parser.add_argument("--guidance", type=float, default=GUIDANCE)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def taught(given: argparse.Namespace, told: dict[str, Any]) -> str:
    """Draws the set, makes it ready and teaches it; gives the adapter's id."""
    workshop, folder = Workshop(), load_settings().home / "clothes"
    finish(write_clothes(folder / "raw", given.pictures))
    begun = time.perf_counter()
    finish(workshop.prepare_dataset(folder / "raw", folder / "ready", folder / "raw" / "captions.jsonl"))
    card = finish(workshop.fit_dataset(folder / "ready", "Clothes", given.recipe))
    told["seconds"] = round(time.perf_counter() - begun, 1)
    report = workshop.fit_report(card.id) or {}
    told |= {name: report.get(name) for name in ("steps", "best", "checks", "seconds_per_step", "peak_memory_mb")}
    print(told, flush=True)
    return card.id


class Judge(torch.nn.Module):
    """One look, an answer for each attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.body = torch.nn.Sequential(
            *block(3, 32), *block(32, 64), torch.nn.Conv2d(64, 128, 3, padding=1), torch.nn.BatchNorm2d(128),
            torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(4), torch.nn.Flatten(), torch.nn.Dropout(0.3),
        )  # fmt: skip
        self.heads = torch.nn.ModuleList(torch.nn.Linear(128 * 16, len(values)) for values in ATTRIBUTES.values())

    def forward(self, pictures: torch.Tensor) -> list[torch.Tensor]:
        found = self.body(pictures)
        return [head(found) for head in self.heads]


def taught_judge() -> tuple[Judge, dict[str, float]]:
    """The judge, and in which share of drawings that it never saw it is right, by attribute."""
    torch.manual_seed(0)
    pictures, labels = judged_set(outfits(JUDGED_SEED, TAUGHT))
    tested, right = judged_set((*outfits(TESTED_SEED, 120), *held_out()))
    judge = Judge()
    optimizer = torch.optim.AdamW(judge.parameters(), 1.5e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for _ in range(EPOCHS):
        for at in torch.randperm(len(labels)).split(64):
            losses = [
                torch.nn.functional.cross_entropy(said, labels[at, number])
                for number, said in enumerate(judge(shaken(pictures[at])))
            ]
            optimizer.zero_grad()
            sum(losses).backward()
            optimizer.step()
        schedule.step()
    judge.eval()
    return judge, shares(judge, tested, right)


def judged_set(wanted: tuple[Outfit, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    """The outfits as they are drawn and as pocket's autoencoder leaves them, and the places of their attributes' values."""
    pictures = [draw(one) for one in wanted]
    return seen([*pictures, *decoded(pictures, finish=False)]), torch.cat([answers(wanted)] * 2)


def answers(wanted: tuple[Outfit, ...]) -> torch.Tensor:
    return torch.tensor([[ATTRIBUTES[key].index(value) for key, value in attributes(one).items()] for one in wanted])


def shares(judge: Judge, pictures: torch.Tensor, right: torch.Tensor) -> dict[str, float]:
    with torch.no_grad():
        said = torch.stack([one.argmax(1) for one in judge(pictures)], 1)
    return dict(zip(ATTRIBUTES, (said == right).float().mean(0).tolist(), strict=True))


def read_back(judge: Judge, name: str, given: argparse.Namespace) -> dict[str, dict[str, float]]:
    """What the judge reads in the outfits that are in no set, drawn without and with the adapter."""
    settings = load_settings()
    pipeline = load_pipeline(base_model("pocket"), settings)
    wanted = held_out() * given.seeds
    rows, lines = {}, []
    for row, worn in (("before", []), ("after", [(Shelf(settings).tensors_path(name), 1.0)])):
        with wearing(pipeline.unet, worn, "pocket"):
            pictures = [
                drawn(pipeline, canonical(one), 300 + at, given.guidance if worn else None)
                for at, one in enumerate(wanted)
            ]
        rows[row] = shares(judge, seen(pictures), answers(wanted))
        print(row, {key: round(value, 3) for key, value in rows[row].items()}, flush=True)
        lines += [np.concatenate(pictures[at : at + 8], 1) for at in (0, 8, 16)]
    if given.sheet:
        sheet = Image.fromarray(np.concatenate(lines))
        sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.LANCZOS).save(given.sheet, quality=88)
    return rows


def table(told: dict[str, Any], rows: dict[str, dict[str, float]]) -> str:
    lines = [
        f"{row:9} " + "  ".join(f"{key} {value:.2f}" for key, value in found.items()) for row, found in rows.items()
    ]
    return "\n".join([f"taught in {told.get('seconds', 0)} s", *lines])


if __name__ == "__main__":
    main()
