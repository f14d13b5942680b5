"""The samplers by the names that people know them under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diffusers import SchedulerMixin

    from ..models.table import BaseModel

# name → diffusers class and what is set beyond the model's own schedule. Only classes that understand v-prediction and
# a terminal signal-to-noise of zero are listed, because the pocket model is trained with both.
SAMPLERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ddim": ("DDIMScheduler", {}),
    "ddpm": ("DDPMScheduler", {}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler a": ("EulerAncestralDiscreteScheduler", {}),
    "dpm++ 2m": ("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++"}),
    "dpm++ 2m karras": ("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++", "use_karras_sigmas": True}),
    "dpm++ 2m sde": ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}),
    "unipc": ("UniPCMultistepScheduler", {}),
    "lcm": ("LCMScheduler", {}),
}


def check_sampler(name: str, model: BaseModel | None = None) -> str:
    """The name as the table writes it. Raises BadInput, which lists the names, for one that is unknown or that the model
    cannot use."""
    plain = " ".join(str(name).lower().replace("_", " ").split())
    if plain not in SAMPLERS:
        raise BadInput("There is no sampler '{name}'. Choose one of: {known}.", name=name, known=", ".join(SAMPLERS))
    return plain


def make_sampler(name: str, config: Mapping[str, Any]) -> SchedulerMixin:
    """A fresh scheduler of that name on the model's own noise schedule. Raises BadInput."""
    import diffusers

    class_name, options = SAMPLERS[check_sampler(name)]
    return getattr(diffusers, class_name).from_config(config, **options)
