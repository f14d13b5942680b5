"""What drawing a whole book costs, beside plain diffusers: `python -m benchmarks.rendering [--rounds 3] [--compiled]`.

Eight pages of 256 px in 20 guided steps with two LoRAs, files included and models loaded, on two threads. The ways:

* plain, float32 and bfloat16: what diffusers' documentation shows: pages one after another, LoRAs live through peft;
* recipe: its pages about speed: bfloat16, channels last, LoRAs fused; with `--compiled` also torch.compile, warmed up before;
* the studio: exact, fast and as drafts.

All draw in turns, and every other round backwards, so that a busy moment of the machine meets all; median and least are
printed, and how many times as long plain takes. In the same run: how near exact pictures are to plain ones, what a change of
LoRAs costs, what 32 pages cost beside 8 and in how much memory, and a finished book with a warm worker.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image

from studio.adapters.shelf import Shelf
from studio.adapters.wearing import wearing
from studio.models.loading import model_revision
from studio.models.table import base_model
from studio.progress import finish
from studio.rendering.drawing import Drawing
from studio.rendering.illustrator import Illustrator
from studio.rendering.pace import Pace, paced
from studio.settings import ASSETS, SAMPLES, Settings
from studio.workshop import Workshop

POCKET = base_model("pocket")
STEPS, GUIDANCE, NEGATIVE = 20, 4.5, "blurry"
STYLES, WEIGHT = ("watercolour", "gouache"), 0.4
PAGES = (
    "a happy rabbit with a red scarf waving on the beach at sunset",
    "a girl in a red dress standing in the garden by day",
    "a dog running in the forest by day",
    "a cat with a blue scarf sitting by the river at sunset",
    "a buffalo standing in the rice field by day",
    "a grandmother sitting in the kitchen by day",
    "a knight standing at the castle by day",
    "a lion standing in the garden at night",
)
Way = Callable[[Path], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--compiled", action="store_true", help="the recipe with torch.compile, which takes a minute to warm up"
    )
    given = parser.parse_args()
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(Path(home), "")
        studio = Studio(settings)
        ways = _ways(studio, given.compiled)
        times, folders = _in_turns(ways, given.rounds, Path(home))
        found = {name: round(statistics.median(each), 2) for name, each in times.items()}
        ratios = {
            f"{plain} / {name}": round(statistics.median(times[plain]) / statistics.median(times[name]), 2)
            for plain in ("plain float32", "plain bfloat16", "recipe")
            for name in ("exact", "fast", "draft")
        }
        report: dict[str, Any] = {
            "seconds": found,
            "least": {name: round(min(each), 2) for name, each in times.items()},
        }
        report |= {
            "times as long": ratios,
            "decibels to plain": _nearness(folders),
            "change of LoRAs, ms": studio.change_ms(),
        }
        report |= studio.growth(Path(home))
        report["finished book, s"] = finished_book(settings)
    json.dump(report, sys.stdout, indent=2)


def _ways(studio: Studio, compiled: bool) -> dict[str, Way]:
    return {
        "plain float32": plain(torch.float32),
        "plain bfloat16": plain(torch.bfloat16),
        "recipe": recipe(compiled),
        **{pace: studio.way(pace) for pace in ("exact", "fast", "draft")},
    }


def _in_turns(ways: dict[str, Way], rounds: int, home: Path) -> tuple[dict[str, list[float]], dict[str, Path]]:
    """Seconds of each round but the first, which warms up, and where each way put its pictures last."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    folders: dict[str, Path] = {}
    for turn in range(rounds + 1):
        for name in list(ways) if turn % 2 else reversed(ways):
            folders[name] = Path(tempfile.mkdtemp(dir=home))
            begun = time.perf_counter()
            ways[name](folders[name])
            times[name].append(time.perf_counter() - begun)
        print(
            f"round {turn}: " + ", ".join(f"{name} {each[-1]:.2f} s" for name, each in times.items()), file=sys.stderr
        )
    return {name: each[1:] for name, each in times.items()}, folders


def plain(dtype: torch.dtype) -> Way:
    """As a user would write it."""
    return _one_by_one(_dressed(dtype))


def recipe(compiled: bool) -> Way:
    pipeline = _dressed(torch.bfloat16)
    pipeline.fuse_lora(adapter_names=list(STYLES))
    pipeline.unload_lora_weights()
    pipeline.unet.to(memory_format=torch.channels_last)
    if compiled:
        pipeline.unet = torch.compile(pipeline.unet, mode="max-autotune-no-cudagraphs", fullgraph=True)
    return _one_by_one(pipeline)


def _dressed(dtype: torch.dtype) -> Any:
    pipeline = StableDiffusionPipeline.from_pretrained(ASSETS / "pocket", local_files_only=True, dtype=dtype)
    pipeline.set_progress_bar_config(disable=True)
    for style in STYLES:
        path = Shelf(Settings(Path(), "")).tensors_path(style)
        pipeline.load_lora_weights(path.parent, weight_name=path.name, adapter_name=style)
    pipeline.set_adapters(list(STYLES), [WEIGHT] * len(STYLES))
    return pipeline


def _one_by_one(pipeline: Any) -> Way:
    def draw(folder: Path) -> None:
        for at, prompt in enumerate(PAGES):
            made = pipeline(
                prompt, negative_prompt=NEGATIVE, num_inference_steps=STEPS, guidance_scale=GUIDANCE,
                generator=torch.Generator().manual_seed(at),
            )  # fmt: skip
            made.images[0].save(folder / f"{at}.png")

    return draw


class Studio:
    """The studio's own illustrator, warm."""

    def __init__(self, settings: Settings) -> None:
        self._illustrator = Illustrator(POCKET, settings)
        shelf = Shelf(settings)
        self._files = [shelf.tensors_path(style) for style in STYLES]
        worn = tuple((style, shelf.card(style).sha256, WEIGHT) for style in STYLES)
        self._bare = Drawing(
            prompt="", negative=NEGATIVE, seed=0, width=256, height=256, steps=STEPS, guidance=GUIDANCE, sampler="ddim",
            model="pocket", revision=model_revision(POCKET, settings), worn=worn,
        )  # fmt: skip

    def way(self, pace: Pace) -> Way:
        return lambda folder: self.draw(pace, range(len(PAGES)), folder)

    def draw(self, pace: Pace, seeds: Sequence[int], folder: Path) -> None:
        asked = [replace(self._bare, prompt=PAGES[seed % len(PAGES)], seed=seed) for seed in seeds]
        drawings = [paced(one, pace, POCKET) for one in asked]
        finish(self._illustrator.draw(drawings, folder, [f"{seed}.png" for seed in seeds]))

    def change_ms(self) -> float:
        """Of putting two LoRAs on and taking them off again."""
        unet, times = self._illustrator._pipeline.unet, []
        for _ in range(10):
            begun = time.perf_counter()
            with wearing(unet, [(path, WEIGHT) for path in self._files], "pocket"):
                pass
            times.append(time.perf_counter() - begun)
        return round(min(times) * 1000, 1)

    def growth(self, home: Path) -> dict[str, Any]:
        """Seconds of 32 pages as a multiple of those of 8, in turns, and the most memory of each in MB."""
        times, peaks = {8: [], 32: []}, {}
        for _ in range(2):
            for count in (8, 32):
                _reset_peak()
                begun = time.perf_counter()
                self.draw("exact", range(count), Path(tempfile.mkdtemp(dir=home)))
                times[count].append(time.perf_counter() - begun)
                peaks[count] = _peak_mb()
        return {"32 pages / 8 pages": round(min(times[32]) / min(times[8]), 2), "most memory, MB": peaks}


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")  # Linux: begins to count the most resident memory anew


def _peak_mb() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024)


def _nearness(folders: dict[str, Path]) -> dict[str, list[float]]:
    """PSNR of the pictures to those of plain diffusers, page by page."""
    return {
        f"{name}, {other}": [
            round(_psnr(folders[name] / f"{at}.png", folders[other] / f"{at}.png"), 1) for at in range(len(PAGES))
        ]
        for name, other in (
            ("exact", "plain float32"),
            ("exact", "plain bfloat16"),
            ("plain bfloat16", "plain float32"),
        )
    }


def _psnr(one: Path, other: Path) -> float:
    some, others = (np.asarray(Image.open(path).convert("RGB")).astype(float) for path in (one, other))
    return 10 * np.log10(255**2 / max(1e-9, ((some - others) ** 2).mean()))


def finished_book(settings: Settings) -> dict[str, float]:
    """Seconds of the sample book with a warm worker: drawn, and bound with enlarged pictures; exact, and as drafts."""
    workshop, seconds = Workshop(settings), {}
    story = workshop.read_story((SAMPLES / "story_en.txt").read_text(encoding="utf-8"), title="The book")
    for name, pace in (("warm up", "draft"), ("exact", "exact"), ("draft", "draft")):
        book = workshop.begin_book(story, len(PAGES))
        workshop.change_look(book.id, steps=STEPS, pace=pace)
        begun = time.perf_counter()
        finish(workshop.draw_book(book.id))
        seconds[f"{name}, drawn"] = round(time.perf_counter() - begun, 2)
        finish(workshop.export_book(book.id))
        seconds[f"{name}, drawn and bound"] = round(time.perf_counter() - begun, 2)
    return seconds


if __name__ == "__main__":
    main()
