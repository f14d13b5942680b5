"""Words into lines that fit: breaking, balancing, and the largest size at which a text has room; nothing is cut."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import Protocol

Measure = Callable[[str, str, float], float]  # text, face, size in points -> width in points
Width = Callable[[str], float]

DASHES = ("-", "–", "—", "―", "--")  # with which somebody begins to speak
DASH = "–"  # with which Vietnamese books do
OPENING, CLOSING = "“‘\"'«‹„‚–—", "”’\"'»›,.…"  # signs so light that lines look straight when they hang out of them


class SizedWidth(Protocol):
    """How wide a line is in a size."""

    def __call__(self, line: str, size: float) -> float: ...


def clean(text: str, language: str = "") -> str:
    """The text as it is printed: NFC, single spaces, line breaks kept, without signs that have no ink.

    A Vietnamese paragraph in which somebody speaks begins with the dash of Vietnamese books, whatever was typed.
    """
    text = unicodedata.normalize("NFC", text)
    inked = "".join(sign for sign in text if sign.isspace() or not _has_no_ink(sign))
    told = (" ".join(line.split()) for line in inked.splitlines() if line.strip())
    return "\n".join(_spoken(line) if language == "vi" else line for line in told)


def _spoken(line: str) -> str:
    dash = next((dash for dash in reversed(DASHES) if line.startswith(dash)), "")
    rest = line[len(dash) :]
    return f"{DASH} {rest.strip()}" if dash and rest.strip() and not rest.lstrip()[0].isdigit() else line


def _has_no_ink(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf") or "\ufe00" <= sign <= "\ufe0f"  # variation selectors


def wrap(text: str, limit: float, width: Width) -> tuple[str, ...]:
    """Lines no wider than `limit`, as full as they can be; a word too long for a line is broken between letters."""
    return tuple(line for part in text.splitlines() for line in _lines(part, limit, width))


def ends_of(lines: Sequence[str], text: str) -> frozenset[int]:
    """The numbers, from 0, of the lines with which the paragraphs of a text end that was broken into them."""
    whole = set(accumulate(len("".join(part.split())) for part in text.splitlines()))
    told = accumulate(len("".join(line.split())) for line in lines)
    return frozenset(number for number, letters in enumerate(told) if letters in whole)


def _lines(text: str, limit: float, width: Width) -> Iterator[str]:
    """Widths of words are added up: no face of the studio sets two words nearer to one another than apart."""
    line, long, space = "", 0.0, width(" ")
    for word in _units(text):
        wide = width(word)
        if line and long + space + wide > limit:
            yield line
            line = ""
        line, long = (f"{line} {word}", long + space + wide) if line else (word, wide)
        while len(line) > 1 and long > limit:
            room = _fitting_letters(line, limit, width)
            yield line[:room].rstrip()
            line = line[room:].lstrip()
            long = width(line)
    if line:
        yield line


def _units(text: str) -> list[str]:
    """Words, a dash of speech together with the word after it."""
    words = text.split()
    return [" ".join(words[:2]), *words[2:]] if len(words) > 1 and words[0] in DASHES else words


def hung(line: str) -> tuple[str, str, str]:
    """Light signs that may hang out at the left, the line itself, and those at the right."""
    core = line.lstrip(OPENING)
    left = line[: len(line) - len(core)]
    bare = core.rstrip(CLOSING)
    return (left, bare, core[len(bare) :]) if bare else ("", line, "")


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
    parts = text.splitlines()
    return best if len(parts) < 2 else tuple(line for part in parts for line in _no_widow(part, high, width))


def _no_widow(part: str, limit: float, width: Width) -> tuple[str, ...]:
    """One paragraph, its lines evened out when the last would be a single word."""
    lines = wrap(part, limit, width)
    return balance(part, limit, width) if len(lines) > 1 and " " not in lines[-1] else lines


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
