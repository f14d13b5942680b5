"""The judge: a classifier that says what it sees in a picture. Pocket is never trained with it; it only measures.

It learns from rendered scenes of one and two figures on 128 × 128 px, shifted, blurred and noisy at random so that it
judges what is shown and not how crisp it is. Its own accuracy on held-out renders stands beside everything it measures,
and its last features serve the Fréchet distance. On 64 px it took girls, boys and grandmothers for one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..progress import Work
from .muon import Muon
from .recipe import Recipe
from .run import Run
from .world import description as words
from .world.description import TIMELESS, Description
from .world.grammar import all_props, training_scenes

if TYPE_CHECKING:
    import torch

SIDE_PX = 128
FEATURES = 256
BATCH = 64
RATE = 3e-3
UNASKED = -100  # cross entropy passes over it
LAYERS = (
    (3, 32, 2),
    (32, 64, 2),
    (64, 96, 1),
    (96, 128, 2),
    (128, 192, 1),
    (192, FEATURES, 2),
    (FEATURES, FEATURES, 1),
)
GRID = (2, 4)  # means and maxima of features in so many rows and columns: who stands left and right must not be lost
SHIFTS = ((0, 0), (3, 3), (3, -3), (-3, 3), (-3, -3))  # px; it looks so often and takes the mean: things 96.6 to 98.7 %
QUESTIONS: dict[str, tuple[str, ...]] = {
    "subject": words.SUBJECTS,  # of one figure, or of the left one of two
    "second": (*words.SUBJECTS, "none"),  # the right one of two
    "place": words.PLACES,
    "time": words.TIMES,
    "weather": words.WEATHERS,
    "colour": words.COLOURS,  # of its clothes or scarf; asked of one figure only, as are the next three
    "pose": words.POSES,
    "mood": words.MOODS,
    "prop": (*all_props(), "none"),
}


def answers(scene: Description) -> list[int]:
    """What is right for the scene of one or two figures, one index per question; UNASKED where a picture cannot tell."""
    left, *others = scene.figures
    alone = not others
    said: dict[str, str | None] = {
        "subject": left.kind,
        "second": others[0].kind if others else "none",
        "place": scene.place,
        "time": None if scene.place in TIMELESS else scene.time,
        "weather": scene.weather,
        "colour": left.colour if alone else None,
        "pose": left.pose if alone else None,
        "mood": left.mood if alone and left.pose != "sleeping" else None,
        "prop": scene.prop if alone else None,
    }
    return [UNASKED if said[name] is None else options.index(said[name]) for name, options in QUESTIONS.items()]


def small(pictures: Iterable[np.ndarray]) -> torch.Tensor:
    """uint8 pictures [256, 256, 3] as a uint8 batch [n, 3, 128, 128], by area averaging."""
    import torch

    full = torch.from_numpy(np.stack(list(pictures))).permute(0, 3, 1, 2).float()
    return torch.nn.functional.interpolate(full, size=(SIDE_PX, SIDE_PX), mode="area").round_().to(torch.uint8)


def new_judge() -> torch.nn.Sequential:
    """An untrained network of two halves: pictures to features, and what is pooled of them to logits (2.1 M parameters)."""
    from torch import nn

    layers: list[nn.Module] = []
    for wide, out, stride in LAYERS:
        layers += [nn.Conv2d(wide, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
    head = nn.Linear(2 * FEATURES * GRID[0] * GRID[1], sum(len(options) for options in QUESTIONS.values()))
    return nn.Sequential(nn.Sequential(*layers), nn.Sequential(nn.Dropout(0.1), head))


def train_judge(build: Path, recipe: Recipe, seed: int = 0) -> Work[Path]:
    """Trains on the world's scenes of one and two figures and saves `build/judge/judge.safetensors`, float16.

    Without a checkpoint it begins from the weights that are there, if any.
    """
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)  # the same first weights in every process
    run, saved = Run(build, "judge", recipe.judge_seconds), build / "judge" / "judge.safetensors"
    model = (load_judge(saved) if saved.is_file() else new_judge()).to(run.device).train()
    muon = Muon([p for p in model.parameters() if p.ndim == 4], RATE, run.team.rank, run.team.size)
    adam = torch.optim.AdamW([p for p in model.parameters() if p.ndim != 4], lr=RATE, weight_decay=1e-2, fused=True)
    run.resume(model=model, muon=muon, adam=adam)
    for pixels, right in _batches(build, run, seed):
        if not run.going():
            break
        for group in (*muon.param_groups, *adam.param_groups):
            group["lr"] = RATE * min(1.0, (run.step + 1) / 100) * max(0.01, 1.0 - run.share)
        loss = _learn(model, pixels, right)
        run.agree(model.parameters())
        muon.step()
        adam.step()
        model.zero_grad()
        yield from run.tell(BATCH, loss=loss)
    if run.team.leads:
        saved.parent.mkdir(exist_ok=True)
        save_file({name: tensor.half().contiguous() for name, tensor in model.state_dict().items()}, saved)
    run.team.wait()
    return build / "judge"


def _batches(build: Path, run: Run, seed: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Without end: disturbed pictures in 0..1 and the right answers [batch, questions]."""
    import torch

    pictures, rng = np.load(build / "world.npy", mmap_mode="r"), np.random.default_rng([run.team.rank, run.step])
    scenes = list(training_scenes(seed, len(pictures)))
    rows = [row for row, scene in enumerate(scenes) if len(scene.figures) < 3]
    right = {row: answers(scenes[row]) for row in rows}
    while True:
        chosen = np.sort(rng.choice(rows, BATCH // run.team.size, replace=False))
        batch = disturbed(small(pictures[chosen]).to(run.device))
        yield batch, torch.tensor([right[row] for row in chosen], device=run.device)


def _learn(model: torch.nn.Sequential, pixels: torch.Tensor, right: torch.Tensor) -> float:
    """Leaves the gradients of one batch; gives the mean cross entropy of the questions."""
    import torch
    from torch.nn.functional import cross_entropy

    with torch.autocast(pixels.device.type, torch.bfloat16):
        logits = _look(model, pixels)[0].float()
    asked = [
        cross_entropy(said, wanted, ignore_index=UNASKED)
        for said, wanted in zip(_parts(logits), right.T, strict=True)
        if (wanted != UNASKED).any()
    ]
    loss = torch.stack(asked).mean()
    loss.backward()
    return loss.item()


def load_judge(path: Path) -> torch.nn.Sequential:
    """The trained judge."""
    from safetensors.torch import load_file

    model = new_judge()
    model.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
    return model.eval()


def judge(model: torch.nn.Sequential, pictures: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """For pictures uint8 [256, 256, 3]: answers int [n, questions] in the order of QUESTIONS, and features float [n, 256]."""
    import torch

    with torch.no_grad():
        pixels = small(pictures).float() / 255.0
        looks = [_look(model, torch.roll(pixels, shift, (2, 3))) for shift in SHIFTS]
    chances = torch.stack([_shares(logits) for logits, _ in looks]).mean(0)
    return torch.stack([part.argmax(1) for part in _parts(chances)], 1).numpy(), looks[0][1].numpy()


def weighed(model: torch.nn.Sequential, pictures: Iterable[np.ndarray]) -> tuple[dict[str, np.ndarray], torch.Tensor]:
    """How likely every answer of each question is for pictures uint8 [256, 256, 3], float [n, answers] that sum to 1, and
    what was pooled to find them, [n, 4096]."""
    import torch

    with torch.no_grad():
        pixels = small(pictures).float() / 255.0
        seen = [pooled(model, torch.roll(pixels, shift, (2, 3))) for shift in SHIFTS]
        chances = torch.stack([_shares(model[1](one)) for one in seen]).mean(0)
    told = {name: part.numpy() for name, part in zip(QUESTIONS, _parts(chances), strict=True)}
    return told, torch.stack(seen).mean(0)


def chances(model: torch.nn.Sequential, pictures: Iterable[np.ndarray], question: str) -> tuple[str, float]:
    """What most pictures uint8 [256, 256, 3] together say to a question, and how sure that is, 0..1."""
    import torch

    with torch.no_grad():
        said = _parts(_look(model, small(pictures).float() / 255.0)[0])[list(QUESTIONS).index(question)]
    mean = said.softmax(1).mean(0)
    return QUESTIONS[question][int(mean.argmax())], float(mean.max())


def _look(model: torch.nn.Sequential, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures [n, 3, 128, 128] in 0..1 to the logits of all questions side by side, and features [n, 256]."""
    seen = model[0](pixels)
    return model[1](_gathered(seen)), seen.mean((2, 3))


def pooled(model: torch.nn.Sequential, pixels: torch.Tensor) -> torch.Tensor:
    """What is known of pictures [n, 3, 128, 128] in 0..1 before any question is asked, [n, 4096]."""
    return _gathered(model[0](pixels))


def _gathered(seen: torch.Tensor) -> torch.Tensor:
    import torch
    from torch.nn.functional import adaptive_avg_pool2d, adaptive_max_pool2d

    # the mean alone overlooks what is small: it left things and two figures at 92 and 83 %
    return torch.cat([adaptive_avg_pool2d(seen, GRID), adaptive_max_pool2d(seen, GRID)], 1).flatten(1)


def _shares(logits: torch.Tensor) -> torch.Tensor:
    import torch

    return torch.cat([part.softmax(1) for part in _parts(logits)], 1)


def _parts(logits: torch.Tensor) -> tuple[torch.Tensor, ...]:
    return logits.split([len(options) for options in QUESTIONS.values()], dim=1)


def disturbed(batch: torch.Tensor) -> torch.Tensor:
    """uint8 pictures as 0..1, with random shift, blur, brightness and noise; the first two are the same for a batch."""
    import torch
    from torch.nn.functional import avg_pool2d

    batch = batch.float() / 255.0
    batch = torch.roll(batch, torch.randint(-6, 7, (2,)).tolist(), (2, 3))
    if torch.rand(()) < 0.5:
        wide = 3 + 2 * int(torch.rand(()) < 0.3)
        batch = avg_pool2d(batch, wide, 1, wide // 2, count_include_pad=False)
    bright = 0.9 + 0.2 * torch.rand(len(batch), 1, 1, 1, device=batch.device)
    return (batch * bright + 0.03 * torch.randn_like(batch)).clamp(0, 1)
