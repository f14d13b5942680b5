"""What the image model is asked for one page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """The words for the image model; `dropped` lists words left out because they did not fit its limit."""

    positive: str
    negative: str = ""
    dropped: tuple[str, ...] = ()
