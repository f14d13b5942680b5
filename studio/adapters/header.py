"""The header of a .safetensors file, read without torch, without trust, and before a single number is.

Eight bytes say how long the header is, JSON names each tensor with its type, shape and place, the numbers follow
(https://huggingface.co/docs/safetensors). The library itself takes duplicate names, 200,000 tensors and headers of 100 MB.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import SEEK_END
from math import prod
from pathlib import Path
from typing import Any

from .. import vault
from ..errors import N_, BadAdapter, BadInput

MOST_HEADER_BYTES = 8 << 20
MOST_TENSORS = 5_000
MOST_BYTES = 2 << 30
SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}  # bytes of a number; integers and 8-bit floats carry no plain LoRA
PROGRAMS = (
    b"PK\x03\x04",
    b"\x80\x02",
    b"\x80\x03",
    b"\x80\x04",
    b"\x80\x05",
)  # zip archives and pickles, as torch writes
SUFFIXES = (".ckpt", ".pt", ".pth", ".bin", ".pkl")
DAMAGED = N_("The adapter '{name}' is damaged or no .safetensors file. Import or train it again; nothing was changed.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One tensor: its type ("F32"), its shape, and where its bytes begin and end behind the header."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """The words of the metadata, and the tensors by name."""

    words: dict[str, str]
    entries: dict[str, Entry]


def read_header(path: Path, name: str = "", most_bytes: int = MOST_BYTES) -> Header:
    """What the file says of itself; `name` is what a person calls it. Raises BadAdapter when it could carry programs, is
    damaged, claims more than it has, or more than the limits.
    """
    name = name or path.stem
    try:
        with vault.stream(path) as file:
            total = file.seek(0, SEEK_END)
            file.seek(0)
            first = file.read(8)
            long = int.from_bytes(first, "little")
            if (
                path.suffix.lower() in SUFFIXES or first.startswith(PROGRAMS) and long > total
            ):  # 640 begins like a pickle
                raise _program(name)
            if total > most_bytes or 8 + long <= total and long > MOST_HEADER_BYTES:
                raise _large(name)
            if len(first) < 8 or not 2 <= long <= total - 8:
                raise BadAdapter(DAMAGED, name=name)
            raw = file.read(long)
    except BadAdapter:
        raise
    except (OSError, BadInput) as error:
        raise BadAdapter(DAMAGED, name=name) from error
    return _parsed(raw, total - 8 - long, name)


def _parsed(raw: bytes, numbers: int, name: str) -> Header:
    try:
        told = json.loads(raw.decode(), object_pairs_hook=_once)
        words = {str(key): str(value) for key, value in told.pop("__metadata__", {}).items()}
        if len(told) > MOST_TENSORS:
            raise _large(name)
        entries = {key: _entry(value) for key, value in told.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadAdapter(DAMAGED, name=name) from error
    strange = next((entry.dtype for entry in entries.values() if entry.dtype not in SIZES), "")
    if strange:
        raise BadAdapter(
            "The adapter '{name}' holds numbers of the kind '{kind}', which cannot be worn. "
            "Save it in float16 or float32 where it was made.",
            name=name,
            kind=strange,
        )
    if not _covered(entries, numbers):
        raise BadAdapter(DAMAGED, name=name)
    return Header(words, entries)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A dictionary of pairs none of which comes twice; two readers might see two different files in one."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _entry(told: Any) -> Entry:
    start, end = told["data_offsets"]
    shape = tuple(told["shape"])
    if not all(type(number) is int and number >= 0 for number in (*shape, start, end)):
        raise ValueError("a size is no natural number")
    return Entry(str(told["dtype"]), shape, start, end)


def _covered(entries: dict[str, Entry], numbers: int) -> bool:
    """Whether the tensors fill all that lies behind the header, one after the other, and each has the size of its shape."""
    at = 0
    for entry in sorted(entries.values(), key=lambda one: (one.start, one.end)):
        if entry.start != at or entry.end - entry.start != prod(entry.shape) * SIZES[entry.dtype]:
            return False
        at = entry.end
    return at == numbers


def _program(name: str) -> BadAdapter:
    return BadAdapter(
        "The file '{name}' is of a kind that can carry programs, so it is not opened. "
        "Take its numbers out with: python -m studio models import FILE --convert, or ask whoever made it for a "
        ".safetensors file; nothing was changed.",
        name=name,
    )


def _large(name: str) -> BadAdapter:
    return BadAdapter(
        "The file '{name}' is larger than any adapter: over 2 GB, 5,000 tensors, or 8 MB of header. "
        "If it is a whole model, it belongs among the models.",
        name=name,
    )
