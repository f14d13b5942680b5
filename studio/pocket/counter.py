"""The counter: how many figures a picture shows, read from what the judge sees.

The judge itself was asked for two at most. A linear reading of what it pools tells one, two and three apart (logistic
regression on rendered scenes, as many of each, disturbed as the judge's were): 100, 99 and 96 % of held-out renders are
counted rightly (benchmarks/measuring.py). Tried before: the parts into which the spotter's mask falls, right on 92, 51 and
35 %, since figures that touch are one part; and the judge's question for a second figure, which is dumb about a third.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..progress import Progress, Work
from ..settings import ASSETS
from .judge import disturbed, load_judge, pooled, small
from .world.description import Description
from .world.grammar import training_scenes
from .world.picture import render

if TYPE_CHECKING:
    import torch

COUNTER = ASSETS / "pocket" / "measures" / "counter.safetensors"
MOST = 3
SCENES = 600  # of each number
LOOKS = 3  # at every scene, each disturbed in another way
AT_ONCE = 60
DECAY = 0.02  # on weights of features that vary by 1


def train_counter(build: Path, scenes: int = SCENES, seed: int = 0) -> Work[Path]:
    """Fits the reading of the judge in `build/judge` and saves `build/measures/counter.safetensors`, float16."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    judge, told = load_judge(build / "judge" / "judge.safetensors"), list(_scenes(seed, scenes))
    seen, numbers = [], torch.tensor([len(scene.figures) - 1 for scene in told])
    for at in range(0, len(told), AT_ONCE):
        pictures = small(render(scene) for scene in told[at : at + AT_ONCE])
        with torch.no_grad():
            seen.append(torch.stack([pooled(judge, disturbed(pictures)) for _ in range(LOOKS)], 1))
        yield Progress(min(at + AT_ONCE, len(told)), len(told), "looking at crowds")
    features = torch.cat(seen).flatten(0, 1)
    saved = build / "measures" / "counter.safetensors"
    saved.parent.mkdir(exist_ok=True)
    save_file({name: part.half() for name, part in _fitted(features, numbers.repeat_interleave(LOOKS)).items()}, saved)
    return saved.parent


def _scenes(seed: int, each: int) -> Iterator[Description]:
    """The same number of scenes of one, two and three figures, one after another."""
    for number in range(1, MOST + 1):
        crowd = (scene for scene in training_scenes(seed, 100 * each + 1000) if len(scene.figures) == number)
        yield from islice(crowd, each)


def _fitted(features: torch.Tensor, numbers: torch.Tensor) -> dict[str, torch.Tensor]:
    """Weights [3, 4096] and bias [3] of the reading of features [n, 4096] that tells numbers, from 0, apart."""
    import torch
    from torch.nn.functional import cross_entropy

    mean, spread = features.mean(0), features.std(0).clamp(min=1e-3)
    even = (features - mean) / spread
    weight, bias = torch.zeros(MOST, features.shape[1], requires_grad=True), torch.zeros(MOST, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        wrong = cross_entropy(even @ weight.T + bias, numbers) + DECAY * weight.square().sum()
        wrong.backward()
        return wrong

    optimizer.step(loss)
    plain = (weight / spread).detach()
    return {"weight": plain, "bias": (bias - plain @ mean).detach()}


def load_counter(path: Path = COUNTER) -> dict[str, torch.Tensor]:
    """The fitted reading."""
    from safetensors.torch import load_file

    return {name: part.float() for name, part in load_file(path).items()}


def counted(counter: Mapping[str, torch.Tensor], chances: Mapping[str, np.ndarray], seen: torch.Tensor) -> np.ndarray:
    """How likely one, two and three figures are, float [n, 3] that sum to 1, from what the judge weighed and pooled. Whether
    there is a second one the judge itself is asked, too: with both a point more are counted rightly."""
    read = (seen @ counter["weight"].T + counter["bias"]).softmax(1).numpy()
    alone = (read[:, :1] + chances["second"][:, -1:]) / 2
    return np.concatenate([alone, (1 - alone) * read[:, 1:] / read[:, 1:].sum(1, keepdims=True)], 1)
