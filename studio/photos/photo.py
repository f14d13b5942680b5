"""What the studio knows of one photo of a character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo as the coach saw it. The person has the last word on whether it is learnt from."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    file: str  # "01.png" in the character's folder of photos
    kept: bool = True  # whether the studio learns from it
    reasons: tuple[str, ...] = ()  # keys of `advice.REASONS`, the gravest first
    twin: int = 0  # the number of the photo that shows nearly the same, counted from 1
    subject: tuple[float, float, float, float] = (
        0.0,
        0.0,
        1.0,
        1.0,
    )  # its left, top, right and bottom, shares of the photo


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was measured in one photo; how, `studio.photos.coach` says."""

    short_side_px: int
    crispness: float  # how much finer its lines are than those of its blurred copy; real photos have 10 to 60
    brightest: float  # of grey, 0..1: only one pixel in twenty is brighter
    darkest: float  # of grey, 0..1: only one pixel in twenty is darker
    faces: int  # of about the same size
    share: float  # of the photo that the subject covers, 0..1
    subject: tuple[float, float, float, float]  # its left, top, right and bottom, shares of the photo
    print: int  # 256 bits; alike in photos that show nearly the same
    outline: int  # 256 bits of the subject's shape, stretched to a square
    backdrop: tuple[float, float, float]  # mean red, green and blue around the subject, 0..1
    hues: tuple[float, ...] = ()  # how much of the subject has each of 256 hues; the sum is 1
