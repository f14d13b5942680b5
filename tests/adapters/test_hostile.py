"""Files that would harm or deceive: each gets the right verdict at once, from its header, and nothing in it is executed."""

from __future__ import annotations

import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.adapters.header import read_header
from studio.adapters.tensors import read_adapter
from studio.errors import BadAdapter
from tests.hostile.weights import BROKEN, LARGE, packed, tensor

KEY = "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q"
ALPHA = json.dumps({"lora_alpha": 4, "r": 4})


def pair(dtype: str = "F32", size: int = 1024) -> dict:
    return {
        "__metadata__": {"lora_adapter_metadata": ALPHA},
        f"{KEY}.lora_A.weight": tensor([4, 64], 0, size, dtype),
        f"{KEY}.lora_B.weight": tensor([64, 4], size, 2 * size, dtype),
    }


class Canary:
    """Unpickled, it would leave a trace."""

    def __reduce__(self) -> tuple:
        return os.mkdir, ("canary",)


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps(Canary()))
    return buffer.getvalue()


PROGRAMS: dict[str, Callable[[], bytes]] = {
    "a pickle": lambda: pickle.dumps(Canary()),
    "an old pickle": lambda: pickle.dumps(Canary(), protocol=2),
    "torch's archive": archive,
}
STRANGE: dict[str, Callable[[], bytes]] = {
    "whole numbers": lambda: packed(pair("I8", 256), b"\1" * 512),
    "floats of eight bits": lambda: packed(pair("F8_E4M3", 256), b"\1" * 512),
}


@pytest.mark.parametrize(
    ("said", "make"),
    [
        *(pytest.param("can carry programs", make, id=name) for name, make in PROGRAMS.items()),
        *(pytest.param("damaged or no .safetensors", make, id=name) for name, make in BROKEN.items()),
        *(pytest.param("larger than any adapter", make, id=name) for name, make in LARGE.items()),
        *(pytest.param("which cannot be worn", make, id=name) for name, make in STRANGE.items()),
    ],
)
def test_a_hostile_file_is_refused_at_once(said: str, make, tiny_unet, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "hostile.safetensors"
    path.write_bytes(make())
    before = {name: value.clone() for name, value in tiny_unet.state_dict().items()}
    with pytest.raises(BadAdapter) as caught:
        read_adapter(path, tiny_unet, "pocket")
    assert said in str(caught.value) and str(tmp_path) not in str(caught.value)
    assert not (tmp_path / "canary").exists()
    assert all((value == before[name]).all() for name, value in tiny_unet.state_dict().items())


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".bin"])
def test_a_kind_that_can_carry_programs_is_refused_by_its_name_alone(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"style{suffix}"
    path.write_bytes(packed(pair(), b"\0" * 2048))
    with pytest.raises(BadAdapter, match="'style' is of a kind that can carry programs"):
        read_header(path)


def test_a_header_of_640_bytes_is_no_pickle(tmp_path: Path) -> None:
    path, header = tmp_path / "honest.safetensors", json.dumps(pair()).encode()
    path.write_bytes(packed(header.ljust(0x280), b"\0" * 2048))
    assert path.read_bytes()[:2] == b"\x80\x02" and len(read_header(path).entries) == 2


def test_an_honest_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "honest.safetensors"
    path.write_bytes(packed(pair(), b"\0" * 2048))
    assert [entry.shape for entry in read_header(path).entries.values()] == [(4, 64), (64, 4)]
