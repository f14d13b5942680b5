"""How a book is designed: the size of its page, its letters, and what stands around the story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..story.story import Age

LayoutName = Literal["full", "above", "facing", "vignette", "spread"]
LAYOUTS: tuple[LayoutName, ...] = ("full", "above", "facing", "vignette", "spread")
SecondPlace = Literal["below", "facing"]
Shares = tuple[float, float, float, float]  # left, top, right, bottom as shares of the trimmed page, 0 … 1
MOST_OWN_PAGES = 40


@dataclass(frozen=True, slots=True)
class Design:
    """What a person decides about the whole book."""

    trim: str = "8.5x8.5in"
    face: str = "Andika"  # of the story; one of publishing.faces.STORY_FACES
    age: Age = "4-6"  # of the readers: how large the letters are
    drop_cap: bool = False  # whether the story begins with a large letter
    second: SecondPlace = "below"  # where the second language stands
    endpapers: bool = True
    half_title: bool = True
    about: str = ""  # about the hero, in the person's words; the studio's own when empty
    hero_page: bool = True
    own_pages: int = 1  # for the reader's own drawings, 0 … MOST_OWN_PAGES
    cover: int = 1  # the number of the page whose picture is on the cover
    blurb: str = ""  # on the back of the cover
