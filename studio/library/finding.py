"""Books found again by any word of them, written with or without marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..publishing.book import Book

MARKS = re.compile("[\u0300-\u036f]")
LONGEST_TAG, MOST_TAGS = 40, 12


def found(books: Iterable[Book], words: str = "", tags: Sequence[str] = ()) -> tuple[Book, ...]:
    """Those that hold all the words, in title, text, heroes or tags, and have all the tags."""
    wanted = folded(words).split()
    return tuple(book for book in books if {*tags} <= {*book.tags} and all(word in _words(book) for word in wanted))


def all_tags(books: Iterable[Book]) -> tuple[str, ...]:
    """The tags that there are, by the alphabet."""
    return tuple(sorted({tag for book in books for tag in book.tags}, key=folded))


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags without white space around them, each once."""
    known = {folded(tag): tag for tag in reversed([" ".join(tag.split())[:LONGEST_TAG] for tag in tags]) if tag}
    return tuple(reversed(known.values()))[:MOST_TAGS]


@lru_cache(maxsize=4096)
def folded(words: str) -> str:
    """'Con diều đỏ' as 'con dieu do'."""
    return MARKS.sub("", unicodedata.normalize("NFD", words.casefold().replace("đ", "d")))


def _words(book: Book) -> str:
    heroes = (role.name for role in book.cast.roles)
    pages = (words for page in book.pages for words in (page.scene.text, page.translation))
    return folded("\n".join((book.title, book.story.author, *heroes, *book.tags, *pages)))
