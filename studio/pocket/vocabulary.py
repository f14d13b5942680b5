"""Which words of a text pocket was taught: those of its captions, in both languages, and of what it wears.

A word is known if it stood whole in what pocket learnt from. "cats" is not, though "cat" is: the tokenizer makes other
pieces of it, which pocket never saw together. "May's" and "ice-cream" are, since it reads "may" and "ice" on their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from ..rendering.words import words
from .text import EXTRA_WORDS
from .world.parts import table

CALM = "a happy cat sleeping in the garden by day"  # the world has no scene without anybody
BETWEEN = "a an the and is are và đang"  # what captions write between the phrases
NAMELESS = (  # known or not, they name nothing that could be drawn; "blurry, ugly" stood for no wish at all
    "a an the and is are in on at of by to as with near next very from for both one it there up down after until while "
    "và đang là có một những các với cùng ở bên trên dưới trong ngoài giữa gần khi vào lúc cái con chiếc của "
    "blurry ugly"
)


def unknown_words(text: str, extra: Iterable[str] = ()) -> tuple[str, ...]:
    """The words that pocket was not taught, each once, as they stand. `extra`: the triggers of what is worn."""
    taught = _taught(extra)
    unknown: dict[str, str] = {}
    for word in words(text):
        if not _known(word.text, taught):
            unknown.setdefault(word.text.casefold(), word.text)
    return tuple(unknown.values())


def names_something(said: Iterable[str], extra: Iterable[str] = ()) -> bool:
    """Whether pocket knows one of the words, apart from articles and the like."""
    taught = _taught(extra) - {*NAMELESS.split()}
    return any(_known(word, taught) for word in said)


def naming(text: str) -> tuple[str, ...]:
    """The words of a text that could name something: all but articles and the like."""
    small = {*NAMELESS.split()}
    return tuple(word.text for word in words(text) if word.text.casefold() not in small)


def in_phrases(word: str) -> bool:
    """Whether a word stands in the captions themselves, so that it cannot be the name of somebody: "cat", "river"."""
    told = re.findall(r"\w+", " ".join(_phrases(table("phrases"))).casefold())
    return all(part in told for part in _parts(word))


def _known(word: str, taught: frozenset[str]) -> bool:
    return all(part in taught for part in _parts(word))


def _parts(word: str) -> list[str]:
    """What the tokenizer reads on its own: "ice", "cream" of "Ice-cream", and "may" of "May's"."""
    whole = unicodedata.normalize("NFC", word.casefold())
    return re.split("[-'’]", re.sub("['’]s$", "", whole))


def _taught(extra: Iterable[str]) -> frozenset[str]:
    return _world() | {part for text in extra for word in words(text) for part in _parts(word.text)}


@cache
def _world() -> frozenset[str]:
    """The words of all phrases and of the texts that the tokenizer learnt beside them."""
    texts = [BETWEEN, *EXTRA_WORDS, *_phrases(table("phrases"))]
    return frozenset(part for text in texts for word in words(re.sub("{.?}", " ", text)) for part in _parts(word.text))


def _phrases(entry: Any) -> Iterator[str]:
    """All texts of a table, however deep."""
    if isinstance(entry, str):
        yield entry
    else:
        for inner in entry.values() if isinstance(entry, dict) else entry:
            yield from _phrases(inner)
