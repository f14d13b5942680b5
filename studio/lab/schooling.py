"""The GAN goes to school: batches of flowers and captions, the two networks in turn, an average that is kept, and samples to look at.

What is by chance follows from seed and step, so that a training that was stopped ends as if it had not been.
"""

from __future__ import annotations

import copy
import io
import json
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ..errors import NotReady
from ..files import atomic_write
from ..progress import Progress, Work
from ..training.checkpoint import Checkpoint, Checkpoints
from . import florist
from .gan import NOISE, SIDE_PX, Critic, Generator, Term, begin, critic_loss, follow, generator_loss
from .hearing import Shape, attuned

RATE, BETAS = 2e-4, (0.5, 0.999)  # Radford et al. 2016, section 4
SAVE_STEPS = 200
SAMPLES = 6  # of each sentence
LOSSES = "losses.json"


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learnt from: pictures uint8 [n, 3, 64, 64] and the embeddings of their captions float32 [n, captions, text]. `shown`
    float32 [k, text] are the sentences of the samples."""

    pictures: np.ndarray
    texts: np.ndarray
    shown: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.pictures)


@dataclass(frozen=True, slots=True)
class Timetable:
    """How long (in `steps`, or in `seconds` of learning if they are over sooner), how fast and by which terms; `width` is the
    networks'."""

    steps: int = 6000
    seconds: float = math.inf
    batch: int = 64
    rate: float = RATE
    width: int = 40
    smooth: float = 0.9
    terms: Mapping[Term, float] = field(default_factory=dict)
    seed: int = 0
    bfloat16: bool = False  # nearly twice as fast on processors that have it, and much slower on others


class School:
    """Both networks with their optimizers and the average of the generator, at one step."""

    def __init__(self, text: int, table: Timetable) -> None:
        torch.manual_seed(table.seed)
        shape = Shape(text, width=table.width)
        self.table, self.shape, self.step, self.seconds = table, shape, 0, 0.0
        self.losses: list[float] = []
        self.doubts: list[float] = []  # the critic's losses
        self.generator, self.critic = Generator(shape), Critic(shape)
        begin(self.generator)
        begin(self.critic)
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.networks = {"generator": self.generator, "critic": self.critic, "average": self.average}
        self.optimizers = {
            name: torch.optim.Adam(self.networks[name].parameters(), table.rate, BETAS)
            for name in ("generator", "critic")
        }

    def listen(self, lessons: Lessons) -> None:
        """Has both networks hear what sentences say of pictures, before they begin."""
        heard = attuned(self.generator.hear, lessons.pictures, lessons.texts, self.table.seed).state_dict()
        for network in (self.critic, self.average):
            network.hear.load_state_dict(heard)

    def learn(self, pictures: torch.Tensor, text: torch.Tensor, wrong: torch.Tensor, noise: torch.Tensor) -> float:
        """One step of each network on a batch in -1..1; the sum of their losses."""
        began = time.monotonic()
        with self._precision():
            painted = self.generator(noise, text)
            doubt = critic_loss(self.critic, pictures, painted, text, wrong, self.table.smooth)
        self._step("critic", doubt)
        with self._precision():
            loss = generator_loss(self.critic, pictures, painted, text, dict(self.table.terms))
        self._step("generator", loss)
        follow(self.average, self.generator, self.step)
        self.step += 1
        self.losses.append(round(loss.item(), 4))
        self.doubts.append(round(doubt.item(), 4))
        self.seconds += time.monotonic() - began
        return loss.item() + doubt.item()

    def _precision(self) -> torch.autocast:
        return torch.autocast("cpu", torch.bfloat16, enabled=self.table.bfloat16)

    def _step(self, name: str, loss: torch.Tensor) -> None:
        self.optimizers[name].zero_grad(set_to_none=True)
        loss.backward()
        self.optimizers[name].step()

    def kept(self) -> Checkpoint:
        """All that going on needs."""
        weights = {
            f"{name}/{key}": tensor
            for name, network in self.networks.items()
            for key, tensor in network.state_dict().items()
        }
        moments = {
            f"{name}/{place}/{key}": torch.as_tensor(value)
            for name, optimizer in self.optimizers.items()
            for place, state in optimizer.state_dict()["state"].items()
            for key, value in state.items()
        }
        weights["doubts/all"] = torch.tensor(self.doubts, dtype=torch.float64)
        return Checkpoint(self.step, tuple(self.losses), self.seconds, weights, moments)

    def go_on(self, checkpoint: Checkpoint) -> None:
        """Stands where that one stood."""
        self.step, self.losses, self.seconds = checkpoint.step, list(checkpoint.losses), checkpoint.seconds
        self.doubts = checkpoint.factors["doubts/all"].tolist()
        for name, network in self.networks.items():
            network.load_state_dict(_below(checkpoint.factors, name))
        for name, optimizer in self.optimizers.items():
            state: dict[int, dict[str, torch.Tensor]] = {}
            for key, tensor in _below(checkpoint.moments, name).items():
                place, what = key.split("/")
                state.setdefault(int(place), {})[what] = tensor
            optimizer.load_state_dict(optimizer.state_dict() | {"state": state})


def _below(tensors: Mapping[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    return {key.removeprefix(f"{name}/"): tensor for key, tensor in tensors.items() if key.startswith(f"{name}/")}


def schooled(lessons: Lessons, table: Timetable, folder: Path) -> Work[School]:
    """Trains to the end of the timetable, from the newest checkpoint in `folder` if there is one of this training.

    Raises NotReady when the numbers go wrong; the checkpoint before that stays. Raises BadInput for another training's folder.
    """
    school = School(lessons.texts.shape[-1], table)
    checkpoints = Checkpoints(folder, _identity(lessons, table))
    if begun := checkpoints.latest():
        school.go_on(begun)
    else:
        yield Progress(0, 1, "learning to listen")
        school.listen(lessons)
    saved = school.step
    for pictures, text, wrong, noise in _batches(lessons, table, school.step):
        if school.seconds >= table.seconds:
            break
        both = school.learn(pictures, text, wrong, noise)
        if not math.isfinite(both):
            raise gone_wrong(school.step, saved)
        if school.step % SAVE_STEPS == 0 or school.step == table.steps:
            checkpoints.save(school.kept())
            saved = school.step
            _show(school, lessons, folder)
        yield _progress(school)
    if school.step > saved:
        checkpoints.save(school.kept())
    _show(school, lessons, folder)
    return school


def gone_wrong(step: int, kept: int) -> NotReady:
    """For a training whose numbers are no numbers any more."""
    return NotReady(
        "The training went wrong at step {step}: its numbers grew beyond all bounds, mostly because the rate is too high or "
        "the pictures are too few. It was stopped; what was saved at step {kept} is whole.",
        step=step,
        kept=kept,
    )


def _progress(school: School) -> Progress:
    """In steps, or in seconds where those end it."""
    table, note = school.table, f"loss {school.losses[-1]:.2f} and {school.doubts[-1]:.2f}"
    if math.isfinite(table.seconds):
        return Progress(min(int(school.seconds), int(table.seconds)), int(table.seconds), note)
    return Progress(school.step, table.steps, note)


def _show(school: School, lessons: Lessons, folder: Path) -> None:
    """Writes what the average paints of fixed words from fixed noise, one row a sentence, as samples/<step>.png, and the losses."""
    atomic_write(folder / LOSSES, json.dumps({"generator": school.losses, "critic": school.doubts}))
    if lessons.shown is None:
        return
    rows = []
    for text in torch.from_numpy(lessons.shown):
        with torch.no_grad():
            rows.append(
                florist.pictures(school.average(florist.noise(SAMPLES, school.table.seed), text.expand(SAMPLES, -1)))
            )
    raw = io.BytesIO()
    Image.fromarray(florist.grid(rows, SIDE_PX, 4)).save(raw, "PNG")
    atomic_write(folder / "samples" / f"{school.step:06}.png", raw.getvalue())


def _identity(lessons: Lessons, table: Timetable) -> dict[str, object]:
    return {
        "model": f"gan {table.width}",
        "pictures": [len(lessons), int(lessons.pictures[:: max(1, len(lessons) // 64)].astype(np.int64).sum())],
        "recipe": {
            "steps": table.steps,
            "batch": table.batch,
            "rate": table.rate,
            "terms": dict(table.terms),
            "bfloat16": table.bfloat16,
        },
        "seed": table.seed,
    }


def _batches(
    lessons: Lessons, table: Timetable, begun: int
) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]]:
    """For each step that is left: pictures, their words, the words of others, and noise."""
    for step in range(begun, table.steps):
        rng = np.random.default_rng([table.seed, step])
        rows, others = (rng.choice(len(lessons), table.batch, replace=len(lessons) < table.batch) for _ in range(2))
        said = rng.integers(lessons.texts.shape[1], size=(2, table.batch))
        pictures = torch.from_numpy(lessons.pictures[rows]).float() / 127.5 - 1
        noise = torch.from_numpy(rng.standard_normal((table.batch, NOISE), np.float32))
        text, wrong = (
            torch.from_numpy(lessons.texts[at, which]) for at, which in zip((rows, others), said, strict=True)
        )
        yield pictures, text, wrong, noise
