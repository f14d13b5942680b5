"""The tensor file of a LoRA: written with everything needed to read it again, read without trusting it.

A file is `.safetensors` as diffusers itself writes it: PEFT keys below `unet.` (`unet.<module>.lora_A.weight`) and the
metadata entry `lora_adapter_metadata`, the LoraConfig as JSON, its keys below `unet.` too. `pipeline.load_lora_weights`
passes over all that is not below `unet.` without a word. Files of this studio up to 0.3.0 have bare keys and are read as
well. Those without the entry are refused: diffusers' own loader then takes alpha for rank, and a LoRA of alpha 24 and
rank 12 comes back at half its strength.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..errors import BadAdapter
from ..files import atomic_write

if TYPE_CHECKING:
    import torch
    from peft import LoraConfig
    from safetensors import safe_open

METADATA = "lora_adapter_metadata"
UNET = "unet."  # what diffusers puts before all that belongs to the UNet
PREFIXES = ("base_model.model.", UNET)
NO_WORDS: Mapping[str, str] = MappingProxyType({})
FACTOR = re.compile(r"^(?P<module>.+)\.lora_(?P<side>[AB])(\.default)?\.weight$")
LEAST_MATCHED = 0.95
OTHER_MATHS = ("use_dora", "use_qalora", "lora_bias", "use_bdlora", "kasa_config", "fan_in_fan_out")


@dataclass(frozen=True, slots=True)
class Strength:
    """What the header says of a LoRA: its alpha, those of single modules, and the base model that it was made for."""

    alpha: float
    by_module: dict[str, float]
    root_scaled: bool  # rsLoRA: alpha / √rank in place of alpha / rank
    base_model: str

    def scale(self, module: str, rank: int) -> float:
        own = (value for name, value in self.by_module.items() if module == name or module.endswith(f".{name}"))
        return next(own, self.alpha) / (rank**0.5 if self.root_scaled else rank)


@dataclass(frozen=True, slots=True)
class Layer:
    """What a LoRA adds to one layer: scale · up @ down, `down` (rank, …inputs), `up` (outputs, rank, …)."""

    down: torch.Tensor
    up: torch.Tensor
    scale: float  # alpha / rank

    def delta(self, shape: torch.Size) -> torch.Tensor:
        """The addition at weight 1 in float32, shaped like the layer's own weight (linear or convolution)."""
        return (self.scale * (self.up.flatten(1).float() @ self.down.flatten(1).float())).reshape(shape)


def save_adapter(
    path: Path,
    unet_state: Mapping[str, torch.Tensor],
    config: LoraConfig,
    base_model: str = "",
    words: Mapping[str, str] = NO_WORDS,
) -> Path:
    """Writes the tensors of `peft.get_peft_model_state_dict(unet)` with their LoraConfig.

    `base_model` is the key of the models table, told to the person when the file is tried on another model; `words` are
    more entries for the header, such as "modelspec.title". The same tensors, configuration and words give the same
    bytes. Raises BadAdapter for numbers that are not finite, NoRoom.
    """
    tensors = {UNET + _bare(name): tensor.detach().cpu().contiguous() for name, tensor in unet_state.items()}
    if not tensors or not all(tensor.isfinite().all() for tensor in tensors.values()):
        raise BadAdapter("The training gave no usable numbers. Train again with fewer steps; nothing was overwritten.")
    return atomic_write(path, _packed(tensors, {**words, "format": "pt", METADATA: _config_json(config, base_model)}))


def _packed(tensors: Mapping[str, torch.Tensor], words: Mapping[str, str]) -> bytes:
    """The bytes of a .safetensors file: the header's length, the header as JSON, the numbers.

    safetensors shuffles the entries of its header, and the same adapter would get another hash. So the header that it
    made is written anew, sorted, and filled with spaces as the format wants.
    """
    from safetensors.torch import save

    raw = save(dict(tensors))
    numbers = 8 + int.from_bytes(raw[:8], "little")
    header = {"__metadata__": dict(sorted(words.items())), **json.loads(raw[8:numbers])}
    written = json.dumps(header, separators=(",", ":")).encode()
    written += b" " * (-len(written) % 8)
    return len(written).to_bytes(8, "little") + written + raw[numbers:]


def _config_json(config: LoraConfig, base_model: str) -> str:
    words = config.to_dict()
    known = base_model or words.get("base_model_name_or_path") or ""
    words["base_model_name_or_path"] = PurePath(known).name  # a path would tell where the person's files lie
    return json.dumps({UNET + key: value for key, value in words.items()}, default=_plain, sort_keys=True)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, (set, frozenset)) else getattr(value, "value", str(value))


def read_adapter(path: Path, unet: torch.nn.Module, base_model: str = "") -> dict[str, Layer]:
    """The LoRA's layers by the name of the UNet's module, on the UNet's device.

    The header is judged before any tensor is read. Raises BadAdapter when the file is damaged or empty, when fewer
    than 95 % of its layers fit the UNet (`base_model` is that model's name for the person), when it needs other maths
    than B·A, or when a number is not finite.
    """
    from safetensors import SafetensorError, safe_open

    name = _shown(path)
    try:
        with safe_open(path, framework="pt") as file:
            strength = _read_strength((file.metadata() or {}).get(METADATA), name)
            pairs = _match(file, unet, strength, name, base_model)
            layers = {
                module: _layer(file, down, up, strength, module, unet.get_parameter(f"{module}.weight").device)
                for module, (down, up) in pairs.items()
            }
    except (SafetensorError, OSError) as error:
        raise BadAdapter(
            "The adapter '{name}' is damaged or no .safetensors file. Import or train it again; nothing was changed.",
            name=name,
        ) from error
    if not all(layer.down.isfinite().all() and layer.up.isfinite().all() for layer in layers.values()):
        raise BadAdapter(
            "The adapter '{name}' holds numbers that are not finite. Train it again or use another.", name=name
        )
    return layers


def _shown(path: Path) -> str:
    """What a person calls the file: the adapter's folder, which is its id, or the file's own stem."""
    parts = [part for part in path.parts if part not in ("adapter.safetensors", "adapter")]
    return PurePath(parts[-1]).stem if parts else path.stem


def _read_strength(raw: str | None, name: str) -> Strength:
    try:
        words = {key.removeprefix(UNET): value for key, value in json.loads(raw or "").items()}
        own = {module: float(value) for module, value in (words.get("alpha_pattern") or {}).items()}
        alpha = float(words["lora_alpha"])
    except (ValueError, TypeError, AttributeError, KeyError) as error:  # no JSON, or JSON of another shape
        raise BadAdapter(
            "The adapter '{name}' does not say its alpha, so its strength is unknown. "
            "Use a file with a whole '{entry}' in its header.",
            name=name,
            entry=METADATA,
        ) from error
    other = [key for key in OTHER_MATHS if words.get(key)]
    if words.get("bias", "none") != "none":
        other.append("bias")
    if other:
        raise BadAdapter(
            "The adapter '{name}' uses '{maths}', which cannot be worn. Use a plain LoRA.", name=name, maths=other[0]
        )
    if not all(map(isfinite, (alpha, *own.values()))):
        raise BadAdapter(
            "The adapter '{name}' gives an alpha that is no number. Train it again or use another.", name=name
        )
    made_for = PurePath(str(words.get("base_model_name_or_path") or "")).name
    return Strength(alpha, own, bool(words.get("use_rslora")), made_for)


def _match(
    file: safe_open, unet: torch.nn.Module, strength: Strength, name: str, base_model: str
) -> dict[str, tuple[str, str]]:
    """Keys (down, up) by module for the layers whose shapes fit."""
    modules = dict(unet.named_modules())
    sides: dict[str, dict[str, str]] = {}
    for key in sorted(file.keys()):
        found = FACTOR.match(_bare(key))
        module, side = (found["module"], found["side"]) if found else (key, "?")
        sides.setdefault(module, {})[side] = key
    if not sides:
        raise BadAdapter("The adapter '{name}' is empty. Import or train it again.", name=name)
    fitting = {
        module: (keys["A"], keys["B"])
        for module, keys in sides.items()
        if keys.keys() == {"A", "B"}
        and _fits(file.get_slice(keys["A"]).get_shape(), file.get_slice(keys["B"]).get_shape(), modules.get(module))
    }
    if len(fitting) < LEAST_MATCHED * len(sides):
        raise _misfit(name, strength.base_model, base_model or "this base model", 100 * len(fitting) // len(sides))
    return fitting


def _misfit(name: str, made_for: str, model: str, percent: int) -> BadAdapter:
    if made_for:
        return BadAdapter(
            "The adapter '{name}' was made for {other} and does not fit {model}: {percent} % of its layers match. "
            "Choose an adapter made for the same model.",
            name=name,
            other=made_for,
            model=model,
            percent=percent,
        )
    return BadAdapter(
        "The adapter '{name}' was made for another base model and does not fit {model}: "
        "{percent} % of its layers match. Choose an adapter made for the same model.",
        name=name,
        model=model,
        percent=percent,
    )


def _bare(key: str) -> str:
    for prefix in PREFIXES:
        key = key.removeprefix(prefix)
    return key


def _fits(down: list[int], up: list[int], module: torch.nn.Module | None) -> bool:
    """Whether B·A has the shape of the module's weight, with a rank of at least 1."""
    import torch

    if not isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)) or getattr(module, "groups", 1) != 1:
        return False
    outputs, *inputs = module.weight.shape
    ones = [1] * (len(inputs) - 1)
    rank = down[0] if down else 0
    return rank > 0 and down[1:] == inputs and up == [outputs, rank, *ones]


def _layer(file: safe_open, down: str, up: str, strength: Strength, module: str, device: torch.device) -> Layer:
    factors = file.get_tensor(down).to(device), file.get_tensor(up).to(device)
    return Layer(*factors, strength.scale(module, factors[0].shape[0]))
