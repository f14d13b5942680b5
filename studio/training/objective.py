"""What the UNet is asked to say about a noisy latent, and how much each noise level counts.

x_t = √ᾱ_t · x + √(1 - ᾱ_t) · ε. The base model keeps its own way of predicting: ε, or v = √ᾱ_t · ε - √(1 - ᾱ_t) · x
(arXiv 2202.00512), which alone has an answer at zero terminal SNR, where x_T is nothing but noise (arXiv 2305.08891).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from diffusers import SchedulerMixin


@dataclass(frozen=True, slots=True)
class Objective:
    """`signal` = √ᾱ, `noise` = √(1 - ᾱ), `weights`: each (times,), float32, for t = 0 … times - 1."""

    kind: str  # "epsilon" or "v_prediction"
    signal: torch.Tensor
    noise: torch.Tensor
    weights: torch.Tensor

    @property
    def times(self) -> int:
        return len(self.signal)

    def noisy(self, latents: torch.Tensor, noise: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
        """x_t for latents and noise (batch, channels, height, width) and times (batch,)."""
        return _at(self.signal, times) * latents + _at(self.noise, times) * noise

    def target(self, latents: torch.Tensor, noise: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
        """What a perfect model would answer, shaped like the latents."""
        if self.kind == "epsilon":
            return noise
        return _at(self.signal, times) * noise - _at(self.noise, times) * latents

    def loss(
        self, predicted: torch.Tensor, target: torch.Tensor, times: torch.Tensor, places: torch.Tensor | float = 1.0
    ) -> torch.Tensor:
        """Weighted mean of squares over the batch, a scalar; `places` (batch, 1, height, width) weigh within a picture."""
        squares = ((predicted - target).square() * places).mean(dim=(1, 2, 3))
        return (self.weights[times] * squares).mean()


def make_objective(scheduler: SchedulerMixin, gamma: float, device: torch.device) -> Objective:
    """The objective of the base model with min-SNR-γ weights, which are 1 on average over all times.

    min(SNR, γ) / SNR for ε, (min(SNR, γ) + 1) / (SNR + 1) for v: the loss of v weighs the picture by SNR + 1 (appendix D
    of arXiv 2202.00512), which is what is capped. With min(SNR, γ) / (SNR + 1), as is usual, nothing is learnt where there
    is hardly any signal; but there a hero's shape and colours are decided, and who else is in the picture: others took
    after the hero by 13 % of the hero's own rise with it, by 5 % so. Raises ValueError for another kind of prediction.
    """
    import torch

    kind = scheduler.config.prediction_type
    alphas = scheduler.alphas_cumprod.double()
    snr = alphas / (1 - alphas)
    if kind == "epsilon":
        weights = (gamma / snr).clamp(max=1.0)
    elif kind == "v_prediction":
        weights = (snr.clamp(max=gamma) + 1) / (snr + 1)
    else:
        raise ValueError(f"prediction_type '{kind}' is neither 'epsilon' nor 'v_prediction'")
    tables = (alphas.sqrt(), (1 - alphas).sqrt(), weights / weights.mean())
    return Objective(kind, *(table.to(device, torch.float32) for table in tables))


def _at(table: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
    """The table's values at these times, ready to multiply (batch, channels, height, width)."""
    return table[times][:, None, None, None]
