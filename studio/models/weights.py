"""What a .safetensors file of a base model holds, told from its header without reading a number.

Eight bytes say how long the header is, JSON names each tensor with its type, shape and place, the numbers follow
(https://huggingface.co/docs/safetensors).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

MOST_HEADER_BYTES = 8 << 20  # the largest model that is known has a tenth of it; the library itself would read 100 MB


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
            raise ValueError("the header is longer than the file, or than any")
        raw = stream.read(long)
    try:
        told = json.loads(raw, object_pairs_hook=_once)
        told.pop("__metadata__", None)
        shapes = {name: tuple(map(_natural, one["shape"])) for name, one in told.items()}
        kinds = tuple(str(one["dtype"]) for one in told.values())
        end = _end(tuple(map(_natural, one["data_offsets"])) for one in told.values())
    except (TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError("the header is not of that format") from error
    return Contents(shapes, kinds, 8 + long + end)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A dictionary of pairs none of which comes twice; two readers might see two different files in one."""
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _natural(told: Any) -> int:
    if type(told) is not int or told < 0:
        raise ValueError("a size is no natural number")
    return told


def _end(places: Iterable[tuple[int, ...]]) -> int:
    """Where the last tensor ends. Raises ValueError where they do not lie one behind the other."""
    at = 0
    for place in sorted(places):
        start, end = place
        if start != at or end < start:
            raise ValueError("there is a hole between the tensors, or one lies over the other")
        at = end
    return at


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
