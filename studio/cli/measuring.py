"""How a measured book is told: a row for each page, the mean of all, and what is not to be seen where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .console import say, show, table, write_json

if TYPE_CHECKING:
    from ..evaluation.measures import Measure, PageMeasures, Summary
    from ..workshop import Workshop

WORDS = {
    "likeness": "like {character}",
    "steady": "{character} on all pages",
    "match": "words",
    "figures": "figures",
    "style": "style",
    "print": "print",
}


def measured(workshop: Workshop, id: str, answer: bool) -> None:
    """Measures what was not measured of a book's pictures and tells all of it."""
    numbers = show(workshop.measure_book(id), f"Measuring {id}")
    book = workshop.book(id)
    pages, whole = [page for page in workshop.measures(book) if page], workshop.book_summary(book)
    table(_rows(pages, whole), "Nothing could be measured: something that the book wears is not here.")
    for page in pages:
        if page.missing:
            say(f"Page {page.page} may not show: {', '.join(word for _, word in page.missing)}.")
    for score, character, value in whole.standard:
        say(f"{score}{f' of {character}' if character else ''}: {value:.3f}")
    if whole.marked:
        say(f"Drawing these pages again may help: {', '.join(map(str, whole.marked))}.")
    if answer:
        write_json(numbers)


def _rows(pages: Sequence[PageMeasures], whole: Summary) -> list[list[str]]:
    """A head, a row for each page and one of means; no rows without a page."""
    kinds = [(one.name, one.character) for one in whole.measures]
    head = ["page", *(WORDS[name].format(character=character) for name, character in kinds)]
    told = [
        [
            str(page.page),
            *(_cell(page, {(one.name, one.character): one for one in page.measures}.get(kind)) for kind in kinds),
        ]
        for page in pages
    ]
    mean = ["mean", *(f"{one.value:.2f} {one.verdict}" for one in whole.measures)]
    return [head, *told, mean] if pages else []


def _cell(page: PageMeasures, one: Measure | None) -> str:
    if one is None:
        return "-"
    if one.name == "figures":
        return f"{page.figures[0]} of {page.figures[1]} {one.verdict}"
    return f"{one.number:.0f} ppi {one.verdict}" if one.name == "print" else f"{one.number:.2f} {one.verdict}"
