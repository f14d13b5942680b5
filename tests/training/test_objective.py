from __future__ import annotations

import pytest
import torch
from diffusers import DDIMScheduler

from studio.training.objective import make_objective

ZERO_SNR = {"prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "beta_schedule": "scaled_linear"}


def objective(**config: object):
    return make_objective(DDIMScheduler(**config), 5.0, torch.device("cpu"))


@pytest.mark.parametrize("config", [ZERO_SNR, {"prediction_type": "epsilon"}, {"prediction_type": "v_prediction"}])
def test_noise_and_target_are_those_of_the_scheduler(config: dict[str, object]) -> None:
    scheduler, ours = DDIMScheduler(**config), objective(**config)
    latents, noise = torch.randn(2, 3, 4, 8, 8)
    times = torch.tensor([0, 400, 999])
    v = scheduler.get_velocity(latents, noise, times)
    assert torch.allclose(ours.noisy(latents, noise, times), scheduler.add_noise(latents, noise, times), atol=1e-6)
    assert torch.allclose(ours.target(latents, noise, times), noise if ours.kind == "epsilon" else v, atol=1e-6)


@pytest.mark.parametrize("config", [ZERO_SNR, {"prediction_type": "epsilon"}])
def test_weights_are_finite_and_one_on_average(config: dict[str, object]) -> None:
    weights = objective(**config).weights
    assert weights.isfinite().all() and weights.mean() == pytest.approx(1.0, abs=1e-4)


def test_a_perfect_answer_has_no_loss() -> None:
    target = torch.randn(2, 4, 8, 8)
    assert objective(**ZERO_SNR).loss(target, target, torch.tensor([10, 900])) == 0


def test_another_kind_of_prediction_is_refused() -> None:
    with pytest.raises(ValueError, match="'sample'"):
        objective(prediction_type="sample")
