"""The fonts that ship with the studio, by the part that each plays in a book."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import BadInput


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


def find_face(given: str) -> str:
    """The story face of that family or name, in any case of letters. Raises BadInput that lists the families."""
    known = {face.family: face.name for face in FACES if face.name in STORY_FACES}
    wanted = " ".join(given.split()).casefold()
    found = (name for family, name in known.items() if wanted in (family.casefold(), name.casefold()))
    if name := next(found, ""):
        return name
    raise BadInput(
        "The story cannot be set in '{given}'. Choose one of {known}; the book is as it was.",
        given=given,
        known=", ".join(known),
    )
