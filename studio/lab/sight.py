"""How the lab's own eye learns to see: a small VGG tells in what manner a picture is painted, and what it shows.

It sees the scenes of pocket's world, plain and redrawn in the manners of the shipped styles, and the textures of `textures`; whoever
can tell lacquer from crayon and a forest from a kitchen has filters for strokes and for things. Batch statistics help while it learns
and are folded into the weights at the end, and each filter is scaled to a mean answer of one, so that none outshouts the others in
a Gram matrix (Gatys et al. 2016, section 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from ..pocket.run import Run
from ..pocket.styles import MANNERS, redrawn
from ..pocket.world.description import PLACES, SUBJECTS, TIMELESS, TIMES, Description
from ..pocket.world.grammar import training_scenes
from ..pocket.world.picture import render
from ..progress import Progress, Work
from .features import PLANS, Eye, named
from .textures import TEXTURES

SEED = 11
SCENES, PATTERNS = 1800, 960
CROP_PX, BATCH = 96, 32
RATE = 2e-3
RARE, EPSILON = 0.25, 1e-6
UNASKED = -100  # cross entropy passes over it
QUESTIONS = {"manner": ("plain", *MANNERS, *TEXTURES), "place": PLACES, "time": TIMES, "subject": SUBJECTS}


def teach_eye(build: Path, seconds: float, bfloat16: bool = False) -> Work[Path]:
    """Trains the eye for so long and gives its file, `build/eye.safetensors` in float16. Goes on after an interruption."""
    from safetensors.torch import save_file

    pictures, answers = yield from lessons(build, SCENES, PATTERNS)
    run, pupil = Run(build, "eye", seconds), Pupil()
    optimizer = torch.optim.AdamW(pupil.parameters(), RATE, weight_decay=0.01)
    run.resume(pupil=pupil, optimizer=optimizer)
    while run.going():
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (run.step + 1) / 20, 1.02 - run.share)
        seen, right = _batch(pictures, answers, np.random.default_rng([SEED, run.step]))
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            logits = pupil(seen)
        loss = torch.stack([_loss(logits[name].float(), right[:, at]) for at, name in enumerate(QUESTIONS)]).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        run.agree(pupil.parameters())
        known = (logits["manner"].argmax(1) == right[:, 0]).float().mean().item()
        yield from run.tell(BATCH, loss=loss.item(), manner=known)
    eye = evened(pupil.folded(), _batch(pictures, answers, np.random.default_rng(SEED), 128)[0])
    path = build / "eye.safetensors"
    save_file({name: tensor.half().contiguous() for name, tensor in eye.state_dict().items()}, path)
    return path


class Pupil(nn.Module):
    """The eye while it learns: batch statistics after each convolution, and a question each at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.eye = Eye(PLANS["own"], average=False)
        self.norms = nn.ModuleDict({name: nn.BatchNorm2d(width) for name, width in named(PLANS["own"].widths)})
        wide = 2 * PLANS["own"].widths[-1]
        self.heads = nn.ModuleDict({name: nn.Linear(wide, len(options)) for name, options in QUESTIONS.items()})

    def forward(self, pictures: torch.Tensor) -> dict[str, torch.Tensor]:
        x, block = (pictures - self.eye.mean) / self.eye.deviation, 1
        for name, layer in self.eye.convolutions.items():
            if int(name[4]) != block:
                x, block = self.eye.pool(x), int(name[4])
            x = torch.relu(self.norms[name](layer(x)))
        pooled = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
        return {name: head(pooled) for name, head in self.heads.items()}

    @torch.no_grad()
    def folded(self) -> Eye:
        """The eye alone, each batch statistic inside the convolution before it."""
        eye = Eye(PLANS["own"])
        for name, layer in self.eye.convolutions.items():
            norm: Any = self.norms[name]
            scale = norm.weight / (norm.running_var + norm.eps).sqrt()
            folded: Any = eye.convolutions[name]
            folded.weight.copy_(layer.weight * scale[:, None, None, None])
            folded.bias.copy_((layer.bias - norm.running_mean) * scale + norm.bias)
        return eye.eval()


@torch.no_grad()
def evened(eye: Eye, pictures: torch.Tensor) -> Eye:
    """The eye with each filter's mean answer on these pictures, float32 [n, 3, h, w] in 0..1, scaled to one. What later layers answer
    stays as it was but for that scale, since ReLU lets factors through. A filter that hardly ever answers is scaled as one that answers
    a quarter as much as most: raised to the mean of all, its few answers were three hundred times as loud as others'."""
    before: torch.Tensor | None = None
    for name, layer in eye.convolutions.items():
        part: Any = layer
        if before is not None:
            part.weight.mul_(before[None, :, None, None])
        answer = eye(pictures, [name])[name].mean((0, 2, 3))
        before = answer.clamp(min=RARE * answer.median().item() + EPSILON)
        part.weight.div_(before[:, None, None, None])
        part.bias.div_(before)
    return eye


def lessons(build: Path, scenes: int, patterns: int) -> Work[tuple[np.ndarray, np.ndarray]]:
    """Pictures uint8 [n, 256, 256, 3] and for each question the right answer, int64 [n, 4]; kept in `build/sight.npz`."""
    path = build / "sight.npz"
    if not path.is_file():
        build.mkdir(parents=True, exist_ok=True)
        pictures, answers = [], []
        for number, (picture, answer) in enumerate(_seen(scenes, patterns), 1):
            pictures.append(picture)
            answers.append(answer)
            if number % 50 == 0:
                yield Progress(number, scenes + patterns, "painting what the eye looks at")
        np.savez(path, pictures=np.stack(pictures), answers=np.array(answers, np.int64))
    kept = np.load(path)
    return kept["pictures"], kept["answers"]


def _seen(scenes: int, patterns: int) -> Iterator[tuple[np.ndarray, list[int]]]:
    manners = QUESTIONS["manner"]
    for number, scene in enumerate(training_scenes(SEED, scenes)):
        name = manners[number % (1 + len(MANNERS))]
        picture = render(scene) if name == "plain" else redrawn(name, render(scene), number)
        yield picture, [manners.index(name), *_shown(scene)]
    for number in range(patterns):
        name = [*TEXTURES][number % len(TEXTURES)]
        picture = TEXTURES[name](np.random.default_rng([SEED, number]))
        yield picture, [manners.index(name), *[UNASKED] * (len(QUESTIONS) - 1)]


def _shown(scene: Description) -> list[int]:
    """Place, time and who stands left; the time where a picture can tell it."""
    time = UNASKED if scene.place in TIMELESS else TIMES.index(scene.time)
    return [PLACES.index(scene.place), time, SUBJECTS.index(scene.figures[0].kind)]


def _batch(
    pictures: np.ndarray, answers: np.ndarray, rng: np.random.Generator, count: int = BATCH
) -> tuple[torch.Tensor, torch.Tensor]:
    """Cuts of pictures at several sizes, mirrored and with their colours shifted: float32 [count, 3, 96, 96] in 0..1."""
    rows = rng.integers(len(pictures), size=count)
    cuts = []
    for row in rows:
        side = int(rng.integers(CROP_PX, pictures.shape[1] + 1))
        down, right = rng.integers(pictures.shape[1] - side + 1, size=2)
        cut = torch.from_numpy(pictures[row, down : down + side, right : right + side].copy()).permute(2, 0, 1)[None]
        cut = nn.functional.interpolate(cut.float() / 255, size=(CROP_PX, CROP_PX), mode="area")
        cuts.append(cut.flip(3) if rng.random() < 0.5 else cut)
    shift = torch.from_numpy(rng.normal(1.0, 0.12, (count, 3, 1, 1)).astype(np.float32))
    return (torch.cat(cuts) * shift).clamp(0, 1), torch.from_numpy(answers[rows])


def _loss(logits: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Of one question; zero where nothing of the batch answers it."""
    asked = (right != UNASKED).any()
    return cross_entropy(logits, right, ignore_index=UNASKED) if asked else logits.sum() * 0.0


def reckoned(eye_logits: Mapping[str, torch.Tensor], right: torch.Tensor) -> dict[str, float]:
    """The share of right answers of each question, of those that could be asked."""
    found = {}
    for at, name in enumerate(QUESTIONS):
        asked = right[:, at] != UNASKED
        found[name] = (eye_logits[name].argmax(1)[asked] == right[asked, at]).float().mean().item()
    return found
