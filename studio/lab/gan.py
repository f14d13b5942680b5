"""A text-conditional DCGAN: a network that paints from noise and words, and one that says whether picture and words belong together.

The two of Radford, Metz and Chintala 2016 (arXiv 1511.06434), joined with the text as Reed et al. 2016 (arXiv 1605.05396, GAN-CLS):
the critic is shown real pictures with their words, painted ones, and real ones with the words of another.
"""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, l1_loss, mse_loss

from .hearing import Hearing, Shape

NOISE = 64
SIDE_PX = 64
DECAY = 0.998  # of the average: it looks back some 500 steps
Term = Literal["l1", "features"]


def deconvolution(wide: int, out: int, first: bool = False) -> nn.Sequential:
    """Doubles the side, or makes the first 4 × 4; batch statistics, ReLU."""
    step = (4, 1, 0) if first else (4, 2, 1)
    return nn.Sequential(nn.ConvTranspose2d(wide, out, *step, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True))


def convolution(wide: int, out: int) -> nn.Sequential:
    """Halves the side; batch statistics, leaky ReLU."""
    return nn.Sequential(
        nn.Conv2d(wide, out, 4, 2, 1, bias=False), nn.BatchNorm2d(out), nn.LeakyReLU(0.2, inplace=True)
    )


class Generator(nn.Module):
    """Noise [n, 64] and text [n, text] to pictures [n, 3, 64, 64] in -1..1."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        wide = shape.width
        self.hear = Hearing(shape)
        self.paint = nn.Sequential(
            deconvolution(NOISE + shape.squeezed, 8 * wide, first=True),
            deconvolution(8 * wide, 4 * wide),
            deconvolution(4 * wide, 2 * wide),
            deconvolution(2 * wide, wide),
            nn.ConvTranspose2d(wide, 3, 4, 2, 1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        joined = torch.cat([noise, self.hear(text)], 1)
        return self.paint(joined[:, :, None, None])


class Critic(nn.Module):
    """Pictures [n, 3, 64, 64] and text [n, text] to a logit each, high for real pictures of that text, and the features before."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        wide = shape.width
        self.hear = Hearing(shape)
        self.look = nn.Sequential(
            nn.Sequential(nn.Conv2d(3, wide, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)),
            convolution(wide, 2 * wide),
            convolution(2 * wide, 4 * wide),
            convolution(4 * wide, 8 * wide),
        )
        self.judge = nn.Sequential(
            nn.Conv2d(8 * wide + shape.squeezed, 8 * wide, 1),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(8 * wide, 1, 4),
        )

    def forward(self, pictures: torch.Tensor, text: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.look(pictures)
        return self.say(features, text), features

    def say(self, features: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        """The logits of pictures whose features are known."""
        words = self.hear(text)[:, :, None, None].expand(-1, -1, *features.shape[2:])
        return self.judge(torch.cat([features, words], 1)).flatten()


def critic_loss(
    critic: Critic,
    real: torch.Tensor,
    painted: torch.Tensor,
    text: torch.Tensor,
    wrong: torch.Tensor,
    smooth: float = 0.9,
) -> torch.Tensor:
    """Matching-aware: real with its text is right; painted, and real with another text, are each half of what is wrong
    (Reed et al., algorithm 1). What is right counts as `smooth` in place of 1 (Salimans et al. 2016)."""
    right, features = critic(real, text)
    mismatched, false = critic.say(features, wrong), critic(painted.detach(), text)[0]
    yes, no = torch.full_like(right, smooth), torch.zeros_like(right)
    bce = binary_cross_entropy_with_logits
    return bce(right, yes) + 0.5 * (bce(mismatched, no) + bce(false, no))


def generator_loss(
    critic: Critic, real: torch.Tensor, painted: torch.Tensor, text: torch.Tensor, terms: dict[Term, float]
) -> torch.Tensor:
    """To be taken for real; and with `terms`, by their weights, to be near the real picture in its pixels (L1) and in the mean of the
    critic's features (MSE; Salimans et al. 2016, feature matching)."""
    said, features = critic(painted, text)
    loss = binary_cross_entropy_with_logits(said, torch.ones_like(said))
    if weight := terms.get("l1"):
        loss = loss + weight * l1_loss(painted, real)
    if weight := terms.get("features"):
        with torch.no_grad():
            wanted = critic.look(real).mean(0)
        loss = loss + weight * mse_loss(features.mean(0), wanted)
    return loss


def begin(network: nn.Module) -> None:
    """Weights as DCGAN begins: normal with 0.02, batch statistics around 1."""
    for part in network.modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(part.weight, 0.0, 0.02)
        elif isinstance(part, nn.BatchNorm2d):
            nn.init.normal_(part.weight, 1.0, 0.02)
            nn.init.zeros_(part.bias)


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, step: int, decay: float = DECAY) -> None:
    """Draws the exponential moving average after the network, the faster the younger it is; what is no weight is copied."""
    decay = min(decay, (1 + step) / (10 + step))
    new: dict[str, Any] = network.state_dict()
    for name, old in average.state_dict().items():
        old.lerp_(new[name], 1 - decay) if old.is_floating_point() else old.copy_(new[name])
