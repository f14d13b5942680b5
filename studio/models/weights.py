"""What a .safetensors file of a base model holds, told from its header without reading a number.

Eight bytes say how long the header is, JSON names each tensor with its type, shape and place, the numbers follow
(https://huggingface.co/docs/safetensors).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import prod
from pathlib import Path

MOST_HEADER_BYTES = 100 << 20  # as the safetensors library has it


@dataclass(frozen=True, slots=True)
class Contents:
    """The shapes of the tensors by name, their types ("F16") in the same order, and how many bytes the file should have."""

    shapes: dict[str, tuple[int, ...]]
    kinds: tuple[str, ...]
    bytes: int

    @property
    def numbers(self) -> int:
        return sum(prod(shape) for shape in self.shapes.values())


def contents(file: Path) -> Contents:
    """What the header says. Raises ValueError for a file that is no .safetensors file, OSError."""
    with file.open("rb") as stream:
        long, total = int.from_bytes(stream.read(8), "little"), file.stat().st_size
        if not 2 <= long <= min(MOST_HEADER_BYTES, max(total - 8, 0)):
            raise ValueError("the header is longer than the file")
        told = json.loads(stream.read(long))
    try:
        told.pop("__metadata__", None)
        shapes = {str(name): tuple(int(side) for side in one["shape"]) for name, one in told.items()}
        kinds = tuple(str(one["dtype"]) for one in told.values())
        end = max((int(one["data_offsets"][1]) for one in told.values()), default=0)
    except (TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError("the header is not of that format") from error
    return Contents(shapes, kinds, 8 + long + end)


def is_whole(file: Path) -> bool:
    """Whether all that the header tells is there: a download that broke off is shorter."""
    try:
        return contents(file).bytes == file.stat().st_size
    except (OSError, ValueError):
        return False


def count_numbers(folder: Path) -> int:
    """How many numbers the .safetensors files of a part hold; 0 where there are none that can be read."""
    try:
        return sum(contents(file).numbers for file in sorted(folder.glob("*.safetensors")))
    except (OSError, ValueError):
        return 0
