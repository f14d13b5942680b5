"""The samples of each step. A batch is a pure function of the seed and the number of the step, so a training that was
stopped goes on with exactly what it would have seen: there is no state of chance to save.

Some samples hold the class where it was (prior preservation without class pictures, as in OneTrainer and ai-toolkit):
the class phrase on a noisy latent, with the untouched model's answer as the target. Those answers are computed once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ..progress import Progress, Work
from .conditioning import Conditioning, Texts
from .objective import Objective
from .recipe import Recipe

if TYPE_CHECKING:
    import torch
    from diffusers import UNet2DConditionModel

ORDER, SAMPLE, PRIOR = 0, 1, 2  # what a source of chance is for, so that no two are the same


@dataclass(frozen=True, slots=True)
class Batch:
    """Noisy latents and targets (batch, channels, height, width), times (batch,), rows of the texts (batch,), and how much
    each place counts (batch, 1, height, width)."""

    texts: Texts
    noisy: torch.Tensor
    times: torch.Tensor
    rows: torch.Tensor
    target: torch.Tensor
    weights: torch.Tensor

    def part(self, rows: slice) -> Batch:
        """Some of its samples."""
        return Batch(
            self.texts, self.noisy[rows], self.times[rows], self.rows[rows], self.target[rows], self.weights[rows]
        )


class Batches:
    """The batches of one training, by step."""

    def __init__(
        self, conditioning: Conditioning, objective: Objective, recipe: Recipe, seed: int, prior: Batch | None = None
    ) -> None:
        self._from = conditioning
        self._objective = objective
        self._recipe = recipe
        self._seed = seed
        self._prior = prior
        self._shuffled = lru_cache(maxsize=2)(self._shuffle)

    def at(self, step: int) -> Batch:
        """The batch of this step: lessons, of which a share is replaced by remembered answers."""
        import torch

        source = chance(self._seed, SAMPLE, step)
        lessons = self._lessons(step, source)
        if self._prior is None:
            return lessons
        size = self._recipe.batch
        kept = torch.rand(size, generator=source) < self._recipe.prior
        picks = torch.randint(len(self._prior.times), (size,), generator=source)
        return _mixed(lessons, self._prior, kept, picks)

    def _lessons(self, step: int, source: torch.Generator) -> Batch:
        import torch

        size = self._recipe.batch
        cuts = [self._cut(step * size + slot) for slot in range(size)]
        choice = torch.rand(size, generator=source).tolist()
        fitting = [self._from.phrases[cut] for cut in cuts]
        rows = torch.tensor([rows[int(part * len(rows))] for rows, part in zip(fitting, choice, strict=True)])
        return noised(self._from, self._objective, torch.tensor(cuts), rows, source)

    def _cut(self, position: int) -> int:
        """Every cut comes once before one comes again."""
        turn, place = divmod(position, len(self._from.phrases))
        return self._shuffled(turn)[place]

    def _shuffle(self, turn: int) -> list[int]:
        import torch

        return torch.randperm(len(self._from.phrases), generator=chance(self._seed, ORDER, turn)).tolist()


def noised(
    conditioning: Conditioning, objective: Objective, cuts: torch.Tensor, rows: torch.Tensor, source: torch.Generator
) -> Batch:
    """Cuts with fresh noise. The times are spread evenly from a random start, which makes the loss less jumpy."""
    import torch

    size = len(cuts)
    even = (torch.rand(1, generator=source) + torch.arange(size) / size) % 1.0
    times = (even * objective.times).long()
    shape = (size, *conditioning.mean.shape[1:])
    noise, jitter = torch.randn((2, *shape), generator=source).to(conditioning.mean.device)
    latents = conditioning.mean[cuts] + conditioning.spread[cuts] * jitter
    target = objective.target(latents, noise, times)
    noisy = objective.noisy(latents, noise, times)
    return Batch(conditioning.texts, noisy, times, rows, target, conditioning.weights[cuts])


def remember(
    unet: UNet2DConditionModel, conditioning: Conditioning, objective: Objective, recipe: Recipe, seed: int
) -> Work[Batch | None]:
    """The untouched model's answers to the class phrases, as one large batch; nothing if the recipe needs none."""
    import torch

    rounds = math.ceil(min(recipe.answers, recipe.steps * recipe.batch * recipe.prior) / recipe.batch)
    answers = []
    for number in range(rounds if all(conditioning.prior) else 0):
        yield Progress(0, recipe.steps, f"remembering what the model knows, {number + 1} of {rounds}")
        source = chance(seed, PRIOR, number)
        cuts, rows = _known(conditioning, recipe.batch, number, source)
        asked = noised(conditioning, objective, cuts, rows, source)
        with torch.no_grad():
            said = answer(unet, asked.texts, asked.noisy, asked.times, asked.rows)
        answers.append(replace(asked, target=said, weights=recipe.prior_weight * asked.weights))
    return _joined(answers) if answers else None


def _known(
    conditioning: Conditioning, size: int, number: int, source: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Cuts and what is said of them: in two of three rounds pictures that shall stay, else the class on the lessons."""
    import torch

    if conditioning.kept and number % 3:
        picks = torch.randint(len(conditioning.kept), (size,), generator=source)
        return len(conditioning.phrases) + picks, torch.tensor(conditioning.kept)[picks]
    cuts = torch.randint(len(conditioning.phrases), (size,), generator=source)
    choice = torch.rand(size, generator=source).tolist()
    fitting = [conditioning.prior[cut] for cut in cuts.tolist()]
    return cuts, torch.tensor([rows[int(part * len(rows))] for rows, part in zip(fitting, choice, strict=True)])


def answer(
    unet: UNet2DConditionModel, texts: Texts, noisy: torch.Tensor, times: torch.Tensor, rows: torch.Tensor
) -> torch.Tensor:
    """What the UNet says to noisy latents told those rows of the texts, in float32; it computes in half precision where the
    hardware does."""
    import torch

    from ..models.device import best_device

    device = best_device()
    with torch.autocast(device.name, device.drawing_dtype, enabled=device.trains_in_half):
        said = unet(noisy, times.to(noisy.device), **texts.inputs(rows), return_dict=False)[0]
    return said.float()


def chance(seed: int, use: int, number: int) -> torch.Generator:
    """A source of chance of its own for each seed, use and number."""
    import torch

    return torch.Generator().manual_seed(((seed % 2**24) * 3 + use) * 2**32 + number)


def _mixed(lessons: Batch, prior: Batch, kept: torch.Tensor, picks: torch.Tensor) -> Batch:
    """The lessons, with answers `picks` of the prior where `kept`."""
    import torch

    place = kept.to(lessons.noisy.device)[:, None, None, None]
    return Batch(
        texts=lessons.texts,
        noisy=torch.where(place, prior.noisy[picks], lessons.noisy),
        times=torch.where(kept, prior.times[picks], lessons.times),
        rows=torch.where(kept, prior.rows[picks], lessons.rows),
        target=torch.where(place, prior.target[picks], lessons.target),
        weights=torch.where(place, prior.weights[picks], lessons.weights),
    )


def _joined(batches: list[Batch]) -> Batch:
    import torch

    return Batch(
        texts=batches[0].texts,
        noisy=torch.cat([batch.noisy for batch in batches]),
        times=torch.cat([batch.times for batch in batches]),
        rows=torch.cat([batch.rows for batch in batches]),
        target=torch.cat([batch.target for batch in batches]),
        weights=torch.cat([batch.weights for batch in batches]),
    )
