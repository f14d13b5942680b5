"""Where a base model's weights lie, what identifies them, and how they become a pipeline. Nothing is downloaded.

The embedded model is read by plain `StableDiffusionPipeline.from_pretrained`. A folder that the person brought is read
part by part with classes named here, so that nothing written in its `model_index.json` can choose code to run, and only
from `.safetensors`, never from pickles.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import BadInput, NotReady
from ..settings import ASSETS, Settings, load_settings
from .device import best_device
from .table import BaseModel

if TYPE_CHECKING:
    import torch
    from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline

Part = TypeVar("Part")
DIGEST_BYTES = 1 << 22


def model_folder(model: BaseModel, settings: Settings) -> Path:
    """The folder of the model's weights. Raises NotReady, which says how to bring them."""
    if model.embedded:
        folder = Path(os.environ.get("STUDIO_POCKET") or ASSETS / "pocket")
    else:
        folder = settings.models / model.key
    if (folder / "model_index.json").is_file() and any(folder.glob("unet/*.safetensors")):
        return folder
    if model.embedded:
        raise NotReady(
            "The weights of the pocket model are missing. Fetch the studio again, whole; your books are safe."
        )
    raise NotReady(
        "{title} is not here yet. Download '{repo}' in the diffusers layout with its .safetensors files, "
        "and put them in a folder named '{key}' inside 'models' in the studio's folder.",
        title=model.title,
        repo=model.repo,
        key=model.key,
    )


def model_revision(model: BaseModel, settings: Settings | None = None) -> str:
    """Twelve hex digits that stand for the model's weights and configuration. Raises NotReady.

    The upscaler does not count: it enlarges what is drawn, so that a better one leaves every picture up to date.
    """
    folder = model_folder(model, settings or load_settings())
    kept = (path for path in folder.rglob("*") if "upscaler" not in path.relative_to(folder).parts)
    found = sorted(path for path in kept if path.suffix in {".safetensors", ".json", ".txt"})
    digest = hashlib.sha256()
    for path in found:
        stat = path.stat()
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name} {_file_digest(path, stat.st_size, stat.st_mtime_ns)}\n".encode())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=256)
def _file_digest(path: Path, size: int, mtime_ns: int) -> str:
    """The sha256 of a file; size and time are there to notice that it changed."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(DIGEST_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def load_pipeline(
    model: BaseModel, settings: Settings, unet_dtype: torch.dtype | None = None, quantised: bool = False
) -> StableDiffusionPipeline | StableDiffusionXLPipeline:
    """The model on the best device, in eval mode and frozen.

    All parts are float32 but the UNet, which is in `unet_dtype` (default float32, for training): a decoder in bf16
    halves the steps between two shades of a flat colour. `quantised` asks for a UNet in four bits, to be trained through
    (QLoRA); it is had where bitsandbytes and a graphics card are there and the model is one that a person brought.
    Raises NotReady, BadInput.
    """
    import torch

    _quiet()
    folder = model_folder(model, settings)
    four_bits = quantised and not model.embedded and can_quantise()
    pipeline = _embedded(folder) if model.embedded else _brought(model, folder, four_bits)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.to(best_device().name)
    if not four_bits:
        pipeline.unet.to(dtype=unet_dtype or torch.float32)
    pipeline.vae.to(memory_format=torch.channels_last)
    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval().requires_grad_(False)
    return pipeline


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


def _embedded(folder: Path) -> StableDiffusionPipeline:
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


def _brought(
    model: BaseModel, folder: Path, four_bits: bool = False
) -> StableDiffusionPipeline | StableDiffusionXLPipeline:
    """A person's own folder, part by part with fixed classes."""
    from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline
    from diffusers import UNet2DConditionModel as UNet
    from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

    parts: dict[str, Any] = {
        "vae": _part(AutoencoderKL.from_pretrained, model, folder / "vae"),
        "text_encoder": _part(CLIPTextModel.from_pretrained, model, folder / "text_encoder"),
        "tokenizer": _part(CLIPTokenizer.from_pretrained, model, folder / "tokenizer", weights=False),
        "unet": _part(UNet.from_pretrained, model, folder / "unet", **(_four_bits() if four_bits else {})),
        "scheduler": _part(DDIMScheduler.from_pretrained, model, folder / "scheduler", weights=False),
    }
    if model.family == "sd":
        return StableDiffusionPipeline(
            **parts, safety_checker=None, feature_extractor=None, requires_safety_checker=False
        )
    second = _part(CLIPTextModelWithProjection.from_pretrained, model, folder / "text_encoder_2")
    tokenizer = _part(CLIPTokenizer.from_pretrained, model, folder / "tokenizer_2", weights=False)
    return StableDiffusionXLPipeline(**parts, text_encoder_2=second, tokenizer_2=tokenizer)


def _part(load: Callable[..., Part], model: BaseModel, folder: Path, weights: bool = True, **more: Any) -> Part:
    import torch
    from safetensors import SafetensorError

    options: dict[str, Any] = {"local_files_only": True, **more}
    if weights:
        options |= {"use_safetensors": True, "dtype": torch.float32}
    try:
        return load(folder, **options)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise BadInput(
            "The part '{part}' of {model} cannot be read. Download that folder again, "
            "with its .safetensors and .json files; nothing else was changed.",
            part=folder.name,
            model=model.title,
        ) from error
