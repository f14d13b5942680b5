"""What the pocket world calls things: the first phrase of each word, as the captions say it from which pocket learnt.

A thing or a garment may have a colour before it: "red kite", "orange ao dai".
"""

from __future__ import annotations

import json
import re
from functools import cache
from math import ceil
from typing import Any

from ..pocket.world.description import COLOURS
from ..pocket.world.parts import table
from .story import Language

_WORD_OR_MARK = re.compile(r"[^\W_]+|[^\w\s]|_")


def known(field: str) -> tuple[str, ...]:
    """All words of a field that have a phrase: "place", "prop", "clothes", …"""
    return tuple(_words("en", field))


def phrase(field: str, word: str, language: Language = "en") -> str:
    """The phrase of a word; empty for one that the world does not know."""
    said = _words(language, field).get(word, "")
    return said if isinstance(said, str) else said[0]


def coloured(field: str, said: str, language: Language = "en") -> str:
    """The phrase of "red kite" with its colour, which a thing that comes in one colour only leaves out."""
    colour, word = split_colour(said)
    options = _words(language, field).get(word, "")
    phrases = [options] if isinstance(options, str) else options
    if not colour:
        return phrases[0]
    colour = phrase("colour", colour, language)
    chosen = next((one for one in phrases if "{}" in one), phrases[0])
    return (chosen.replace(" a {}", " an {}") if colour[0] in "aeiou" else chosen).format(colour)


def split_colour(said: str) -> tuple[str, str]:
    """Colour and thing of "red kite"; no colour when it names none."""
    first, _, rest = said.partition(" ")
    return (first, rest) if first in COLOURS and rest else ("", said)


def takes_colour(thing: str) -> bool:
    """Whether a thing comes in many colours."""
    return any("{}" in one for one in _words("en", "prop").get(thing, ()))


def between(relation: str, language: Language = "en") -> tuple[str, str]:
    """What a relation says between two figures and after them: (" and ", " holding hands")."""
    _, middle, after = re.split(r"{[ab]}", phrase("relation", relation, language))
    return middle, after


def estimated_tokens(text: str, per_letter: float) -> int:
    """About how many tokens a text makes, rather too many: one for each word of the world and for each mark.

    `per_letter` is of other words, which tokenizers cut; of one with accents each byte may be a token.
    """
    return sum(_tokens(word, per_letter) for word in _WORD_OR_MARK.findall(text.casefold()))


def _tokens(word: str, per_letter: float) -> int:
    if word in _in_phrases():
        return 1
    return max(1, ceil(len(word) * per_letter)) if word.isascii() else len(word.encode())


@cache
def _in_phrases() -> frozenset[str]:
    """All words of the world's phrases; blanks such as {a} leave a letter, which is one token anyway."""
    return frozenset(_WORD_OR_MARK.findall(json.dumps(table("phrases"), ensure_ascii=False).casefold()))


def _words(language: Language, field: str) -> dict[str, Any]:
    return table("phrases")[language][field]
