"""How finely a picture was drawn for paper, before plain enlarging brings it to what the press wants."""

from __future__ import annotations

from .geometry import Box, frame
from .plate import cover_fit
from .profiles import INCH_PT, Profile, Trim


def ppi(width_px: int, height_px: int, trim: Trim, profile: Profile) -> float:
    """Pixels of the picture to an inch where it fills a page, whatever the words leave of it."""
    ink = frame(trim, profile, 1).ink
    return width_px / cover_fit(width_px, height_px, Box(0, 0, ink.width, ink.height)).width * INCH_PT
