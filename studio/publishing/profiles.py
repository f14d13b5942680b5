"""Where a book is printed, and on what size of page: bleed, white edges, trims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from ..errors import N_, BadInput

Kind = TypeVar("Kind")
INCH_PT = 72.0
CM_PT = INCH_PT / 2.54
BLEED_PT = 0.125 * INCH_PT  # what all three print services ask for


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a destination asks of the file. Lengths in points."""

    name: str
    bleed_pt: float = 0.0  # colour beyond the trim, cut off by the printer
    bleed_at_bind: bool = True  # False: the side where the pages are bound has no bleed
    edge_pt: float = 0.0  # white that a desktop printer leaves on each side
    tinted: bool = True  # warm paper printed under each page; False: the paper is the reader's own
    bookmarks: bool = False  # print services refuse files with bookmarks
    even: bool = False  # a leaf has two sides: a blank one is added at the end when one is left over


@dataclass(frozen=True, slots=True)
class Trim:
    """The size of the finished page, in points."""

    name: str
    width_pt: float
    height_pt: float


PROFILES = (
    Profile(name="screen", bookmarks=True),
    Profile(name="home", edge_pt=0.25 * INCH_PT, tinted=False, bookmarks=True),
    Profile(name="kdp", bleed_pt=BLEED_PT, bleed_at_bind=False, even=True),
    Profile(name="lulu", bleed_pt=BLEED_PT, even=True),
    Profile(name="ingram", bleed_pt=BLEED_PT, even=True),
)

TRIMS = (
    Trim("8.5x8.5in", 8.5 * INCH_PT, 8.5 * INCH_PT),
    Trim("8x10in", 8 * INCH_PT, 10 * INCH_PT),
    Trim("10x8in", 10 * INCH_PT, 8 * INCH_PT),
    Trim("8.5x11in", 8.5 * INCH_PT, 11 * INCH_PT),
    Trim("A5", 14.8 * CM_PT, 21 * CM_PT),
    Trim("A4", 21 * CM_PT, 29.7 * CM_PT),
    Trim("20x20cm", 20 * CM_PT, 20 * CM_PT),
    Trim("17x24cm", 17 * CM_PT, 24 * CM_PT),
)


def find_profile(name: str) -> Profile:
    """The profile of that name, in any case of letters. Raises BadInput that lists all."""
    refusal = N_("'{name}' is no place to print for. Choose one of {known}.")
    return _find({profile.name: profile for profile in PROFILES}, name, refusal)


def find_trim(name: str) -> Trim:
    """The trim of that name; '8.5 × 8.5 in' is '8.5x8.5in'. Raises BadInput that lists all."""
    refusal = N_("'{name}' is no page size that is known. The sizes are {known}.")
    return _find({trim.name: trim for trim in TRIMS}, name, refusal)


def _find(known: Mapping[str, Kind], name: str, refusal: str) -> Kind:
    wanted = "".join(name.lower().replace("×", "x").split())
    for key, thing in known.items():
        if key.lower() == wanted:
            return thing
    raise BadInput(refusal, name=name, known=", ".join(known))
