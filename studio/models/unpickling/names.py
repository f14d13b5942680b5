"""What a weight file may name, and what stands in for it here. None of it is torch's, and none of it does anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from .refusal import Refused

MOST_AXES = 16
MOST_SIZE = 1 << 48
SIZES = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1,
    "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1,
}  # fmt: skip
STORAGES = {
    "torch DoubleStorage": "F64", "torch FloatStorage": "F32", "torch HalfStorage": "F16",
    "torch BFloat16Storage": "BF16", "torch LongStorage": "I64", "torch IntStorage": "I32",
    "torch ShortStorage": "I16", "torch CharStorage": "I8", "torch ByteStorage": "U8", "torch BoolStorage": "BOOL",
    "torch.storage UntypedStorage": "U8",
}  # fmt: skip
DTYPES = {
    "torch float64": "F64", "torch float32": "F32", "torch float16": "F16", "torch bfloat16": "BF16",
    "torch float8_e4m3fn": "F8_E4M3", "torch float8_e5m2": "F8_E5M2", "torch int64": "I64", "torch int32": "I32",
    "torch int16": "I16", "torch int8": "I8", "torch uint64": "U64", "torch uint32": "U32", "torch uint16": "U16",
    "torch uint8": "U8", "torch bool": "BOOL",
}  # fmt: skip
# Met in honest checkpoints beside the tensors (Stable Diffusion 1.4 and 1.5 have most). What is made of them is left out.
PASSED_OVER = {
    "_codecs encode", "__builtin__ set", "numpy dtype", "numpy.core.multiarray scalar", "numpy._core.multiarray scalar",
    "torch device", "torch Size", "pytorch_lightning.callbacks.model_checkpoint ModelCheckpoint",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A function or class that the file named, as 'module name'. It stays a name."""

    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Storage:
    """Numbers that lie somewhere in the file under `key`: their type in safetensors' words, and how many."""

    kind: str
    key: str
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A view of a storage; `offset` and `strides` are counted in numbers of `kind`, not in bytes."""

    storage: Storage
    kind: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class LeftOut:
    """A value that no weights need."""


LEFT_OUT: Final = LeftOut()


def named(words: str) -> Name:
    """The name, if weights may use it. Raises Refused."""
    if words in STORAGES or words in DTYPES or words in PASSED_OVER or words in MADE:
        return Name(words)
    torch_numbers = words.startswith(("torch ", "torch.storage ")) and words.endswith("Storage")
    raise Refused("kind" if torch_numbers else "name", words.replace(" ", "."))


def made(name: Any, arguments: Any) -> Any:
    """What stands here for the result of calling the function of that name. Raises Refused."""
    if type(name) is not Name or type(arguments) is not tuple:
        raise Refused("call", "REDUCE")
    if name.words in PASSED_OVER:
        return LEFT_OUT
    if name.words not in MADE:
        raise Refused("call", name.words.replace(" ", "."))
    return MADE[name.words](*arguments)


def storage(told: Any) -> Storage:
    """The storage of a persistent id ("storage", class, key, place, count[, None]). Raises Refused."""
    if type(told) is not tuple or len(told) not in (5, 6) or told[0] != "storage" or told[5:] not in ((), (None,)):
        raise Refused("call", "BINPERSID")
    _, name, key, _, count = told[:5]
    if type(name) is not Name or name.words not in STORAGES or not _natural(count):
        raise Refused("places", "storage")
    if type(key) is not str or not (key.isascii() and key.isdigit() and len(key) <= 20):
        raise Refused("places", key)  # a key becomes a name in the archive
    return Storage(STORAGES[name.words], key, count)


def _ordered(*pairs: object) -> dict[Any, Any]:
    if pairs:
        raise Refused("call", "collections.OrderedDict")
    return {}


def _tensor(
    storage: Any, offset: Any, shape: Any, strides: Any, gradient: Any = None, hooks: Any = None, metadata: Any = None
) -> Tensor:
    return _view(storage, offset, shape, strides, storage.kind if type(storage) is Storage else "")


def _tensor_of_kind(
    storage: Any, offset: Any, shape: Any, strides: Any, gradient: Any, hooks: Any, dtype: Any, metadata: Any = None
) -> Tensor:
    kind = DTYPES.get(dtype.words, "") if type(dtype) is Name else ""
    return _view(storage, offset, shape, strides, kind)


def _view(storage: Any, offset: Any, shape: Any, strides: Any, kind: str) -> Tensor:
    whole = type(shape) is tuple and type(strides) is tuple and len(shape) == len(strides) <= MOST_AXES
    if type(storage) is not Storage or not kind or not whole or not all(map(_natural, (offset, *shape, *strides))):
        raise Refused("places", "tensor")
    return Tensor(storage, kind, offset, shape, strides)


def _parameter(tensor: Any, gradient: Any = None, hooks: Any = None) -> Tensor:
    if type(tensor) is not Tensor:
        raise Refused("call", "torch._utils._rebuild_parameter")
    return tensor


def _natural(number: Any) -> bool:
    return type(number) is int and 0 <= number < MOST_SIZE


MADE: dict[str, Callable[..., Any]] = {
    "collections OrderedDict": _ordered,
    "torch._utils _rebuild_tensor_v2": _tensor,
    "torch._utils _rebuild_tensor_v3": _tensor_of_kind,
    "torch._utils _rebuild_parameter": _parameter,
}
