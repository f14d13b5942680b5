"""What the image model is asked for one page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """The words for the image model, and what became of the scene's words on the way."""

    positive: str
    negative: str = ""
    dropped: tuple[str, ...] = ()  # words left out: nothing near them is known, or they did not fit the limit
    replaced: tuple[tuple[str, str], ...] = ()  # a word that the model does not know, and the nearest that it knows
    tokens: int = (
        0  # of `positive`, as the model's tokenizer counts; 0 in books that were written before it was counted
    )
    limit: int = 0  # how many the model reads
