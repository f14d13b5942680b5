"""The training itself: a plain loop over steps that can be watched, stopped between two steps, and taken up again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import BadAdapter
from ..models.device import best_device
from ..progress import Progress, Work
from .batches import Batch, answer
from .checkpoint import Checkpoint, Checkpoints
from .crew import crew
from .lora import dropping, factors, put_back
from .objective import Objective
from .recipe import Recipe

if TYPE_CHECKING:
    import torch
    from diffusers import UNet2DConditionModel

SMOOTHED = 25  # steps whose mean is the loss that is shown


class Lessons(Protocol):
    """What is learnt in each step."""

    def at(self, step: int) -> Batch:
        """The batch of that step, the same whenever it is asked for."""


class Watcher(Protocol):
    """Who looks at the training whenever it is saved."""

    def go_on_from(self, step: int) -> None:
        """Forgets what was seen after that step."""

    def hang(self, unet: UNet2DConditionModel, step: int) -> None:
        """Looks, and keeps what there is to see."""

    def hopeless(self, steps: int) -> bool:
        """Whether a training of so many steps only gets worse."""


def fit(
    unet: UNet2DConditionModel,
    lessons: Lessons,
    objective: Objective,
    recipe: Recipe,
    checkpoints: Checkpoints,
    watcher: Watcher | None = None,
) -> Work[Checkpoint]:
    """Trains the factors that the UNet wears, from the latest checkpoint on if there is one; gives the last one.

    Progress counts steps. With every checkpoint the watcher looks, and the training ends early when it finds that it only
    gets worse. Raises BadAdapter when the loss stops being a number, NoRoom, BadInput for a checkpoint of
    another training.
    """
    import torch

    trained, ours, device = factors(unet), crew(), best_device()
    optimizer = torch.optim.AdamW(trained.values(), lr=recipe.rate, weight_decay=recipe.decay, fused=True)
    scaler = torch.amp.GradScaler(device.name, enabled=device.scales_loss)
    before = ours.told(checkpoints.latest())
    if before:
        put_back(unet, before.factors)
        _restore(optimizer, trained, before.moments)
    losses = list(before.losses) if before else []
    if watcher:
        watcher.go_on_from(len(losses))
    start, clock = (before.seconds if before else 0.0), monotonic()
    for step in range(len(losses), recipe.steps):
        if step % recipe.saved_every == 0 and ours.told(bool(watcher and watcher.hopeless(recipe.steps))):
            break
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate_at(step)
        with dropping(unet, recipe.dropout, step):
            losses.append(_learn(unet, ours.part(lessons.at(step)), objective, optimizer, scaler))
        _improve(optimizer, scaler, recipe.clip, losses[-1], step)
        done, seconds = step + 1, start + monotonic() - clock
        if done % recipe.saved_every == 0 or done == recipe.steps:
            if watcher:
                watcher.hang(unet, done)
            before = Checkpoint(done, tuple(losses), seconds, trained, _moments(optimizer, trained))
            if ours.leads:
                checkpoints.save(before)
        yield Progress(done, recipe.steps, _note(losses, seconds / done * (recipe.steps - done)))
    if before is None:
        raise ValueError("a recipe has at least one step")
    return before


def _learn(
    unet: UNet2DConditionModel,
    batch: Batch,
    objective: Objective,
    optimizer: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler,
) -> float:
    """The loss of a batch; its gradients lie on the factors, scaled."""
    said = answer(unet, batch.texts, batch.noisy, batch.times, batch.rows)
    loss = objective.loss(said, batch.target, batch.times, batch.weights)
    scaler.scale(loss).backward()
    return round(crew().agree(loss, optimizer.param_groups[0]["params"]), 6)


def _improve(
    optimizer: torch.optim.Optimizer, scaler: torch.amp.GradScaler, clip: float, loss: float, step: int
) -> None:
    """One step of the optimizer; in float16 one whose gradients overflowed is left out."""
    import torch

    if not math.isfinite(loss):
        raise BadAdapter(
            "The training lost its way at step {step}: the loss is no number any more. "
            "Train again with less effort or another seed; what was there before is safe.",
            step=step + 1,
        )
    scaler.unscale_(optimizer)
    torch.nn.utils.clip_grad_norm_(optimizer.param_groups[0]["params"], clip)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad(set_to_none=True)


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
