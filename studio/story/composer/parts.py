"""The few words at a time of which a prompt is made, which of them have room, and what became of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Told = dict[str, list["Part"]]  # by the names in a guide's order
UNSAID = ("none", "")
FAIR = ("sun", "clear")  # weather that goes without saying; older books call it "clear"
VOWEL_BUT_CONSONANT = ("uni", "use", "eu", "one")  # "a unicorn"


@dataclass(frozen=True, slots=True)
class Part:
    """A few words of the prompt; when room is short, the part with the highest `ease` goes first."""

    words: str
    ease: int
    glue: str = " "


@dataclass(slots=True)
class Fate:
    """What became of the scene's words that are not told as they stand."""

    dropped: list[str] = field(default_factory=list)
    replaced: list[tuple[str, str]] = field(default_factory=list)

    def note(self, asked: str, used: str) -> None:
        """Notes the word in whose place another stands, or none."""
        if not used:
            self.dropped.append(asked)
        elif used.casefold() != asked.casefold() and (asked, used) not in self.replaced:
            self.replaced.append((asked, used))


def fitting(parts: list[Part], most_tokens: int, count: Callable[[str], int], fate: Fate) -> tuple[str, int]:
    """The text of the parts that fit the limit, and its tokens.

    The easiest to miss go first, then the last styles; who is shown stays.
    """
    text = joined(parts)
    while (tokens := count(text)) > most_tokens and len(parts) > 1:
        spare = [part for part in parts if part.ease > 0] or parts[1:]
        going = max(reversed(spare), key=lambda part: abs(part.ease))  # of two alike the later one
        parts = [part for part in parts if part is not going]
        fate.dropped.append(going.words)
        text = joined(parts)
    return text, tokens


def joined(parts: list[Part]) -> str:
    text = ""
    for part in parts:
        text += (part.glue if text else "") + part.words
    return text


def row(figures: int, middle: str) -> list[str]:
    """What stands before each of so many figures: commas, and `middle` before the last."""
    return ["", *[", "] * (figures - 2), middle][: max(figures, 1)]


def with_article(noun: str) -> str:
    """ "a girl", "an elephant"."""
    small = noun.lower()
    an = small[:1] in tuple("aeiou") and not small.startswith(VOWEL_BUT_CONSONANT)
    return f"{'an' if an else 'a'} {noun}"
