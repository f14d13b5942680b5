"""The base models that the studio can draw and train with, and those that a person brought under a name of their own."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ..errors import BadInput, NotFound
from ..settings import load_settings
from .families import FAMILIES, FamilyName

OWN = "own.json"  # in the folder of a model that a person brought from a file
Printing = Literal["yes", "limited", "no", "unknown"]  # whether its licence lets pictures be sold
FLOW_SAMPLER = "euler"  # flow matching is followed by Euler steps


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseModel:
    """One base model and the numbers it draws best with. `repo` is empty for one that is not downloaded."""

    key: str  # what the command line takes and the folder's name under the user's models
    title: str
    family: FamilyName  # which classes its parts are made of
    repo: str = ""  # where the person finds it, as owner/name
    revision: str = ""  # the commit of that repository that is downloaded
    native_size_px: int
    guidance: float
    steps: int
    sampler: str
    licence: str
    printing: Printing = "yes"
    billions: tuple[float, float, float]  # of numbers: in the network, in all that reads words, in the decoder
    download_gb: float = 0.0
    variant: str = (
        ""  # of the weights in that repository: "fp16" takes half the room, and nothing that drawing would use
    )
    asks_consent: bool = False  # its licence has to be accepted on the site before anything is given
    draft_steps: int = 0  # in few steps, without guidance; 0 where it cannot
    distilled: bool = False  # it always draws in few steps, without guidance and without a LoRA for it
    style_blocks: str = ""  # how the names of the layers begin that hold the style; empty where nobody knows

    @property
    def size_unit_px(self) -> int:
        """Widths and heights divide by this."""
        return FAMILIES[self.family].unit_px

    @property
    def network(self) -> str:
        """The part that denoises: "unet" or "transformer"."""
        return FAMILIES[self.family].network

    @property
    def embedded(self) -> bool:
        return self.family == "pocket"

    @property
    def teachable(self) -> bool:
        """Whether the studio can teach it: every UNet that draws."""
        return self.network == "unet" and self.family != "refiner"

    @property
    def page(self) -> str:
        """Where its makers tell about it; empty where it is not downloaded."""
        return f"https://huggingface.co/{self.repo}" if self.repo else ""


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
        billions=(0.019, 0.003, 0.001),
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
        billions=(0.860, 0.123, 0.084),
        download_gb=2.2,
        variant="fp16",
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
        billions=(2.567, 0.818, 0.084),
        download_gb=7.0,
        variant="fp16",
        style_blocks="up_blocks.0.attentions.1.",  # B-LoRA, arXiv 2403.14572
    ),
    BaseModel(
        key="flux2-klein",
        title="FLUX.2 klein 4B",
        family="flux2",
        repo="black-forest-labs/FLUX.2-klein-4B",
        revision="e7b7dc27f91deacad38e78976d1f2b499d76a294",
        native_size_px=1024,
        guidance=1.0,
        steps=4,
        sampler=FLOW_SAMPLER,
        licence="Apache-2.0",
        billions=(3.876, 4.022, 0.084),
        download_gb=16.0,
        draft_steps=4,
        distilled=True,
    ),
    BaseModel(
        key="z-image-turbo",
        title="Z-Image Turbo",
        family="zimage",
        repo="Tongyi-MAI/Z-Image-Turbo",
        revision="f332072aa78be7aecdf3ee76d5c247082da564a6",
        native_size_px=1024,
        guidance=1.0,
        steps=8,
        sampler=FLOW_SAMPLER,
        licence="Apache-2.0",
        billions=(6.155, 4.022, 0.084),
        download_gb=32.9,
        draft_steps=8,
        distilled=True,
    ),
    BaseModel(
        key="qwen-image",
        title="Qwen-Image",
        family="qwen",
        repo="Qwen/Qwen-Image",
        revision="75e0b4be04f60ec59a75f475837eced720f823b6",
        native_size_px=1328,
        guidance=4.0,
        steps=40,
        sampler=FLOW_SAMPLER,
        licence="Apache-2.0",
        billions=(20.430, 8.292, 0.127),
        download_gb=57.7,
    ),
    BaseModel(
        key="sd35-medium",
        title="Stable Diffusion 3.5 medium",
        family="sd3",
        repo="stabilityai/stable-diffusion-3.5-medium",
        revision="b940f670f0eda2d07fbb75229e779da1ad11eb80",
        native_size_px=1024,
        guidance=4.5,
        steps=40,
        sampler=FLOW_SAMPLER,
        licence="Stability AI Community License",
        printing="limited",  # free below a yearly income of a million US dollars
        billions=(2.470, 5.580, 0.084),
        download_gb=16.3,
        asks_consent=True,
    ),
    BaseModel(
        key="sana",
        title="SANA 1.5 1.6B",
        family="sana",
        repo="Efficient-Large-Model/SANA1.5_1.6B_1024px_diffusers",
        revision="caa51e5ea874be07d3a9c7c2d0fd800570b18440",
        native_size_px=1024,
        guidance=4.5,
        steps=20,
        sampler="dpm++ 2m",
        licence="NVIDIA License (non-commercial)",
        printing="no",
        billions=(1.605, 2.614, 0.313),
        download_gb=9.7,
    ),
)
REFINER = BaseModel(  # draws nothing of its own: it goes over what another model began
    key="sdxl-refiner",
    title="Stable Diffusion XL refiner",
    family="refiner",
    repo="stabilityai/stable-diffusion-xl-refiner-1.0",
    revision="5d4cfe854c9a9a87939ff3653551c2b3c99a4356",
    native_size_px=1024,
    guidance=6.0,
    steps=30,
    sampler="dpm++ 2m",
    licence="CreativeML Open RAIL++-M",
    billions=(2.260, 0.695, 0.084),
    download_gb=6.1,
    variant="fp16",
)


def base_model(key: str) -> BaseModel:
    """The model of that key that can draw. Raises NotFound, which lists the keys."""
    found = next((model for model in BASE_MODELS if model.key == key), None) or _own(key)
    return found or _missing(key)


def teachable_model(key: str) -> BaseModel:
    """The model of that key that can be taught. Raises NotFound, and BadInput for one that cannot."""
    model = base_model(key)
    if not model.teachable:
        known = ", ".join(one.key for one in BASE_MODELS if one.teachable)
        raise BadInput(
            "{model} can be drawn with, but not taught here: teaching is for models with a UNet. Choose one of: {known}. "
            "A LoRA that was made elsewhere for {model} can be brought.",
            model=model.title,
            known=known,
        )
    return model


def any_model(key: str) -> BaseModel:
    """The same, also for one that only goes over the work of another."""
    return REFINER if key == REFINER.key else base_model(key)


def known_models() -> tuple[BaseModel, ...]:
    """All that can draw: those of the table and those that the person brought, by title."""
    folders = _models_folder().glob(f"*/{OWN}")
    brought = [own for path in folders if (own := _own(path.parent.name)) and not _tabled(own.key)]
    return (*BASE_MODELS, *sorted(brought, key=lambda model: (model.title, model.key)))


def own_model(key: str, title: str, like: str) -> BaseModel:
    """A model of the person's own that is made as the one in the table is. Nobody here knows its licence."""
    return replace(
        base_model(like), key=key, title=title, repo="", revision="", licence="", printing="unknown",
        download_gb=0.0, variant="", asks_consent=False,
    )  # fmt: skip


def _own(key: str) -> BaseModel | None:
    """The person's own model of that key, as the note in its folder says; None for a note that says nothing."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        if re.fullmatch(r"[a-z0-9-]+", key):  # as `files.slug` makes it: a key never leads out of the folder
            told = json.loads((_models_folder() / key / OWN).read_text(encoding="utf-8"))
            if _tabled(str(told["like"])):
                return own_model(key, str(told["title"]), str(told["like"]))
    return None


def _tabled(key: str) -> bool:
    return any(model.key == key for model in BASE_MODELS)


def _models_folder() -> Path:
    return load_settings().models


def _missing(key: str) -> BaseModel:
    known = ", ".join(model.key for model in known_models())
    raise NotFound("There is no base model '{key}'. Choose one of: {known}.", key=key, known=known)
