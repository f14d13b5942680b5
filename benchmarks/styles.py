"""How unmistakable the styles that ship are, and what they leave of a hero who is worn with them.

    python -m benchmarks.styles [--weights 0.6 --weights 1.0] [--pictures 8] [--sheet FILE] [--json]

A small judge learns the manners from redrawn renders (and plain ones) and is tested on others. Then pocket draws the same
scenes plainly and in each style, and the judge says which is which (0.90 asked). Then May is taught from her six drawings
and drawn in the eight portrait scenes, alone and with each style: how far her likeness falls (0.15 allowed), and how far what
CLIP sees of her does, for which her colours do not count. About ten minutes on two quiet cores.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from studio.adapters.wearing import wearing
from studio.evaluation.likeness import Eyes, Impression, likeness
from studio.library.characters import Characters
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.pocket.styles import FINISHES, MANNERS, drawn, redrawn
from studio.pocket.world.captions import canonical
from studio.pocket.world.grammar import training_scenes
from studio.pocket.world.picture import render
from studio.progress import finish
from studio.rendering.finish import finished
from studio.settings import SAMPLES, SHIPPED_ADAPTERS, Settings, load_settings
from studio.workshop import Workshop
from studio.workshop.album import view
from studio.workshop.portraits import SEED, prompts

NAMES = ("plain", *MANNERS)
TAUGHT, TESTED = 96, 24  # scenes for the judge, each in every manner
SIDE_PX = 128
EPOCHS = 8
PIXELS = NAMES.index("pixels")
ASKED = {"recognised": 0.90, "fall": 0.15}


def main() -> None:
    given = arguments()
    torch.manual_seed(0)
    judge, sure = taught_judge()
    print(f"the judge is right on {sure:.3f} of redrawn renders it never saw", flush=True)
    settings = load_settings()
    pipeline = load_pipeline(base_model("pocket"), settings)
    rows = recognised(pipeline, judge, given)
    with tempfile.TemporaryDirectory() as home:
        os.environ["STUDIO_HOME"] = home
        hero(rows, given)
    print(json.dumps({"judge": sure, "asked": ASKED, "styles": rows}, indent=1) if given.json else table(rows))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How unmistakable the styles are.")
    parser.add_argument("--weights", type=float, action="append", help="of the style; again for more")
    parser.add_argument("--pictures", type=int, default=8)
    parser.add_argument("--sheet", type=Path, help="a file for a contact sheet")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    given.weights = given.weights or [0.6, 1.0]
    return given


def taught_judge() -> tuple[torch.nn.Module, float]:
    """The judge, and how often it is right on pictures that it was not taught with. It sees everything as it is and as
    pocket's autoencoder leaves it, so that it does not take softness for a manner."""
    taught, tested = redrawn_set(11, TAUGHT), redrawn_set(977, TESTED)
    judge = torch.nn.Sequential(
        *block(3, 24), *block(24, 48), *block(48, 64), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(),
        torch.nn.Linear(64, len(NAMES)),
    )  # fmt: skip
    optimizer = torch.optim.AdamW(judge.parameters(), 2e-3)
    for _ in range(EPOCHS):
        for at in torch.randperm(len(taught[1])).split(32):
            loss = torch.nn.functional.cross_entropy(judge(shaken(taught[0][at])), taught[1][at])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    judge.eval()
    with torch.no_grad():
        return judge, float((judge(tested[0]).argmax(1) == tested[1]).float().mean())


def block(inputs: int, outputs: int) -> list[torch.nn.Module]:
    convolution = torch.nn.Conv2d(inputs, outputs, 5, stride=2, padding=2)
    return [convolution, torch.nn.BatchNorm2d(outputs), torch.nn.ReLU(), torch.nn.MaxPool2d(2)]


def shaken(pictures: torch.Tensor) -> torch.Tensor:
    """Mirrored and softened at random: what pocket draws is softer than renders, and shall not be told by that."""
    flipped = torch.where(torch.rand(len(pictures), 1, 1, 1) < 0.5, pictures.flip(3), pictures)
    half = torch.nn.functional.interpolate(flipped, scale_factor=0.5, mode="area")
    soft = torch.nn.functional.interpolate(half, scale_factor=2.0, mode="bilinear", align_corners=False)
    return torch.lerp(flipped, soft, torch.rand(len(pictures), 1, 1, 1))


def redrawn_set(seed: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    pictures, labels = [], []
    for index, scene in enumerate(training_scenes(seed, count)):
        plain = render(scene)
        pictures += [plain, *(redrawn(name, plain, index) for name in MANNERS)]
        labels += range(len(NAMES))
    return seen([*pictures, *decoded(pictures)]), torch.tensor(labels * 2)


def decoded(pictures: list[np.ndarray], finish: bool = True) -> list[np.ndarray]:
    """The pictures through pocket's autoencoder, and for pixel art through its finish, as a drawing goes."""
    vae, found = load_pipeline(base_model("pocket"), load_settings()).vae, []
    for at in range(0, len(pictures), 16):
        pixels = torch.from_numpy(np.stack(pictures[at : at + 16])).permute(0, 3, 1, 2).float() / 127.5 - 1
        with torch.no_grad():
            back = vae.decode(vae.encode(pixels).latents, return_dict=False)[0]
        found += list(back.add(1).mul(127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy())
    return [finished(one, "pixels") if finish and at % len(NAMES) == PIXELS else one for at, one in enumerate(found)]


def seen(pictures: list[np.ndarray]) -> torch.Tensor:
    small = [np.asarray(Image.fromarray(one).resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX)) for one in pictures]
    return torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2).float() / 127.5 - 1


def worn(name: str, weight: float) -> list[tuple[Path, float]]:
    return [] if name == "plain" else [(SHIPPED_ADAPTERS / name / "adapter.safetensors", weight)]


def recognised(pipeline: Any, judge: torch.nn.Module, given: argparse.Namespace) -> dict[str, dict[str, float]]:
    """For each style and weight in which share of the pictures the judge recognises it."""
    scenes = [canonical(scene) for scene in training_scenes(31, given.pictures)]
    rows: dict[str, dict[str, float]] = {name: {} for name in NAMES}
    lines = []
    for name in NAMES:
        told = f", {MANNERS[name][2]}" if name in MANNERS else ""
        for weight in given.weights if told else [1.0]:
            with wearing(pipeline.unet, worn(name, weight), "pocket"):
                pictures = [
                    finished(drawn(pipeline, words + told, 100 + at), FINISHES.get(name, ""))
                    for at, words in enumerate(scenes)
                ]
            with torch.no_grad():
                answers = judge(seen(pictures)).argmax(1)
            rows[name][f"recognised at {weight:g}"] = float((answers == NAMES.index(name)).float().mean())
        lines.append(np.concatenate(pictures[:6], 1))
        print(name, rows[name], [NAMES[at] for at in answers.tolist()], flush=True)
    if given.sheet:
        Image.fromarray(np.concatenate(lines)).resize((6 * 192, len(lines) * 192)).save(given.sheet, quality=86)
    return rows


def hero(rows: dict[str, dict[str, float]], given: argparse.Namespace) -> None:
    """How like May is to her drawings with each style, as a share of how like she is without."""
    settings, workshop = load_settings(), Workshop(load_settings())
    photos = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))]
    id = workshop.begin_character("May", "drawn", photos, "girl").character.id
    finish(workshop.train_character(id, "good"))
    known, eyes, pipeline = photographed(settings, id), Eyes(), load_pipeline(base_model("pocket"), settings)
    card = next(one for one in workshop.adapters() if one.id == id)
    may = (settings.characters / id / "adapter" / "adapter.safetensors", 1.0)
    usual: tuple[float, float] | None = None
    for name in NAMES:
        told = f", {MANNERS[name][2]}" if name in MANNERS else ""
        for weight in given.weights if told else [1.0]:
            with wearing(pipeline.unet, [may, *worn(name, weight)], "pocket"):
                pictures = [
                    finished(drawn(pipeline, words + told, SEED + at), FINISHES.get(name, ""))
                    for at, words in enumerate(prompts(card))
                ]
            found = eyes.look(pictures)
            like = float(likeness(found, known).mean()), float((found.seen @ known.seen.T).mean())
            usual = usual or like
            rows[name] |= {
                f"fall at {weight:g}": round(1 - like[0] / usual[0], 3),
                f"fall in form at {weight:g}": round(1 - like[1] / usual[1], 3),
            }
        print(name, rows[name], flush=True)
        if given.sheet:
            row = Image.fromarray(np.concatenate(pictures[:6], 1)).resize((6 * 192, 192))
            row.save(given.sheet.with_name(f"{given.sheet.stem}-may-{name}.jpg"), quality=86)


def photographed(settings: Settings, id: str) -> Impression:
    characters = Characters(settings)
    views = [view(characters, characters.get(id), photo) for photo in characters.kept_photos(id)]
    return Eyes().look([one.picture for one in views], [one.subject.mask for one in views])


def table(rows: dict[str, dict[str, float]]) -> str:
    return "\n".join(
        f"{name:12} " + "  ".join(f"{key} {value:.2f}" for key, value in row.items()) for name, row in rows.items()
    )


if __name__ == "__main__":
    main()
