"""The noise schedule of pocket: the cosine one (arXiv:2102.09672), with v = α·ε − σ·x asked of the model (arXiv:2202.00512)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffusers import DDIMScheduler


def new_schedule() -> DDIMScheduler:
    """The noise schedule that denoiser and drawing share."""
    from diffusers import DDIMScheduler

    return DDIMScheduler(
        beta_schedule="squaredcos_cap_v2",
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=1,
    )
