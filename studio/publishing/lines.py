"""Words into lines that fit: breaking, balancing, and the largest size at which a text has room; nothing is cut."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

Measure = Callable[[str, str, float], float]  # text, face, size in points -> width in points
Width = Callable[[str], float]


class SizedWidth(Protocol):
    """How wide a line is in a size."""

    def __call__(self, line: str, size: float) -> float: ...


def clean(text: str) -> str:
    """The text as it is printed: NFC, single spaces, line breaks kept, without signs that have no ink."""
    text = unicodedata.normalize("NFC", text)
    inked = "".join(sign for sign in text if sign.isspace() or not _has_no_ink(sign))
    return "\n".join(" ".join(line.split()) for line in inked.splitlines() if line.strip())


def _has_no_ink(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf") or "\ufe00" <= sign <= "\ufe0f"  # variation selectors


def wrap(text: str, limit: float, width: Width) -> tuple[str, ...]:
    """Lines no wider than `limit`, as full as they can be; a word too long for a line is broken between letters."""
    return tuple(line for part in text.splitlines() for line in _lines(part, limit, width))


def _lines(text: str, limit: float, width: Width) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and width(f"{line} {word}") > limit:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
        while len(line) > 1 and width(line) > limit:
            room = _fitting_letters(line, limit, width)
            yield line[:room]
            line = line[room:]
    if line:
        yield line


def _fitting_letters(word: str, limit: float, width: Width) -> int:
    room = max(1, bisect_right(range(len(word) + 1), limit, key=lambda count: width(word[:count])) - 1)
    while room < len(word) and unicodedata.combining(word[room]):  # a mark stays with its letter
        room += 1
    return room


def balance(text: str, limit: float, width: Width) -> tuple[str, ...]:
    """As many lines as `wrap` needs, but of nearly the same length."""
    best = wrap(text, limit, width)
    low, high = limit / 3, limit
    for _ in range(12):
        middle = (low + high) / 2
        tried = wrap(text, middle, width)
        if len(tried) <= len(best) and all(width(line) <= middle for line in tried) and not _broken(tried, text):
            best, high = tried, middle
        else:
            low = middle
    return best


def _broken(lines: Sequence[str], text: str) -> bool:
    """Whether a word was cut between its letters."""
    return " ".join(lines).split() != text.split()


def fit(
    text: str,
    limit: float,
    height: float,
    sizes: Sequence[float],
    leading: float,
    most: int,
    width: SizedWidth,
) -> tuple[tuple[str, ...], float] | None:
    """Balanced lines and the first of `sizes` at which they have room, at most `most` of them; None when none will do.

    A size that keeps every word whole goes before a larger one that breaks a word.
    """
    found = None
    for size in sizes:
        at_size = partial(width, size=size)
        lines = wrap(text, limit, at_size)
        if len(lines) <= most and len(lines) * size * leading <= height:
            if not _broken(lines, text):
                return balance(text, limit, at_size), size
            found = found or (lines, size)
    return found
