"""Every sampler draws with v-prediction from pure noise to numbers that are finite."""

from __future__ import annotations

import pytest

from studio.errors import BadInput
from studio.rendering.samplers import SAMPLERS, check_sampler, make_sampler

POCKET = {
    "prediction_type": "v_prediction",
    "rescale_betas_zero_snr": True,
    "timestep_spacing": "trailing",
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
}


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_perfect_model_is_followed_to_its_picture(name):
    import torch

    wanted = torch.linspace(-1, 1, 64).reshape(1, 1, 8, 8)
    sampler = make_sampler(name, POCKET)
    sampler.set_timesteps(20)
    source = torch.Generator().manual_seed(0)
    latents = torch.randn(wanted.shape, generator=source) * sampler.init_noise_sigma
    options = {} if name in ("unipc",) else {"generator": source}
    for time in sampler.timesteps:
        seen = sampler.scale_model_input(latents, time)
        share = sampler.alphas_cumprod[int(time)]
        # v for a model that knows the picture: noise is what is left of what it sees
        noise = (seen - share.sqrt() * wanted) / (1 - share).sqrt()
        latents = sampler.step(share.sqrt() * noise - (1 - share).sqrt() * wanted, time, latents, **options)[0]
    assert (latents - wanted).abs().max() < 0.1


def test_names_are_read_in_any_spelling():
    assert check_sampler("DPM++_2M") == "dpm++ 2m"


def test_an_unknown_sampler_is_told_the_known_ones():
    with pytest.raises(BadInput, match=r"no sampler 'magic'.*ddim, ddpm, euler"):
        check_sampler("magic")
