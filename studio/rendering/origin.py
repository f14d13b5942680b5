"""What drew a picture, so that the same can draw it again: the weights, and the versions of all that computes with them.

The versions go into the picture's own file when it is drawn, and from there into the record of its book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

STUDIO, MACHINE = "studio", "machine"
Tools = tuple[tuple[str, str], ...]  # name and version


@dataclass(frozen=True, slots=True)
class Origin:
    """What a picture was drawn with. `tools` is empty for a picture of a studio that did not note them."""

    model: str  # key of the models table
    revision: str  # of its weights
    worn: tuple[tuple[str, str], ...] = ()  # adapter id and sha256 of its tensors
    tools: Tools = ()
    engine: int = 1  # `drawing.ENGINE` of then


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was when a picture was drawn; `now` is empty for what is not here any more."""

    what: str  # "model", "engine", the id of an adapter, or the name of a tool
    was: str
    now: str


def changes(then: Origin, now: Origin) -> Iterator[Change]:
    """What would make a picture another than it was. The studio's own version is none: `engine` tells when it matters."""
    if (then.model, then.revision) != (now.model, now.revision):
        yield Change("model", then.revision, now.revision)
    if then.engine != now.engine:
        yield Change("engine", str(then.engine), str(now.engine))
    here = dict(now.worn)
    for adapter, sha256 in then.worn:
        if here.get(adapter) != sha256:
            yield Change(adapter, sha256, here.get(adapter, ""))
    installed = dict(now.tools)
    for name, was in then.tools:
        if name != STUDIO and installed.get(name, "") != was:
            yield Change(name, was, installed.get(name, ""))
