"""Which layers of a base model a LoRA's file fits, told from its header alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..errors import BadAdapter
from .dialects import Dialect, Key, Side, flat_names, of_text, other_maths, understood
from .header import Entry, Header, read_header
from .shapes import Shapes
from .strength import Strength, made_for, no_product, told_strength

if TYPE_CHECKING:
    import torch

LEAST_MATCHED = 0.95
FAMILIES = {768: "Stable Diffusion 1.5", 1024: "Stable Diffusion 2", 2048: "Stable Diffusion XL"}  # width of a text
OF_TRANSFORMERS = ("double_blocks", "single_blocks", "transformer_blocks_0_attn_", "single_transformer_blocks")


class Tensors(Protocol):
    """A .safetensors file that is open."""

    def get_tensor(self, name: str) -> torch.Tensor: ...


@dataclass(frozen=True, slots=True)
class Pair:
    """The names of a layer's two factors, its rank, and what says how strong they are: all alphas, or a tensor."""

    module: str
    down: str
    up: str
    rank: int
    strength: Strength
    alpha: str = ""

    def scale(self, file: Tensors) -> float:
        """What their product is multiplied by; `file` is open."""
        if self.alpha:
            return float(file.get_tensor(self.alpha).double().reshape(-1)[0]) / self.rank
        return self.strength.scale(self.module, self.rank)


@dataclass(frozen=True, slots=True)
class Match:
    """The layers that fit by the base model's module, how many there are in all, how they are called, how many more tensors
    are for a text encoder, and the header's words."""

    pairs: dict[str, Pair]
    layers: int
    dialect: Dialect
    of_text: int
    words: Mapping[str, str]


def match(path: Path, name: str, shapes: Shapes, base_model: str = "") -> Match:
    """Pairs the factors of the file `name` with layers of those shapes. Raises BadAdapter when the file is damaged, empty or
    no plain LoRA, or when fewer than 95 % of its layers fit (`base_model` is the model's name for the person).
    """
    header = read_header(path, name)
    strange = next((maths for key in header.entries if (maths := other_maths(key))), "")
    if strange:
        raise no_product(name, strange)
    layers, texts = _layers(header)
    if not layers:
        raise BadAdapter("The adapter '{name}' is empty. Import or train it again.", name=name)
    dialect: Dialect = next(keys.dialect for keys in layers.values())
    strength = told_strength(header.words, name) if dialect == "peft" else Strength()
    flat = flat_names(shapes)
    pairs = {}
    for module, keys in layers.items():
        known = flat.get(module, "") if keys.dialect == "kohya" else module
        pair = _pair(known, keys, header.entries, shapes.get(known, ()), strength)
        if pair:
            pairs[known] = pair
    if len(pairs) < LEAST_MATCHED * len(layers):
        made = made_for(header.words) or fingerprint(header)
        raise _misfit(name, made, base_model or "this base model", 100 * len(pairs) // len(layers))
    return Match(pairs, len(layers), dialect, texts, header.words)


def fingerprint(header: Header) -> str:
    """The family that a LoRA is made for, told by the names and widths of its layers; empty when nothing tells."""
    for key, entry in header.entries.items():
        if any(part in key for part in OF_TRANSFORMERS):
            return "FLUX"
        found = understood(key)
        if found and found.side == "down" and found.module.endswith(("attn2.to_k", "attn2_to_k")):
            return FAMILIES.get(entry.shape[-1] if entry.shape else 0, "")
    return ""


@dataclass(slots=True)
class _Keys:
    """What a file has of one layer."""

    dialect: Dialect
    names: dict[Side, str]


def _layers(header: Header) -> tuple[dict[str, _Keys], int]:
    """The layers by what the file calls them, and how many tensors are for a text encoder."""
    layers: dict[str, _Keys] = {}
    texts = 0
    for name in sorted(header.entries):
        if of_text(name):
            texts += 1
            continue
        key = understood(name) or Key("peft", name, "alpha")
        layers.setdefault(key.module, _Keys(key.dialect, {})).names[key.side] = name
    return layers, texts


def _pair(
    module: str, keys: _Keys, entries: Mapping[str, Entry], weight: tuple[int, ...], strength: Strength
) -> Pair | None:
    """The factors of a module if their product has the shape of its weight, with a rank of at least 1."""
    if not weight or not {"down", "up"} <= keys.names.keys():
        return None
    down, up = entries[keys.names["down"]].shape, entries[keys.names["up"]].shape
    outputs, *inputs = weight
    rank = down[0] if down else 0
    flat = len(weight) == 4 and inputs[1:] == [1, 1]  # a 1 × 1 convolution may be written as a matrix
    fits = list(down[1:]) == inputs and list(up) == [outputs, rank, *[1] * (len(inputs) - 1)]
    flattened = flat and list(down[1:]) == inputs[:1] and list(up) == [outputs, rank]
    if not rank or not (fits or flattened):
        return None
    return Pair(module, keys.names["down"], keys.names["up"], rank, strength, keys.names.get("alpha", ""))


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
