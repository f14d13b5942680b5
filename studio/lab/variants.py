"""Several manners out of one style picture: turned, mirrored, coarser, finer, in other colours, and one for each kind of place in it.

What is done to the picture before the eye sees it: turns, mirrors, scales and colours. A Gram matrix forgets where features
were, but the eye's filters have directions, so strokes that are turned in the picture are other features, and no reordering of channels
would give their matrix. What is done to the features: places whose features are alike are grouped (k-means, as the regions of Gatys et
al. 2017, arXiv 1611.07865, but found and not drawn), and each group gives a Gram matrix of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch.nn.functional import grid_sample, interpolate, one_hot, pad

from .features import Eye
from .transfer import YIQ, Manner, manner, scaled

CLUSTERS = 3
ROUNDS = 20  # of k-means; it mostly stands still after ten
GROUPED_PX = 256  # the longer side at which places are grouped: a finer look tells the same


@dataclass(frozen=True, slots=True)
class Variant:
    """One manner of a style picture, under a plain name, with the picture [1, 3, h, w] in 0..1 that shows where it comes from: of a
    cluster the picture with all other places faded."""

    name: str
    manner: Manner
    picture: torch.Tensor


def variants(eye: Eye, style: torch.Tensor, seed: int = 0) -> Iterator[Variant]:
    """All variants of a style [1, 3, h, w] in 0..1, one after the other, since each takes an eye's look."""
    changed = {
        "upright": style,
        "turned 90": style.rot90(1, (2, 3)),
        "turned 45": turned(style, 45),
        "mirrored": style.flip(3),
        "coarse": coarse(style),
        "fine": fine(style),
        "warmer": toned(style, warm=0.12),
        "cooler": toned(style, warm=-0.12),
        "paler": toned(style, vivid=0.45, light=0.12),
        "other colours": toned(style, turn=120),
        "opposite colours": toned(style, turn=180),
    }
    for name, picture in changed.items():
        yield Variant(name, manner(eye, picture), picture)
    for number, share in enumerate(clusters(eye, style, CLUSTERS, seed), 1):
        shown = style * share + (0.25 * style + 0.72) * (1 - share)
        yield Variant(f"cluster {number}", manner(eye, style, share), shown)


# The picture changed


def turned(picture: torch.Tensor, degrees: float) -> torch.Tensor:
    """Its middle, turned: the largest square that has no empty corner."""
    side, angle = min(picture.shape[2:]), math.radians(degrees)
    within = side / (abs(math.cos(angle)) + abs(math.sin(angle)))
    at = (torch.arange(int(within)) - (int(within) - 1) / 2) / (side / 2)
    down, right = torch.meshgrid(at, at, indexing="ij")
    x, y = (
        right * math.cos(angle) - down * math.sin(angle),
        right * math.sin(angle) + down * math.cos(angle),
    )
    height, width = picture.shape[2:]
    grid = torch.stack([x * side / width, y * side / height], -1)[None]
    return grid_sample(picture, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def coarse(picture: torch.Tensor) -> torch.Tensor:
    """Its middle, twice as large: broad strokes."""
    height, width = picture.shape[2:]
    middle = picture[..., height // 4 : height - height // 4, width // 4 : width - width // 4]
    return scaled(middle, max(height, width))


def fine(picture: torch.Tensor) -> torch.Tensor:
    """Half as large, and four times side by side, mirrored so that no seam is seen."""
    small = scaled(picture, max(1, max(picture.shape[2:]) // 2))
    row = torch.cat([small, small.flip(3)], 3)
    return torch.cat([row, row.flip(2)], 2)


def toned(
    picture: torch.Tensor, warm: float = 0.0, vivid: float = 1.0, light: float = 0.0, turn: float = 0.0
) -> torch.Tensor:
    """Other statistics of colour: in YIQ (lightness, orange to blue, purple to green) the mean moves by `light` and `warm`, colours
    spread `vivid` times as far from grey, and `turn` in degrees turns mean and covariance of the two colour axes."""
    to, angle = torch.tensor(YIQ), math.radians(turn)
    cosine, sine = vivid * math.cos(angle), vivid * math.sin(angle)
    change = torch.tensor([[1.0 - light, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])
    moved = torch.einsum("ij,njhw->nihw", change @ to, picture) + torch.tensor([light, warm, 0.0]).view(1, 3, 1, 1)
    return torch.einsum("ij,njhw->nihw", torch.linalg.inv(to), moved).clamp(0, 1)


# Its features grouped


def clusters(eye: Eye, style: torch.Tensor, count: int, seed: int) -> list[torch.Tensor]:
    """Where each kind of place lies, [1, 1, h, w] of 0 and 1, the most frequent kind first; kinds are told by the layer of content."""
    small = scaled(style, min(GROUPED_PX, max(style.shape[2:])))
    with torch.no_grad():
        seen = eye(small, eye.plan.content)[eye.plan.content[-1]]
    seen = (seen - seen.mean((2, 3), keepdim=True)) / (seen.std((2, 3), keepdim=True) + 1e-4)
    seen = torch.nn.functional.avg_pool2d(pad(seen, (1, 1, 1, 1), mode="replicate"), 3, 1)  # places, not single strokes
    kinds = grouped(seen[0].flatten(1).T, count, seed)
    places = one_hot(kinds, count).T.reshape(1, count, *seen.shape[2:]).float()
    shares = [interpolate(places[:, kind : kind + 1], style.shape[2:], mode="nearest") for kind in range(count)]
    return sorted((share for share in shares if share.any()), key=lambda share: -share.mean().item())


def grouped(points: torch.Tensor, count: int, seed: int) -> torch.Tensor:
    """k-means: points [n, d] to the number of the group of each [n]. It begins with points far from one another (Arthur and
    Vassilvitskii 2007, k-means++)."""
    chance = torch.Generator().manual_seed(seed)
    centres = points[torch.randint(len(points), (1,), generator=chance)]
    while len(centres) < count:
        far = torch.cdist(points, centres).amin(1).square() + 1e-9
        centres = torch.cat([centres, points[torch.multinomial(far, 1, generator=chance)]])
    for _ in range(ROUNDS):
        nearest = torch.cdist(points, centres).argmin(1)
        members = one_hot(nearest, count).float()
        sizes = members.sum(0)[:, None]
        centres = torch.where(sizes > 0, members.T @ points / sizes.clamp(min=1), centres)
    return torch.cdist(points, centres).argmin(1)
