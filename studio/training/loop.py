"""The training itself: a plain loop over steps that can be watched, stopped between two steps, and taken up again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..errors import BadAdapter
from ..progress import Progress, Work
from .batches import Batches, answer
from .checkpoint import Checkpoint, Checkpoints
from .conditioning import Conditioning
from .crew import crew
from .gallery import Gallery
from .lora import factors, put_back
from .objective import Objective
from .recipe import Recipe

if TYPE_CHECKING:
    import torch
    from diffusers import UNet2DConditionModel

SMOOTHED = 25  # steps whose mean is the loss that is shown


def fit(
    unet: UNet2DConditionModel,
    conditioning: Conditioning,
    batches: Batches,
    objective: Objective,
    recipe: Recipe,
    checkpoints: Checkpoints,
    gallery: Gallery | None = None,
) -> Work[Checkpoint]:
    """Trains the factors that the UNet wears, from the latest checkpoint on if there is one; gives the last one.

    Progress counts steps. With every checkpoint a moment is hung in the gallery, and the training ends early when the
    moments only get worse. Raises BadAdapter when the loss stops being a number, NoRoom, BadInput for a checkpoint of
    another training.
    """
    import torch

    trained, ours = factors(unet), crew()
    optimizer = torch.optim.AdamW(trained.values(), lr=recipe.rate, weight_decay=0.01, fused=True)
    before = ours.told(checkpoints.latest())
    if before:
        put_back(unet, before.factors)
        _restore(optimizer, trained, before.moments)
    losses = list(before.losses) if before else []
    if gallery:
        gallery.go_on_from(len(losses))
    start, clock = (before.seconds if before else 0.0), monotonic()
    for step in range(len(losses), recipe.steps):
        if step % recipe.saved_every == 0 and ours.told(bool(gallery and gallery.hopeless(recipe.steps))):
            break
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate_at(step)
        losses.append(_learn(unet, conditioning, batches, objective, step, recipe.clip, optimizer))
        done, seconds = step + 1, start + monotonic() - clock
        if done % recipe.saved_every == 0 or done == recipe.steps:
            if gallery:
                gallery.hang(unet, done)
            before = Checkpoint(done, tuple(losses), seconds, trained, _moments(optimizer, trained))
            if ours.leads:
                checkpoints.save(before)
        yield Progress(done, recipe.steps, _note(losses, seconds / done * (recipe.steps - done)))
    if before is None:
        raise ValueError("a recipe has at least one step")
    return before


def _learn(
    unet: UNet2DConditionModel,
    conditioning: Conditioning,
    batches: Batches,
    objective: Objective,
    step: int,
    clip: float,
    optimizer: torch.optim.Optimizer,
) -> float:
    """One step of the optimizer; gives its loss."""
    import torch

    batch = crew().part(batches.at(step))
    said = answer(unet, conditioning.texts, batch.noisy, batch.times, batch.rows)
    loss = objective.loss(said, batch.target, batch.times, batch.weights)
    loss.backward()
    value = crew().agree(loss, optimizer.param_groups[0]["params"])
    if not math.isfinite(value):
        raise BadAdapter(
            "The training lost its way at step {step}: the loss is no number any more. "
            "Train again with less effort or another seed; what was there before is safe.",
            step=step + 1,
        )
    torch.nn.utils.clip_grad_norm_(optimizer.param_groups[0]["params"], clip)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return round(value, 6)


def _moments(optimizer: torch.optim.Optimizer, trained: dict[str, Any]) -> dict[str, torch.Tensor]:
    """AdamW's state, flat: '<factor>/step', '<factor>/exp_avg', '<factor>/exp_avg_sq'."""
    return {
        f"{name}/{moment}": value
        for name, factor in trained.items()
        for moment, value in optimizer.state[factor].items()
    }


def _restore(optimizer: torch.optim.Optimizer, trained: dict[str, Any], moments: Mapping[str, torch.Tensor]) -> None:
    for key, value in moments.items():
        name, moment = key.rsplit("/", 1)
        factor = trained[name]
        optimizer.state[factor][moment] = value if moment == "step" else value.to(factor.device)


def _note(losses: list[float], seconds_left: float) -> str:
    """'loss 0.213, about 3 minutes left'."""
    latest = losses[-SMOOTHED:]
    return f"loss {sum(latest) / len(latest):.3f}, {in_words(seconds_left)} left"


def in_words(seconds: float) -> str:
    """A duration as a person would say it: 'less than a minute', 'about 3 minutes', 'about 2 hours'."""
    if seconds < 45:
        return "less than a minute"
    unit, size = ("hour", 3600) if seconds >= 5400 else ("minute", 60)
    count = max(1, round(seconds / size))
    return f"about {count} {unit}{'s' if count > 1 else ''}"
