"""A small classifier that says what it sees in a picture: which subject, which place, what time of day.

It learns from rendered scenes only (of one figure), on 64 × 64 px, blurred and shifted at random so that it judges what
is shown and not how crisp it is. Its own accuracy on held-out renders is reported beside everything it measures.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..progress import Progress, Work
from .world.description import PLACES, SUBJECTS, TIMES, Description
from .world.grammar import training_scenes

if TYPE_CHECKING:
    import torch

QUESTIONS: dict[str, tuple[str, ...]] = {"subject": SUBJECTS, "place": PLACES, "time": TIMES}
SIDE_PX = 64
BATCH = 64


def answers(scene: Description) -> list[int]:
    """What is right for the scene, one index per question."""
    return [SUBJECTS.index(scene.figures[0].kind), PLACES.index(scene.place), TIMES.index(scene.time)]


def small(pictures: Iterable[np.ndarray]) -> torch.Tensor:
    """uint8 pictures [256, 256, 3] as a float batch [n, 3, 64, 64] in 0..1, by area averaging."""
    import torch

    full = torch.from_numpy(np.stack(list(pictures))).permute(0, 3, 1, 2).float().div_(255.0)
    return torch.nn.functional.interpolate(full, size=(SIDE_PX, SIDE_PX), mode="area")


def new_reader() -> torch.nn.Sequential:
    """An untrained network: [n, 3, 64, 64] in 0..1 to the logits of all questions side by side, [n, 27]."""
    from torch import nn

    layers: list[nn.Module] = []
    for wide, out, stride in ((3, 32, 1), (32, 64, 2), (64, 96, 2), (96, 128, 2), (128, 192, 2)):
        layers += [nn.Conv2d(wide, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
    head = nn.Linear(192, sum(len(options) for options in QUESTIONS.values()))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), head)


def train_reader(world: Path, count: int, out: Path, epochs: int = 8, seed: int = 0) -> Work[Path]:
    """Trains on the scenes of `world` that show one figure and saves float16 safetensors."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    pictures = np.load(world, mmap_mode="r")
    scenes = list(training_scenes(seed, count))
    rows = [i for i, scene in enumerate(scenes) if len(scene.figures) == 1]
    tiny = torch.cat([small(pictures[rows[i : i + 256]]) for i in range(0, len(rows), 256)])
    right = torch.tensor([answers(scenes[i]) for i in rows])
    model = new_reader().train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    steps = epochs * (len(rows) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    for step in range(steps):
        batch = torch.randint(0, len(rows), (BATCH,))
        loss = _loss(model(_disturbed(tiny[batch])), right[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            yield Progress(step, steps, f"reader loss {loss.item():.3f}")
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in model.state_dict().items()}, out)
    return out


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
        logits = model(small(pictures))
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
    """Random shift, blur, brightness and noise, the same for the whole batch except noise."""
    import torch
    from torch.nn.functional import avg_pool2d

    shift = torch.randint(-3, 4, (2,)).tolist()
    batch = torch.roll(batch, shift, (2, 3))
    if torch.rand(()) < 0.5:
        batch = avg_pool2d(batch, 3, 1, 1, count_include_pad=False)
    return (batch * (0.9 + 0.2 * torch.rand(len(batch), 1, 1, 1)) + 0.03 * torch.randn_like(batch)).clamp(0, 1)
