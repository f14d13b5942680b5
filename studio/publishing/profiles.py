"""Where a book is printed, and on what size of page: bleed, white edges, gutters, spines, trims.

Numbers of the print services: Amazon KDP's "Paperback Submission Guidelines" and "Set Trim Size, Bleed, and Margins"
(topics GVBQ3CMEQW3W2VL6, G201857950), Lulu's "Book Creation Guide", IngramSpark's "File Creation Guide".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ..errors import N_, BadInput

Kind = TypeVar("Kind")
INCH_PT = 72.0
CM_PT = INCH_PT / 2.54
BLEED_PT = 0.125 * INCH_PT  # what all three print services ask for
TEXT_MARGIN_PT = 36.0  # half an inch from the trim satisfies KDP, Lulu and IngramSpark
UNITS_PT = {"mm": CM_PT / 10, "cm": CM_PT, "in": INCH_PT}
LEAST_SIDE_PT, MOST_SIDE_PT = 10 * CM_PT, 36 * CM_PT  # a hand's breadth … the longest side that services bind
MOST_BLEED_PT = 1 * CM_PT
SCREEN_PPI, PRINT_PPI = 150, 300


@dataclass(frozen=True, slots=True)
class Spine:
    """The back of a bound book: as thick as `page_pt` a page and `more_pt`. Below `text_from` pages it bears no words."""

    page_pt: float
    more_pt: float = 0.0
    text_from: int = 79

    def width_pt(self, pages: int) -> float:
        return pages * self.page_pt + self.more_pt


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a destination asks of the file. Lengths in points."""

    name: str
    title: str = ""  # what people call it
    bleed_pt: float = 0.0  # colour beyond the trim, cut off by the printer
    bleed_at_bind: bool = True  # False: the side where the pages are bound has no bleed
    edge_pt: float = 0.0  # white that a desktop printer leaves on each side
    tinted: bool = True  # warm paper printed under each page; False: the paper is the reader's own
    bookmarks: bool = False  # print services refuse files with bookmarks
    service: bool = False  # a print service: it binds the inside, and the cover is a file of its own
    multiple: int = 1  # of which the number of sides must be one; blank ones are added
    least_pages: int = 0
    most_pages: int = 0  # 0: any number
    most_mb: int = 0  # of the file; 0: any size
    gutters: tuple[tuple[int, float], ...] = ()  # up to so many pages, so much is lost where they are bound
    spine: Spine | None = None  # None: the service gives a template for the cover
    ppi: int = PRINT_PPI  # of its pictures
    sheet: tuple[float, float] | None = None  # two sides on each half of such a sheet, to be folded
    cmyk: bool = False  # whether it asks for the colours of its own press

    def gutter_pt(self, pages: int) -> float:
        """How far words stay from where the pages are bound."""
        wide = next((gutter for most, gutter in self.gutters if pages <= most), 0.0)
        return max(TEXT_MARGIN_PT, wide)


@dataclass(frozen=True, slots=True)
class Trim:
    """The size of the finished page, in points."""

    name: str
    width_pt: float
    height_pt: float


KDP_GUTTERS = ((150, 0.375), (300, 0.5), (500, 0.625), (700, 0.75), (828, 0.875))
PROFILES = (
    Profile(name="screen", title="Screen", bookmarks=True, ppi=SCREEN_PPI),
    Profile(name="home", title="Home printer", edge_pt=0.25 * INCH_PT, tinted=False, bookmarks=True),
    Profile(
        name="booklet", title="Booklet", edge_pt=0.25 * INCH_PT, tinted=False, multiple=4, most_pages=80,
        sheet=(29.7 * CM_PT, 21 * CM_PT),
    ),
    Profile(
        name="kdp", title="Amazon KDP", bleed_pt=BLEED_PT, bleed_at_bind=False, service=True, multiple=2, least_pages=24,
        most_pages=828, most_mb=650, gutters=tuple((most, inches * INCH_PT) for most, inches in KDP_GUTTERS),
        spine=Spine(0.002347 * INCH_PT),
    ),
    Profile(
        name="lulu", title="Lulu", bleed_pt=BLEED_PT, service=True, multiple=2, least_pages=32, most_pages=800,
        spine=Spine(INCH_PT / 444, 0.06 * INCH_PT, 80),
    ),
    Profile(
        name="ingram", title="IngramSpark", bleed_pt=BLEED_PT, service=True, multiple=2, least_pages=18, most_pages=840,
        cmyk=True,
    ),
)  # fmt: skip

TRIMS = (
    Trim("8.5x8.5in", 8.5 * INCH_PT, 8.5 * INCH_PT),
    Trim("8x10in", 8 * INCH_PT, 10 * INCH_PT),
    Trim("10x8in", 10 * INCH_PT, 8 * INCH_PT),
    Trim("8.5x11in", 8.5 * INCH_PT, 11 * INCH_PT),
    Trim("A5", 14.8 * CM_PT, 21 * CM_PT),
    Trim("A5-wide", 21 * CM_PT, 14.8 * CM_PT),
    Trim("A4", 21 * CM_PT, 29.7 * CM_PT),
    Trim("A4-wide", 29.7 * CM_PT, 21 * CM_PT),
    Trim("20x20cm", 20 * CM_PT, 20 * CM_PT),
    Trim("17x24cm", 17 * CM_PT, 24 * CM_PT),
    Trim("24x17cm", 24 * CM_PT, 17 * CM_PT),
)


def find_profile(name: str, bleed: str = "") -> Profile:
    """The profile of that name, in any case of letters; `bleed`, "3mm", in place of its own. Raises BadInput that lists
    all, or tells what bleed can be."""
    refusal = N_("'{name}' is no place to print for. Choose one of {known}.")
    found = _find({profile.name: profile for profile in PROFILES}, name)
    if found is None:
        raise BadInput(refusal, name=name, known=", ".join(profile.name for profile in PROFILES))
    return replace(found, bleed_pt=_bleed(bleed)) if bleed else found


def find_trim(name: str) -> Trim:
    """The trim of that name; '8.5 × 8.5 in' is '8.5x8.5in', and '18x18cm' is a size of one's own.

    Raises BadInput that lists all, or tells how small and large a page can be.
    """
    if found := _find({trim.name: trim for trim in TRIMS}, name):
        return found
    own = re.fullmatch(r"([\d.]+)x([\d.]+)(mm|cm|in)", _bare(name))
    if not own or any(one.count(".") > 1 or one == "." for one in own.groups()[:2]):
        refusal = N_(
            "'{name}' is no page size that is known. The sizes are {known}, or one of your own such as 18x18cm."
        )
        raise BadInput(refusal, name=name, known=", ".join(trim.name for trim in TRIMS))
    wide, high = (float(number) * UNITS_PT[own[3]] for number in own.groups()[:2])
    if not all(LEAST_SIDE_PT <= side <= MOST_SIDE_PT for side in (wide, high)):
        raise BadInput(
            "A page of {name} cannot be bound: each side is from 10 to 36 cm. Try 20x20cm; the book is safe.", name=name
        )
    return Trim(_bare(name), wide, high)


def _bleed(given: str) -> float:
    """Points of '3mm'."""
    told = re.fullmatch(r"(\d+(?:\.\d+)?)(mm|cm|in)", _bare(given))
    wide = float(told[1]) * UNITS_PT[told[2]] if told else -1.0
    if not 0 <= wide <= MOST_BLEED_PT:
        raise BadInput(
            "A bleed of '{given}' cannot be printed: it is from 0 to 10 mm. Most printers ask for 3mm; the book is safe.",
            given=given,
        )
    return wide


def _bare(name: str) -> str:
    return "".join(name.lower().replace("×", "x").split())


def _find(known: Mapping[str, Kind], name: str) -> Kind | None:
    return next((thing for key, thing in known.items() if key.lower() == _bare(name)), None)
