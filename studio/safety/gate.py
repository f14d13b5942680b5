"""The gate of words: what in a wish or a text may not be made for a child, in English and Vietnamese.

It judges in context: "bé tắm", the wolf that eats the grandmother and Scunthorpe pass. Disguises are undone first (see `letters`):
spaces and points between letters, letters of other alphabets, digits for letters, marks left out or added. Pure, no model, about a
tenth of a millisecond a line; what it cannot know is what a picture will show, for which there is the gate of pictures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from .letters import LONGEST, folded, plain, readings
from .phrases import Lexicon, lexicon

Category = Literal["sexual", "nudity", "gore", "self-harm", "hate", "drugs", "weapons", "photoreal", "minors"]

WORD = re.compile(r"[$@€£]?[^\W_][\u0300-\u036f]*(?:[!|+*@$€£'’]{0,2}[^\W_][\u0300-\u036f]*)*[@$€]?|[$@](?=\w)")
YEARS = re.compile(r"\b(\d{1,2})\s*(?:years?\s*old|y\s*o\b|yo\b|tuổi|tuoi)")
STARRED = re.compile(r"[^\W\d_]+(?:\*+[^\W\d_]+)+")
GROWN_UP = 18
FEWEST_APART = 3  # single letters one after the other that may be a word
SHORTEST_JOINED = 4
TWO_WORDS = frozenset(  # "the pen is red", "shot a goal", "each hero in the half": between two words that are none
    [
        "penis",
        "penises",
        "rapes",
        "anus",
        "anal",
        "shota",
        "shotacon",
        "heroin",
        "behead",
        "beheads",
        "beheading",
        "blowjob",
        "creampie",
        "handjob",
        "chainsaw",
        "topless",
        "threesome",
        "gook",
        "whore",
        "bloodbath",
        "intercourse",
        "gunman",
        "gunmen",
        "dope",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, small and plain, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a text is stopped, and the words of it that say so."""

    category: Category
    said: str


def judged(text: str, child: bool, drawn: bool = True) -> Verdict | None:
    """What in the text is not for a child; None when all is well.

    `child`: somebody is worn whose identity is a child's, for whom every category counts. Without, only sexual wishes that speak of
    minors are stopped, and those always are. `drawn`: the text is words for a picture, where photographs are a wish; in a story they
    are things.
    """
    return _judged(text, child, drawn)


@lru_cache(maxsize=1 << 12)
def _judged(text: str, child: bool, drawn: bool) -> Verdict | None:
    clean, known = plain(text), lexicon()
    words = [Word(at[0], at.start(), at.end()) for at in WORD.finditer(clean)]
    signs, harmless = _signs(words, known)
    signs = signs or _apart(clean, [word for at, word in enumerate(words) if at not in harmless], known)
    if drawn is False:
        signs = [one for one in signs if one[0] != "photoreal"]
    if not signs:
        return None
    if child:
        category, said = min(signs, key=lambda one: one[0] == "photoreal")
        return Verdict(cast(Category, category), said)
    lewd = next((said for category, said in signs if category in ("sexual", "nudity")), "")
    return Verdict("minors", lewd) if lewd and _speaks_of_minors(clean, words, known) else None


def _signs(words: list[Word], known: Lexicon) -> tuple[list[tuple[str, str]], set[int]]:
    """The categories that the words are signs of, but for those that lie in phrases that are safe, whose words' numbers come
    too."""
    found = list(known.found([readings(word.text) for word in words]))
    harmless = {at for sign, start, end in found if sign == "safe" for at in range(start, end)}
    signs = [
        (sign, " ".join(word.text for word in words[start:end]))
        for sign, start, end in found
        if sign != "safe" and not harmless.issuperset(range(start, end))
    ]
    return signs, harmless


def _apart(clean: str, words: list[Word], known: Lexicon) -> list[tuple[str, str]]:
    """The same where letters of words stand apart, or a word is broken in two, or stars stand for letters."""
    found: list[tuple[str, str]] = []
    runs = _runs(words)
    for letters in ("".join(word.text for word in run) for run in runs):
        for one in (letters, *_told(letters)):
            found += [(sign, term) for term, sign in known.glued.items() if term in one]
    if runs and not found:
        found, _ = _signs(_closed(clean, words), known)
    for both in _joined(clean, words):
        keys = {folded(both)} if both.isalpha() else _told(both)
        found += [(known.words[one], both) for one in keys if one in known.words]
    for word in words:
        found += [(known.glued[key], word.text) for key in {word.text, *_told(word.text)} if key in known.glued]
    for starred in STARRED.findall(clean):
        like = re.compile(re.sub(r"\*+", r"\\w+", folded(starred)))
        found += [(sign, starred) for term, sign in known.words.items() if like.fullmatch(term)]
    return found


def _joined(clean: str, words: list[Word]) -> list[str]:
    """What is a word without the space or the signs in it."""
    chain, chains = words[:1], []
    for before, after in zip(words, words[1:], strict=False):
        between = clean[before.end : after.start]
        both = before.text + after.text
        if between == " " and both.isascii() and both not in TWO_WORDS:
            chains.append(both)
        if len(between) == 1 and not between.isspace():
            chain = [*chain, after]
            continue
        chains, chain = [*chains, "".join(word.text for word in chain)] if len(chain) > 1 else chains, [after]
    chains += ["".join(word.text for word in chain)] if len(chain) > 1 else []
    return [one for one in chains if SHORTEST_JOINED <= len(one) <= LONGEST]


def _told(letters: str) -> list[str]:
    return [reading[1:] for reading in readings(letters) if reading[0] == "~"]


def _runs(words: list[Word]) -> list[list[Word]]:
    runs: list[list[Word]] = []
    some: list[Word] = []
    for word in words:
        if len(folded(word.text)) == 1:
            some.append(word)
            continue
        runs, some = [*runs, some], []
    return [run for run in [*runs, some] if len(run) >= FEWEST_APART]


def _closed(clean: str, words: list[Word]) -> list[Word]:
    """The words with each run of single letters as one; a wider space ends a word."""
    closed: list[Word] = []
    singles = {id(word) for run in _runs(words) for word in run}
    for word in words:
        last = closed[-1] if closed else None
        if last and id(word) in singles and last.text and last.end <= word.start and _goes_on(last, clean, word):
            closed[-1] = Word(last.text + word.text, last.start, word.end)
        else:
            closed.append(word)
    return closed


def _goes_on(last: Word, clean: str, word: Word) -> bool:
    """Whether a single letter belongs to the letters before it."""
    before = clean[last.start : last.end]
    return word.start - last.end == 1 and (len(before) == 1 or not before.isalnum())


def _speaks_of_minors(clean: str, words: list[Word], known: Lexicon) -> bool:
    told = any(not readings(word.text).isdisjoint(known.minor) for word in words)
    return told or any(int(years) < GROWN_UP for years in YEARS.findall(clean))
