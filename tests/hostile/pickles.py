"""Pickles that run something where they are unpickled without care, the parts they are built of, and files that carry them."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import marshal
import pickle
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from types import SimpleNamespace

import numpy
import torch

NUMBERS = struct.pack("<4f", 1, 2, 3, 4)
Made = Callable[[str], bytes]


def word(text: str) -> bytes:
    raw = text.encode("utf-8", "surrogatepass")
    return pickle.BINUNICODE + struct.pack("<I", len(raw)) + raw


def number(value: int) -> bytes:
    return pickle.LONG1 + bytes([255]) + value.to_bytes(255, "little", signed=True)


def numbers(*values: int) -> bytes:
    return pickle.MARK + b"".join(map(number, values)) + pickle.TUPLE


def name(words: str) -> bytes:
    return pickle.GLOBAL + words.replace(" ", "\n").encode() + b"\n"


def call(words: str, *arguments: bytes) -> bytes:
    return name(words) + pickle.MARK + b"".join(arguments) + pickle.TUPLE + pickle.REDUCE


def storage(key: str = "0", count: int = 4, kind: str = "torch FloatStorage") -> bytes:
    told = word("storage") + name(kind) + word(key) + word("cpu") + number(count)
    return pickle.MARK + told + pickle.TUPLE + pickle.BINPERSID


def tensor(shape: bytes = b"", strides: bytes = b"", offset: bytes = b"", of: bytes = b"") -> bytes:
    """Two by two float32 in the storage of four, if nothing else is said."""
    parts = of or storage(), offset or number(0), shape or numbers(2, 2), strides or numbers(2, 1)
    return call("torch._utils _rebuild_tensor_v2", *parts, pickle.NEWFALSE, call("collections OrderedDict"))


def holding(value: bytes, called: str = "w") -> bytes:
    """The pickle of a dictionary with an honest tensor and the value under a name."""
    items = word("honest") + tensor() + word(called) + value
    return pickle.PROTO + b"\2" + pickle.EMPTY_DICT + pickle.MARK + items + pickle.SETITEMS + pickle.STOP


def archive(raw: bytes, packed: int = zipfile.ZIP_STORED, **entries: bytes) -> bytes:
    """torch's archive around a pickle; further entries by name, `.` written as `__`."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", packed) as file:
        for entry, content in {"data.pkl": raw, "data/0": NUMBERS, **entries}.items():
            file.writestr(f"model/{entry}", content)
    return written.getvalue()


def legacy(raw: bytes, keys: object = ("0",), count: int = 4, little: bool = True) -> bytes:
    heads = (0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": little})
    ends = pickle.dumps(list(keys) if isinstance(keys, tuple) else keys, 2) + struct.pack("<q", count) + NUMBERS
    return b"".join(pickle.dumps(head, 2) for head in heads) + raw + ends


def evil(canary: str) -> str:
    return f"__import__('os').mkdir({canary!r})"


def raw(content: bytes) -> bytes:
    """Bytes as protocol 2 writes them."""
    return call("_codecs encode", word(content.decode("latin-1")), word("latin-1"))


def found(function: bytes, canary: str) -> bytes:
    return holding(function + pickle.MARK + word(canary) + pickle.TUPLE + pickle.REDUCE)


LAST_EXTENSION = [1000]


def extension() -> int:
    """A number under which nothing was registered yet; Python keeps them for the whole process."""
    LAST_EXTENSION[0] += 1
    return LAST_EXTENSION[0]


def objects(canary: str) -> bytes:
    array = numpy.empty(1, dtype=object)
    array[0] = Canary(canary)
    return pickle.dumps(array, 2)


OS = call("importlib import_module", word("os"))


# Each leaves the canary when Python's own unpickler reads it (see the test below); the words that the refusal names.
RUNNING: dict[str, tuple[Made, str]] = {
    "os.mkdir": (lambda canary: holding(call("os mkdir", word(canary))), "os.mkdir"),
    "os.system": (lambda canary: holding(call("os system", word(f"mkdir '{canary}'"))), "os.system"),
    "posix.system": (lambda canary: holding(call("posix system", word(f"mkdir '{canary}'"))), "posix.system"),
    "eval": (lambda canary: holding(call("builtins eval", word(evil(canary)))), "builtins.eval"),
    "exec by its old name": (lambda canary: holding(call("__builtin__ exec", word(evil(canary)))), "__builtin__.exec"),
    "subprocess": (
        lambda canary: holding(
            call("subprocess check_call", pickle.MARK + word("mkdir") + word(canary) + pickle.LIST)
        ),
        "subprocess.check_call",
    ),
    "getattr": (
        lambda canary: holding(
            call("builtins getattr", call("importlib import_module", word("os")), word("mkdir"))
            + pickle.MARK + word(canary) + pickle.TUPLE + pickle.REDUCE
        ),
        "builtins.getattr",
    ),
    "a method caller": (
        lambda canary: holding(
            call("operator methodcaller", word("mkdir"), word(canary))
            + pickle.MARK + call("importlib import_module", word("os")) + pickle.TUPLE + pickle.REDUCE
        ),
        "operator.methodcaller",
    ),
    "a partial": (
        lambda canary: holding(
            call("functools partial", name("os mkdir"), word(canary)) + pickle.EMPTY_TUPLE + pickle.REDUCE
        ),
        "functools.partial",
    ),
    "a pickle in a pickle": (
        lambda canary: holding(
            call("pickle loads", call("_codecs encode", word((call("os mkdir", word(canary)) + pickle.STOP).decode("latin-1")), word("latin-1")))
        ),
        "pickle.loads",
    ),
    "names from the stack": (
        lambda canary: holding(
            word("os") + word("mkdir") + pickle.STACK_GLOBAL + word(canary) + pickle.TUPLE1 + pickle.REDUCE
        ),
        "STACK_GLOBAL",
    ),
    "INST": (lambda canary: holding(pickle.MARK + word(canary) + pickle.INST + b"os\nmkdir\n"), "INST"),
    "OBJ": (lambda canary: holding(pickle.MARK + name("os mkdir") + word(canary) + pickle.OBJ), "os.mkdir"),
    "as a name of a tensor": (
        lambda canary: holding(
            pickle.EMPTY_DICT + call("os mkdir", word(canary)) + pickle.NONE + pickle.SETITEM
        ),
        "os.mkdir",
    ),
    "a later protocol": (lambda canary: pickle.dumps(Canary(canary), protocol=4), "PROTO 4"),
    "the latest protocol": (lambda canary: pickle.dumps(Canary(canary), protocol=5), "PROTO 5"),
    "an object of its own": (lambda canary: pickle.dumps(Canary(canary), protocol=2), "mkdir"),
    "exec": (lambda canary: holding(call("builtins exec", word(evil(canary)))), "builtins.exec"),
    "os.makedirs": (lambda canary: holding(call("os makedirs", word(canary))), "os.makedirs"),
    "a file that is opened": (lambda canary: holding(call("io open", word(canary), word("w"))), "io.open"),
    "a program that is spawned": (
        lambda canary: holding(call("os spawnlp", number(0), word("mkdir"), word("mkdir"), word(canary))), "os.spawnlp",
    ),
    "a shell's answer": (
        lambda canary: holding(call("subprocess getoutput", word(f"mkdir '{canary}'"))), "subprocess.getoutput",
    ),
    "the code of marshal": (
        lambda canary: holding(
            call("types FunctionType", call("marshal loads", raw(marshal.dumps(compile(evil(canary), "x", "eval")))), pickle.EMPTY_DICT)
            + pickle.EMPTY_TUPLE + pickle.REDUCE
        ),
        "types.FunctionType",
    ),
    "a profiler": (lambda canary: holding(call("cProfile run", word(evil(canary)), word("/dev/null"))), "cProfile.run"),
    "a stop watch": (
        lambda canary: holding(call("timeit timeit", word(evil(canary)), word("pass"), name("time perf_counter"), number(1))),
        "timeit.timeit",
    ),
    "the hint of an editor": (
        lambda canary: holding(call("idlelib.calltip get_entity", word(evil(canary)))), "idlelib.calltip.get_entity",
    ),
    "the tests of numpy": (
        lambda canary: holding(call("numpy.testing._private.utils runstring", word(evil(canary)), pickle.EMPTY_DICT)),
        "numpy.testing._private.utils.runstring",
    ),
    "the Fortran of numpy": (
        lambda canary: holding(call("numpy.f2py.crackfortran myeval", word(evil(canary)), pickle.EMPTY_DICT, pickle.EMPTY_DICT)),
        "numpy.f2py.crackfortran.myeval",
    ),
    "torch's own exec": (
        lambda canary: holding(
            call("torch.jit.unsupported_tensor_ops execWrapper", word(evil(canary)), pickle.EMPTY_DICT, pickle.EMPTY_DICT)
        ),
        "torch.jit.unsupported_tensor_ops.execWrapper",
    ),
    "torch's own loader": (
        lambda canary: holding(call("torch.storage _load_from_bytes", raw(legacy(pickle.dumps(Canary(canary), 2))))),
        "torch.storage._load_from_bytes",
    ),
    "a name that pydoc finds": (lambda canary: found(call("pydoc locate", word("os.mkdir")), canary), "pydoc.locate"),
    "a name that pkgutil finds": (
        lambda canary: found(call("pkgutil resolve_name", word("os:mkdir")), canary), "pkgutil.resolve_name",
    ),
    "a name that a server finds": (
        lambda canary: found(call("xmlrpc.server resolve_dotted_attribute", OS, word("mkdir")), canary),
        "xmlrpc.server.resolve_dotted_attribute",
    ),
    "getattr_static": (
        lambda canary: found(call("inspect getattr_static", OS, word("mkdir")), canary), "inspect.getattr_static",
    ),
    "an attribute getter": (
        lambda canary: found(call("operator attrgetter", word("mkdir")) + pickle.MARK + OS + pickle.TUPLE + pickle.REDUCE, canary),
        "operator.attrgetter",
    ),
    "an item getter": (
        lambda canary: found(
            call("operator itemgetter", word("mkdir"))
            + pickle.MARK + call("builtins vars", OS) + pickle.TUPLE + pickle.REDUCE,
            canary,
        ),
        "operator.itemgetter",
    ),
    "the C library": (
        lambda canary: holding(
            call("builtins getattr", call("ctypes CDLL", pickle.NONE), word("mkdir"))
            + pickle.MARK + raw(canary.encode()) + number(0o777)[:0] + pickle.BININT + struct.pack("<i", 0o777)
            + pickle.TUPLE + pickle.REDUCE
        ),
        "builtins.getattr",
    ),
    "a reduction": (
        lambda canary: holding(
            call("functools reduce", name("os mkdir"), pickle.MARK + word(canary) + pickle.BININT + struct.pack("<i", 0o777) + pickle.LIST)
        ),
        "functools.reduce",
    ),
    "a map that is laid out": (
        lambda canary: holding(
            call("builtins list", call("builtins map", name("os mkdir"), pickle.MARK + word(canary) + pickle.LIST))
        ),
        "builtins.list",
    ),
    "a map made as an object": (
        lambda canary: holding(
            name("builtins tuple") + pickle.MARK
            + name("builtins map") + pickle.MARK + name("os mkdir") + pickle.MARK + word(canary) + pickle.LIST + pickle.TUPLE
            + pickle.NEWOBJ + pickle.TUPLE + pickle.NEWOBJ
        ),
        "builtins.tuple",
    ),
    "a state that is set": (
        lambda canary: holding(
            name("functools partial") + pickle.MARK + name("builtins int") + pickle.TUPLE + pickle.NEWOBJ
            + pickle.MARK + name("os mkdir") + pickle.MARK + word(canary) + pickle.TUPLE + pickle.EMPTY_DICT + pickle.EMPTY_DICT
            + pickle.TUPLE + pickle.BUILD + pickle.EMPTY_TUPLE + pickle.REDUCE
        ),
        "functools.partial",
    ),
    "a function that was remembered": (
        lambda canary: holding(
            name("os mkdir") + pickle.BINPUT + b"\7" + pickle.POP + pickle.NONE + pickle.POP
            + pickle.BINGET + b"\7" + word(canary) + pickle.TUPLE1 + pickle.REDUCE
        ),
        "os.mkdir",
    ),
    "an extension of its own": (
        lambda canary: holding(
            call("copyreg add_extension", word("os"), word("mkdir"), pickle.BININT + struct.pack("<i", extension()))
            + pickle.POP + pickle.EXT2 + struct.pack("<H", LAST_EXTENSION[0]) + word(canary) + pickle.TUPLE1 + pickle.REDUCE
        ),
        "copyreg.add_extension",
    ),
    "a path that makes itself": (
        lambda canary: pickle.PROTO + b"\4" + word("pathlib") + word("Path.mkdir") + pickle.STACK_GLOBAL
        + pickle.MARK + call("pathlib Path", word(canary)) + pickle.TUPLE + pickle.REDUCE + pickle.STOP,
        "PROTO 4",
    ),
    "an id that is persistent": (
        lambda canary: holding(pickle.MARK + word("storage") + call("os mkdir", word(canary)) + pickle.TUPLE + pickle.BINPERSID),
        "os.mkdir",
    ),
    "before anything else": (
        lambda canary: name("os mkdir") + word(canary) + pickle.TUPLE1 + pickle.REDUCE + pickle.POP + holding(pickle.NONE)[2:],
        "os.mkdir",
    ),
    "an array of objects": (lambda canary: objects(canary), "multiarray._reconstruct"),
    "the letters of protocol 0": (lambda canary: pickle.dumps(Canary(canary), protocol=0), "mkdir"),
    "protocol 1": (lambda canary: pickle.dumps(Canary(canary), protocol=1), "mkdir"),
    "protocol 3": (lambda canary: pickle.dumps(Canary(canary), protocol=3), "PROTO 3"),
}  # fmt: skip


class Canary:
    """Unpickled, it leaves a trace."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        import os

        return os.mkdir, (self.path,)


class Careless(pickle.Unpickler):
    """What others do."""

    def persistent_load(self, told: tuple) -> object:
        return SimpleNamespace(dtype=torch.float32, _untyped_storage=torch.zeros(4).untyped_storage())


def zipped(entries: dict[str, bytes], **options: int) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", **options) as file:
        for entry, content in entries.items():
            file.writestr(entry, content)
    return written.getvalue()


def at_headers(archive: bytes, inside: int, of_list: int, value: bytes) -> bytes:
    """A ZIP archive with a field of all its headers overwritten, which lies at these places before and in the list."""
    content = bytearray(archive)
    for signature, place in ((b"PK\3\4", inside), (b"PK\1\2", of_list)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + place : at + place + len(value)] = value
    return bytes(content)


def tarred(entries: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as file:
        for entry, content in entries.items():
            told = tarfile.TarInfo(entry)
            told.size = len(content)
            file.addfile(told, io.BytesIO(content))
    return written.getvalue()


def of_numpy(pickled: bytes) -> bytes:
    """An .npy file whose numbers are a pickle."""
    head = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head + pickled


def behind_tensors(content: bytes) -> bytes:
    """Something after the last tensor of an honest .safetensors file, where a reader of ZIP begins."""
    head = b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}'
    return struct.pack("<Q", len(head)) + head + NUMBERS + content


def as_words(content: bytes) -> bytes:
    """The same in the metadata of a .safetensors file."""
    head = json.dumps({"__metadata__": {"pickle": content.decode("latin-1")}}).encode()
    return struct.pack("<Q", len(head)) + head


# A pickle that runs something, as it comes: by the ending of its name, what is made of it.
CARRIED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "bare": (".bin", bytes),
    "bare, as .safetensors": (".safetensors", bytes),
    "torch's archive": (".pt", archive),
    "torch's archive, as .safetensors": (".safetensors", archive),
    "as before 1.6": (".ckpt", legacy),
    "as before 0.1.10": (
        ".pth",
        lambda made: tarred({"sys_info": pickle.dumps({}), "pickle": made, "storages": b"", "tensors": b""}),
    ),
    "an archive with its flag turned": (".pt", lambda made: at_headers(archive(made), 6, 8, b"\1\0")),
    "an archive with wrong sums": (".pt", lambda made: at_headers(archive(made), 14, 16, b"\xde\xad\xbe\xef")),
    "an archive with an unknown packing": (".pt", lambda made: at_headers(archive(made), 8, 10, b"\x63\0")),
    "an archive that is packed": (".pt", lambda made: archive(made, zipfile.ZIP_DEFLATED)),
    "an archive in an archive": (".pt", lambda made: zipped({"model/data.pkl": archive(made)})),
    "an archive behind words": (".pt", lambda made: b"#!/bin/sh\n" + archive(made)),
    "an archive behind tensors": (".safetensors", lambda made: behind_tensors(archive(made))),
    "in the words of a header": (".safetensors", as_words),
    "a TorchScript": (
        ".pt",
        lambda made: archive(holding(pickle.NONE), **{"code/__torch__.py": b"x", "constants.pkl": made}),
    ),
    "an array of numpy": (".npy", of_numpy),
    "an array of numpy, as .bin": (".bin", of_numpy),
    "arrays of numpy": (".npz", lambda made: zipped({"a.npy": of_numpy(made)})),
    "packed by gzip": (".pkl", gzip.compress),
    "packed by zlib": (".bin", zlib.compress),
    "packed by bzip2": (".bin", bz2.compress),
    "packed by xz": (".pt", lzma.compress),
    "as a photo": (".jpg", lambda made: b"\xff\xd8\xff\xe0" + made),
    "without an ending": ("", bytes),
    "with a zero in front": (".pt", lambda made: b"\0" + made),
}
