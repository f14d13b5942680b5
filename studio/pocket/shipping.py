"""The parts that training leaves in a build folder become the model that ships: float16 safetensors in diffusers' layout."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ..errors import NotReady
from ..files import atomic_write
from .sheet import build_pipeline

LIMIT_MB = 64.0
NEEDED = ("vae", "text_encoder", "tokenizer", "unet", "clip", "judge", "spotter")
BESIDE = ("judge", "spotter", "measures", "upscaler", "drafts")  # as they are; the last three may come later


def ship(build: Path, out: Path) -> float:
    """Writes `out` so that `StableDiffusionPipeline.from_pretrained(out)` loads it; gives the megabytes of all weights.

    Beside it lie the image half of the CLIP pair, the judge of the evaluation and what else measures, the upscaler, the
    few-step LoRA, and the logs of the trainings.
    """
    import torch
    from transformers import CLIPVisionModelWithProjection

    missing = [part for part in NEEDED if not (build / part).is_dir()]
    if missing:
        raise NotReady(
            "Pocket cannot ship yet: '{parts}' is not trained. Run 'pocket train' first.", parts=", ".join(missing)
        )
    build_pipeline(build).to(dtype=torch.float16).save_pretrained(out, safe_serialization=True)
    _open_as_float32(out / "text_encoder" / "config.json")
    for part in ("unet", "vae"):
        _forget_path(out / part / "config.json")
    CLIPVisionModelWithProjection.from_pretrained(build / "clip", local_files_only=True).half().save_pretrained(
        out / "clip"
    )
    for part in BESIDE:
        if (build / part).is_dir():
            shutil.copytree(build / part, out / part, dirs_exist_ok=True)
    for log in (build / "log").glob("*.jsonl"):
        _thin_out(log, out / "log" / log.name)
    return sum(path.stat().st_size for path in out.rglob("*.safetensors")) / 1e6


def _open_as_float32(config: Path) -> None:
    """transformers opens a model in the precision that its config names, diffusers always in float32; they must agree."""
    named = json.loads(config.read_text(encoding="utf-8"))
    atomic_write(config, json.dumps({**named, "dtype": "float32"}, indent=2) + "\n")


def _forget_path(config: Path) -> None:
    """diffusers notes from which folder a part was read, which is nobody's business."""
    named = json.loads(config.read_text(encoding="utf-8"))
    named.pop("_name_or_path", None)
    atomic_write(config, json.dumps(named, indent=2) + "\n")


def _thin_out(log: Path, out: Path, lines: int = 100) -> None:
    """About a hundred lines of a log, evenly spread, the last one among them."""
    told = log.read_text(encoding="utf-8").splitlines()
    step = max(1, len(told) // lines)
    out.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(out, "\n".join(told[::-1][::step][::-1]) + "\n")
