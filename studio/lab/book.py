"""A whole book in one manner: page after page with the same look, the hero still known.

Repainted each on its own, pages would all be pulled to the same colours, night as bright as day. So one change of colours
is found for the whole book, from all its pages to the style (the map between two Gaussians of Pitié and Kokaram 2007, equation 10), and
every page keeps the colours that this gives it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import avg_pool2d, pad

from ..progress import Progress, Work
from .features import Eye
from .transfer import COLOUR, Losses, Manner, Task, Weights, course, gram, repainted

HERO = 0.45  # how strong the manner is where the hero is
SOFT = 32  # the mask is blurred over this part of the shorter side, so that no outline of it is seen
WEIGHTS = Weights()
LEAST = 1e-4  # variance of colours; less would be blown up

Colours = tuple[torch.Tensor, torch.Tensor]  # mean [3] and covariance [3, 3]


@dataclass(frozen=True, slots=True)
class Repainted(Progress):
    """Told at every step; when page `page` (its place in the book) is done, with its picture uint8 [h, w, 3]."""

    page: int = 0
    picture: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Toning:
    """One change of colours for all pages of a book: colour ↦ matrix · (colour − before) + after."""

    matrix: torch.Tensor
    before: torch.Tensor
    after: torch.Tensor

    def __call__(self, picture: torch.Tensor) -> torch.Tensor:
        moved = torch.einsum("ij,njhw->nihw", self.matrix, picture - self.before.view(1, 3, 1, 1))
        return (moved + self.after.view(1, 3, 1, 1)).clamp(0, 1)


def repainted_pages(
    eye: Eye,
    pages: Sequence[np.ndarray],
    manner: Manner,
    weights: Weights = WEIGHTS,
    masks: Sequence[np.ndarray | None] | None = None,
    wanted: Collection[int] | None = None,
    keep_colour: bool = False,
) -> Work[dict[int, np.ndarray]]:
    """Pages uint8 [h, w, 3] in one manner, by their place in the book. `masks` bool [h, w] say where the hero is: there the manner is
    weaker and the content counts more. `wanted`: only these pages, as the whole book would have them (to go on, to redo one).

    Yields `Repainted`, with the picture when a page is done.
    """
    tensors = [_pixels(page) for page in pages]
    toning = None if keep_colour else toning_of(tensors, manner)
    numbers = [number for number in range(len(pages)) if wanted is None or number in wanted]
    tasks = {n: _task(tensors[n], manner, weights, masks[n] if masks else None, toning) for n in numbers}
    total, done, found = sum(steps for task in tasks.values() for _, steps in course(task)), 0, {}
    for number, task in tasks.items():
        steps: Iterator[tuple[torch.Tensor, Losses]] = repainted(eye, task)
        last: deque[torch.Tensor] = deque(maxlen=1)
        for picture, _ in steps:
            last.append(picture)
            done += 1
            yield Repainted(done, total, "painting", number)
        found[number] = _shown(last[0] if keep_colour else as_toned(last[0], task))
        yield Repainted(done, total, "painted", number, found[number])
    return found


def _task(page: torch.Tensor, manner: Manner, weights: Weights, mask: np.ndarray | None, toning: Toning | None) -> Task:
    share = None if mask is None else _strength(mask)
    toned = page if toning is None else toning(page)
    content = toned if share is None else page.lerp(toned, share)
    return Task(content, manner, weights, keep_colour=toning is None, mask=share)


def _strength(hero: np.ndarray) -> torch.Tensor:
    """Where the hero is, bool [h, w], to how strong the manner is [1, 1, h, w], with soft edges."""
    share = torch.from_numpy(1 - (1 - HERO) * hero.astype(np.float32))[None, None]
    reach = max(1, min(hero.shape) // SOFT)
    return avg_pool2d(pad(share, (reach,) * 4, mode="replicate"), 2 * reach + 1, 1)


# Colours of a whole book


def toning_of(pages: Sequence[torch.Tensor], manner: Manner) -> Toning:
    """From the colours of all pages [1, 3, h, w] together to those of the manner."""
    book = torch.stack([gram(page) for page in pages]).mean(0)
    return between(_colours(book), _colours(manner[COLOUR]))


def as_toned(painted: torch.Tensor, task: Task) -> torch.Tensor:
    """A painted page with mean and covariance of the colours that its content has, which is the toned page."""
    return between(_colours(gram(painted)), _colours(gram(task.content)))(painted)


def between(own: Colours, other: Colours) -> Toning:
    """The change of colours that moves least and brings one mean and covariance to another (Pitié and Kokaram 2007, equation 10)."""
    root, inverse = _power(own[1], 0.5), _power(own[1], -0.5)
    matrix = inverse @ _power(root @ other[1] @ root, 0.5) @ inverse
    return Toning(matrix.float(), own[0].float(), other[0].float())


def _colours(matrix: torch.Tensor) -> Colours:
    """Mean and covariance out of the Gram matrix [1, 4, 4] of colours beside a constant."""
    whole = matrix[0].double()
    mean = whole[:3, 3]
    return mean, whole[:3, :3] - torch.outer(mean, mean) + LEAST * torch.eye(3, dtype=torch.float64)


def _power(matrix: torch.Tensor, exponent: float) -> torch.Tensor:
    """Of a symmetric matrix without negative eigenvalues."""
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values.clamp(min=1e-9) ** exponent) @ vectors.T


def _pixels(page: np.ndarray) -> torch.Tensor:
    return torch.tensor(np.ascontiguousarray(page)).permute(2, 0, 1)[None].float() / 255


def _shown(picture: torch.Tensor) -> np.ndarray:
    return (picture[0].permute(1, 2, 0).numpy() * 255 + 0.5).astype(np.uint8)
