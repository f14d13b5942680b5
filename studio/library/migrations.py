"""Records of older studios brought forward, one pure function per kind and version, so that a file of the first studio opens in
the newest. A record only ever goes forward, and in memory; what lies on the disk changes when it is saved the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Raw = dict[str, Any]  # a record as JSON holds it
Step = Callable[[Raw], Raw]


def forward(raw: Raw, kind: str, newest: int) -> Raw:
    """The record as version `newest` would have written it. `kind` is the name of its class; one without steps is as it was."""
    steps = STEPS.get(kind, {})
    for version in range(version_of(raw), newest):
        raw = {**steps.get(version, _as_it_is)(raw), "version": version + 1}
    return raw


def version_of(raw: Raw) -> int:
    """The version that wrote the record; 1 where it does not say."""
    version = raw.get("version", 1)
    return version if isinstance(version, int) and not isinstance(version, bool) else 1


def _as_it_is(raw: Raw) -> Raw:
    return raw


def _book_with_tags(raw: Raw) -> Raw:
    """Version 2 has tags, and for each page what drew its picture, of which version 1 noted nothing."""
    return {**raw, "tags": raw.get("tags", [])}


def _character_with_album(raw: Raw) -> Raw:
    """Version 2 has what the coach thought of each photo, and which one more would help."""
    return {"album": [], "wish": "", **raw}


STEPS: Mapping[str, Mapping[int, Step]] = {
    "Book": {1: _book_with_tags},
    "Character": {1: _character_with_album},
}
