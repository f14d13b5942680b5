"""The batches of a training on captioned pictures: of one size each, with words chosen anew every time.

Like all batches they follow from the seed and the step alone. What is varied: which cut and which point of the autoencoder's
answer (posterior sampling), a little noise, which of a picture's captions, whether a word of the domain follows it, and
whether nothing is said at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from .batches import ORDER, SAMPLE, Batch, chance
from .buckets import Bucket
from .conditioning import Texts, read_phrases
from .examples import Example
from .fitting import Fitting
from .latents import Latents
from .objective import Objective

if TYPE_CHECKING:
    import torch
    from diffusers import StableDiffusionPipeline

Plan = tuple[
    tuple[Bucket, tuple[int, ...]], ...
]  # of one turn through all cuts: a size and places in it, batch by batch


class CaptionedBatches:
    """The batches by step. The text encoder stays at work: remembered, the captions of ten thousand pictures would take
    gigabytes, and encoding four costs a twentieth of a step of pocket and less of Stable Diffusion."""

    def __init__(
        self,
        pipeline: StableDiffusionPipeline,
        examples: Sequence[Example],
        latents: Latents,
        objective: Objective,
        fitting: Fitting,
        batch: int,
        trigger: str,
        seed: int,
    ) -> None:
        self._pipeline, self._examples, self._latents = pipeline, examples, latents
        self._objective, self._fitting, self._batch = objective, fitting, batch
        self._trigger, self._seed = trigger, seed
        self._plan = lru_cache(maxsize=2)(self._planned)

    def at(self, step: int) -> Batch:
        """The batch of this step."""
        turn, place = divmod(step, len(self._plan(0)))
        bucket, places = self._plan(turn)[place]
        source = chance(self._seed, SAMPLE, step)
        words = Random(f"{self._seed}/{step}")
        said = [self._said(self._example(bucket, at), words) for at in places]
        return self._noised(bucket, places, said, source)

    def _planned(self, turn: int) -> Plan:
        """Every cut comes once in a turn; the last batch of a size is filled up with its first cuts."""
        chance = Random(f"{self._seed}/{ORDER}/{turn}")
        plan = []
        for bucket in self._latents.examples:
            order = list(range(self._latents.cuts(bucket)))
            chance.shuffle(order)
            full = [order[at % len(order)] for at in range(-len(order) // self._batch * -self._batch)]
            plan += [(bucket, tuple(full[at : at + self._batch])) for at in range(0, len(full), self._batch)]
        chance.shuffle(plan)
        return tuple(plan)

    def _example(self, bucket: Bucket, place: int) -> Example:
        return self._examples[self._latents.examples[bucket][place // self._latents.variants]]

    def _said(self, one: Example, words: Random) -> str:
        """What is said of a picture this time."""
        caption, more, silent = words.choice(one.captions), words.random(), words.random()
        if silent < self._fitting.empty_share:
            return ""
        known = self._fitting.words
        added = [words.choice(known)] if known and more < self._fitting.word_share else []
        return ", ".join(filter(None, [caption, *added, self._trigger]))

    def _noised(self, bucket: Bucket, places: Sequence[int], said: Sequence[str], source: torch.Generator) -> Batch:
        import torch

        size, device = len(places), self._pipeline.unet.device
        mean, spread = torch.from_numpy(self._latents.at(bucket, places)).unbind(1)
        noise, jitter, little = torch.randn((3, *mean.shape), generator=source)
        latents = (mean + spread * jitter + self._fitting.noise * little).to(device)
        even = (torch.rand(1, generator=source) + torch.arange(size) / size) % 1.0
        return noisy_batch(
            self._objective, self._texts(said, bucket), latents, noise.to(device), (even * self._objective.times).long()
        )

    def _texts(self, said: Sequence[str], bucket: Bucket) -> Texts:
        return read_for(self._pipeline, said, bucket)


def read_for(pipeline: StableDiffusionPipeline, said: Sequence[str], bucket: Bucket) -> Texts:
    """The embeddings of texts for pictures of that size."""
    return replace(read_phrases(pipeline, said, 0), size_px=(bucket.height, bucket.width))


def noisy_batch(
    objective: Objective, texts: Texts, latents: torch.Tensor, noise: torch.Tensor, times: torch.Tensor
) -> Batch:
    """Latents (batch, channels, height, width) at those times (batch,), each with its own text."""
    import torch

    weights = torch.ones_like(latents[:, :1])
    rows = torch.arange(len(latents))
    return Batch(
        texts, objective.noisy(latents, noise, times), times, rows, objective.target(latents, noise, times), weights
    )
