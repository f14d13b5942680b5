"""The fonts that ship with the studio, by the part that each plays in a book."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Face:
    """One font file of assets/fonts. `stand_in` draws the letters that this face lacks."""

    name: str  # as in the PDF
    file: str
    family: str
    stand_in: str


STORY = "Andika"  # made for those who learn to read
TITLE = "Baloo2-Bold"
NOTE = "BeVietnamPro-Regular"
LABEL = "BeVietnamPro-SemiBold"

STORY_FACES = (STORY, "BeVietnamPro-Regular", "Baloo2-Regular", "PatrickHand-Regular", "Quicksand-Medium")

FACES = (
    Face(STORY, "Andika-Regular.ttf", "Andika", NOTE),
    Face("Andika-Bold", "Andika-Bold.ttf", "Andika", LABEL),
    Face(TITLE, "Baloo2-Bold.ttf", "Baloo 2", "Andika-Bold"),
    Face(NOTE, "BeVietnamPro-Regular.ttf", "Be Vietnam Pro", STORY),
    Face(LABEL, "BeVietnamPro-SemiBold.ttf", "Be Vietnam Pro", "Andika-Bold"),
    Face("Baloo2-Regular", "Baloo2-Regular.ttf", "Baloo 2", STORY),
    Face("PatrickHand-Regular", "PatrickHand-Regular.ttf", "Patrick Hand", STORY),
    Face("Quicksand-Medium", "Quicksand-Medium.ttf", "Quicksand", STORY),
)
