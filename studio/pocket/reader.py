"""A small classifier that says what it sees in a picture: which subject, which place, what time of day.

It learns from rendered scenes only (of one figure), on 128 × 128 px, mirrored, shifted and blurred at random so that it
judges what is shown and not how crisp it is; on 64 px it took girls, boys and grandmothers for one another. Its own
accuracy on held-out renders is reported beside everything it measures.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..progress import Progress, Work
from .world.description import PEOPLE, PLACES, SUBJECTS, TIMES, Description
from .world.grammar import training_scenes
from .world.picture import render

if TYPE_CHECKING:
    import torch

QUESTIONS: dict[str, tuple[str, ...]] = {"subject": SUBJECTS, "place": PLACES, "time": TIMES}
SIDE_PX = 128
BATCH = 64
MORE_PEOPLE = 12_000  # scenes; girls, boys and grandmothers are alike and need more examples than animals


def answers(scene: Description) -> list[int]:
    """What is right for the scene, one index per question."""
    return [SUBJECTS.index(scene.figures[0].kind), PLACES.index(scene.place), TIMES.index(scene.time)]


def small(pictures: Iterable[np.ndarray]) -> torch.Tensor:
    """uint8 pictures [256, 256, 3] as a uint8 batch [n, 3, 128, 128], by area averaging."""
    import torch

    full = torch.from_numpy(np.stack(list(pictures))).permute(0, 3, 1, 2).float()
    return torch.nn.functional.interpolate(full, size=(SIDE_PX, SIDE_PX), mode="area").round_().to(torch.uint8)


def new_reader() -> torch.nn.Sequential:
    """An untrained network: [n, 3, 128, 128] in 0..1 to the logits of all questions side by side, [n, 27]."""
    from torch import nn

    layers: list[nn.Module] = []
    for wide, out, stride in ((3, 32, 2), (32, 64, 2), (64, 96, 2), (96, 128, 1), (128, 192, 2)):
        layers += [nn.Conv2d(wide, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
    head = nn.Linear(192, sum(len(options) for options in QUESTIONS.values()))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), head)


def train_reader(
    world: Path, count: int, out: Path, epochs: int = 12, people: int = MORE_PEOPLE, seed: int = 0
) -> Work[Path]:
    """Trains on the scenes of `world` that show one figure and on more of `people`; saves float16 safetensors."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    tiny, right = yield from _lessons(world, count, people, seed)
    model = new_reader().train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    steps = epochs * (len(tiny) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    for step in range(steps):
        batch = torch.randint(0, len(tiny), (BATCH,))
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(_disturbed(tiny[batch]))
        loss = _loss(logits.float(), right[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            yield Progress(step, steps, f"reader loss {loss.item():.3f}")
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in model.state_dict().items()}, out)
    return out


def _lessons(world: Path, count: int, more: int, seed: int) -> Work[tuple[torch.Tensor, torch.Tensor]]:
    """Small pictures of one figure with the right answers: those of `world`, and more people rendered here."""
    import torch

    pictures = np.load(world, mmap_mode="r")
    scenes = list(training_scenes(seed, count))
    rows = [i for i, scene in enumerate(scenes) if len(scene.figures) == 1]
    tiny = [small(pictures[rows[i : i + 256]]) for i in range(0, len(rows), 256)]
    people = list(islice(_people(seed + 1), more))
    for start in range(0, more, 100):
        tiny.append(small(map(render, people[start : start + 100])))
        yield Progress(start, more, "rendering people")
    return torch.cat(tiny), torch.tensor([answers(scene) for scene in (*(scenes[i] for i in rows), *people)])


def _people(seed: int) -> Iterator[Description]:
    """Scenes of one person, without end."""
    for scene in training_scenes(seed, sys.maxsize):
        if len(scene.figures) == 1 and scene.figures[0].kind in PEOPLE:
            yield scene


def load_reader(path: Path) -> torch.nn.Sequential:
    """The trained reader, ready to judge."""
    from safetensors.torch import load_file

    model = new_reader()
    model.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
    return model.eval()


def read(model: torch.nn.Sequential, pictures: Iterable[np.ndarray]) -> np.ndarray:
    """The reader's answers for pictures uint8 [256, 256, 3]: int array [n, 3] in the order of QUESTIONS."""
    import torch

    with torch.no_grad():
        logits = model(small(pictures).float() / 255.0)
    return torch.stack([part.argmax(1) for part in _parts(logits)], 1).numpy()


def _parts(logits: torch.Tensor) -> tuple[torch.Tensor, ...]:
    return logits.split([len(options) for options in QUESTIONS.values()], dim=1)


def _loss(logits: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    from torch.nn.functional import cross_entropy

    said = _parts(logits)
    # every space scene is a night scene to the eye: its time is not asked
    asked = right[:, 1] != PLACES.index("space")
    return (
        cross_entropy(said[0], right[:, 0])
        + cross_entropy(said[1], right[:, 1])
        + cross_entropy(said[2][asked], right[asked, 2])
    )


def _disturbed(batch: torch.Tensor) -> torch.Tensor:
    """uint8 pictures as 0..1, with random mirroring, shift, blur, brightness and noise; the first three per batch."""
    import torch
    from torch.nn.functional import avg_pool2d

    batch = batch.float() / 255.0
    batch = torch.roll(batch, torch.randint(-6, 7, (2,)).tolist(), (2, 3))
    if torch.rand(()) < 0.5:
        batch = batch.flip(3)
    if torch.rand(()) < 0.5:
        wide = 3 + 2 * int(torch.rand(()) < 0.5)
        batch = avg_pool2d(batch, wide, 1, wide // 2, count_include_pad=False)
    return (batch * (0.9 + 0.2 * torch.rand(len(batch), 1, 1, 1)) + 0.03 * torch.randn_like(batch)).clamp(0, 1)
