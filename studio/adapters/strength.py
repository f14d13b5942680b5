"""How strongly a LoRA's layers count: their alpha, as the metadata or a tensor beside them says it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import PurePath
from typing import Any

from ..errors import BadAdapter
from .dialects import bare

METADATA = "lora_adapter_metadata"
WRONG = (  # no JSON, JSON of another shape, a number of a thousand digits, a well without a bottom
    *(ValueError, TypeError, AttributeError, KeyError),
    *(OverflowError, RecursionError),
)
OTHER_MATHS = ("use_dora", "use_qalora", "lora_bias", "use_bdlora", "kasa_config", "fan_in_fan_out")


@dataclass(frozen=True, slots=True)
class Strength:
    """The alpha of all modules and of single ones; where `alpha` is None it is each module's rank."""

    alpha: float | None = None
    by_module: Mapping[str, float] = field(default_factory=dict)
    root_scaled: bool = False  # rsLoRA: alpha / √rank in place of alpha / rank

    def scale(self, module: str, rank: int) -> float:
        """What the product of the module's factors, of that rank, is multiplied by."""
        own = (value for name, value in self.by_module.items() if module == name or module.endswith(f".{name}"))
        alpha = next(own, self.alpha)
        if alpha is None:
            return 1.0
        return alpha / (rank**0.5 if self.root_scaled else rank)


def told_strength(words: Mapping[str, str], name: str) -> Strength:
    """What PEFT's metadata says. Raises BadAdapter when it says no alpha, or that the LoRA is no plain product."""
    try:
        told = _config(words)
        own = {module: float(value) for module, value in (told.get("alpha_pattern") or {}).items()}
        alpha = float(told["lora_alpha"])
    except WRONG as error:
        raise BadAdapter(
            "The adapter '{name}' does not say its alpha, so its strength is unknown. "
            "Use a file with a whole '{entry}' in its header.",
            name=name,
            entry=METADATA,
        ) from error
    other = [key for key in OTHER_MATHS if told.get(key)]
    if told.get("bias", "none") != "none":
        other.append("bias")
    if other:
        raise no_product(name, other[0])
    if not all(map(isfinite, (alpha, *own.values()))):
        raise BadAdapter(
            "The adapter '{name}' gives an alpha that is no number. Train it again or use another.", name=name
        )
    return Strength(alpha, own, bool(told.get("use_rslora")))


def made_for(words: Mapping[str, str]) -> str:
    """The base model that the metadata names; empty when it names none."""
    try:
        return PurePath(str(_config(words).get("base_model_name_or_path") or "")).name
    except WRONG:
        return PurePath(words.get("ss_sd_model_name") or words.get("ss_base_model_version") or "").name


def no_product(name: str, maths: str) -> BadAdapter:
    """For a LoRA that is more than a product of two factors."""
    return BadAdapter(
        "The adapter '{name}' uses '{maths}', which cannot be worn. Use a plain LoRA.", name=name, maths=maths
    )


def _config(words: Mapping[str, str]) -> dict[str, Any]:
    return {bare(key): value for key, value in json.loads(words.get(METADATA, "")).items()}
