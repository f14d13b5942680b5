"""From a checkpoint to .safetensors: which tensors are taken, whether each lies within its storage, and their bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import IO, Any, Literal

from .guard import most_written
from .layouts import Checkpoint, Place
from .names import SIZES, Tensor
from .refusal import Refused

MOST_TENSORS = 100_000
LONGEST_NAME = 1000
PIECE_BYTES = 4 << 20
LETTERS: dict[int, Literal["B", "H", "I", "Q"]] = {
    1: "B",
    2: "H",
    4: "I",
    8: "Q",
}  # numbers of that many bytes, whatever they mean


def pack(checkpoint: Checkpoint, source: IO[bytes], target: IO[bytes], size: int) -> dict[str, int]:
    """Writes the tensors of a file of `size` bytes; gives how many there are and how many values were left out.

    All is checked before the first byte is written. Raises Refused.
    """
    tensors, left_out = chosen(checkpoint.value)
    for name, tensor in tensors.items():
        _check(name, tensor, checkpoint.places)
    if sum(map(weight, tensors.values())) > most_written(size) or len(tensors) > MOST_TENSORS:
        raise Refused("large", "tensors")
    order = sorted(tensors, key=lambda name: (-SIZES[tensors[name].kind], name))  # so that each starts where it may
    target.write(_header({name: tensors[name] for name in order}))
    for name in order:
        for piece in _pieces(source, checkpoint.places[tensors[name].storage.key], tensors[name]):
            target.write(piece)
    target.flush()
    return {"tensors": len(tensors), "left_out": left_out}


def chosen(value: Any) -> tuple[dict[str, Tensor], int]:
    """The tensors by name, and how many other values lay beside them. Raises Refused when there are none."""
    groups = _groups(value) if type(value) is dict else {}
    taken = [(before + name, one) for before, group in groups.items() for name, one in _tensors(group).items()]
    if not taken:
        raise Refused("none")
    if len(dict(taken)) < len(taken):
        raise Refused("damaged")
    beside = 0 if "" in groups and groups[""] is value else len(value) - len(groups)
    return dict(taken), beside + sum(map(len, groups.values())) - len(taken)


def _groups(value: dict[Any, Any]) -> dict[str, dict[Any, Any]]:
    """The dictionaries that hold the tensors, by what is put before their names.

    That is `state_dict`, as trainers call it; or the file itself; or the only one in it; or all that are in it.
    """
    inside = {
        name: group for name, group in value.items() if type(name) is str and type(group) is dict and _tensors(group)
    }
    if "state_dict" in inside:
        return {"": inside["state_dict"]}
    if _tensors(value):
        return {"": value}
    if len(inside) == 1:
        return dict.fromkeys([""], *inside.values())
    return {f"{name}.": group for name, group in inside.items()}


def _tensors(group: dict[Any, Any]) -> dict[str, Tensor]:
    return {name: one for name, one in group.items() if type(name) is str and type(one) is Tensor}


def _check(name: str, tensor: Tensor, places: dict[str, Place]) -> None:
    """Raises Refused unless the name can be written and every number of the tensor lies in its storage."""
    try:
        name.encode()
    except UnicodeEncodeError as error:  # half of a surrogate pair
        raise Refused("damaged") from error
    if name == "__metadata__" or len(name) > LONGEST_NAME:
        raise Refused("damaged")
    place = places.get(tensor.storage.key)
    if place is None or place.length != tensor.storage.count * SIZES[tensor.storage.kind]:
        raise Refused("places", name)
    if prod(tensor.shape) and (tensor.offset + span(tensor)) * SIZES[tensor.kind] > place.length:
        raise Refused("places", name)


def span(tensor: Tensor) -> int:
    """How many numbers lie from its first to its last, both counted."""
    return 1 + sum((long - 1) * stride for long, stride in zip(tensor.shape, tensor.strides, strict=True))


def weight(tensor: Tensor) -> int:
    """Its bytes when it is written."""
    return prod(tensor.shape) * SIZES[tensor.kind]


def _header(tensors: dict[str, Tensor]) -> bytes:
    """The header's length and the header, filled with spaces to a multiple of eight bytes."""
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, tensor in tensors.items():
        end = at + weight(tensor)
        entries[name] = {"dtype": tensor.kind, "shape": tensor.shape, "data_offsets": [at, end]}
        at = end
    raw = json.dumps(entries, separators=(",", ":")).encode()
    raw += b" " * (-len(raw) % 8)
    return len(raw).to_bytes(8, "little") + raw


def _pieces(source: IO[bytes], place: Place, tensor: Tensor) -> Iterator[bytes | bytearray]:
    """The tensor's bytes in order; one that lies in order already is never whole in memory. Raises Refused."""
    if not prod(tensor.shape):
        return
    source.seek(place.start + tensor.offset * SIZES[tensor.kind])
    if not _lies_in_order(tensor):
        yield gathered(_exactly(source, span(tensor) * SIZES[tensor.kind]), tensor)
        return
    left = weight(tensor)
    while left:
        piece = _exactly(source, min(left, PIECE_BYTES))
        left -= len(piece)
        yield piece


def _exactly(source: IO[bytes], length: int) -> bytes:
    raw = source.read(length)
    if len(raw) != length:
        raise Refused("damaged")
    return raw


def in_order(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a tensor whose numbers lie one after the other, the last axis fastest."""
    return tuple(prod(shape[axis + 1 :]) for axis in range(len(shape)))


def _lies_in_order(tensor: Tensor) -> bool:
    steps = zip(tensor.shape, tensor.strides, in_order(tensor.shape), strict=True)
    return all(long == 1 or stride == own for long, stride, own in steps)  # nobody steps along an axis of one


def gathered(raw: bytes, tensor: Tensor) -> bytearray:
    """The numbers in order, of a tensor that begins at the start of `raw` and has its strides within it.

    Whole rows along the longest axis are copied at a time, so that millions of numbers take thousands of steps.
    """
    if span(tensor) == 1:  # one number, shown many times
        return bytearray(raw * prod(tensor.shape))
    letter, own = LETTERS[SIZES[tensor.kind]], in_order(tensor.shape)
    out = bytearray(weight(tensor))
    source, target = memoryview(raw).cast(letter), memoryview(out).cast(letter)
    axis = max(range(len(own)), key=lambda one: tensor.shape[one] if tensor.strides[one] else 0)
    long, step, stride = tensor.shape[axis], own[axis], tensor.strides[axis]
    others = [range(1) if one == axis else range(size) for one, size in enumerate(tensor.shape)]
    for index in product(*others):
        at = sum(place * steps for place, steps in zip(index, own, strict=True))
        lies = sum(place * steps for place, steps in zip(index, tensor.strides, strict=True))
        target[at : at + long * step : step] = source[lies : lies + long * stride : stride]
    return out
