"""Neural style transfer: a picture that keeps what one picture shows and takes how another is painted.

Gatys, Ecker and Bethge 2016 (CVPR, equations 1 to 7): features of a deep layer tell what is shown, the correlations of features (Gram
matrices) of several layers tell how; the picture itself is what is learnt. Done from small to large: broad strokes are
found where steps are cheap. Where the manner goes is told by a mask, as in Gatys et al. 2017 (arXiv 1611.07865, section 4).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch.nn.functional import interpolate, pad

from ..errors import N_, BadInput, NotReady
from .features import Eye
from .keeping import edges

Optimizer = Literal["lbfgs", "adam"]
Manner = Mapping[str, torch.Tensor]
COLOUR = "colour"  # beside the layers of the eye: red, green and blue themselves
EPSILON = 1e-8
LEAST_SHOWN = 1e-3  # of edges or features: a clear sky has nearly none, and what is added to it must not count as beyond all bounds
STEPS = {128: 60, 256: 60, 512: 40, 1024: 15}  # per longer side, of L-BFGS
ADAMS = 4  # steps of Adam for one of L-BFGS, which knows the curvature
LEVELS = 4  # of the pyramid in which the picture is learnt
MARGIN = 8  # px around the picture that are painted and cut off: eyes see borders where none should be
OUTSIDE = 20.0  # weight of colours that no screen can show
FIRM = 4.0  # by how much more the content counts where the mask lets no manner in
YIQ = (
    (0.299, 0.587, 0.114),
    (0.596, -0.274, -0.322),
    (0.211, -0.523, 0.312),
)  # lightness, orange to blue, purple to green
WILD = 10.0  # times the best loss so far: L-BFGS without a line search has lost its way
LEAST_PX, MOST_PIXELS, LONGEST, FLAT = 64, 40_000_000, 8, 2.0  # LONGEST in times the shorter side, FLAT in steps of 255

LOST = N_(
    "The picture could not be repainted: its numbers grew beyond all bounds, in big steps and in small ones. Try a lower weight of the "
    "style or another style picture; the last good picture and both of yours are safe."
)


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the terms of the loss; `smooth` is of the total variation, `edges` of how far lines moved
    (after Li et al. 2017, arXiv 1707.01253). Content and style are told relative to what is wanted, so that
    the same weights do for any network."""

    content: float = 1.0
    style: float = 30.0
    smooth: float = 5.0
    edges: float = 0.6


@dataclass(frozen=True, slots=True)
class Losses:
    """Of a picture, before they are weighed."""

    content: float
    style: float
    smooth: float


@dataclass(frozen=True, slots=True)
class Task:
    """What a transfer is asked for: the picture [1, 3, h, w] in 0..1, the manner, and how much of what. `mask` [1, 1, h, w] in 0..1
    says how strong the manner is where, `begun` with what picture it begins in place of the content."""

    content: torch.Tensor
    manner: Manner
    weights: Weights = Weights()
    optimizer: Optimizer = "lbfgs"
    keep_colour: bool = False
    mask: torch.Tensor | None = None
    begun: torch.Tensor | None = None


# The manner


def gram(features: torch.Tensor, share: torch.Tensor | None = None) -> torch.Tensor:
    """Features [n, c, h, w] beside a constant 1 to their correlations [n, c + 1, c + 1], by the number of places; of those alone
    where `share` [n, 1, H, W] in 0..1 says so. For the 1 the last row is the mean."""
    flat = torch.cat([features, torch.ones_like(features[:, :1])], 1).flatten(2)
    if share is None:
        return flat @ flat.transpose(1, 2) / flat.shape[2]
    part = interpolate(share, features.shape[2:], mode="area").flatten(2)
    return (flat * part) @ flat.transpose(1, 2) / part.sum(2, keepdim=True).clamp(min=EPSILON)


def manner(eye: Eye, style: torch.Tensor, share: torch.Tensor | None = None) -> dict[str, torch.Tensor]:
    """How a picture [1, 3, h, w] in 0..1 is painted, or the part of it that `share` [1, 1, h, w] tells: the Gram matrix of each
    layer of style and of the colours."""
    with torch.no_grad():
        wide = with_margin(style)  # as what is held against it
        return told(eye(wide, eye.plan.style), wide, None if share is None else with_margin(share))


def told(seen: Manner, picture: torch.Tensor, share: torch.Tensor | None = None) -> dict[str, torch.Tensor]:
    """The Gram matrices of what the eye saw in a picture, and of its colours."""
    return {name: gram(found, share) for name, found in {**seen, COLOUR: picture}.items()}


def away(seen: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """How far one Gram matrix is from another: of means and of covariances, each relative to what is wanted. Without the means
    taken out they outshout all texture (Novak and Nikulin 2016, arXiv 1605.04603, activation shift)."""
    (mean, covariance), (mean_wanted, covariance_wanted) = _parts(seen), _parts(wanted)
    return 0.5 * (_off(mean, mean_wanted) + _off(covariance, covariance_wanted))


def _parts(matrix: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    mean = matrix[:, :-1, -1:]
    return mean, matrix[:, :-1, :-1] - mean @ mean.transpose(1, 2)


def _off(seen: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """The mean squared error relative to the mean square of what is wanted."""
    return (seen - wanted).square().mean() / (wanted.square().mean() + EPSILON)


def mixed(manners: Sequence[Manner], weights: Sequence[float]) -> dict[str, torch.Tensor]:
    """Several manners as one, each as strong as its weight says."""
    total = sum(weights)
    return {
        name: torch.stack([weight / total * one[name] for one, weight in zip(manners, weights, strict=True)]).sum(0)
        for name in manners[0]
    }


# The picture


def repainted(eye: Eye, task: Task) -> Iterator[tuple[torch.Tensor, Losses]]:
    """The best picture so far [1, 3, h, w] in 0..1 and its losses after each step, from the smallest size to its own."""
    painted = task.content if task.begun is None else task.begun
    for side, steps in course(task):
        content = scaled(task.content, side)
        for now, losses in _at_size(eye, task, content, scaled(painted, side), steps):
            painted = now
            yield _finished(task, now, content), losses


def course(task: Task) -> list[tuple[int, int]]:
    """The longer sides at which a picture is repainted, its own last, each with its steps."""
    longest, times = max(task.content.shape[2:]), ADAMS if task.optimizer == "adam" else 1
    sides = (*(side for side in STEPS if side < 0.75 * longest), longest)
    return [(side, times * next((STEPS[one] for one in STEPS if side <= one), min(STEPS.values()))) for side in sides]


def _at_size(
    eye: Eye, task: Task, content: torch.Tensor, begun: torch.Tensor, steps: int
) -> Iterator[tuple[torch.Tensor, Losses]]:
    wanted, canvas = Wanted(eye, task, content), Canvas(begun, task.optimizer)
    best, least, found = begun, math.inf, Losses(math.nan, math.nan, math.nan)
    for _ in range(steps):
        before, loss, losses = canvas.step(wanted)
        if loss < least:
            best, least, found = before, loss, losses
        elif not loss < WILD * least:
            if canvas.optimizer == "adam":
                raise NotReady(LOST)
            canvas = Canvas(best, "adam")  # from the last good picture on, in small sure steps
        yield best, found


class Canvas:
    """The picture in the making, with a margin. It is learnt as a sum of levels, each half as fine as the one before, which gives
    broad strokes their due: pixel by pixel the gradient is mostly flecks (Olah, Mordvintsev and Schubert 2017, preconditioning)."""

    def __init__(self, begun: torch.Tensor, optimizer: Optimizer) -> None:
        self.base, self.optimizer = with_margin(begun), optimizer
        height, width = self.base.shape[2:]
        sizes = [(-(-height // 2**level), -(-width // 2**level)) for level in range(LEVELS)]
        self.levels = [torch.zeros(1, 3, *size, requires_grad=True) for size in sizes]
        self.descent: torch.optim.Optimizer = (
            torch.optim.Adam(self.levels, lr=0.01)
            if optimizer == "adam"
            else torch.optim.LBFGS(self.levels, lr=1.0, max_iter=1, history_size=10)
        )

    def picture(self) -> torch.Tensor:
        coarser = [interpolate(level, self.base.shape[2:], mode="bilinear") for level in self.levels[1:]]
        return sum(coarser, self.base + self.levels[0])

    def step(self, wanted: Wanted) -> tuple[torch.Tensor, float, Losses]:
        """The picture as it was, without margin, its loss and the terms of it; it is then a step further."""
        seen: list[tuple[torch.Tensor, Losses]] = []

        def closure() -> float:
            self.descent.zero_grad()
            picture = self.picture()
            loss, losses = wanted.loss(picture)
            seen.append((picture.detach(), losses))
            loss.backward()
            return loss.item()

        loss = float(self.descent.step(closure))
        return without_margin(seen[0][0]).clamp(0, 1), loss, seen[0][1]


def with_margin(picture: torch.Tensor) -> torch.Tensor:
    return pad(picture, (MARGIN,) * 4, mode="reflect" if min(picture.shape[2:]) > MARGIN else "replicate")


def without_margin(picture: torch.Tensor) -> torch.Tensor:
    return picture[..., MARGIN:-MARGIN, MARGIN:-MARGIN]


class Wanted:
    """What the picture is held against at one size."""

    def __init__(self, eye: Eye, task: Task, content: torch.Tensor) -> None:
        self.eye, self.weights, self.layers = eye, task.weights, (*eye.plan.content, *eye.plan.style)
        self.manner = {name: one for name, one in task.manner.items() if not (task.keep_colour and name == COLOUR)}
        self.share = None if task.mask is None else with_margin(_fitted(task.mask, content))
        with torch.no_grad():
            self.shown = eye(with_margin(content), eye.plan.content)
            self.edges = edges(with_margin(content))

    def loss(self, picture: torch.Tensor) -> tuple[torch.Tensor, Losses]:
        """Of a picture with its margin: what is made small, and the terms of it."""
        # Channels last takes processors half the time.
        seen = self.eye(picture.contiguous(memory_format=torch.channels_last), self.layers)
        grams = told({name: seen[name] for name in self.eye.plan.style}, picture, self.share)
        content = torch.stack([self._moved(seen[name], one) for name, one in self.shown.items()]).mean()
        style = torch.stack([away(grams[name], one) for name, one in self.manner.items()]).mean()
        smooth, lines = total_variation(picture), self._moved(edges(picture), self.edges)
        outside = (picture - picture.clamp(0, 1)).square().mean()
        of = self.weights
        loss = of.content * content + of.style * style + of.smooth * smooth + of.edges * lines + OUTSIDE * outside
        return loss, Losses(content.item(), style.item(), smooth.item())

    def _moved(self, seen: torch.Tensor, shown: torch.Tensor) -> torch.Tensor:
        """How far the content moved, counting more where the mask lets little manner in."""
        moved = (seen - shown).square()
        if self.share is not None:
            moved = moved * (1 + FIRM * (1 - _fitted(self.share, seen)))
        return moved.mean() / (shown.square().mean() + LEAST_SHOWN)


def _fitted(mask: torch.Tensor, picture: torch.Tensor) -> torch.Tensor:
    return interpolate(mask, picture.shape[2:], mode="area")


def total_variation(picture: torch.Tensor) -> torch.Tensor:
    """Mean square of the difference of neighbours, which is what keeps flecks away (Mahendran and Vedaldi 2015)."""
    return (picture[..., 1:, :] - picture[..., :-1, :]).square().mean() + (
        picture[..., :, 1:] - picture[..., :, :-1]
    ).square().mean()


def _finished(task: Task, painted: torch.Tensor, content: torch.Tensor) -> torch.Tensor:
    """With the colour and in the places that were asked for."""
    if task.keep_colour:
        painted = with_colour_of(painted, content)
    if task.mask is None:
        return painted
    mask = _fitted(task.mask, painted)
    return mask * painted + (1 - mask) * content


def with_colour_of(painted: torch.Tensor, content: torch.Tensor) -> torch.Tensor:
    """The lightness of one picture with the colour of the other (Gatys et al. 2016b, luminance only): YIQ by its matrix. As there,
    mean and deviation of lightness are brought to those of the content, so that day stays day."""
    to = torch.tensor(YIQ, dtype=painted.dtype)
    light, colour = (torch.einsum("ij,njhw->nihw", to, one) for one in (painted, content))
    painted_light, own = light[:, :1], colour[:, :1]
    even = (painted_light - painted_light.mean()) / (painted_light.std() + 1e-4) * own.std() + own.mean()
    both = torch.cat([even, colour[:, 1:]], 1)
    return torch.einsum("ij,njhw->nihw", torch.linalg.inv(to), both).clamp(0, 1)


def scaled(picture: torch.Tensor, side: int) -> torch.Tensor:
    """With that longer side, in px."""
    height, width = picture.shape[2:]
    share = side / max(height, width)
    size = max(1, round(height * share)), max(1, round(width * share))
    return (
        picture if size == (height, width) else interpolate(picture, size, mode="bicubic", antialias=True).clamp(0, 1)
    )


# Pictures that people bring


def readable(content: np.ndarray, style: np.ndarray, side_px: int = 512) -> tuple[torch.Tensor, torch.Tensor]:
    """Both pictures, uint8 [h, w, 3], as [1, 3, h, w] in 0..1 with longer sides of at most `side_px`.

    Raises BadInput, and says why, for what cannot be repainted or painted after.
    """
    for name, picture in (("content", content), ("style", style)):
        _check(name, picture)
    if float(style.reshape(-1, 3).std(0).max()) < FLAT:
        raise BadInput(
            "The style picture is all of one colour, so there is no manner in it to paint after. Choose one with strokes, dots or "
            "lines; your pictures are unchanged."
        )
    if content.shape == style.shape and np.array_equal(content, style):
        raise BadInput(
            "Content and style are the same picture, so the result would be that picture again. Choose another for one of them; your "
            "pictures are unchanged."
        )
    return _pixels(content, side_px), _pixels(style, side_px)


def _check(name: str, picture: np.ndarray) -> None:
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise BadInput(
            "The {name} picture is not one of red, green and blue in whole numbers from 0 to 255. Save it as PNG or JPEG and choose it "
            "again; nothing was changed.",
            name=name,
        )
    height, width = picture.shape[:2]
    if min(height, width) < LEAST_PX:
        raise BadInput(
            "The {name} picture is only {width} × {height} pixels. It needs at least {least} on its shorter side, and 256 or more look "
            "far better; nothing was changed.",
            name=name,
            width=width,
            height=height,
            least=LEAST_PX,
        )
    if height * width > MOST_PIXELS or max(height, width) > LONGEST * min(height, width):
        raise BadInput(
            "The {name} picture is {width} × {height} pixels: more than 40 million, or too long and narrow. Save it smaller or cut a "
            "part out, 1024 pixels wide is plenty; nothing was changed.",
            name=name,
            width=width,
            height=height,
        )


def _pixels(picture: np.ndarray, side_px: int) -> torch.Tensor:
    found = torch.tensor(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float() / 255
    return scaled(found, min(side_px, max(picture.shape[:2])))
