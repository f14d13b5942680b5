"""The parts that training leaves in a build folder become the model that ships: float16 safetensors in diffusers' layout."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ..errors import NotReady
from ..files import atomic_write

LIMIT_MB = 48.0


def ship(build: Path, out: Path) -> float:
    """Writes `out` so that `StableDiffusionPipeline.from_pretrained(out)` loads it; gives the megabytes of all weights.

    The classifier of the evaluation lies beside the model, in `out/reader`.
    """
    import torch
    from diffusers import AutoencoderTiny, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    from .denoiser import new_schedule

    missing = [part for part in ("vae", "text_encoder", "tokenizer", "unet", "reader") if not (build / part).is_dir()]
    if missing:
        raise NotReady(
            "Pocket cannot ship yet: '{parts}' is not trained. Run 'pocket train' first.", parts=", ".join(missing)
        )
    pipeline = StableDiffusionPipeline(
        vae=AutoencoderTiny.from_pretrained(build / "vae", local_files_only=True),
        text_encoder=CLIPTextModel.from_pretrained(build / "text_encoder", local_files_only=True),
        tokenizer=CLIPTokenizer.from_pretrained(build / "tokenizer", local_files_only=True),
        unet=UNet2DConditionModel.from_pretrained(build / "unet", local_files_only=True),
        scheduler=new_schedule(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.to(dtype=torch.float16).save_pretrained(out, safe_serialization=True)
    _open_as_float32(out / "text_encoder" / "config.json")
    shutil.copytree(build / "reader", out / "reader", dirs_exist_ok=True)
    return sum(path.stat().st_size for path in out.rglob("*.safetensors")) / 1e6


def _open_as_float32(config: Path) -> None:
    """transformers opens a model in the precision that its config names, diffusers always in float32; they must agree."""
    named = json.loads(config.read_text(encoding="utf-8"))
    atomic_write(config, json.dumps({**named, "dtype": "float32"}, indent=2) + "\n")
