"""The base models that the studio can draw and train with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseModel:
    """One base model and the numbers it draws best with. `repo` is empty for the model that ships with the studio."""

    key: str  # what the command line takes and the folder's name under the user's models
    title: str
    family: Literal["pocket", "sd", "sdxl"]  # which classes its parts are made of
    repo: str = ""  # where the person finds it, as owner/name
    revision: str = ""  # the commit of that repository that was tried
    native_size_px: int
    guidance: float
    steps: int
    sampler: str
    licence: str
    memory_gb: float  # needed while drawing, weights included
    draft_steps: int = 0  # with its few-step LoRA, without guidance; 0 where it has none
    style_blocks: str = ""  # how the names of the layers begin that hold the style; empty where nobody knows

    @property
    def size_unit_px(self) -> int:
        """Widths and heights divide by this: one cell of the coarsest grid on which the family's UNet works."""
        return {"pocket": 32, "sd": 64, "sdxl": 32}[self.family]

    @property
    def embedded(self) -> bool:
        return not self.repo


BASE_MODELS: tuple[BaseModel, ...] = (
    BaseModel(
        key="pocket",
        title="Pocket",
        family="pocket",
        native_size_px=256,
        guidance=4.5,
        steps=24,
        sampler="ddim",
        licence="Apache-2.0",
        memory_gb=1.0,
        draft_steps=4,
    ),
    BaseModel(
        key="sd15",
        title="Stable Diffusion 1.5",
        family="sd",
        repo="stable-diffusion-v1-5/stable-diffusion-v1-5",
        revision="451f4fe16113bff5a5d2269ed5ad43b0592e9a14",
        native_size_px=512,
        guidance=7.5,
        steps=28,
        sampler="dpm++ 2m",
        licence="CreativeML Open RAIL-M",
        memory_gb=4.0,
    ),
    BaseModel(
        key="sdxl",
        title="Stable Diffusion XL",
        family="sdxl",
        repo="stabilityai/stable-diffusion-xl-base-1.0",
        revision="462165984030d82259a11f4367a4eed129e94a7b",
        native_size_px=1024,
        guidance=6.0,
        steps=30,
        sampler="dpm++ 2m",
        licence="CreativeML Open RAIL++-M",
        memory_gb=10.0,
        style_blocks="up_blocks.0.attentions.1.",  # B-LoRA, arXiv 2403.14572
    ),
)


def base_model(key: str) -> BaseModel:
    """The model of that key. Raises NotFound, which lists the keys."""
    for model in BASE_MODELS:
        if model.key == key:
            return model
    known = ", ".join(model.key for model in BASE_MODELS)
    raise NotFound("There is no base model '{key}'. Choose one of: {known}.", key=key, known=known)
