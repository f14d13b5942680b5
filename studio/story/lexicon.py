"""The words of a story that the studio can draw: English and Vietnamese, many words for each thing of the pocket world.

`lexicon.json` holds, for each language and field ("kind", "place", …), the English lexicon word and what a story may
call it. A phrase is found as whole words, longest first, and never across a comma or full stop; "sông" is not "song".
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from .story import Language

Span = tuple[int, int]
Meaning = tuple[str, str]  # field, word

FIELDS = (
    "kind", "place", "time", "weather", "action", "mood", "relation", "thing", "clothes", "colour", "pronoun",
    "lost",  # a thing told of in its sentence is not there
    "nothing",  # phrases that only look like one of the others: "cầu vồng" (rainbow) is no bridge
)  # fmt: skip
STAGE_FIELDS = (  # who comes and goes, and where; most of it lies in stage.json
    "place", "site", "part", "hint", "home", "leave", "going", "jump", "together", "pronoun", "nothing",
)  # fmt: skip
LOOK_BACK = 3  # words before a mention in which "not", "like a", "left" still bear on it
_TOKEN = re.compile(r"[^\W_]+(?:['’](?:t|re|ll|ve|d|m)\b)?|(?!(?<=\w)-(?=\w))[^\w\s]|_")  # "ice-cream" is two words
_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|«[^»]*(?:»|$)")
_DASHED = re.compile(r"^[-–—]\s(?:(?!\s[-–—]\s).)*", re.MULTILINE)  # "– Mây ơi! – bà gọi." up to the second dash
_TONES = {  # both are usual: "hoà" and "hòa", "thuỷ" and "thủy"
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_SENTENCE = re.compile(
    r"(?:[^.!?…\n]|(?:(?<=\bMr)|(?<=\bMrs)|(?<=\bMs)|(?<=\bDr)|(?<=\bSt))\.)*(?:[.!?…]+[”\"’»)]*|\n|$)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word or punctuation mark; `key` is its lower case with a straight apostrophe."""

    key: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.key[0].isalnum()


@dataclass(frozen=True, slots=True)
class Mention:
    """A lexicon word found in a text. `before` holds the few words before it, each between spaces."""

    field: str
    word: str
    start: int
    end: int
    before: str = " "
    spoken: bool = False  # within somebody's speech

    def follows(self, phrases: Iterable[str]) -> bool:
        """Whether one of the phrases stands just before it."""
        return any(f" {phrase} " in self.before for phrase in phrases)


class Placed(Protocol):
    """What stands somewhere in a text."""

    @property
    def start(self) -> int: ...


Found = TypeVar("Found", bound=Placed)


@cache
def phrases(language: Language, field: str) -> dict[str, tuple[str, ...]]:
    """What a language calls each word of the field; a plain list stands under its field's name."""
    table = _tables()[language].get(field, {})
    if isinstance(table, list):
        return {field: tuple(table)}
    return {word: tuple(said) for word, said in table.items()}


def listed(language: Language, field: str) -> tuple[str, ...]:
    """The phrases of a field that is a plain list: "denial", "leaving", "starters"…"""
    return phrases(language, field).get(field, ())


def tokens(text: str) -> list[Token]:
    """Words and punctuation marks in order."""
    return [Token(_key(found.group()), found.start(), found.end()) for found in _TOKEN.finditer(text)]


def mentions(
    text: str, language: Language, names: Iterable[str] = (), fields: tuple[str, ...] = FIELDS
) -> tuple[Mention, ...]:
    """All lexicon words of the fields in the text, in order; denied ones are left out ("not sad", "like a bird").

    The words of `names`, written with their capitals, are nobody's but their bearers': a girl called River is no river.
    """
    table, longest = _phrase_book(language, fields)
    found, all_tokens = [], tokens(text)
    taken = {part for name in names for part in name.split() if part[:1].isupper()}
    speech = spoken_spans(text)
    at = 0
    while at < len(all_tokens):
        size = _longest_match(text, all_tokens, at, table, longest, taken)
        if size:
            first, last = all_tokens[at], all_tokens[at + size - 1]
            spoken = inside(first.start, speech) is not None
            before = _before(all_tokens, at)
            for field, word in table[" ".join(token.key for token in all_tokens[at : at + size])]:
                found.append(Mention(field, word, first.start, last.end, before, spoken))
        at += size or 1
    denial = listed(language, "denial")
    return tuple(mention for mention in found if mention.field != "nothing" and not mention.follows(denial))


def spoken_spans(text: str) -> tuple[Span, ...]:
    """Where somebody speaks: within double quotation marks, or after a dash that begins a line."""
    spans: list[Span] = []
    for start, end in sorted(found.span() for pattern in (_QUOTED, _DASHED) for found in pattern.finditer(text)):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Sentences by their end marks alone; enough to say which words belong together."""
    return tuple(found.span() for found in _SENTENCE.finditer(text) if found.group().strip())


def within(span: Span, found: Sequence[Found]) -> Sequence[Found]:
    """Those that begin in the span; they are in order."""
    first = bisect_left(found, span[0], key=lambda each: each.start)
    return found[first : bisect_left(found, span[1], lo=first, key=lambda each: each.start)]


def inside(at: int, spans: Sequence[Span]) -> Span | None:
    """The span that holds the position; spans are in order and do not overlap."""
    last = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return spans[last] if last >= 0 and at < spans[last][1] else None


def _longest_match(
    text: str, all_tokens: list[Token], at: int, table: dict[str, tuple[Meaning, ...]], longest: int, taken: set[str]
) -> int:
    """How many tokens from `at` make the longest known phrase; 0 for none."""
    keys, size = [], 0
    for token in all_tokens[at : at + longest]:
        if not token.is_word or text[token.start : token.end] in taken:
            break
        keys.append(token.key)
        if " ".join(keys) in table:
            size = len(keys)
    return size


def _before(all_tokens: list[Token], at: int) -> str:
    """The last words before a token, back to the nearest punctuation mark: " did not "."""
    words: list[str] = []
    for token in reversed(all_tokens[max(0, at - LOOK_BACK) : at]):
        if not token.is_word:
            break
        words.insert(0, token.key)
    return f" {' '.join(words)} "


@cache
def _phrase_book(language: Language, fields: tuple[str, ...]) -> tuple[dict[str, tuple[Meaning, ...]], int]:
    """Every phrase with its meanings, and the number of words of the longest."""
    book: dict[str, tuple[Meaning, ...]] = {}
    for field, word, said in _entries(language, fields):
        key = " ".join(token.key for token in tokens(said) if token.is_word)
        book[key] = tuple(dict.fromkeys((*book.get(key, ()), (field, word))))
    return book, max(len(key.split()) for key in book)


def _entries(language: Language, fields: tuple[str, ...]) -> Iterable[tuple[str, str, str]]:
    for field in fields:
        for word, said in phrases(language, field).items():
            yield from ((field, word, phrase) for phrase in said)
    if "kind" not in fields:
        return
    for word, animals in phrases(language, "animal").items():  # "vịt" also as "chú vịt", "duck" as "mother duck"
        for polite in ("", *(f"{classifier} " for classifier in listed(language, "classifier"))):
            yield from (("kind", word, polite + animal) for animal in animals)
    for word, animals in phrases(language, "rare animal").items():
        yield from (("kind", word, animal) for animal in animals)


@cache
def _tables() -> dict[str, dict[str, dict[str, list[str]] | list[str]]]:
    words, stage = (
        json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
        for name in ("lexicon.json", "stage.json")
    )
    return {language: words[language] | stage[language] for language in words}


def _key(word: str) -> str:
    """NFC, lower case, a straight apostrophe, and one way of writing the tone."""
    small = unicodedata.normalize("NFC", word).lower().replace("’", "'")
    return small[:-2] + _TONES.get(small[-2:], small[-2:])
