"""The flower judge: a small classifier that says of a picture which flower it shows. The GAN is never trained with it; it only measures.

It learns from drawn flowers of all combinations of words, those that the GAN never sees too, blurred and noisy by chance so that
it judges what is shown and not how crisp it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, interpolate

from ..progress import Progress, Work
from ..settings import ASSETS
from .flowers import CENTRES, COLOURS, GROUNDS, Flower, drawn, flowers

OWN = ASSETS / "lab" / "botanist.safetensors"
QUESTIONS = {"colour": tuple(COLOURS), "centre": tuple(CENTRES), "ground": tuple(GROUNDS)}
LAYERS = ((3, 24), (24, 48), (48, 96))
GRID = 4  # means of features in so many rows and columns: a centre is where the middle is
SEED, SEEN, KEPT_BACK = 23, 4096, 512
STEPS, BATCH, RATE = 900, 64, 3e-3


def new_botanist() -> nn.Sequential:
    """Pictures [n, 3, 64, 64] in -1..1 to the logits of all questions, side by side."""
    parts: list[nn.Module] = []
    for wide, out in LAYERS:
        parts += [nn.Conv2d(wide, out, 3, 2, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
    answers = sum(map(len, QUESTIONS.values()))
    return nn.Sequential(
        *parts, nn.AdaptiveAvgPool2d(GRID), nn.Flatten(), nn.Linear(LAYERS[-1][1] * GRID * GRID, answers)
    )


def teach_botanist(path: Path, steps: int = STEPS, seen: int = SEEN, kept_back: int = KEPT_BACK) -> Work[nn.Sequential]:
    """Trains the judge and writes it to `path` in float16."""
    from safetensors.torch import save_file

    grown = [*flowers(SEED, seen), *flowers(SEED, kept_back, held_out=True)]
    pictures, right = pictures_of(grown), answers(grown)
    torch.manual_seed(SEED)
    model, rng = new_botanist(), np.random.default_rng(SEED)
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=0.01)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1.02 - step / steps)
        rows = torch.from_numpy(rng.integers(len(grown), size=BATCH))
        loss = _loss(model(disturbed(pictures[rows])), right[rows])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if (step + 1) % 20 == 0:
            yield Progress(step + 1, steps, f"loss {loss.item():.3f}")
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in model.state_dict().items()},
        path,
    )
    return model.eval()


def load_botanist(path: Path = OWN) -> nn.Sequential:
    """The judge from its file."""
    from safetensors.torch import load_file

    model = new_botanist()
    model.load_state_dict(load_file(path))
    return model.eval()


@torch.inference_mode()
def read_back(model: nn.Sequential, pictures: torch.Tensor) -> list[dict[str, str]]:
    """What is seen in pictures [n, 3, 64, 64] in -1..1: colour of the petals, of the centre, of the ground, in words."""
    parts = model(pictures).split([len(options) for options in QUESTIONS.values()], 1)
    chosen = [part.argmax(1).tolist() for part in parts]
    return [
        {name: QUESTIONS[name][which] for name, which in zip(QUESTIONS, row, strict=True)}
        for row in zip(*chosen, strict=True)
    ]


def agreement(seen: Sequence[dict[str, str]], asked: Sequence[Flower]) -> dict[str, float]:
    """The share of pictures in which each question is answered as the flower is told, 0..1."""
    pairs = [*zip(seen, asked, strict=True)]
    return {name: sum(one[name] == getattr(flower, name) for one, flower in pairs) / len(pairs) for name in QUESTIONS}


def pictures_of(grown: Sequence[Flower]) -> torch.Tensor:
    """Drawn flowers as float32 [n, 3, 64, 64] in -1..1."""
    return torch.from_numpy(np.stack([drawn(flower) for flower in grown])).permute(0, 3, 1, 2).float() / 127.5 - 1


def answers(grown: Sequence[Flower]) -> torch.Tensor:
    """What is right, int64 [n, questions]."""
    return torch.tensor(
        [[options.index(getattr(flower, name)) for name, options in QUESTIONS.items()] for flower in grown]
    )


def disturbed(pictures: torch.Tensor) -> torch.Tensor:
    """Half of them blurred by shrinking, and all of them a little noisy, shifted in their light."""
    half = pictures.shape[0] // 2
    small = interpolate(pictures[:half], scale_factor=0.5, mode="area")
    pictures = torch.cat([interpolate(small, scale_factor=2.0, mode="bilinear"), pictures[half:]])
    light = 0.06 * torch.randn(pictures.shape[0], 1, 1, 1)
    return (pictures + light + 0.05 * torch.randn_like(pictures)).clamp(-1, 1)


def _loss(logits: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    parts = logits.split([len(options) for options in QUESTIONS.values()], 1)
    return torch.stack([cross_entropy(part, right[:, at]) for at, part in enumerate(parts)]).sum()
