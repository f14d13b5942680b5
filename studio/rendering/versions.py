"""What computes pictures on this machine: the studio, the libraries and the numbers, noted in the file of each picture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from .. import __version__
from ..models.machine import this_machine
from .drawing import ENGINE, Drawing
from .origin import MACHINE, STUDIO, Origin, Tools

NOTE = "tools"  # in the PNG
LIBRARIES = ("torch", "diffusers", "transformers", "peft")
MOST, LONGEST = 20, 80  # of what a file says


@cache
def versions() -> Tools:
    """The versions of the studio and of the libraries that compute here, and with what numbers this machine does it."""
    machine = this_machine()
    computes = (MACHINE, f"{machine.device} {8 * machine.number_bytes} bit")
    return (STUDIO, __version__), *((name, _version(name)) for name in LIBRARIES), computes


def versions_note() -> str:
    """The same as the note of a file."""
    return json.dumps(dict(versions()))


def origin_of(drawing: Drawing, notes: Mapping[str, str]) -> Origin:
    """Where the picture of a drawing comes from, whose file has these notes."""
    worn = tuple((adapter, sha256) for adapter, sha256, _ in drawing.worn)
    return Origin(drawing.model, drawing.revision, worn, _noted(notes.get(NOTE, "")), ENGINE)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _noted(text: str) -> Tools:
    try:
        told = json.loads(text or "{}")
        return tuple((str(name), str(value)[:LONGEST]) for name, value in list(told.items())[:MOST])
    except (ValueError, AttributeError):
        return ()
