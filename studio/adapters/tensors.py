"""The tensor file of a LoRA: written with everything needed to read it again, read without trusting it.

A file is `.safetensors` as diffusers itself writes it: PEFT keys below `unet.` (`unet.<module>.lora_A.weight`) and the
metadata entry `lora_adapter_metadata`, the LoraConfig as JSON, its keys below `unet.` too. `pipeline.load_lora_weights`
passes over all that is not below `unet.` without a word. Files of this studio up to 0.3.0 have bare keys and are read as
well, and so are those of other studios (see `dialects`). PEFT keys without the entry are refused: diffusers' own loader
then takes alpha for rank, and a LoRA of alpha 24 and rank 12 comes back at half its strength.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING

from .. import vault
from ..errors import BadAdapter, BadInput, NotFound
from ..models.table import base_model as known_model
from .dialects import UNET, bare
from .header import DAMAGED
from .matching import Match, Pair, Tensors, match
from .shapes import Shapes
from .strength import METADATA

if TYPE_CHECKING:
    import torch
    from peft import LoraConfig

NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Layer:
    """What a LoRA adds to one layer: scale · up @ down, `down` (rank, …inputs), `up` (outputs, rank, …)."""

    down: torch.Tensor
    up: torch.Tensor
    scale: float  # alpha / rank

    @property
    def alpha(self) -> float:
        """What other studios divide by the rank."""
        return self.scale * len(self.down)

    def to(self, device: torch.device) -> Layer:
        return Layer(self.down.to(device), self.up.to(device), self.scale)

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
    front = _front(base_model)
    tensors = {front + bare(name): tensor.detach().cpu().contiguous() for name, tensor in unet_state.items()}
    if not tensors or not all(tensor.isfinite().all() for tensor in tensors.values()):
        raise BadAdapter("The training gave no usable numbers. Train again with fewer steps; nothing was overwritten.")
    return vault.write(path, packed(tensors, {**words, "format": "pt", METADATA: _config_json(config, base_model)}))


def packed(tensors: Mapping[str, torch.Tensor], words: Mapping[str, str]) -> bytes:
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
    return json.dumps({_front(base_model) + key: value for key, value in words.items()}, default=_plain, sort_keys=True)


def _front(base_model: str) -> str:
    """What diffusers puts before the name of every layer: which part of the pipeline it belongs to."""
    try:
        return f"{known_model(base_model).network}."
    except NotFound:  # nobody said, or a model that this computer does not know
        return UNET


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, (set, frozenset)) else getattr(value, "value", str(value))


def write_layers(
    path: Path, layers: Mapping[str, Layer], base_model: str = "", words: Mapping[str, str] = NO_WORDS
) -> Path:
    """Writes layers of any ranks and strengths as a PEFT file that plain diffusers loads whole. Raises as `save_adapter`."""
    from peft import LoraConfig

    ranks = {module: len(layer.down) for module, layer in layers.items()}
    alphas = {module: layer.alpha for module, layer in layers.items()}
    rank, alpha = _usual(ranks.values()), _usual(alphas.values())
    config = LoraConfig(
        r=int(rank),
        lora_alpha=alpha,  # PEFT takes fractions
        rank_pattern={module: own for module, own in ranks.items() if own != rank},
        alpha_pattern={module: own for module, own in alphas.items() if own != alpha},
        target_modules=sorted(layers),
    )
    state = {f"{module}.lora_A.weight": layer.down for module, layer in layers.items()}
    state |= {f"{module}.lora_B.weight": layer.up for module, layer in layers.items()}
    return save_adapter(path, state, config, base_model, words)


def read_adapter(path: Path, unet: torch.nn.Module, base_model: str = "") -> dict[str, Layer]:
    """The LoRA's layers by the name of the UNet's module, on the UNet's device. Raises what `read_layers` raises."""
    layers = read_layers(path, shapes(unet), base_model)
    return {module: layer.to(unet.get_parameter(f"{module}.weight").device) for module, layer in layers.items()}


def read_layers(path: Path, known: Shapes, base_model: str = "") -> dict[str, Layer]:
    """The LoRA's layers by the names of the modules, whose weights' shapes are `known`.

    The header is judged before any tensor is read. Raises BadAdapter when the file is damaged or empty, when fewer
    than 95 % of its layers fit (`base_model` is the model's name for the person), when it needs other maths than B·A,
    when a number is not finite, or when all of it is zero.
    """
    return read_matched(path, known, base_model)[1]


def read_matched(path: Path, known: Shapes, base_model: str = "") -> tuple[Match, dict[str, Layer]]:
    """The same, with how the file matched."""
    from safetensors import SafetensorError

    name = shown(path)
    matched = match(path, name, known, base_model)
    try:
        with opened(path) as file:
            layers = {module: _layer(file, pair, len(known[module])) for module, pair in matched.pairs.items()}
    except (SafetensorError, OSError, BadInput) as error:
        raise BadAdapter(DAMAGED, name=name) from error
    _refuse_useless(layers, name)
    return matched, layers


@contextmanager
def opened(path: Path) -> Iterator[Tensors]:
    """The tensors of a file by name, read when they are asked for; of a sealed one all are in memory. Raises BadInput, NotReady,
    OSError, SafetensorError."""
    from safetensors import safe_open
    from safetensors.torch import load

    if vault.sealed_with(path):
        yield InMemory(load(vault.read(path)))
        return
    with safe_open(path, framework="pt") as file:
        yield file


@dataclass(frozen=True, slots=True)
class InMemory:
    """Tensors by name, asked for as those of a file."""

    tensors: Mapping[str, torch.Tensor]

    def get_tensor(self, name: str) -> torch.Tensor:
        return self.tensors[name]


def shapes(unet: torch.nn.Module) -> Shapes:
    """The weights of all linear layers and convolutions by their modules' names."""
    weights = ((name.removesuffix(".weight"), weight) for name, weight in unet.named_parameters())
    return {name: tuple(weight.shape) for name, weight in weights if weight.ndim in (2, 4)}


def shown(path: Path) -> str:
    """What a person calls the file: the adapter's folder, which is its id, or the file's own stem."""
    parts = [part for part in path.parts if part not in ("adapter.safetensors", "adapter")]
    return PurePath(parts[-1]).stem if parts else path.stem


def _layer(file: Tensors, pair: Pair, axes: int) -> Layer:
    """A layer with as many axes as the weight; kohya may write that of a 1 × 1 convolution as matrices."""
    down, up = (_widened(file.get_tensor(key), axes) for key in (pair.down, pair.up))
    return Layer(down, up, pair.scale(file))


def _widened(factor: torch.Tensor, axes: int) -> torch.Tensor:
    return factor.reshape(*factor.shape, *[1] * (axes - factor.ndim))


def _usual(values: Iterable[float]) -> float:
    return Counter(values).most_common(1)[0][0]


def _refuse_useless(layers: Mapping[str, Layer], name: str) -> None:
    if not all(layer.down.isfinite().all() and layer.up.isfinite().all() for layer in layers.values()):
        raise BadAdapter(
            "The adapter '{name}' holds numbers that are not finite. Train it again or use another.", name=name
        )
    if not any(layer.scale and layer.down.any() and layer.up.any() for layer in layers.values()):
        raise BadAdapter(
            "The adapter '{name}' changes nothing: all of it is zero. Train it again or use another.", name=name
        )
