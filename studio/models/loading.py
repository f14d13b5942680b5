"""Where a base model's weights lie, what identifies them, and how they become a pipeline. Nothing is downloaded.

The embedded model is read by plain `StableDiffusionPipeline.from_pretrained`. A folder that the person brought is read
part by part with the classes that `families` names, so that nothing written in its `model_index.json` can choose code to
run, and only from `.safetensors`, never from pickles.
"""

from __future__ import annotations

import hashlib
import json
import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BadInput, NotReady
from ..settings import ASSETS, Settings, load_settings
from .device import best_device
from .families import FAMILIES, Part
from .ledger import damaged, digests
from .placing import place, take_any_precision
from .table import BaseModel
from .weights import is_whole

if TYPE_CHECKING:
    import torch

    from .memory import MemoryPlan


def model_folder(model: BaseModel, settings: Settings) -> Path:
    """The folder of the model's weights. Raises NotReady, which says how to bring them."""
    if model.embedded:
        folder = Path(os.environ.get("STUDIO_POCKET") or ASSETS / "pocket")
    else:
        folder = settings.models / model.key
    if (folder / "model_index.json").is_file() and any(folder.glob(f"{model.network}/*.safetensors")):
        return folder
    raise _absent(model, folder)


def model_revision(model: BaseModel, settings: Settings | None = None) -> str:
    """Twelve hex digits that stand for the model's weights and configuration. Raises NotReady."""
    folder = model_folder(model, settings or load_settings())
    digest = hashlib.sha256()
    for name, sha256 in digests(folder, noted=not model.embedded).items():
        digest.update(f"{name} {sha256}\n".encode())
    return digest.hexdigest()[:12]


def load_pipeline(
    model: BaseModel,
    settings: Settings,
    unet_dtype: torch.dtype | None = None,
    quantised: bool = False,
    plan: MemoryPlan | None = None,
) -> Any:
    """The model's pipeline of diffusers on the best device, in eval mode and frozen.

    The network that denoises is in `unet_dtype` (default float32, for training), and so are the language models of the newer
    families, which would not fit otherwise; all else is float32: a decoder in bf16 halves the steps between two shades of a
    flat colour. `quantised` asks for a UNet in four bits, to be trained through (QLoRA); it is had where bitsandbytes and a
    graphics card are there and the model is one that a person brought. `plan` says what lies on the card at a time; without
    one all of it does. Raises NotReady, BadInput.
    """
    import torch

    _quiet()
    folder = model_folder(model, settings)
    four_bits = quantised and not model.embedded and can_quantise()
    dtype = torch.float32 if four_bits else unet_dtype or torch.float32
    pipeline = _embedded(folder) if model.embedded else _brought(model, folder, dtype, four_bits)
    pipeline.set_progress_bar_config(disable=True)
    if not four_bits:
        network_of(pipeline).to(dtype=dtype)
    if model.network == "unet":
        pipeline.vae.to(memory_format=torch.channels_last)
    else:
        take_any_precision(pipeline.vae)
    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval().requires_grad_(False)
    return place(pipeline, plan, best_device().name)


def network_of(pipeline: Any) -> torch.nn.Module:
    """The part of a pipeline that denoises, and that wears adapters."""
    return getattr(pipeline, "unet", None) or pipeline.transformer


def can_quantise() -> bool:
    """Whether a UNet can be loaded in four bits here."""
    import torch

    return torch.cuda.is_available() and find_spec("bitsandbytes") is not None


def _four_bits() -> dict[str, Any]:
    """How a UNet is quantised: NF4 with its scales quantised too, computing in the card's half precision (arXiv 2305.14314)."""
    from diffusers import BitsAndBytesConfig

    config = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=best_device().drawing_dtype,
    )
    return {"quantization_config": config}


def _quiet() -> None:
    """The libraries' notes to programmers stay off the person's terminal."""
    import diffusers.utils.logging
    import transformers.utils.logging

    diffusers.utils.logging.set_verbosity_error()
    transformers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()


def _embedded(folder: Path) -> Any:
    import torch
    from diffusers import StableDiffusionPipeline

    return StableDiffusionPipeline.from_pretrained(
        folder,
        local_files_only=True,
        use_safetensors=True,
        dtype=torch.float32,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _brought(model: BaseModel, folder: Path, dtype: torch.dtype, four_bits: bool) -> Any:
    """A person's own folder, part by part with fixed classes."""
    import diffusers

    _check(model, folder)
    family = FAMILIES[model.family]
    parts = {}
    for part in family.parts:
        is_network = part.folder == family.network
        halved = is_network or (family.network != "unet" and part.folder.startswith("text_encoder"))
        more = _four_bits() if four_bits and is_network else {}
        parts[part.folder] = _read(part, model, folder, dtype if halved else None, **more)
    return getattr(diffusers, family.pipeline)(**parts, **dict(family.given))


def _read(part: Part, model: BaseModel, folder: Path, dtype: torch.dtype | None, **more: Any) -> Any:
    """One part of the model. Raises BadInput."""
    import torch
    from huggingface_hub.errors import StrictDataclassError
    from safetensors import SafetensorError

    options: dict[str, Any] = {"local_files_only": True, **more}
    if part.weighs:
        options |= {"use_safetensors": True, "dtype": dtype or torch.float32}
    reader = getattr(import_module(part.library), part.class_name)
    unreadable = (
        OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError, StrictDataclassError,
    )  # fmt: skip
    try:
        for settings in ("config.json", "scheduler_config.json"):
            if (path := folder / part.folder / settings).is_file() and not isinstance(
                json.loads(path.read_bytes()), dict
            ):
                raise ValueError("the settings are no object")
        return reader.from_pretrained(folder / part.folder, **options)
    except unreadable as error:
        if isinstance(error, torch.OutOfMemoryError):
            raise
        raise BadInput(
            "The part '{part}' of {model} cannot be read. Download that folder again, "
            "with its .safetensors and .json files; nothing else was changed.",
            part=part.folder,
            model=model.title,
        ) from error


def _check(model: BaseModel, folder: Path) -> None:
    """Raises BadInput for a file that was cut off, or that is not what came any more."""
    for file in sorted(folder.glob("*/*.safetensors")):
        if not is_whole(file):
            raise BadInput(
                "The file '{name}' of {model} is not whole: its end is missing. Get it again with: "
                "python -m studio models get {key}; the other files are kept.",
                name=file.relative_to(folder).as_posix(),
                model=model.title,
                key=model.key,
            )
    for name in damaged(folder):
        raise changed(name, model)


def changed(name: str, model: BaseModel) -> BadInput:
    """For a file that is there and is not what came."""
    if model.repo:
        return BadInput(
            "The file '{name}' of {model} is not what was downloaded: it was changed or damaged on the disk. Get it again "
            "with: python -m studio models get {key}; only what is damaged is fetched, and your books are safe.",
            name=name,
            model=model.title,
            key=model.key,
        )
    return BadInput(
        "The file '{name}' of {model} is not what was imported: it was changed or damaged on the disk. Remove the model with: "
        "python -m studio models remove {key}, and import its file again; your books are safe.",
        name=name,
        model=model.title,
        key=model.key,
    )


def _absent(model: BaseModel, folder: Path) -> NotReady:
    """How to bring what is not there, or not all of it."""
    if model.embedded:
        return NotReady(
            "The weights of the pocket model are missing. Fetch the studio again, whole; your books are safe."
        )
    if not model.repo:
        return NotReady("{title} is not whole here any more. Import its file again.", title=model.title)
    if folder.is_dir() and any(folder.rglob("*.safetensors")):
        return NotReady(
            "{title} is only half here: '{part}' is missing. Get the rest with: python -m studio models get {key}; "
            "what is there is kept.",
            title=model.title,
            part=model.network if (folder / "model_index.json").is_file() else "model_index.json",
            key=model.key,
        )
    return NotReady(
        "{title} is not here yet. Get it with: python -m studio models get {key}. Or download '{repo}' in the diffusers "
        "layout with its .safetensors files, and put them in a folder named '{key}' inside 'models' in the studio's folder.",
        title=model.title,
        repo=model.repo,
        key=model.key,
    )
