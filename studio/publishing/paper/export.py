"""What was made of a book: its files, what is known of them, and what was found."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .findings import Finding

Corners = tuple[float, float, float, float]  # left, bottom, right, top in points


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """The boxes of one page of a PDF."""

    media: Corners
    crop: Corners
    bleed: Corners
    trim: Corners


@dataclass(frozen=True, slots=True)
class Made:
    """One file: where it lies, its sha256, and the boxes of its pages if it is a PDF."""

    file: Path
    sha256: str
    bytes: int
    boxes: tuple[PageBoxes, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """All files that were made, the book first; what was found of them, the worst first; and how many pixels to an inch the
    picture of each page of the story has where it is coarsest."""

    made: tuple[Made, ...]
    findings: tuple[Finding, ...] = ()
    ppi: tuple[tuple[int, int], ...] = ()

    @property
    def file(self) -> Path:
        return self.made[0].file

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(one.file for one in self.made)


def exported(file: Path) -> Export:
    """An export of a single file that lies there."""
    raw = file.read_bytes()
    return Export((Made(file, hashlib.sha256(raw).hexdigest(), len(raw)),))
