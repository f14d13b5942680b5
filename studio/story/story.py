"""A story as the person gave it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "vi"]
Age = Literal["0-3", "4-6", "7-9"]  # years, of those to whom a book is read
AGES: tuple[Age, ...] = ("0-3", "4-6", "7-9")


@dataclass(frozen=True, slots=True)
class Story:
    """The author's words, NFC-normalised. Title, author and dedication are the person's; empty when none was given."""

    text: str
    language: Language
    title: str = ""
    author: str = ""
    dedication: str = ""
