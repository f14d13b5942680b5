"""What the GAN hears of a sentence: the text encoder's numbers, squeezed to those that tell something about pictures.

A GAN alone learns to listen slowly: after thousands of steps every fifth background was still another than the sentence said. Reed et al.
2016 therefore train their text encoder on pictures and sentences before the GAN begins; here the squeezing learns to foresee a thumbnail of
the picture, which takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn.functional import adaptive_avg_pool2d, mse_loss

THUMBNAIL_PX = 16
STEPS, STEPS_EACH, BATCH, RATE = (
    6000,
    8,
    256,
    2e-3,
)  # as many steps as that, or so many for each picture if those are fewer


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide the networks are: channels of the widest layer are eight times `width`."""

    text: int
    squeezed: int = 64
    width: int = 40


class Hearing(nn.Module):
    """What is made of a text [n, text] before it is joined: [n, squeezed]. Texts are measured against what was learnt from: encoders
    give all sentences much in common, and a background told at the end of one is a small part of its numbers."""

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.squeezed = shape.squeezed
        self.register_buffer("mean", torch.zeros(shape.text))
        self.register_buffer("deviation", torch.ones(shape.text))
        self.squeeze = nn.Sequential(
            nn.Linear(shape.text, 2 * shape.squeezed),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(2 * shape.squeezed, shape.squeezed),
            nn.LeakyReLU(0.2, inplace=True),
        )

    def forward(self, text: torch.Tensor) -> torch.Tensor:
        return self.squeeze((text - self.mean) / self.deviation)

    def measure(self, texts: torch.Tensor) -> None:
        """Takes these texts [n, text] for what is usual."""
        self.mean.copy_(texts.mean(0))
        self.deviation.copy_(texts.std(0).clamp(min=1e-3))


def attuned(hear: Hearing, pictures: np.ndarray, texts: np.ndarray, seed: int) -> Hearing:
    """The same, after it learnt from uint8 pictures [n, 3, h, w] and their texts [n, captions, text] to foresee thumbnails."""
    words = torch.from_numpy(texts)
    hear.measure(words.flatten(0, 1))
    wanted = torch.cat([_thumbnails(some) for some in np.array_split(pictures, -(-len(pictures) // 512))])
    torch.manual_seed(seed)
    foresee = nn.Linear(hear.squeezed, wanted.shape[1])
    optimizer = torch.optim.AdamW([*hear.parameters(), *foresee.parameters()], RATE, weight_decay=0.01)
    rng, steps = np.random.default_rng([seed, 0]), min(STEPS, STEPS_EACH * len(pictures))
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1.01 - step / steps)
        rows, said = (torch.from_numpy(rng.integers(most, size=BATCH)) for most in words.shape[:2])
        loss = mse_loss(foresee(hear(words[rows, said])), wanted[rows])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    return hear


def _thumbnails(pictures: np.ndarray) -> torch.Tensor:
    """Float32 [n, 3 · 16 · 16] in -1..1."""
    full = torch.from_numpy(pictures).float() / 127.5 - 1
    return adaptive_avg_pool2d(full, THUMBNAIL_PX).flatten(1)
