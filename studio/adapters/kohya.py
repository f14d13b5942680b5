"""A LoRA written as kohya's scripts do, which A1111 and ComfyUI read: flat names, and the true alpha beside each layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ..files import atomic_write
from .dialects import FLAT, original, resnet_count
from .tensors import NO_WORDS, Layer, packed

BASES = {"sd": "sd_v1", "sdxl": "sdxl_base_v1-0", "pocket": "pocket"}


def write_kohya(
    path: Path,
    layers: Mapping[str, Layer],
    modules: Iterable[str],
    family: str,  # "pocket", "sd" or "sdxl"
    words: Mapping[str, str] = NO_WORDS,
) -> Path:
    """Writes the layers; `modules` are all of the UNet, which tell how it is built. The layers of SDXL are called as
    Stability's code calls them. Raises NoRoom.
    """
    import torch

    each = resnet_count(modules)
    tensors = {}
    for module, layer in layers.items():
        name = FLAT + (original(module, each) if family == "sdxl" else module).replace(".", "_")
        tensors[f"{name}.lora_down.weight"] = layer.down.cpu().contiguous()
        tensors[f"{name}.lora_up.weight"] = layer.up.cpu().contiguous()
        tensors[f"{name}.alpha"] = torch.tensor(layer.alpha, dtype=torch.float64)
    told = {
        "ss_network_module": "networks.lora",
        "ss_network_dim": str(max(len(layer.down) for layer in layers.values())),
        "ss_network_alpha": str(max(layer.alpha for layer in layers.values())),
        "ss_base_model_version": BASES[family],
    }
    return atomic_write(path, packed(tensors, {**words, **told, "format": "pt"}))
