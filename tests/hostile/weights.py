"""Files of tensors that harm or deceive, made of a header and numbers by hand; the library that reads them takes many."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable

from studio.adapters.header import MOST_HEADER_BYTES

Q = "down_blocks.2.attentions.0.transformer_blocks.0.attn1.to_q"  # of pocket, 256 × 256
ALPHA = json.dumps({"lora_alpha": 4, "r": 4})
WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I8": 1, "U8": 1, "F8_E4M3": 1, "I64": 8}
ONE = {"F64": struct.pack("<d", 0.1), "F32": struct.pack("<f", 0.1), "F16": struct.pack("<e", 0.1), "BF16": b"\xcd\x3d"}
NAN = {
    "F64": struct.pack("<d", float("nan")),
    "F32": struct.pack("<f", float("nan")),
    "F16": b"\0\x7e",
    "BF16": b"\xc0\x7f",
}
INFINITE = {"F32": struct.pack("<f", float("inf")), "F16": b"\0\x7c", "BF16": b"\x80\x7f"}


def packed(header: dict | bytes, numbers: bytes = b"") -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw)) + raw + numbers


def tensor(shape: list, start: int, end: int, dtype: str = "F32") -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def written(tensors: dict[str, tuple[tuple[int, ...], bytes]], kind: str = "F32", words: dict | None = None) -> bytes:
    """A whole file of tensors of one kind, each filled with one number."""
    header, numbers = {"__metadata__": {"lora_adapter_metadata": ALPHA} | (words or {})}, b""
    for name, (shape, filling) in tensors.items():
        count = 1
        for side in shape:
            count *= side
        raw = filling * (count * WIDTHS[kind] // max(len(filling), 1))
        header[name] = tensor(list(shape), len(numbers), len(numbers) + len(raw), kind)
        numbers += raw
    return packed(header, numbers)


def lora(
    module: str = Q, inputs: int = 256, outputs: int = 256, down: bytes = ONE["F32"], up: bytes = ONE["F32"]
) -> dict:
    """The factors of one layer, of rank 4."""
    return {f"unet.{module}.lora_A.weight": ((4, inputs), down), f"unet.{module}.lora_B.weight": ((outputs, 4), up)}


def many(count: int) -> bytes:
    return packed(
        b"{"
        + b",".join(b'"%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}' % number for number in range(count))
        + b"}"
    )


BROKEN: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "seven bytes": lambda: b"\x01" * 7,
    "a text": lambda: b"Dear reader, this is a story and no adapter at all.",
    "a page of the web": lambda: b"<!DOCTYPE html><html><body>404</body></html>",
    "a header of 2^62 bytes": lambda: struct.pack("<Q", 1 << 62) + b"{}",
    "a header longer than the file": lambda: struct.pack("<Q", 5000) + b"{}",
    "an empty header": lambda: struct.pack("<Q", 0),
    "no JSON": lambda: packed(b"{'a': 1}"),
    "bad UTF-8": lambda: packed(b'{"\xff\xfe": 1}'),
    "a list": lambda: packed(b"[]"),
    "a thousand brackets": lambda: packed(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "a tensor without a shape": lambda: packed({"a": {"dtype": "F32", "data_offsets": [0, 4]}}, b"1234"),
    "a negative size": lambda: packed({"a": tensor([-1], 0, 4)}, b"1234"),
    "a size that is true": lambda: packed({"a": tensor([True], 0, 4)}, b"1234"),
    "half a number": lambda: packed({"a": tensor([1.5], 0, 6)}, b"123456"),
    "a shape that overflows": lambda: packed({"a": tensor([1 << 40, 1 << 40], 0, 4)}, b"1234"),
    "tensors one over the other": lambda: packed({"a": tensor([1], 0, 4), "b": tensor([1], 2, 6)}, b"123456"),
    "a hole between tensors": lambda: packed({"a": tensor([1], 0, 4), "b": tensor([1], 8, 12)}, b"1" * 12),
    "numbers behind the last tensor": lambda: packed({"a": tensor([1], 0, 4)}, b"1" * 400),
    "cut off in the middle": lambda: written(lora())[:-1500],
    "a name twice": lambda: packed(
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        b"1234",
    ),
    "metadata that is a list": lambda: packed({"__metadata__": [1, 2], "a": tensor([1], 0, 4)}, b"1234"),
}
LARGE: dict[str, Callable[[], bytes]] = {
    "a header of nine megabytes": lambda: packed(b"{" + b" " * (MOST_HEADER_BYTES + 1) + b"}"),
    "six thousand tensors": lambda: packed({f"t{number}": tensor([0], 0, 0) for number in range(6000)}),
}


# By the names of pocket's own layers: what their header alone tells, and what is said.
TOLD: dict[str, tuple[str, Callable[[], bytes]]] = {
    **{name: ("damaged or no .safetensors", make) for name, make in BROKEN.items()},
    **{name: ("larger than any adapter", make) for name, make in LARGE.items()},
    "200,000 tensors": ("larger than any adapter", lambda: many(200_000)),
    "a header that says 101 MB and has them": ("larger than any adapter", lambda: packed(b" " * (101 << 20))),
    "names that climb out": (
        "0 % of its layers match", lambda: written({"../../etc/x": ((4, 4), ONE["F32"]), "/etc/passwd": ((4, 4), ONE["F32"])}),
    ),
    "whole numbers": ("which cannot be worn", lambda: written(lora(down=b"\1", up=b"\1"), "I8")),
    "floats of eight bits": ("which cannot be worn", lambda: written(lora(down=b"\1", up=b"\1"), "F8_E4M3")),
    "a kind that nobody knows": (
        "which cannot be worn", lambda: packed({"a": tensor([1], 0, 4, "PICKLE")}, b"1234"),
    ),
    "no tensor": ("is empty", lambda: written({})),
    "only words": ("is empty", lambda: packed({"__metadata__": {"a": "b" * 5_000_000}})),
    "only one factor": ("0 % of its layers match", lambda: written(dict(list(lora().items())[:1]))),
    "half of it": ("50 % of its layers match", lambda: written(lora() | lora("nowhere.to_q"))),
    "made for SD 1.5": (
        "made for Stable Diffusion 1.5", lambda: written(lora("down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k", 768, 320)),
    ),
    "made for SDXL": (
        "made for Stable Diffusion XL", lambda: written(lora("down_blocks.2.attentions.1.transformer_blocks.0.attn2.to_k", 2048, 1280)),
    ),
    "made for FLUX": ("made for FLUX", lambda: written(lora("single_transformer_blocks.0.attn.to_q", 3072, 3072))),
    "a whole model": ("0 % of its layers match", lambda: written({"model.diffusion_model.input_blocks.0.0.weight": ((8, 4), ONE["F32"])})),
    "other widths": ("0 % of its layers match", lambda: written(lora(inputs=96))),
    "a rank of nothing": (
        "0 % of its layers match",
        lambda: written({f"unet.{Q}.lora_A.weight": ((0, 256), b""), f"unet.{Q}.lora_B.weight": ((256, 0), b"")}),
    ),
    "an alpha without end": ("alpha", lambda: written(lora(), words={"lora_adapter_metadata": '{"lora_alpha": 1e999, "r": 4}'})),
    "an alpha in words": ("alpha", lambda: written(lora(), words={"lora_adapter_metadata": '{"lora_alpha": "four", "r": 4}'})),
    "an alpha of a thousand digits": (
        "alpha", lambda: written(lora(), words={"lora_adapter_metadata": '{"lora_alpha": 1' + "0" * 1000 + "}"}),
    ),
    "metadata in metadata": (
        "alpha", lambda: written(lora(), words={"lora_adapter_metadata": "[" * 100_000 + "]" * 100_000}),
    ),
}  # fmt: skip

# What only the numbers tell.
SEEN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "no numbers in F32": ("not finite", lambda: written(lora(down=NAN["F32"]))),
    "no numbers in F16": ("not finite", lambda: written(lora(down=ONE["F16"], up=NAN["F16"]), "F16")),
    "no numbers in BF16": ("not finite", lambda: written(lora(down=NAN["BF16"], up=ONE["BF16"]), "BF16")),
    "endless numbers": ("not finite", lambda: written(lora(up=INFINITE["F32"]))),
    "endless numbers in BF16": ("not finite", lambda: written(lora(down=INFINITE["BF16"], up=ONE["BF16"]), "BF16")),
    "all zero": ("changes nothing", lambda: written(lora(down=bytes(4), up=bytes(4)))),
    "one factor zero": ("changes nothing", lambda: written(lora(up=bytes(4)))),
    "an alpha of nothing": ("changes nothing", lambda: written(lora(), words={"lora_adapter_metadata": '{"lora_alpha": 0, "r": 4}'})),
    "words of five megabytes": ("", lambda: written(lora(), words={"ss_tag_frequency": "x" * 5_000_000})),
    "honest": ("", lambda: written(lora())),
}  # fmt: skip

READER = "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight"
FIRST = "model.diffusion_model.input_blocks.0.0.weight"


def model(**changes: object) -> bytes:
    """The header of a Stable Diffusion 1.5, as small as one can be taken for it."""
    entries = {READER: tensor([514, 1], 0, 2056), FIRST: tensor([1, 4, 1, 1], 2056, 2072)} | changes
    return packed(entries, bytes(2072))


# Brought as whole models, whose headers may be large and whose kinds many.
WHOLE: dict[str, tuple[str, Callable[[], bytes]]] = {
    **{name: ("'evil.safetensors'", make) for name, make in BROKEN.items()},
    "places in letters": (
        "damaged or no .safetensors",
        lambda: model(x={"dtype": "F32", "shape": [1], "data_offsets": ["a", "b"]}),
    ),
    "a place without end": ("damaged or no .safetensors", lambda: model().replace(b"[2056, 2072]", b"[2056, 1e999]")),
    "a place that is no number": (
        "damaged or no .safetensors",
        lambda: model().replace(b"[2056, 2072]", b"[2056, NaN]  "),
    ),
    "a side without end": ("damaged or no .safetensors", lambda: model().replace(b"[514, 1]", b"[1e999] ")),
    "no sides": ("no whole model", lambda: model(**{FIRST: tensor([], 2056, 2072)})),
    "one side": ("no whole model", lambda: model(**{FIRST: tensor([4], 2056, 2072)})),
    "one over the other": ("damaged or no .safetensors", lambda: model(**{FIRST: tensor([1, 4, 1, 1], 2052, 2072)})),
    "only its first layers": ("The words that", model),
    "200,000 tensors": ("damaged or no .safetensors", lambda: many(200_000)),
}

# The same where the words of CLIP are at hand, so that the numbers are read.
READ: dict[str, tuple[str, Callable[[], bytes]]] = {
    "sizes that contradict": ("damaged or no .safetensors", lambda: model(x=tensor([1 << 40, 1 << 40], 2072, 2072))),
    "a kind that nobody knows": ("damaged or no .safetensors", lambda: model(x=tensor([0], 2072, 2072, "PICKLE"))),
    "only its first layers": ("does not fit", model),
}
