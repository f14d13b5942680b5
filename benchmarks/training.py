"""What teaching a hero costs: our training beside the loop of diffusers' own DreamBooth-LoRA example, on pocket.

    python -m benchmarks.training [--json] [--steps N]

Both learn the same drawings with the same rank, layers, batch, rate and plain squared error, from 12-megapixel phone
photos and from pictures of the model's own size. They take their steps in turn in one process, so that a busy moment of
the machine meets both. Samples per second count everything from the photos to the saved factors; only opening the model,
which is the same for both, does not count. The `judged` losses are of eight batches whose noise never changes, under one
function for both. At last each training runs alone, for its memory, and ours with many photos too.

The other side mirrors examples/dreambooth/train_dreambooth_lora.py of diffusers at 58eb52c (0.40.0.dev0), as it does
without further options: float32, no workers, pictures opened, encoded and their phrase read again at every step. What
accelerate, trackers, progress bars and the pictures drawn at the end would cost is left out, in its favour.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain, cycle, repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import DDPMScheduler
from diffusers.utils import convert_state_dict_to_diffusers
from peft import LoraConfig, get_peft_model_state_dict
from PIL import Image, ImageOps
from torch.nn.functional import mse_loss
from torch.utils.data import ConcatDataset, DataLoader, Dataset

from studio.adapters.card import AdapterCard
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.photos.door import take_in
from studio.progress import Progress, Work, finish
from studio.settings import SAMPLES, load_settings
from studio.training.batches import Batches, answer
from studio.training.checkpoint import Checkpoints
from studio.training.conditioning import Lesson, condition
from studio.training.loop import fit
from studio.training.lora import put_on, quicken
from studio.training.objective import Objective, make_objective
from studio.training.recipe import Recipe, subject_recipe

STEPS, ALONE_STEPS, SEED, PHRASE = 100, 10, 0, "a may girl"
FEW, MANY = 5, 40
DRAWINGS = sorted((SAMPLES / "may").glob("*.png"))
SIDE_PX, PHONE_PX, PHONE_QUALITY, GRAIN = 256, (4032, 3024), 92, 6.0
JUDGES, JUDGED_FROM = 8, 1_000_000  # batches, and the number of the first: no training comes so far
SPEED = "{seconds:7.1f} s, {samples_per_s:6.2f} samples/s; preparing {preparing_s:.1f} s, then {step_ms:.0f} ms a step"
RATIO = "ours is {times_as_fast} times as fast, {steady_times_as_fast} times without preparation"
Losses = Work[Sequence[float]]  # a training that tells each step, and gives the losses of all
MODEL = base_model("pocket")
CARD = AdapterCard(
    id="may", title="May", kind="subject", base_model=MODEL.key, rank=16, alpha=16.0, trigger="may", class_word="girl"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"steps of each training ({STEPS})")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone = alone_each(folder)  # first, because a new process begins with the peak of the one that made it
        report = {
            "12-megapixel photos": compared(folder, phone_photos(folder), asked.steps),
            "photos of the model's size": compared(folder, small_photos(folder, FEW), asked.steps),
        }
    print(json.dumps({**report, "alone": alone}, indent=2) if asked.json else as_text(report, alone))


def ours(pipeline: Any, photos: Sequence[Path], recipe: Recipe, out: Path) -> Losses:
    """The studio's training, from the door for photos to the last checkpoint."""
    taken = [out / f"{number}.png" for number in range(len(photos))]
    for photo, clean in zip(photos, taken, strict=True):
        clean.write_bytes(take_in(photo.name, photo.read_bytes()))
    conditioning = yield from condition(pipeline, lessons(taken), (), recipe, SEED)
    unet, objective = pipeline.unet, plain_objective(pipeline)
    del pipeline
    quicken(unet)
    put_on(unet, CARD, recipe, SEED)
    batches = Batches(conditioning, objective, recipe, SEED)
    last = yield from fit(unet, conditioning, batches, objective, recipe, Checkpoints(out, {}))
    return last.losses


def example(pipeline: Any, photos: Sequence[Path], recipe: Recipe, out: Path) -> Losses:
    """What diffusers' example does, written anew; `recipe` gives only what both share."""
    torch.manual_seed(SEED)
    unet, losses = pipeline.unet, []
    pipeline.vae.to(memory_format=torch.contiguous_format)  # as diffusers opens it
    worn = {"r": CARD.rank, "lora_alpha": CARD.rank, "target_modules": list(recipe.targets)}
    unet.add_adapter(LoraConfig(**worn, init_lora_weights="gaussian"))
    trained = [factor for factor in unet.train().parameters() if factor.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=recipe.rate, weight_decay=1e-2)
    scheduler = DDPMScheduler.from_config(pipeline.scheduler.config)
    for step, samples in zip(range(recipe.steps), example_batches(pipeline, photos, recipe.batch), strict=False):
        loss = example_loss(pipeline, scheduler, *samples)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, recipe.clip)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.detach().item())
        if step + 1 == recipe.steps:
            pipeline.save_lora_weights(out, convert_state_dict_to_diffusers(get_peft_model_state_dict(unet)))
        yield Progress(step + 1, recipe.steps)
    return losses


def example_loss(pipeline: Any, scheduler: Any, pixels: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
    """Squared error of one batch, whose pictures and phrases go through the autoencoder and the text encoder."""
    latents = pipeline.vae.encode(pixels.to(pipeline.device)).latents * pipeline.vae.config.scaling_factor
    noise = torch.randn_like(latents)
    times = torch.randint(0, scheduler.config.num_train_timesteps, (len(latents),), device=latents.device)
    noisy = scheduler.add_noise(latents, noise, times)
    states = pipeline.text_encoder(words.to(pipeline.device), return_dict=False)[0]
    said = pipeline.unet(noisy, times, states, return_dict=False)[0]
    target = scheduler.get_velocity(latents, noise, times)  # pocket predicts v
    return mse_loss(said.float(), target.float())


@dataclass
class Photos(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Photos and the one phrase, both read anew whenever one is asked for. Torchvision's work is done with Pillow."""

    paths: Sequence[Path]
    tokenizer: Any

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        photo = ImageOps.exif_transpose(Image.open(self.paths[index])).convert("RGB")
        scale = SIDE_PX / min(photo.size)
        small = photo.resize((int(photo.width * scale), int(photo.height * scale)), Image.Resampling.LANCZOS)
        left, top = (int(torch.randint(room - SIDE_PX + 1, ())) for room in small.size)
        square = small.crop((left, top, left + SIDE_PX, top + SIDE_PX))
        pixels = torch.from_numpy(np.asarray(square).copy()).permute(2, 0, 1).contiguous().float() / 255
        words = self.tokenizer(PHRASE, truncation=True, padding="max_length", return_tensors="pt")
        return (pixels - 0.5) / 0.5, words.input_ids[0]


def example_batches(pipeline: Any, photos: Sequence[Path], size: int) -> Iterator[Any]:
    """Shuffled, without end. Each photo is there `size` times, so that no batch is short: again in its favour."""
    read = Photos(photos, pipeline.tokenizer)
    return chain.from_iterable(repeat(DataLoader(ConcatDataset([read] * size), size, shuffle=True)))


def shared_recipe(steps: int) -> Recipe:
    """A hero's recipe without what the example lacks: answers to hold, cosine and warm-up."""
    usual = subject_recipe("good", FEW, MODEL, flip=False)
    return replace(usual, steps=steps, prior=0.0, warmup=0.0, floor=1.0)


def lessons(photos: Sequence[Path]) -> list[Lesson]:
    return [Lesson(photo, (PHRASE,)) for photo in photos]


def plain_objective(pipeline: Any) -> Objective:
    """Every noise level counts the same, as in the example."""
    made = make_objective(pipeline.scheduler, 1.0, pipeline.unet.device)
    return replace(made, weights=torch.ones_like(made.weights))


SIDES = {"ours": ours, "example": example}


@dataclass
class Run:
    """One training that is driven from outside: only what it does itself counts."""

    unet: Any
    work: Losses
    seconds: list[float] = field(default_factory=list)  # of each step; the first is with all preparation
    judged: list[float] = field(default_factory=list)

    def advance(self, steps: int) -> None:
        """Goes on until `steps` steps are done."""
        begun, done = time.perf_counter(), 0
        while done < steps:
            done = next(self.work).done
        self.seconds.append(time.perf_counter() - begun)


def begin(side: str, photos: Sequence[Path], steps: int, folder: Path) -> Run:
    pipeline, out = load_pipeline(MODEL, load_settings()), Path(tempfile.mkdtemp(dir=folder))
    return Run(pipeline.unet, SIDES[side](pipeline, photos, shared_recipe(steps), out))


def compared(folder: Path, photos: Sequence[Path], steps: int) -> dict[str, Any]:
    """Both trainings in turn, step by step, and judged together at every tenth of the way."""
    runs = {side: begin(side, photos, steps, folder) for side in SIDES}
    judge, tenth = make_judge(small_photos(folder, FEW)), max(1, steps // 10)
    for step in range(steps + 1):
        for run in runs.values():
            if step:
                run.advance(step)
            if step % tenth == 0:
                run.judged.append(judge(run.unet))
    told = {side: measures(run, tenth) for side, run in runs.items()}
    whole, steady = (round(told["example"][key] / told["ours"][key], 2) for key in ("seconds", "step_ms"))
    return {**told, "times_as_fast": whole, "steady_times_as_fast": steady, "tenth": tenth}


def make_judge(photos: Sequence[Path]) -> Callable[[Any], float]:
    """The mean loss of a UNet on batches of whole pictures that are the same at every call."""
    pipeline, recipe = load_pipeline(MODEL, load_settings()), replace(shared_recipe(1), variants=1)
    conditioning = finish(condition(pipeline, lessons(photos), (), recipe, SEED))
    drawn = Batches(conditioning, plain_objective(pipeline), recipe, SEED)
    batches = [drawn.at(JUDGED_FROM + number) for number in range(JUDGES)]

    def judge(unet: Any) -> float:
        with torch.no_grad():
            said = [answer(unet, conditioning.texts, each.noisy, each.times, each.rows) for each in batches]
        losses = [mse_loss(one, each.target).item() for one, each in zip(said, batches, strict=True)]
        return round(statistics.mean(losses), 4)

    return judge


def measures(run: Run, tenth: int) -> dict[str, Any]:
    batch, steps, losses = shared_recipe(1).batch, len(run.seconds), finish(run.work)
    steady = min(run.seconds)  # other work only ever adds time
    learnt = [statistics.mean(losses[end - tenth : end]) for end in range(tenth, steps + 1, tenth)]
    return {
        "seconds": round(sum(run.seconds), 2),
        "samples_per_s": round(steps * batch / sum(run.seconds), 2),
        "preparing_s": round(max(0.0, run.seconds[0] - steady), 2),
        "step_ms": round(steady * 1000, 1),
        "losses": [round(loss, 4) for loss in learnt],
        "judged": run.judged,
    }


def alone_each(folder: Path) -> dict[str, dict[str, float]]:
    """Each training in a process of its own, from few photos, and ours from many."""
    told = {}
    for side, count in (("example", FEW), ("ours", FEW), ("ours", MANY)):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            told[f"{side}, {count} photos"] = process.submit(alone, side, small_photos(folder, count), folder).result()
    return told


def alone(side: str, photos: Sequence[Path], folder: Path) -> dict[str, float]:
    """Milliseconds of a step, and the most memory that the process ever held."""
    run = begin(side, photos, ALONE_STEPS, folder)
    for step in range(ALONE_STEPS):
        run.advance(step + 1)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"step_ms": round(min(run.seconds) * 1000, 1), "peak_mb": round(peak_mb)}


def small_photos(folder: Path, count: int) -> list[Path]:
    """Drawings of one hero as PNGs of the model's size, some more than once when there are not enough."""
    paths = [folder / f"small{number}.png" for number in range(count)]
    for path, drawing in zip(paths, cycle(DRAWINGS), strict=False):
        Image.open(drawing).convert("RGB").resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS).save(path)
    return paths


def phone_photos(folder: Path) -> list[Path]:
    """The same as a phone would take them: wide, with grain, several megabytes of JPEG each."""
    chance, (width, height) = np.random.default_rng(SEED), PHONE_PX
    paths, margin = [folder / f"phone{number}.jpg" for number in range(FEW)], (width - height) // 2
    for path, drawing in zip(paths, DRAWINGS, strict=False):
        large = Image.open(drawing).convert("RGB").resize((height, height), Image.Resampling.LANCZOS)
        wide = np.pad(np.asarray(large, np.float32), ((0, 0), (margin, margin), (0, 0)), mode="edge")
        wide += chance.normal(0.0, GRAIN, wide.shape[:2]).astype(np.float32)[..., None]
        Image.fromarray(wide.clip(0, 255).astype(np.uint8)).save(path, quality=PHONE_QUALITY)
    return paths


def as_text(report: dict[str, Any], alone: dict[str, dict[str, float]]) -> str:
    lines = []
    for case, told in report.items():
        lines += [f"{case}:", *(f"  {side:8}" + SPEED.format(**told[side]) for side in SIDES)]
        lines += [f"  {RATIO.format(**told)}", "  step   loss: ours example   judged: ours example"]
        columns = *(["", *told[side]["losses"]] for side in SIDES), *(told[side]["judged"] for side in SIDES)
        for point, (a, b, c, d) in enumerate(zip(*columns, strict=True)):
            lines.append(f"{point * told['tenth']:6} {a:>12} {b:>7} {c:>14} {d:>7}")
    lines += [f"alone, {who}: {cost['step_ms']} ms a step, at most {cost['peak_mb']} MB" for who, cost in alone.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
