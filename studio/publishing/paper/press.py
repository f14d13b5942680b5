"""The colours of a printing press, by the ICC profile that its printer gives: how much of four inks makes which colour."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import N_, BadInput
from ..marks import PAPER

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageCms import ImageCmsTransform

Inks = tuple[float, float, float, float]  # cyan, magenta, yellow, black; 0 … 1

NOT_THERE = N_("There is no colour profile '{name}'. Check the name, or leave it out; the book is safe.")
NO_ICC = N_(
    "'{name}' is no ICC profile, or it is damaged. Ask the printer for the ICC profile of the paper and give that file, or "
    "leave it out; the book is safe."
)
OTHER_COLOURS = N_(
    "'{name}' is a profile for other colours than the four inks (CMYK) of a printing press. Ask the printer for the ICC "
    "profile of the paper and give that file, or leave it out; the book is safe."
)
ONE_WAY = N_(
    "'{name}' tells what inks look like, but not which inks to take. Ask the printer for an ICC profile made for output, or "
    "leave it out; the book is safe."
)
LARGEST_ICC = 32 * 2**20
GREY = 24  # of 255: a colour whose parts differ less is a grey
BLACK_AT, WHITE_AT = 15.0, 100.0  # lightness of what is printed in full black and not at all
SEEN_PX = 4  # ink is measured in areas of so many pixels: paper does not mind a single dot


class Press:
    """Turns pictures and colours into inks, and remembers the most ink that it laid anywhere."""

    def __init__(self, icc: bytes, name: str) -> None:
        from PIL import ImageCms

        self.icc = icc
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        self.title = ImageCms.getProfileDescription(profile).strip() or name
        screen, intents = ImageCms.createProfile("sRGB"), ImageCms.Intent
        self._pictures = ImageCms.buildTransform(screen, profile, "RGB", "CMYK", intents.PERCEPTUAL)
        self._flat = ImageCms.buildTransform(screen, profile, "RGB", "CMYK", intents.RELATIVE_COLORIMETRIC)
        self._laid: list[float] = [0.0]  # appended to by several threads

    @property
    def most_ink(self) -> float:
        """Percent of all four inks where they lie thickest, so far."""
        return max(self._laid)

    def inked(self, pixels: Image.Image) -> Image.Image:
        """The picture in inks."""
        return self._taken(pixels, self._pictures)

    def colour(self, colour: str, words: bool = False) -> Inks:
        """The inks of '#RRGGBB'. Dark grey words are printed in black alone: four inks never meet exactly."""
        from PIL import Image, ImageColor

        red, green, blue = ImageColor.getrgb(colour)[:3]
        if words and max(red, green, blue) - min(red, green, blue) < GREY:
            return 0.0, 0.0, 0.0, _black(red, green, blue)
        transform = self._pictures if colour == PAPER else self._flat  # pictures fade into the paper: no edge may show
        dot = self._taken(Image.new("RGB", (1, 1), colour), transform)
        cyan, magenta, yellow, black = (round(part / 255, 4) for part in dot.tobytes())
        return cyan, magenta, yellow, black

    def _taken(self, pixels: Image.Image, transform: ImageCmsTransform) -> Image.Image:
        inks = transform.apply(pixels)
        self._laid.append(_most_ink(inks))
        return inks


def load_press(file: Path) -> Press:
    """The press of that ICC profile. Raises BadInput."""
    from PIL import ImageCms

    if not file.is_file():
        raise BadInput(NOT_THERE, name=file.name)
    if file.stat().st_size > LARGEST_ICC:
        raise BadInput(NO_ICC, name=file.name)
    icc = file.read_bytes()
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    except (OSError, ImageCms.PyCMSError) as error:
        raise BadInput(NO_ICC, name=file.name) from error
    if profile.profile.xcolor_space.strip() != "CMYK":
        raise BadInput(OTHER_COLOURS, name=file.name)
    try:
        return Press(icc, file.stem)
    except (OSError, ImageCms.PyCMSError) as error:
        raise BadInput(ONE_WAY, name=file.name) from error


def _most_ink(inks: Image.Image) -> float:
    import numpy as np

    seen = inks.reduce(SEEN_PX) if min(inks.size) >= SEEN_PX else inks
    return float(np.asarray(seen, np.uint16).sum(axis=2).max()) / 255 * 100


def _black(red: int, green: int, blue: int) -> float:
    """How much black ink makes a grey of that lightness (CIE L*)."""
    linear = (((part / 255 + 0.055) / 1.055) ** 2.4 for part in (red, green, blue))
    light = sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    lightness = 116 * light ** (1 / 3) - 16
    return round(min(1.0, max(0.0, (WHITE_AT - lightness) / (WHITE_AT - BLACK_AT))), 4)
