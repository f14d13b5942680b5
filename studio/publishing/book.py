"""A book in the making and when done: everything needed to draw and print it again, stored as `book.json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ..adapters.card import LoraSet
from ..rendering.drawing import Box
from ..rendering.origin import Origin
from ..rendering.pace import Pace
from ..story.prompt import Prompt
from ..story.scene import Cast, Scene
from ..story.story import Language, Story
from .design import Design, LayoutName, Shares


@dataclass(frozen=True, slots=True)
class Look:
    """How the book is drawn: base model, who plays the hero, which style, and the sampler's numbers."""

    model: str = "pocket"
    characters: LoraSet = ()  # ids of trained characters with weights
    styles: LoraSet = ()
    steps: int = 24
    guidance: float = 5.0
    seed: int = 1
    prompt_language: Language = "en"  # for the models that read more than one
    pace: Pace = "exact"  # how much time its pictures are worth

    @property
    def worn(self) -> LoraSet:
        return self.characters + self.styles


@dataclass(frozen=True, slots=True)
class Mend:
    """A part of a picture that is drawn anew, while the rest stays. Picture and mask are the sha256 of PNGs in pictures/from/."""

    picture: str  # what is kept, and what the part begins from
    mask: str  # white is drawn anew
    strength: float  # above 0 … 1: how far the part goes back towards noise
    wish: str = ""  # said before the page's prompt, to a model that reads any words


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the story. `picture` is the file name in pictures/ that carries the key; empty until drawn.

    What did not come into that picture is noted with it: words that the model does not know, and what had no room.
    """

    scene: Scene
    prompt: Prompt
    seed: int
    picture: str = ""
    unknown_words: tuple[str, ...] = ()
    cut_words: tuple[str, ...] = ()
    translation: str = ""  # the words of the page in the book's second language
    mended: Mend | None = None  # lasts as long as the page asks for the same picture otherwise
    # Where a person put figures, by the names of their roles; others as proposed.
    boxes: tuple[tuple[str, Box], ...] = ()
    layout: LayoutName | None = None  # how the page is laid out; None: as fits the book's rhythm
    text_box: Shares | None = None  # where a person put the words; None: where they read best
    origin: Origin | None = None  # what drew the picture; None: nobody noted it


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A whole book. Pages are numbered from 1 in everything a person sees."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    id: str
    title: str
    story: Story
    cast: Cast
    look: Look
    pages: tuple[Page, ...]
    created: str  # ISO 8601, UTC
    writer: str = "plain"  # who wrote the scenes: the plain writer, or the name of a language model
    second_language: Language | None = None  # of the translations beside the words of the pages
    design: Design = Design()
    tags: tuple[str, ...] = ()  # a person's own words, by which books are found again
    version: int = 2  # 2 has tags, and what drew each picture

    @property
    def cover(self) -> int:
        """The number of the page whose picture is on the cover; pages may have become fewer since it was chosen."""
        return min(self.design.cover, max(1, len(self.pages)))

    @property
    def drawn(self) -> bool:
        return bool(self.pages) and all(page.picture for page in self.pages)
