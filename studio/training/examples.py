"""Captioned pictures to learn from, as `dataset prepare` left them, in the two parts that its manifest names."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadInput

MANIFEST = "manifest.csv"
LEAST = 8  # pictures, of which one is kept for validation


@dataclass(frozen=True, slots=True)
class Example:
    """A picture, what it shows in one or more ways, and its size in px."""

    picture: Path
    captions: tuple[str, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Examples:
    """Those to learn from, and those that are only ever looked at to see whether anything was learnt."""

    taught: tuple[Example, ...]
    kept: tuple[Example, ...]

    def fingerprint(self) -> str:
        """A hash of all pictures' bytes and captions; where they lie does not count. Raises BadInput."""
        digest = hashlib.sha256()
        for one in (*self.taught, *self.kept):
            digest.update(hashlib.sha256(_bytes(one.picture)).digest())
            digest.update(json.dumps(one.captions).encode())
        return digest.hexdigest()


def read_examples(folder: Path) -> Examples:
    """The pictures that the manifest of a prepared folder takes. Raises BadInput when there is none, or too few."""
    try:
        with (folder / MANIFEST).open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if not row["reason"]]
        taught = tuple(_example(folder, row) for row in rows if row["split"] == "train")
        kept = tuple(_example(folder, row) for row in rows if row["split"] != "train")
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise BadInput(
            "'{name}' was not made ready to learn from. Do that first: "
            "python -m studio dataset prepare {name} --captions FILE --out READY",
            name=folder.name,
        ) from error
    if len(rows) < LEAST:
        raise BadInput(
            "'{name}' holds {count} pictures; at least {least} are needed, and some hundred teach well. "
            "manifest.csv there tells why others were left out.",
            name=folder.name,
            count=len(rows),
            least=LEAST,
        )
    return _parted(taught, kept)


def _parted(taught: Sequence[Example], kept: Sequence[Example]) -> Examples:
    """Of few pictures chance may put all in one part; then one changes sides."""
    if not kept:
        return Examples(tuple(taught[1:]), tuple(taught[:1]))
    if not taught:
        return Examples(tuple(kept[1:]), tuple(kept[:1]))
    return Examples(tuple(taught), tuple(kept))


def _example(folder: Path, row: dict[str, str]) -> Example:
    name = Path(row["file"]).name  # a manifest may come from elsewhere, and points nowhere else
    return Example(folder / "images" / name, tuple(json.loads(row["captions"])), int(row["width"]), int(row["height"]))


def _bytes(picture: Path) -> bytes:
    try:
        return picture.read_bytes()
    except OSError as error:
        raise BadInput(
            "The picture '{name}' of the set is gone. Make the set ready again; what was learnt before is safe.",
            name=picture.name,
        ) from error
