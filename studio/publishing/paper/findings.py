"""What is found of a book before it goes to a printer: good, doubtful or bad, and what helps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["red", "amber", "green"]
Check = Literal[
    "size", "pages", "margins", "pictures", "cover", "spine", "barcode", "language", "colours", "fonts", "transparency",
    "weight", "ink", "folding",
]  # fmt: skip
Values = Mapping[str, str | int | float]
LEVELS: tuple[Level, ...] = ("red", "amber", "green")  # the worst first


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `message` and `remedy` are whole sentences with {blanks} that `values` fill; what is
    green needs no remedy. `pages` are those of the story that it is about; none when it is about the whole book."""

    level: Level
    check: Check
    message: str
    remedy: str = ""
    values: Values = field(default_factory=dict)
    pages: tuple[int, ...] = ()

    def said(self, translate: Callable[[str], str] = str) -> str:
        """Both sentences with their blanks filled, in the language that `translate` gives."""
        told = (translate(words).format(**self.values) for words in (self.message, self.remedy) if words)
        return " ".join(told)


def worst_first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Red ones before amber before green; otherwise as they were found."""
    return tuple(sorted(findings, key=lambda one: LEVELS.index(one.level)))
