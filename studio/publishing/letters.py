"""Whether the fonts can draw every letter of a book: those that none has are named with their place, never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..errors import N_, BadInput
from .book import Book
from .colophon import colophon, title
from .fonts import Fonts
from .lines import clean
from .marks import Side, Text
from .setting import words_of

ODD_TITLE = N_(
    "The title has {letters}, which the fonts of the book cannot draw. Write it in other letters; nothing was changed."
)
ODD_AUTHOR = N_(
    "The author's name has {letters}, which the fonts of the book cannot draw. "
    "Write it in other letters; nothing was changed."
)
ODD_DEDICATION = N_(
    "The dedication has {letters}, which the fonts of the book cannot draw. "
    "Write it in other letters; nothing was changed."
)
ODD_ABOUT = N_(
    "The words about the hero have {letters}, which the fonts of the book cannot draw. "
    "Write them in other letters; nothing was changed."
)
ODD_BLURB = N_(
    "The words on the back of the book have {letters}, which the fonts of the book cannot draw. "
    "Write them in other letters; nothing was changed."
)
ODD_PAGE = N_(
    "Page {number} has {letters}, which the fonts of the book cannot draw. "
    "Write it in other letters; nothing was changed."
)
ODD_COLOPHON = N_(
    "The colophon has {letters}, which the fonts of the book cannot draw. "
    "Write it in other letters; nothing was changed."
)
ODD_SIDE = N_(
    "'{place}' has {letters}, which the fonts of the book cannot draw. Write it in other letters; nothing was changed."
)
MOST_TOLD = 10


def check_letters(book: Book, sides: Iterable[Side], fonts: Fonts) -> None:
    """Raises BadInput that names the letters no font has and where they stand."""
    for refusal, values, words in (*_written(book), *_printed(sides)):
        if missing := fonts.missing(words):
            letters = ", ".join(f"'{letter}'" for letter in missing[:MOST_TOLD])
            raise BadInput(refusal, letters=letters, **values)


def _written(book: Book) -> Iterator[tuple[str, dict[str, str | int], str]]:
    """What a person wrote, by the field it was written in."""
    fields = {
        ODD_TITLE: title(book),
        ODD_AUTHOR: book.story.author,
        ODD_DEDICATION: book.story.dedication,
        ODD_ABOUT: book.design.about,
        ODD_BLURB: book.design.blurb,
    }
    yield from ((refusal, {}, clean(words)) for refusal, words in fields.items())
    for number, words in enumerate(words_of(book), 1):
        yield ODD_PAGE, {"number": number}, words.first + words.second
    yield from ((ODD_COLOPHON, {}, clean(said)) for _, said in colophon(book).rows)


def _printed(sides: Iterable[Side]) -> Iterator[tuple[str, dict[str, str | int], str]]:
    """All that stands on the sides, whatever it was made of."""
    for side in sides:
        for mark in side.marks:
            if isinstance(mark, Text):
                yield ODD_SIDE, {"place": side.name or side.part}, mark.words
