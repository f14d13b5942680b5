"""Neural style transfer: a picture that keeps what one picture shows and takes how another is painted.

Gatys, Ecker and Bethge 2016 (CVPR, equations 1 to 7): features of a deep layer tell what is shown, the correlations of features (Gram
matrices) of several layers tell how; the picture itself is what is learnt. Done from small to large: broad strokes are
found where steps are cheap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch.nn.functional import interpolate, mse_loss

from .features import Eye

Optimizer = Literal["lbfgs", "adam"]
EPSILON = 1e-12
STEPS = {128: 60, 256: 60, 512: 40}  # per side, of L-BFGS
ADAMS = 6  # steps of Adam for one of L-BFGS, which knows the curvature


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the terms of the loss; `smooth` is of the total variation. Content and style are told relative to what is wanted, so that
    the same weights do for any network."""

    content: float = 1.0
    style: float = 10.0
    smooth: float = 1e-2


@dataclass(frozen=True, slots=True)
class Losses:
    """Of a picture, before they are weighed."""

    content: float
    style: float
    smooth: float


def gram(features: torch.Tensor) -> torch.Tensor:
    """Features [n, c, h, w] to their correlations [n, c, c], by the number of entries."""
    flat = features.flatten(2)
    return flat @ flat.transpose(1, 2) / (flat.shape[1] * flat.shape[2])


def manner(eye: Eye, style: torch.Tensor) -> dict[str, torch.Tensor]:
    """How a picture [1, 3, h, w] in 0..1 is painted: the Gram matrix of each layer of style."""
    with torch.no_grad():
        return {name: gram(found) for name, found in eye(style, eye.plan.style).items()}


def mixed(manners: Sequence[Mapping[str, torch.Tensor]], weights: Sequence[float]) -> dict[str, torch.Tensor]:
    """Several manners as one, each as strong as its weight says."""
    total = sum(weights)
    return {
        name: torch.stack([weight / total * one[name] for one, weight in zip(manners, weights, strict=True)]).sum(0)
        for name in manners[0]
    }


@dataclass(frozen=True, slots=True)
class Task:
    """What a transfer is asked for: the picture, the manner, and how much of what. `mask` [1, 1, h, w] in 0..1 says where the manner
    goes, `begun` with what picture it begins in place of the content."""

    content: torch.Tensor
    manner: Mapping[str, torch.Tensor]
    weights: Weights = Weights()
    optimizer: Optimizer = "lbfgs"
    keep_colour: bool = False
    mask: torch.Tensor | None = None
    begun: torch.Tensor | None = None


def repainted(eye: Eye, task: Task) -> Iterator[tuple[torch.Tensor, Losses]]:
    """The picture [1, 3, h, w] in 0..1 and its losses after each step, from the smallest size to its own."""
    painted = task.content if task.begun is None else task.begun
    for side in sizes(task.content):
        content = scaled(task.content, side)
        for now, losses in _at_size(eye, task, content, scaled(painted, side), side):
            painted = now
            yield _finished(task, now, content), losses


def sizes(content: torch.Tensor) -> tuple[int, ...]:
    """The longer sides at which a picture is repainted, its own last."""
    longest = max(content.shape[2:])
    return (*(side for side in STEPS if side < 0.75 * longest), longest)


def total_variation(picture: torch.Tensor) -> torch.Tensor:
    """Mean square of the difference of neighbours, which is what keeps flecks away (Mahendran and Vedaldi 2015)."""
    return (picture[..., 1:, :] - picture[..., :-1, :]).square().mean() + (
        picture[..., :, 1:] - picture[..., :, :-1]
    ).square().mean()


def with_colour_of(painted: torch.Tensor, content: torch.Tensor) -> torch.Tensor:
    """The lightness of one picture with the colour of the other (Gatys et al. 2016b, luminance only): YIQ by its matrix."""
    to = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]], dtype=painted.dtype)
    light, colour = (torch.einsum("ij,njhw->nihw", to, one) for one in (painted, content))
    both = torch.cat([light[:, :1], colour[:, 1:]], 1)
    return torch.einsum("ij,njhw->nihw", torch.linalg.inv(to), both).clamp(0, 1)


def scaled(picture: torch.Tensor, side: int) -> torch.Tensor:
    """With that longer side, in px."""
    height, width = picture.shape[2:]
    share = side / max(height, width)
    size = max(1, round(height * share)), max(1, round(width * share))
    return (
        picture if size == (height, width) else interpolate(picture, size, mode="bicubic", antialias=True).clamp(0, 1)
    )


def _at_size(
    eye: Eye, task: Task, content: torch.Tensor, begun: torch.Tensor, side: int
) -> Iterator[tuple[torch.Tensor, Losses]]:
    picture = begun.detach().clone().requires_grad_(True)
    with torch.no_grad():
        shown = eye(content, eye.plan.content)
    optimizer = _optimizer(task.optimizer, picture)
    seen: list[Losses] = []

    def closure() -> float:
        optimizer.zero_grad()
        loss, losses = _loss(eye, task, picture, shown)
        seen.append(losses)
        loss.backward()
        return loss.item()

    steps = STEPS.get(side, STEPS[max(STEPS)]) * (ADAMS if task.optimizer == "adam" else 1)
    for _ in range(steps):
        optimizer.step(closure)
        yield picture.detach().clamp(0, 1), seen[-1]


def _optimizer(name: Optimizer, picture: torch.Tensor) -> torch.optim.Optimizer:
    if name == "adam":
        return torch.optim.Adam([picture], lr=0.02)
    return torch.optim.LBFGS([picture], lr=1.0, max_iter=1, history_size=20)


def _loss(
    eye: Eye, task: Task, picture: torch.Tensor, shown: Mapping[str, torch.Tensor]
) -> tuple[torch.Tensor, Losses]:
    seen = eye(picture, (*eye.plan.content, *eye.plan.style))
    content = _off(seen, shown)
    style = _off({name: gram(seen[name]) for name in task.manner}, task.manner)
    smooth = total_variation(picture)
    weights = task.weights
    loss = weights.content * content + weights.style * style + weights.smooth * smooth
    return loss, Losses(content.item(), style.item(), smooth.item())


def _finished(task: Task, painted: torch.Tensor, content: torch.Tensor) -> torch.Tensor:
    """With the colour and in the places that were asked for."""
    if task.keep_colour:
        painted = with_colour_of(painted, content)
    if task.mask is None:
        return painted
    mask = interpolate(task.mask, painted.shape[2:], mode="bilinear")
    return mask * painted + (1 - mask) * content


def _off(seen: Mapping[str, torch.Tensor], wanted: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """The mean squared error of the layers, each relative to the mean square of what is wanted."""
    each = [mse_loss(seen[name], one) / (one.square().mean() + EPSILON) for name, one in wanted.items()]
    return torch.stack(each).mean()
