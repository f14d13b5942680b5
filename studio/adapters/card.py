"""What is known of one LoRA, stored beside its tensors as `adapter.json`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

Rating = Literal["unknown", "adult", "checked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterCard:
    """A LoRA's identity. `trigger` is what the composer writes to call it: a name for a subject, words for a style."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    id: str  # folder name and what the command line takes: "watercolour"
    title: str
    kind: Literal["subject", "style"]
    base_model: str  # key of the models table: "pocket"
    rank: int
    alpha: float
    trigger: str
    class_word: str = ""  # for a subject: the lexicon word it is a kind of, "girl"
    titles: dict[str, str] | None = None  # by language, for the screens
    made: str = ""  # one sentence: how, from what
    source: Literal["", "taught", "imported", "baked"] = ""  # where it came from; empty in the cards of older studios
    parts: tuple[str, ...] = ()  # ids of those it was baked from: what is true of a person's is true of it
    licence: str = ""
    finish: str = ""  # what is done to every picture drawn with it: "pixels", or nothing
    sha256: str = ""  # of the .safetensors file
    rating: Rating = "unknown"  # what the words in its file say of what it was taught; a person may have looked at it
    version: int = 1


@dataclass(frozen=True, slots=True)
class Worn:
    """One adapter and how strongly it is worn (1.0 = as trained)."""

    adapter: str
    weight: float = 1.0
    late: float | None = None  # from the middle of drawing on, when all shapes stand; None: as before
    style_blocks: bool = False  # only the blocks of the base model that hold the style, where they are known


LoraSet = tuple[Worn, ...]
STYLE_WEIGHT = 0.6  # of a style when none is given: at 1 it swallows small figures on pocket
# Of the weight, early and late. Of ten ways to mix a hero with a style this keeps the scene as a style of 0.6 does and more of
# the style than it (docs/results.md).
HERO_FIRST, STYLE_LATER = (1.1, 0.8), (0.5, 1.65)
HEAVIEST = 2.0
SHOWN, SHOWN_SEED = "a happy rabbit standing in the garden by day", 7  # what the cards of all looks show


def in_turn(characters: LoraSet, styles: LoraSet) -> tuple[LoraSet, LoraSet]:
    """Heroes and styles worn so that the hero counts more while shapes form, and the style afterwards; either alone as it is."""
    if not characters or not styles:
        return characters, styles
    return tuple(_turned(one, HERO_FIRST) for one in characters), tuple(_turned(one, STYLE_LATER) for one in styles)


def strength(worn: Worn, turn: tuple[float, float]) -> float:
    """The weight that was turned so, if it was turned."""
    return worn.weight if worn.late is None else round(worn.weight / turn[0], 3)


def _turned(worn: Worn, turn: tuple[float, float]) -> Worn:
    early, late = (min(HEAVIEST, round(worn.weight * factor, 3)) for factor in turn)
    return replace(worn, weight=early, late=late)
