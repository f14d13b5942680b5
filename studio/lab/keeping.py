"""How much of the content is still there: whether edges lie where they lay.

A style changes colours, so pictures are compared by their edges alone: structural similarity (Wang, Bovik, Sheikh and Simoncelli 2004,
equation 13) of the magnitudes of the Sobel gradient of luminance.
"""

from __future__ import annotations

import torch
from torch.nn.functional import conv2d, pad

LUMINANCE = (0.299, 0.587, 0.114)
WINDOW, SIGMA = 11, 1.5  # of the Gaussian in which means and deviations are taken, as in the paper
FINE = 1e-8  # the root has no slope at 0
STEADY = (0.01**2, 0.03**2)  # C1 and C2 for values in 0..1


def edges(picture: torch.Tensor) -> torch.Tensor:
    """A picture [1, 3, h, w] in 0..1 to the strength of its edges [1, 1, h, w] in 0..1, 1 being a step from black to white."""
    weights = torch.tensor(LUMINANCE, dtype=picture.dtype).view(1, 3, 1, 1)
    light = pad((picture * weights).sum(1, keepdim=True), (1, 1, 1, 1), mode="replicate")
    sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]], dtype=picture.dtype) / 4
    return conv2d(light, torch.stack([sobel, sobel.T])[:, None]).square().sum(1, keepdim=True).add(FINE).sqrt()


def edges_kept(content: torch.Tensor, result: torch.Tensor) -> float:
    """The structural similarity of the edges of two pictures [1, 3, h, w] in 0..1 of the same size: 1 when they are the same."""
    return similarity(edges(content), edges(result))


def similarity(one: torch.Tensor, other: torch.Tensor) -> float:
    """The mean structural similarity of two [1, 1, h, w] with values in 0..1; only windows that lie inside count."""
    steady_mean, steady_deviation = STEADY
    mean_one, mean_other = _around(one), _around(other)
    deviation_one = _around(one.square()) - mean_one.square()
    deviation_other = _around(other.square()) - mean_other.square()
    together = _around(one * other) - mean_one * mean_other
    means = (2 * mean_one * mean_other + steady_mean) / (mean_one.square() + mean_other.square() + steady_mean)
    shapes = (2 * together + steady_deviation) / (deviation_one + deviation_other + steady_deviation)
    return (means * shapes).mean().item()


def _around(values: torch.Tensor) -> torch.Tensor:
    """The mean around each place, weighed by a Gaussian."""
    size = min(WINDOW, *values.shape[2:])
    at = torch.arange(size, dtype=values.dtype) - (size - 1) / 2
    bell = torch.exp(-at.square() / (2 * SIGMA**2))
    bell = bell / bell.sum()
    return conv2d(conv2d(values, bell.view(1, 1, 1, -1)), bell.view(1, 1, -1, 1))
