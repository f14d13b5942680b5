"""How finely a picture stands on paper."""

from __future__ import annotations

from .geometry import Box, frame
from .plate import cover_fit
from .profiles import INCH_PT, Profile, Trim
from .setting import TALL, WIDE


def ppi(width_px: int, height_px: int, trim: Trim, profile: Profile) -> float:
    """Pixels of the picture to an inch where it is printed largest, whatever the words leave of the page."""
    page = frame(trim, profile, 1)
    wide, high = (WIDE[0], 1.0) if page.wide else (1.0, TALL[0])
    laid = cover_fit(width_px, height_px, Box(0, 0, page.ink.width * wide, page.ink.height * high))
    return width_px / laid.width * INCH_PT
