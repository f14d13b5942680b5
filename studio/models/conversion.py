"""Pickled weights (.ckpt, .pt, .pth, .bin) become .safetensors in a child process that can do nothing else.

The child (`unpickling`) gets the file and an empty one, both open, an empty environment and a time limit. What it refuses
is refused: there is no second, more permissive way. What it wrote is checked here before it gets its name.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from io import BufferedReader
from math import prod
from pathlib import Path
from typing import Any

from ..errors import N_, BadInput
from ..files import atomic_path, room_for
from ..progress import Progress, Work
from ..settings import ROOT
from .unpickling.layouts import PICKLE, ZIP
from .unpickling.names import SIZES
from .unpickling.refusal import REFUSED

SUFFIX = ".safetensors"
SECONDS = 60.0
BYTES_PER_SECOND = 10_000_000  # an old disk, both ways
LOOKS_PER_SECOND = 20
MOST_TOLD = 4096
MOST_HEADER_BYTES = 100 << 20  # as the safetensors library has it
KEPT_ENVIRONMENT = ("SYSTEMROOT", "PYTHONHOME", "LD_LIBRARY_PATH")  # without which some Pythons do not start

SENTENCES = {
    "missing": N_("There is no file '{name}' that can be read. Check how it is called and where it lies."),
    "empty": N_("The file '{name}' is empty. Download it again; nothing was changed."),
    "pickled": N_(
        "'{name}' is a pickled file, and such a file can run programs when it is opened, so it was not. "
        "Add --convert to take only its numbers, in a closed room, into a .safetensors file; '{name}' stays as it is."
    ),
    "safe": N_(
        "'{name}' is a .safetensors file already, there is nothing to convert. "
        "A character or style comes in with: python -m studio adapters import FILE. "
        "A whole model comes in with: python -m studio models import FILE --name NAME."
    ),
    "suffix": N_("'{name}' cannot be written. Let the name after --out end in .safetensors; nothing was changed."),
    "taken": N_(
        "'{name}' is already there, and it was not written over. Choose another name with --out; nothing was changed."
    ),
    "format": N_(
        "'{name}' is no weight file of torch, whatever its name says. "
        "Ask whoever made it for a .safetensors file; nothing was changed."
    ),
    "name": N_(
        "The file '{name}' asks for '{what}', which no weights need and a program might. Nothing in it was run, "
        "nothing was written. Ask whoever made it for a .safetensors file."
    ),
    "instruction": N_(
        "The file '{name}' holds the pickle instruction '{what}', which no weights need. Nothing in it was run, "
        "nothing was written. Ask whoever made it for a .safetensors file."
    ),
    "call": N_(
        "The file '{name}' uses '{what}' as torch never does when it saves weights. Nothing in it was run, "
        "nothing was written. Ask whoever made it for a .safetensors file."
    ),
    "act": N_(
        "Reading '{name}' led to '{what}', which no weights need, and it was stopped before it happened. "
        "Nothing was written. Ask whoever made the file for a .safetensors file."
    ),
    "archive": N_(
        "The archive '{name}' is not packed as torch packs weights: look at '{what}' in it. It was not unpacked, "
        "nothing was written. Ask whoever made it for a .safetensors file."
    ),
    "places": N_(
        "The file '{name}' contradicts itself about where its numbers lie ('{what}'). Nothing was written. "
        "Download it again, or ask whoever made it for a .safetensors file."
    ),
    "kind": N_(
        "The file '{name}' holds numbers of the kind '{what}', which cannot be converted. Nothing was written. "
        "Save it in float16 or float32 where it was made."
    ),
    "order": N_(
        "The file '{name}' was written on a computer that puts bytes in the other order. Nothing was written. "
        "Ask whoever made it for a .safetensors file."
    ),
    "none": N_(
        "There are no tensors with names in '{name}', so there is nothing to convert. Nothing was written. "
        "Choose the file with the weights."
    ),
    "large": N_(
        "The file '{name}' would grow far beyond its own size ('{what}'). It was stopped, nothing was written. "
        "Ask whoever made it for a .safetensors file."
    ),
    "slow": N_(
        "The file '{name}' took far longer than its size explains. It was stopped, nothing was written. "
        "Try again when the computer is less busy, or ask whoever made it for a .safetensors file."
    ),
    "damaged": N_("The file '{name}' is damaged or incomplete. Download it again; nothing was changed."),
}


@dataclass(frozen=True, slots=True)
class Converted:
    """The .safetensors file, its tensors and bytes, how many other values were left out, and what the source was."""

    path: Path
    tensors: int
    left_out: int
    bytes: int
    sha256: str  # of the source


def unconverted(file: Path) -> BadInput:
    """Why the file does not come in as it is, and what to do instead."""
    try:
        with _opened(file) as source:
            return _refusal(_kind(source), file)
    except BadInput as missing:
        return missing


def convert(file: Path, out: Path | None = None) -> Work[Converted]:
    """The tensors of a pickled file as .safetensors in `out`, or beside it; progress in megabytes.

    The file stays as it is, and a file that is at `out` already stays too. Raises BadInput, NoRoom.
    """
    out = out or file.with_suffix(SUFFIX)
    with _opened(file) as source:
        if (kind := _kind(source)) != "pickled":
            raise _refusal(kind, file)
        _check_free(out)
        return (yield from _converted(source, file, out))


def _opened(file: Path) -> BufferedReader:
    try:
        if file.is_file():  # a pipe would be waited for
            return file.open("rb")
    except OSError as error:
        raise _refusal("missing", file) from error
    raise _refusal("missing", file)


def _kind(source: BufferedReader) -> str:
    """ "pickled", or the reason why there is nothing to convert."""
    size = os.fstat(source.fileno()).st_size
    source.seek(0)
    first = source.read(9)
    if not first:
        return "empty"
    if first[8:] == b"{" and int.from_bytes(first[:8], "little") <= size - 8:
        return "safe"
    return "pickled" if first.startswith((ZIP, PICKLE)) else "format"


def _check_free(out: Path) -> None:
    if out.suffix.lower() != SUFFIX:
        raise _refusal("suffix", out)
    if out.exists():
        raise _refusal("taken", out)


def _converted(source: BufferedReader, file: Path, out: Path) -> Work[Converted]:
    with room_for(out.name), atomic_path(out) as part:
        left_out = yield from _left_to_the_child(source, file, part)
        tensors, size = checked(part, file), part.stat().st_size
        source.seek(0)
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        _check_free(out)  # it may have come meanwhile
    return Converted(out, tensors, left_out, size, digest)


def _left_to_the_child(source: BufferedReader, file: Path, part: Path) -> Work[int]:
    """Lets the child write `part`; gives how many values it left out. The child never outlives this. Raises BadInput."""
    command = [sys.executable, "-s", "-S", "-B", "-m", "studio.models.unpickling"]  # no packages but Python's own
    environment = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
    with (
        part.open("wb") as target,
        subprocess.Popen(
            command, stdin=source, stdout=target, stderr=subprocess.PIPE, cwd=ROOT, env=environment
        ) as child,
    ):
        try:
            yield from _until_over(child, file, part)
            told = child.stderr.read(MOST_TOLD) if child.stderr else b""
        finally:
            child.kill()
    return _answer(child.returncode, told.decode(errors="replace"), file)


def _until_over(child: subprocess.Popen[bytes], file: Path, part: Path) -> Work[None]:
    total = file.stat().st_size
    end = time.monotonic() + SECONDS + total / BYTES_PER_SECOND
    yield Progress(0, max(total >> 20, 1))  # however quick the child is, whoever watches sees that it began
    while True:
        try:
            child.wait(1 / LOOKS_PER_SECOND)
            return
        except subprocess.TimeoutExpired as still:
            if time.monotonic() > end:
                raise _refusal("slow", file) from still
        yield Progress(min(part.stat().st_size, total) >> 20, max(total >> 20, 1))


def _answer(status: int, told: str, file: Path) -> int:
    """How many values were left out, as the child tells. Raises BadInput when it refused, failed or was stopped."""
    if status == REFUSED:
        reason, _, what = told.partition(" ")
        if reason == "room":
            raise OSError(errno.ENOSPC, "the child found no room")
        raise _refusal(reason, file, what)
    if status == -getattr(signal, "SIGXCPU", 0) != 0:
        raise _refusal("slow", file)
    try:
        report = json.loads(told) if status == 0 else {}
        return int(report["left_out"])
    except (ValueError, TypeError, KeyError) as error:
        raise _refusal("damaged", file) from error


def checked(part: Path, file: Path) -> int:
    """How many tensors the child wrote of `file` into `part`; they must fill it without holes. Raises BadInput."""
    with part.open("rb") as written:
        size, long = part.stat().st_size, int.from_bytes(written.read(8), "little")
        if not 2 <= long <= min(size - 8, MOST_HEADER_BYTES):
            raise _refusal("damaged", file)
        raw = written.read(long)
    try:
        told = json.loads(raw, object_pairs_hook=_once)
        del told["__metadata__"]
        whole = _filled(list(told.values()), size - 8 - long)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _refusal("damaged", file) from error
    if not whole:
        raise _refusal("damaged", file)
    return len(told)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _filled(entries: list[dict[str, Any]], length: int) -> bool:
    """Whether the tensors lie one behind the other in `length` bytes, each as long as its shape asks."""
    at = 0
    for entry in entries:
        start, end = entry["data_offsets"]
        if start != at or end - start != prod(entry["shape"]) * SIZES[entry["dtype"]]:
            return False
        at = end
    return at == length


def _refusal(reason: str, file: Path, what: str = "") -> BadInput:
    """The sentence for a reason; a child that crashed gives none of ours, and the file counts as damaged."""
    message = SENTENCES.get(reason, SENTENCES["damaged"])
    return BadInput(message, name=_shown(file.name), what=_shown(what))


def _shown(words: str) -> str:
    return "".join(letter for letter in words if letter.isprintable())[:80]
