"""The shapes of a base model's layers, read from the headers of its weights without loading one."""

from __future__ import annotations

from pathlib import Path

from .header import read_header

Shapes = dict[str, tuple[int, ...]]  # of the weights of all linear layers and convolutions, by module
MOST_BYTES = 1 << 40  # a base model may be large


def weight_shapes(folder: Path, title: str) -> Shapes:
    """Of the UNet in `folder`, whose model a person calls `title`. Raises BadAdapter for damaged weights."""
    files = sorted(folder.glob("*.safetensors"))
    entries = {name: one for file in files for name, one in read_header(file, title, MOST_BYTES).entries.items()}
    weights = {name.removesuffix(".weight"): one.shape for name, one in entries.items() if name.endswith(".weight")}
    return {name: shape for name, shape in weights.items() if len(shape) in (2, 4)}
