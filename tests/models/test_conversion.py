"""Pickled weights become .safetensors bit for bit, and whatever cannot is refused in words with nothing lost."""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner, Result

from studio.adapters.header import read_header
from studio.cli import app
from studio.errors import BadInput
from studio.models.conversion import Converted, checked, convert
from studio.progress import finish
from studio.settings import ROOT

FLOATS = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2]
WHOLE = [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint64, torch.uint32, torch.uint16, torch.uint8]
LAYOUTS = {"archive": True, "legacy": False}


def saved(path: Path, value: Any, layout: str = "archive") -> Path:
    torch.save(value, path, _use_new_zipfile_serialization=LAYOUTS[layout])
    return path


def converted(path: Path) -> tuple[Converted, dict[str, torch.Tensor]]:
    made = finish(convert(path))
    return made, load_file(made.path)


def same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Bit for bit, NaNs too, and of the same type and shape."""
    raw = [tensor.contiguous().flatten().view(torch.uint8) for tensor in (one, other)]
    return one.dtype == other.dtype and one.shape == other.shape and torch.equal(*raw)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def failing(tensors: dict[str, torch.Tensor], wanted: dict[str, torch.Tensor]) -> list[str]:
    assert tensors.keys() == wanted.keys()
    return [name for name, tensor in wanted.items() if not same(tensors[name], tensor)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_numbers_of_every_kind_come_through_bit_for_bit(layout: str, tmp_path: Path) -> None:
    wanted = {}
    for dtype in (*FLOATS, *WHOLE, torch.bool):
        bits = torch.randint(0, 2 if dtype == torch.bool else 256, (6, 8 * dtype.itemsize), dtype=torch.uint8)
        whole = bits.view(dtype)
        wanted |= {f"{dtype} whole": whole, f"{dtype} row": whole[3].clone(), f"{dtype} turned": whole.T}
    made, tensors = converted(saved(tmp_path / "model.ckpt", wanted, layout))
    assert made.tensors == 45 and made.left_out == 0
    assert not failing(tensors, wanted)


VIEWS = {
    "a column": lambda base: base[:, 3],
    "every other row": lambda base: base[1::2],
    "the axes turned": lambda base: base.reshape(4, 3, 2, 5).permute(2, 0, 3, 1),
    "channels last": lambda base: base.reshape(4, 3, 2, 5).contiguous(memory_format=torch.channels_last),
    "one number many times": lambda base: base[2, 3].expand(7, 5),
    "one row many times": lambda base: base[2].expand(3, 10),
    "one column many times": lambda base: base[:, 4:5].expand(12, 6),
    "windows that overlap": lambda base: base.flatten().unfold(0, 8, 3),
    "a single number": lambda base: base[1, 1],
    "an axis of one": lambda base: base.T[4:5].T,
    "none at all": lambda base: base[:0],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_view_is_written_as_what_it_shows(layout: str, tmp_path: Path) -> None:
    wanted = {kind: view(torch.randn(12, 10)) for kind, view in VIEWS.items()}
    _, tensors = converted(saved(tmp_path / "model.pt", wanted, layout))
    assert not failing(tensors, wanted)


def test_tensors_that_share_their_numbers_are_each_written_whole(tmp_path: Path) -> None:
    words = torch.nn.Parameter(torch.randn(50, 8))
    _, tensors = converted(saved(tmp_path / "model.bin", {"embed": words, "head": words, "part": words.data[10:20]}))
    assert not failing(tensors, {"embed": words.data, "head": words.data, "part": words.data[10:20]})


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_weights_of_a_module_keep_their_names(layout: str, tmp_path: Path) -> None:
    state = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4)).state_dict()
    _, tensors = converted(saved(tmp_path / "model.pth", state, layout))
    assert not failing(tensors, state)
    assert tensors["1.num_batches_tracked"].shape == ()


def checkpoints() -> dict[str, tuple[Any, dict[str, torch.Tensor], int]]:
    """What trainers write around their weights; the tensors that should come of it; how many values are left out."""
    ones, twos = torch.ones(2), torch.full((2,), 2.0)
    state = {"w": ones}
    return {
        "lightning": ({"epoch": 3, "global_step": 1, "state_dict": state, "lr_schedulers": []}, {"w": ones}, 3),
        "a state_dict among tensors": ({"state_dict": state, "mean": twos}, {"w": ones}, 1),
        "a model and its optimizer": (
            {"model": state, "optimizer": {"state": {0: {"exp_avg": twos}}, "param_groups": [{"lr": 1e-4}]}},
            {"w": ones},
            1,
        ),
        "a model and its mean": (
            {"model": state, "ema": {"w": twos}, "step": 7},
            {"model.w": ones, "ema.w": twos},
            1,
        ),
        "tensors and notes": ({"w": ones, "note": "May", "rate": 0.5, 3: twos, "extra": {"x": twos}}, {"w": ones}, 4),
        "values no weights need": (
            OrderedDict(
                w=ones, device=torch.device("cpu"), size=torch.Size([1]), type=torch.float16, raw=b"x", few={1}
            ),
            {"w": ones},
            5,
        ),
        "a number of numpy": ({"w": ones, "best": numpy.float64(0.5)}, {"w": ones}, 1),
        "lists in lists": ({"w": ones, "deep": [[[[(1, 2), [None, True, 2**70, -5]]]]]}, {"w": ones}, 1),
        "an empty tensor beside": ({"w": ones, "none": torch.zeros(0, 4)}, {"w": ones, "none": torch.zeros(0, 4)}, 0),
    }


@pytest.mark.parametrize("kind", checkpoints())
def test_the_weights_are_found_and_the_rest_is_counted(kind: str, tmp_path: Path) -> None:
    value, wanted, left_out = checkpoints()[kind]
    made, tensors = converted(saved(tmp_path / "model.ckpt", value))
    assert made.left_out == left_out and made.tensors == len(wanted)
    assert not failing(tensors, wanted)


def test_many_megabytes_come_through_in_pieces(tmp_path: Path) -> None:
    big = torch.randn(3 << 20)
    wanted = {"big": big, "turned": big.view(1024, -1).T}
    _, tensors = converted(saved(tmp_path / "big.ckpt", wanted))
    assert not failing(tensors, wanted)


def test_the_source_stays_and_is_told_by_its_hash(tmp_path: Path) -> None:
    path = saved(tmp_path / "model.ckpt", {"w": torch.ones(2)})
    before = path.read_bytes()
    made, _ = converted(path)
    assert path.read_bytes() == before and made.sha256 == hashlib.sha256(before).hexdigest()
    assert made.path == tmp_path / "model.safetensors" and made.bytes == made.path.stat().st_size
    assert sorted(found.name for found in tmp_path.iterdir()) == ["model.ckpt", "model.safetensors"]


def test_what_comes_out_passes_the_studios_own_door(tmp_path: Path) -> None:
    made, _ = converted(saved(tmp_path / "style.pt", {"b": torch.ones(3, 2), "a": torch.ones(4).half()}))
    header = read_header(made.path)
    assert {name: (entry.dtype, entry.shape) for name, entry in header.entries.items()} == {
        "b": ("F32", (3, 2)),
        "a": ("F16", (4,)),
    }
    assert header.words == {"format": "pt"}


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = saved(tmp_path / "model.ckpt", {"b": torch.randn(9), "a": torch.randn(2).half()})
    one, other = (finish(convert(path, tmp_path / name)) for name in ("one.safetensors", "other.safetensors"))
    assert one.path.read_bytes() == other.path.read_bytes()


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path, out = saved(tmp_path / "model.ckpt", {"w": torch.ones(2)}), tmp_path / "model.safetensors"
    out.write_bytes(b"mine")
    with pytest.raises(BadInput, match="'model.safetensors' is already there"):
        finish(convert(path))
    assert out.read_bytes() == b"mine" and len(list(tmp_path.iterdir())) == 2


def test_a_file_that_comes_in_the_meantime_is_not_written_over_either(tmp_path: Path) -> None:
    path, out = saved(tmp_path / "model.ckpt", {"w": torch.ones(2)}), tmp_path / "model.safetensors"
    work = convert(path)
    next(work)
    out.write_bytes(b"mine")
    with pytest.raises(BadInput, match="already there"):
        finish(work)
    assert out.read_bytes() == b"mine" and len(list(tmp_path.iterdir())) == 2


def test_stopping_leaves_nothing_behind(tmp_path: Path) -> None:
    work = convert(saved(tmp_path / "model.ckpt", {"w": torch.ones(2)}))
    assert next(work).total == 1
    work.close()
    assert [found.name for found in tmp_path.iterdir()] == ["model.ckpt"]


WRONG = {
    "there is no file": ("model.ckpt", None, "There is no file 'model.ckpt'"),
    "it is empty": ("model.ckpt", b"", "'model.ckpt' is empty"),
    "it is a text": ("model.ckpt", b"Dear reader, this is a story.", "no weight file of torch"),
    "it is a page of the web": ("model.bin", b"<!DOCTYPE html><html>404</html>", "no weight file of torch"),
    "its name is a trap": ("{name}\n‮.ckpt", b"Dear reader", "'{name}.ckpt' is no weight file"),
}


@pytest.mark.parametrize("why", WRONG)
def test_what_is_no_weight_file_is_refused_in_words(why: str, tmp_path: Path) -> None:
    name, raw, sentence = WRONG[why]
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    with pytest.raises(BadInput) as refusal:
        finish(convert(tmp_path / name))
    assert sentence in str(refusal.value) and str(tmp_path) not in str(refusal.value)
    assert not list(tmp_path.glob("*.safetensors"))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        finish(convert(tmp_path))


def test_a_file_without_named_tensors_is_refused(tmp_path: Path) -> None:
    for value in (torch.ones(2), {"epoch": 3}, [torch.ones(2)], {}):
        with pytest.raises(BadInput, match="no tensors with names"):
            finish(convert(saved(tmp_path / "model.ckpt", value)))


def test_complex_numbers_are_told_by_their_kind(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="of the kind 'torch.ComplexFloatStorage'"):
        finish(convert(saved(tmp_path / "model.ckpt", {"w": torch.ones(2, dtype=torch.complex64)})))


def test_the_command_converts_and_says_what_comes_next(tmp_path: Path, home: Path) -> None:
    path = saved(tmp_path / "model.ckpt", {"state_dict": {"w": torch.ones(2)}, "epoch": 3})
    result = run("models", "import", path, "--convert", "--out", tmp_path / "new.safetensors", "--json")
    assert result.exit_code == 0 and "python -m studio adapters check new.safetensors" in result.stderr
    told = json.loads(result.stdout)["converted"]
    assert told["tensors"] == 1 and told["left_out"] == 1 and len(told["sha256"]) == 64
    assert same(load_file(told["path"])["w"], torch.ones(2))


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".pth", ".bin"])
def test_without_convert_the_command_explains_and_touches_nothing(suffix: str, tmp_path: Path, home: Path) -> None:
    path = saved(tmp_path / f"model{suffix}", {"w": torch.ones(2)})
    result = run("models", "import", path)
    assert result.exit_code == 1 and "can run programs when it is opened" in result.stderr
    assert "--convert" in result.stderr and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("convert", [(), ("--convert",)])
def test_a_safetensors_file_is_sent_to_the_right_door(convert: tuple[str, ...], tmp_path: Path, home: Path) -> None:
    save_file({"w": torch.ones(2)}, tmp_path / "style.safetensors")
    result = run("models", "import", tmp_path / "style.safetensors", *convert)
    assert result.exit_code == 1 and "is a .safetensors file already" in result.stderr
    assert "python -m studio adapters import" in result.stderr


def test_another_suffix_is_refused(tmp_path: Path, home: Path) -> None:
    path = saved(tmp_path / "model.ckpt", {"w": torch.ones(2)})
    result = run("models", "import", path, "--convert", "--out", tmp_path / "new.ckpt")
    assert result.exit_code == 1 and "'new.ckpt' cannot be written" in result.stderr


ONE = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
UNTRUE = {
    "nothing": b"",
    "a header longer than the file": (1 << 40).to_bytes(8, "little"),
    "no header": (9).to_bytes(8, "little") + b"no header",
    "a hole": {"__metadata__": {}, "a": {**ONE, "data_offsets": [4, 8]}},
    "too long": {"__metadata__": {}, "a": {**ONE, "shape": [2]}},
    "a kind that is none": {"__metadata__": {}, "a": {**ONE, "dtype": "PICKLE"}},
    "a list": {"__metadata__": {}, "a": []},
    "no metadata": {"a": ONE},
}


@pytest.mark.parametrize("kind", UNTRUE)
def test_what_the_child_wrote_is_not_trusted(kind: str, tmp_path: Path) -> None:
    raw, path = UNTRUE[kind], tmp_path / "part.safetensors"
    if isinstance(raw, dict):
        header = json.dumps(raw).encode()
        raw = len(header).to_bytes(8, "little") + header + bytes(4)
    path.write_bytes(raw)
    with pytest.raises(BadInput, match="'model.ckpt' is damaged"):
        checked(path, tmp_path / "model.ckpt")


def sources() -> list[Path]:
    return sorted((ROOT / "studio" / "models" / "unpickling").glob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_the_child_is_made_of_the_standard_library_and_never_unpickles(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    plain |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    never = {"pickle", "_pickle", "marshal", "importlib", "subprocess", "socket"}
    assert {name.split(".")[0] for name in plain} <= sys.stdlib_module_names - never
    assert all(node.level < 2 for node in nodes if isinstance(node, ast.ImportFrom))
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not called & {"eval", "exec", "compile", "getattr", "setattr", "__import__", "open"}
