"""Pickled files that would harm or deceive: each is refused in words, nothing in it is run, nothing is left behind."""

from __future__ import annotations

import io
import pickle
import random
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from safetensors.torch import load

from studio.errors import BadInput
from studio.models.conversion import SENTENCES, convert
from studio.models.unpickling import __main__ as child
from studio.models.unpickling.refusal import Refused
from studio.progress import finish
from tests.hostile.pickles import (
    NUMBERS,
    RUNNING,
    Careless,
    archive,
    call,
    holding,
    legacy,
    name,
    number,
    numbers,
    storage,
    tensor,
    word,
)


@pytest.mark.filterwarnings("ignore")  # of what they leave open
@pytest.mark.parametrize("kind", RUNNING)
def test_each_of_them_runs_where_it_is_unpickled(kind: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    with suppress(Exception):  # of dictionaries as names, or of None that is called, once the work is done
        Careless(io.BytesIO(RUNNING[kind][0](str(canary)))).load()
    assert canary.exists()


def refused(raw: bytes, folder: Path, sentence: str) -> None:
    path = folder / "model.ckpt"
    path.write_bytes(raw)
    with pytest.raises(BadInput) as refusal:
        finish(convert(path))
    assert sentence in str(refusal.value) and str(folder) not in str(refusal.value)
    assert path.read_bytes() == raw and [found.name for found in folder.iterdir()] == ["model.ckpt"]


@pytest.mark.parametrize("kind", RUNNING)
def test_a_program_in_a_file_is_named_and_not_run(kind: str, tmp_path: Path) -> None:
    make, named = RUNNING[kind]
    refused(archive(make(str(tmp_path / "canary"))), tmp_path, f"{named}'")


def verdict(raw: bytes) -> str:
    """What the child says of the file, without the child: the reason and what it is about."""
    target = io.BytesIO()
    with pytest.raises(Refused) as refusal:
        child.convert(io.BytesIO(raw), target)
    assert not target.getvalue()
    return f"{refusal.value.reason} {refusal.value.what}"


@pytest.mark.parametrize("layout", [legacy, bytes], ids=["before 1.6", "without torch"])
@pytest.mark.parametrize("kind", RUNNING)
def test_it_is_not_run_in_other_layouts_either(kind: str, layout: Callable, tmp_path: Path) -> None:
    make, named = RUNNING[kind]
    raw = layout(make(str(tmp_path / "canary")))
    assert verdict(raw).endswith(named if raw.startswith(pickle.PROTO) else "format ")
    assert not list(tmp_path.iterdir())


PECULIAR: dict[str, tuple[bytes, str]] = {
    "NEWOBJ": (name("collections OrderedDict") + pickle.EMPTY_TUPLE + pickle.NEWOBJ, "NEWOBJ"),
    "a registered extension": (pickle.EXT1 + b"\1", "EXT1"),
    "a text as persistent id": (pickle.PERSID + b"storage\n", "PERSID"),
    "a number in letters": (pickle.INT + b"1\n", "INT"),
    "a text in quotes": (pickle.STRING + b"'a'\n", "STRING"),
    "a text with escapes": (pickle.UNICODE + b"\\u0041\n", "UNICODE"),
    "a buffer from outside": (pickle.NEXT_BUFFER, "NEXT_BUFFER"),
    "attributes hung on a class": (
        name("collections OrderedDict") + pickle.EMPTY_DICT + word("__init__") + pickle.NONE + pickle.SETITEM + pickle.BUILD,
        "BUILD",
    ),
    "a dotted name": (name("collections OrderedDict.__init__.__globals__"), "collections.OrderedDict.__init__.__globals__"),
    "torch.hub": (call("torch.hub load", word("evil/repo"), word("model")), "torch.hub.load"),
    "torch's own loader of bytes": (
        call("torch.storage _load_from_bytes", call("_codecs encode", word("PK"), word("latin-1"))),
        "torch.storage._load_from_bytes",
    ),
    "torch.load": (call("torch load", word("other.pt")), "torch.load"),
    "a module of its own": (name("webbrowser open"), "webbrowser.open"),
    "a storage that is called": (call("torch FloatStorage", number(1 << 40)), "torch.FloatStorage"),
    "a tensor that is called": (tensor() + pickle.EMPTY_TUPLE + pickle.REDUCE, "REDUCE"),
    "items put into a tensor": (tensor() + word("x") + pickle.NONE + pickle.SETITEM, "SETITEMS"),
    "items put into a class": (name("collections OrderedDict") + pickle.NONE + pickle.APPEND, "APPENDS"),
    "a storage of another class": (storage(kind="collections OrderedDict"), "storage"),
    "numbers of another kind": (storage(kind="torch ComplexFloatStorage"), "torch.ComplexFloatStorage"),
}  # fmt: skip


@pytest.mark.parametrize("kind", PECULIAR)
def test_an_instruction_or_name_that_weights_do_not_need_is_refused(kind: str) -> None:
    value, named = PECULIAR[kind]
    reason, what = verdict(archive(holding(value))).split()
    assert reason in ("instruction", "name", "call", "kind", "places") and what == named


LYING: dict[str, bytes] = {
    "more rows than there are": tensor(shape=numbers(3, 2)),
    "a stride that leaves": tensor(strides=numbers(3, 1)),
    "an offset that leaves": tensor(offset=number(1)),
    "a negative size": tensor(shape=numbers(-2, 2)),
    "a negative stride": tensor(strides=numbers(-2, 1)),
    "a negative offset": tensor(offset=number(-1)),
    "a size that overflows": tensor(shape=numbers(1 << 47, 1 << 47)),
    "a size beyond all counting": tensor(shape=numbers(0, 1 << 2000)),
    "a size that is true": tensor(shape=pickle.NEWTRUE + number(2) + pickle.TUPLE2),
    "a size with a fraction": tensor(shape=pickle.BINFLOAT + struct.pack(">d", 2.0) + number(2) + pickle.TUPLE2),
    "a shape that is a list": tensor(shape=pickle.EMPTY_LIST),
    "fewer strides than sizes": tensor(strides=numbers(1)),
    "a hundred axes": tensor(shape=numbers(*[1] * 100), strides=numbers(*[1] * 100)),
    "a storage larger than its entry": tensor(of=storage(count=5)),
    "a storage smaller than its entry": tensor(of=storage(count=3), shape=numbers(1), strides=numbers(1)),
    "a storage that is not there": tensor(of=storage(key="7")),
    "a key that climbs out": tensor(of=storage(key="../../x")),
    "a key from the root": tensor(of=storage(key="/etc/passwd")),
    "a key in Arabic figures": tensor(of=storage(key="٠")),
    "a storage that is no storage": tensor(of=number(0)),
}


@pytest.mark.parametrize("kind", LYING)
def test_a_tensor_outside_its_numbers_is_refused(kind: str) -> None:
    assert verdict(archive(holding(LYING[kind]))).startswith("places ")


def patched(raw: bytes, signature: bytes, nth: int, at: int, value: bytes) -> bytes:
    """The archive with bytes of its nth header overwritten."""
    start = -1
    for _ in range(nth + 1):
        start = raw.index(signature, start + 1)
    return raw[: start + at] + value + raw[start + at + len(value) :]


def twice(raw: bytes) -> bytes:
    """The archive whose second entry is found at the place of the first."""
    return patched(raw, b"PK\1\2", 1, 42, struct.pack("<I", 0))


HONEST = holding(pickle.NONE)
WHOLE = archive(HONEST)
DECEIVING: dict[str, tuple[bytes, str]] = {
    "a tensor that reaches out": (archive(holding(tensor(offset=number(1)))), "about where its numbers lie ('w')"),
    "numbers of another kind": (
        archive(holding(storage(kind="torch ComplexFloatStorage"))), "of the kind 'torch.ComplexFloatStorage'",
    ),
    "a call that weights do not need": (archive(holding(tensor() + pickle.NONE + pickle.BUILD)), "uses 'BUILD'"),
    "packed": (archive(HONEST, zipfile.ZIP_DEFLATED), "not packed as torch packs"),
    "a bomb": (archive(HONEST, zipfile.ZIP_DEFLATED, **{"data/1": bytes(30_000_000)}), "not packed as torch packs"),
    "entries one over the other": (twice(WHOLE), "not packed as torch packs"),
    "an entry behind the end": (
        patched(WHOLE, b"PK\1\2", 1, 42, struct.pack("<I", 1 << 30)), "not packed as torch packs",
    ),
    "an entry longer than the file": (
        patched(WHOLE, b"PK\1\2", 1, 20, struct.pack("<II", 1 << 30, 1 << 30)), "not packed as torch packs",
    ),
    "an entry with two sizes": (
        patched(WHOLE, b"PK\1\2", 1, 24, struct.pack("<I", 1 << 30)), "not packed as torch packs",
    ),
    "two names for one entry": (patched(WHOLE, b"PK\3\4", 1, 30, b"mOdel"), "not packed as torch packs"),
    "a locked entry": (patched(WHOLE, b"PK\1\2", 0, 8, b"\1"), "not packed as torch packs"),
    "a script beside": (archive(HONEST, **{"code/model.py": b"import os"}), "model/code/model.py"),
    "constants of a script": (archive(HONEST, **{"constants.pkl": HONEST}), "model/constants.pkl"),
    "an entry that climbs out": (archive(HONEST, **{"../../x": b"x"}), "model/../../x"),
    "an entry with a climbing key": (archive(HONEST, **{"data/../../x": b"x"}), "model/data/../../x"),
    "an archive of something else": (archive(b"", zipfile.ZIP_STORED).replace(b"data.pkl", b"word.doc"), "no weight file"),
    "no archive at all": (b"PK\3\4" + b"\0" * 100, "damaged or incomplete"),
    "bytes in the other order": (archive(HONEST, byteorder=b"big"), "in the other order"),
    "bytes in the other order, long ago": (legacy(HONEST, little=False), "in the other order"),
    "half of a letter as name": (archive(holding(tensor(), "\ud800")), "damaged or incomplete"),
    "a name of the format": (archive(holding(tensor(), "__metadata__")), "damaged or incomplete"),
    "a name without an end": (archive(holding(tensor(), "w" * 5000)), "damaged or incomplete"),
    "numbers that grow": (
        archive(holding(tensor(shape=numbers(1 << 40, 2), strides=numbers(0, 1)))), "grow far beyond its own size",
    ),
    "many that grow": (
        archive(holding(tensor(shape=numbers(1 << 20, 4, 8), strides=numbers(0, 1, 0)))), "grow far beyond its own size",
    ),
    "marks in marks": (archive(holding(pickle.MARK * 100_000)), "grow far beyond its own size"),
    "lists without end": (archive(holding(pickle.EMPTY_LIST * 2_100_000)), "grow far beyond its own size"),
    "a marvellous number": (pickle.dumps(42, 2), "no weight file"),
    "another version": (legacy(HONEST).replace(struct.pack("<H", 1001), struct.pack("<H", 1002)), "no weight file"),
    "a storage of 2^60": (legacy(HONEST, count=1 << 60), "damaged or incomplete"),
    "a storage of another length": (legacy(HONEST, count=3), "where its numbers lie"),
    "keys that do not fit": (legacy(HONEST, keys=("0", "1")), "where its numbers lie"),
    "a key twice": (legacy(HONEST, keys=("0", "0")), "where its numbers lie"),
    "keys that are numbers": (legacy(HONEST, keys=(0,)), "where its numbers lie"),
    "keys that are none": (legacy(HONEST, keys={"0": 1}), "where its numbers lie"),
    "nothing remembered": (archive(holding(pickle.BINGET + b"\7")), "damaged or incomplete"),
    "nothing on the stack": (archive(pickle.PROTO + b"\2" + pickle.TUPLE2 + pickle.STOP), "damaged or incomplete"),
    "no mark": (archive(pickle.PROTO + b"\2" + pickle.TUPLE + pickle.STOP), "damaged or incomplete"),
    "no end": (archive(HONEST[:-1]), "damaged or incomplete"),
    "a word of 4 GB": (archive(pickle.PROTO + b"\2" + pickle.BINUNICODE + b"\xff" * 8), "damaged or incomplete"),
    "cut in its directory": (WHOLE[:-30], "damaged or incomplete"),
    "cut in its numbers": (legacy(HONEST)[:-3], "damaged or incomplete"),
    "cut in its pickle": (legacy(HONEST)[:150], "damaged or incomplete"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DECEIVING)
def test_a_file_that_deceives_is_refused(kind: str) -> None:
    raw, sentence = DECEIVING[kind]
    reason, _, what = verdict(raw).partition(" ")
    assert sentence in SENTENCES[reason].format(name="model.ckpt", what=what)


@pytest.mark.parametrize("kind", {sentence: kind for kind, (_, sentence) in DECEIVING.items()}.values())
def test_the_child_refuses_for_each_reason_as_it_should(kind: str, tmp_path: Path) -> None:
    refused(DECEIVING[kind][0], tmp_path, DECEIVING[kind][1])


def test_a_name_that_comes_twice_in_the_archive_is_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        written = io.BytesIO(WHOLE)
        with zipfile.ZipFile(written, "a") as file:
            file.writestr("model/data/0", NUMBERS)
    refused(written.getvalue(), tmp_path, "look at 'data/0' in it")


NESTED = 200_000
HARMLESS: dict[str, bytes] = {
    "lists two hundred thousand deep": pickle.EMPTY_LIST * NESTED + pickle.APPEND * (NESTED - 1),
    "a tuple as deep, as a key": (
        pickle.EMPTY_DICT + pickle.EMPTY_TUPLE + pickle.TUPLE1 * NESTED + pickle.NONE + pickle.SETITEM
    ),
    "a billion laughs": pickle.EMPTY_LIST
    + b"".join(pickle.BINPUT + bytes([deep]) + pickle.BINGET + bytes([deep]) + pickle.TUPLE2 for deep in range(60)),
    "the last place of a memory": pickle.NONE + pickle.LONG_BINPUT + struct.pack("<I", 0xFFFFFFFF),
    "a list in itself": pickle.EMPTY_LIST + pickle.BINPUT + b"\0" + pickle.BINGET + b"\0" + pickle.APPEND,
}  # fmt: skip


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_makes_other_readers_fall_is_left_out(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "model.ckpt"
    path.write_bytes(archive(holding(HARMLESS[kind])))
    made = finish(convert(path))
    assert made.left_out == 1 and load(made.path.read_bytes())["honest"].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("layout", [archive, legacy], ids=["archive", "legacy"])
def test_a_scrambled_file_is_refused_or_becomes_a_whole_one(layout: Callable, tmp_path: Path) -> None:
    """A thousand files with a few bytes changed, read here and not in the child: whatever comes of it has been foreseen."""
    dice, honest, whole = random.Random(7), layout(HONEST), 0
    for _ in range(1000):
        raw = bytearray(honest)
        for _ in range(dice.randint(1, 4)):
            raw[dice.randrange(4, len(raw))] = dice.randrange(256)
        raw = raw[: dice.choice([len(raw), len(raw), dice.randrange(len(raw))])]
        target = io.BytesIO()
        with suppress(Refused):
            child.convert(io.BytesIO(raw), target)
            whole += bool(load(target.getvalue()))
    assert 0 < whole < 1000
