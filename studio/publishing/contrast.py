"""Whether words can be read on what lies behind them: contrast as WCAG 2.2 counts it, and a veil where it falls short."""

from __future__ import annotations

from dataclasses import dataclass

from .marks import INK, PAPER

LEAST = 4.5  # of text, WCAG 2.2, success criterion 1.4.3
AIM = 5.4  # what is measured on cells of a small copy holds on paper with this much to spare
PALE, NIGHT = "#FFFDF8", "#1B2138"  # of words on dark pictures, and of the veil under them
WEAKEST = 0.5  # of a veil: a thinner one looks like dirt
DUSK = 0.14  # luminance: a picture that is darker looks dirty under a veil of paper


@dataclass(frozen=True, slots=True)
class Reading:
    """The colour of words on a picture; how strongly a veil must lie between them, 0 … 1, and its colour."""

    colour: str
    veil: float = 0.0
    veil_colour: str = ""


def reading(dark: float, light: float, mean: float = 0.5) -> Reading:
    """How words are read on a part whose luminance goes from `dark` to `light` and is `mean` on the whole, all 0 … 1: in ink
    or pale, as they are or on a veil of paper by day and of night in the dark."""
    inked, pale = contrast(dark, luminance_of(INK)), contrast(light, luminance_of(PALE))
    if max(inked, pale) >= AIM:
        return Reading(INK if inked >= pale else PALE)
    if mean > DUSK:
        return Reading(INK, _strength(dark, PAPER, INK), PAPER)
    return Reading(PALE, _strength(light, NIGHT, PALE), NIGHT)


def _strength(behind: float, veil: str, words: str) -> float:
    """How strongly the veil must lie over a luminance so that the words are read."""
    under, over = grey(behind), grey(luminance_of(veil))
    steps = (step / 50 for step in range(round(50 * WEAKEST), 51))
    enough = (step for step in steps if contrast(lit(under + (over - under) * step), luminance_of(words)) >= AIM)
    return next(enough, 1.0)


def contrast(one: float, other: float) -> float:
    """1 … 21, of two relative luminances."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def luminance_of(colour: str) -> float:
    """0 … 1, of '#RRGGBB'."""
    red, green, blue = (lit(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lit(share: float) -> float:
    """The light of a grey value, both 0 … 1 (the sRGB curve)."""
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def grey(light: float) -> float:
    """The grey value of a light: the curve backwards."""
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
