"""One picture across the two pages of an opened book."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .calm import Calm
from .geometry import Box, Frame, around
from .marks import Picture, Veil
from .place import SOMEBODY, place_at
from .plate import cover_fit

FLOWS = (0.3, 0.2, 0.12)  # of a page's width: how far a picture as wide as a page flows into the page beside it
PANORAMA = 1.55  # times as wide as high: such a picture fills two pages
FOLD = 0.04  # of a page's width on either side of where it is bound: nobody's face is there


@dataclass(frozen=True, slots=True)
class Opening:
    """Two frames side by side, and how far the picture of the right one flows into the left; 0 for one that fills both."""

    left: Frame
    right: Frame
    flow: float

    @property
    def box(self) -> Box:
        """Where the picture lies, in the points of the left frame."""
        far = self.left.trim.right + self.right.ink.right - self.right.trim.left
        start = self.left.trim.right - 1.1 * self._wide if self.flow else self.left.ink.left
        return Box(start, self.left.ink.bottom, far - start, self.left.ink.height)

    @property
    def paper(self) -> Box:
        """What the picture leaves of the left page for words."""
        safe = self.left.safe
        return Box(safe.left, safe.bottom, self.box.left - safe.left + 0.25 * self._wide, safe.height)

    def pictures(self, number: int, alt: str, veils: tuple[Veil, ...]) -> tuple[Picture, Picture]:
        """Its two halves, each in the points of its own page; veils are given in those of the left one."""
        shift = self.right.trim.left - self.left.trim.right
        fading = (self._fading(),) if self.flow else ()
        moved = tuple(replace(veil, box=veil.box.moved(shift)) for veil in veils)
        left = Picture(number, self.box, around(self.left.ink.within(self.box)), alt, (*fading, *veils))
        return left, Picture(number, self.box.moved(shift), around(self.right.ink), "", moved)

    def folded(self, calm: Calm) -> float:
        """How likely somebody is where the pages are bound, 0 … 1."""
        trim = self.left.trim
        fold = Box(trim.right - FOLD * trim.width, self.box.bottom, 2 * FOLD * trim.width, self.box.height)
        return place_at(calm, cover_fit(calm.width, calm.height, self.box), fold, 0.0).covered

    def _fading(self) -> Veil:
        """Paper over the left page, which gives way to the picture before the fold."""
        media, wide = self.left.media, self._wide
        edge = self.left.trim.right - 0.6 * wide
        over = Box(
            media.left - 2 * wide, media.bottom - 2 * wide, edge - media.left + 2 * wide, media.height + 4 * wide
        )
        return Veil(over, 1.0, 0.7 * wide)

    @property
    def _wide(self) -> float:
        return self.flow * self.left.trim.width


def opening(left: Frame, right: Frame, calm: Calm | None) -> Opening:
    """The picture as far across as it goes with nobody in the fold; as far as the first of FLOWS when somebody always is."""
    if calm and calm.width >= PANORAMA * calm.height:
        return Opening(left, right, 0.0)
    tried = [Opening(left, right, flow) for flow in FLOWS]
    return next((one for one in tried if calm is None or one.folded(calm) < SOMEBODY), tried[0])
