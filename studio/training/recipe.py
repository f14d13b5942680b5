"""The numbers of one training, all derived from three things: the effort, how many pictures there are, and the model.

Starting points: LR grows with the square root of the batch, attention with feed-forward closes the gap to full
fine-tuning on Stable Diffusion (demystifying-sd-finetuning); the pocket UNet has no attention on its finest grid, so
there its convolutions learn too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..errors import BadInput
from ..models.table import BaseModel

STEPS = {"draft": 70, "good": 320, "best": 900}
LOOKS = {"draft": 3, "good": 8, "best": 12}  # at a subject on the way; each costs as much as seven steps
ANSWERS = {"draft": 96, "good": 384, "best": 768}  # of the untouched model that are remembered
USUAL_PICTURES = 6  # the number of photos for which STEPS are meant

ATTENTION = ("to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2")
TARGETS = {
    "pocket": (*ATTENTION, "conv1", "conv2"),
    "sd": ATTENTION,
    "sdxl": ATTENTION,
}
BATCH = {"pocket": 4, "sd": 1, "sdxl": 1}
RATE_PER_PICTURE = {"pocket": 4e-4, "sd": 1e-4, "sdxl": 1e-4}  # times √batch
# A hero on pocket: at the rate of a style it learnt the clothes in 400 steps, but neither hair nor glasses.
HERO_BOOST = {"pocket": 2.0, "sd": 1.0, "sdxl": 1.0}
STYLE_BOOST = {"pocket": 2.5, "sd": 1.0, "sdxl": 1.0}  # at 1 a pencil kept half of its colours after as many steps
# At 1 others took after the hero by 23 % of the hero's own rise, at 4 by 16 %, at 10 by 13 %; the hero lost nothing.
PRIOR_WEIGHT = 10.0
CHANGEABLE = {"steps": (10, 5000), "rank": (1, 128), "pace": (10, 500)}
USUAL_PACE = 100  # percent
MOST_LOST = 50  # steps that a kill may cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How long, how fast and on what a LoRA is trained. Shares are of 1."""

    steps: int  # of the optimizer
    batch: int
    rate: float  # of AdamW at its height
    targets: tuple[str, ...]  # ends of the names of the UNet's layers that get a LoRA
    prior: float  # share of the samples that hold the class where it was
    prior_weight: float  # of their loss, which is small as long as they hold
    answers: int  # of the untouched model, from which those samples are taken
    looks: int  # on the way, with a checkpoint each
    variants: int  # cuts per picture
    flip: bool  # half of the cuts are mirrored; never for people, whose faces have sides
    warmup: float = 0.05  # share of the steps
    floor: float = 0.1  # share of `rate` where the cosine ends
    cycles: int = 1  # cosines after the rise, each of which begins at `rate` again (arXiv 1608.03983)
    clip: float = 1.0  # largest norm of the gradient
    decay: float = 0.01  # of AdamW
    dropout: float = 0.0  # share of a LoRA's inputs that are left out while it learns
    snr_gamma: float = 5.0  # min-SNR, arXiv 2303.09556

    def rate_at(self, step: int) -> float:
        """Learning rate of step 0 … steps - 1: a straight rise, then half a cosine down to the floor, once a cycle."""
        if step < self._rise:
            return self.rate * (step + 1) / self._rise
        way = self._cycled(step) % 1.0
        return self.rate * (self.floor + (1 - self.floor) * (1 + math.cos(math.pi * way)) / 2)

    def cycles_done(self, steps: int) -> int:
        """How many cycles are over after so many steps."""
        return math.floor(self._cycled(steps)) if steps > self._rise else 0

    def cycle_of(self, step: int) -> int:
        """The number, from 0, of the cycle that led to where it stands after so many steps; -1 in the rise."""
        return math.ceil(self._cycled(step)) - 1 if step > self._rise else -1

    @property
    def _rise(self) -> int:
        return max(1, round(self.warmup * self.steps))

    def _cycled(self, step: int) -> float:
        """How many cycles the way after the rise is long so far."""
        return self.cycles * (step - self._rise) / max(1, self.steps - self._rise)

    def shared(self, size: int) -> Recipe:
        """For a crew of so many processes: a batch for each at once, and so many times fewer steps at a rate that grows
        with the square root of the batch."""
        return replace(
            self, steps=math.ceil(self.steps / size), batch=self.batch * size, rate=self.rate * math.sqrt(size)
        )

    @property
    def saved_every(self) -> int:
        """Steps between two checkpoints, never more than a kill may cost."""
        return min(MOST_LOST, max(1, self.steps // self.looks))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a person changed of all that is derived; 0 leaves it as it is."""

    steps: int = 0
    rank: int = 0
    pace: int = 0  # of learning, percent of the usual rate

    def check(self) -> None:
        """Raises BadInput for a number that nothing could be learnt with."""
        for name, (least, most) in CHANGEABLE.items():
            number = getattr(self, name)
            if number and not least <= number <= most:
                raise BadInput(
                    "'{number}' cannot be used for {name}. Give {least} to {most}, or leave it as it is.",
                    number=number,
                    name=name,
                    least=least,
                    most=most,
                )

    def applied(self, recipe: Recipe) -> Recipe:
        """The recipe with other steps and another pace; the rank is the card's."""
        return replace(
            recipe, steps=self.steps or recipe.steps, rate=recipe.rate * (self.pace or USUAL_PACE) / USUAL_PACE
        )


def subject_recipe(effort: str, photos: int, model: BaseModel, flip: bool) -> Recipe:
    """For a character. More photos get more steps, so that each is seen often enough. Raises BadInput."""
    scale = min(max(photos / USUAL_PICTURES, 0.75), 1.5)
    variants = 2 if model.family == "pocket" else 8  # on pocket most lessons are staged
    return _recipe(effort, scale, model, HERO_BOOST[model.family], prior=0.4, variants=variants, flip=flip)


def style_recipe(effort: str, pictures: int, model: BaseModel) -> Recipe:
    """For a style, which many pictures carry: each is cut at most four ways, and nothing has to be held. Raises BadInput."""
    variants = min(4, max(1, 400 // max(1, pictures)))
    return _recipe(effort, 1.5, model, STYLE_BOOST[model.family], prior=0.0, variants=variants, flip=True)


def check_effort(effort: str) -> None:
    """Raises BadInput for one that is not known."""
    if effort not in STEPS:
        raise BadInput("There is no effort '{effort}'. Choose one of: {known}.", effort=effort, known=", ".join(STEPS))


def _recipe(
    effort: str, scale: float, model: BaseModel, boost: float, *, prior: float, variants: int, flip: bool
) -> Recipe:
    check_effort(effort)
    batch = BATCH[model.family]
    return Recipe(
        steps=round(STEPS[effort] * scale),
        batch=batch,
        rate=RATE_PER_PICTURE[model.family] * boost * math.sqrt(batch),
        targets=TARGETS[model.family],
        prior=prior,
        prior_weight=PRIOR_WEIGHT,
        answers=ANSWERS[effort],
        looks=LOOKS[effort],
        variants=variants,
        flip=flip,
    )
