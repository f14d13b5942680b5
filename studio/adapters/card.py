"""What is known of one LoRA, stored beside its tensors as `adapter.json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal


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
    licence: str = ""
    finish: str = ""  # what is done to every picture drawn with it: "pixels", or nothing
    sha256: str = ""  # of the .safetensors file
    version: int = 1


@dataclass(frozen=True, slots=True)
class Worn:
    """One adapter and how strongly it is worn (1.0 = as trained)."""

    adapter: str
    weight: float = 1.0
    late: float | None = None  # from the middle of drawing on, when all shapes stand; None: as before
    style_blocks: bool = False  # only the blocks of the base model that hold the style, where they are known


LoraSet = tuple[Worn, ...]
STYLE_WEIGHT = 0.6  # of a style when none is given: at 1 its washes swallow the figures on pocket
SHOWN, SHOWN_SEED = "a happy rabbit standing in the garden by day", 7  # what the cards of all looks show
