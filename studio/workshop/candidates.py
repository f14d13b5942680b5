"""Several pictures of one page to choose from: the same words with other seeds, each in its keyed file among the book's pictures.

Which there are is read off the files, so that candidates of long ago are found again as soon as a page asks for the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import BadInput, NotFound
from ..evaluation.measures import Verdict
from ..library.library import Library
from ..library.seals import whole
from ..progress import Work
from ..publishing.book import Book
from ..rendering.drawing import Drawing
from .easel import Easel
from .making import ANOTHER_TRY, anew, page_of, put_page

TRIES = 24  # seeds before and after the page's own that are looked for
MOST = 8  # at a time
LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """One picture of a page as it is now. `part`: only the part that the page's mend marks was drawn with this seed."""

    seed: int
    picture: str  # file name in pictures/
    part: bool = False
    score: float | None = None  # 0 … 1, to rank by; None: nobody has judged it
    verdict: Verdict | None = None  # the worst of what was measured of it


@dataclass(frozen=True, slots=True)
class CandidateDesk:
    """Where the candidates of a home are drawn, found and chosen."""

    easel: Easel
    library: Library

    def found(self, book: Book, number: int) -> tuple[Candidate, ...]:
        """The candidates that are there, by their seeds. Raises NotFound, NotReady, BadInput."""
        folder, page = self.library.pictures(book.id), page_of(book, number)
        all_of_it = self._drawing(book, number, part=False)
        kinds = [(False, all_of_it), *([(True, self._drawing(book, number))] if page.mended else [])]
        names = [
            Candidate(seed, replace(drawing, seed=seed).file_name(number), part)
            for seed in _seeds(page.seed, -TRIES, TRIES)
            for part, drawing in kinds
        ]
        return tuple(one for one in names if whole(folder / one.picture))

    def next_seeds(self, book: Book, number: int, count: int, part: bool = True) -> tuple[int, ...]:
        """The first seeds from the page's own on of which there is no picture. Raises NotFound, BadInput."""
        if not 1 <= count <= MOST:
            raise BadInput(
                "'{count}' pictures at a time cannot be drawn. Choose 1 to {most}; four are usual.",
                count=count,
                most=MOST,
            )
        folder, page = self.library.pictures(book.id), page_of(book, number)
        drawing = self._drawing(book, number, part)
        seeds = _seeds(page.seed, 0, 10 * TRIES)
        missing = (seed for seed in seeds if not whole(folder / replace(drawing, seed=seed).file_name(number)))
        return tuple(seed for seed, _ in zip(missing, range(count), strict=False))

    def draw(self, id: str, number: int, seeds: Sequence[int]) -> Work[tuple[Candidate, ...]]:
        """Draws the page with these seeds, all together. The book stays as it is, but for a page that had no picture yet."""
        book = self.library.book(id)
        drawing = self._drawing(book, number)
        drawings = [replace(drawing, seed=seed) for seed in seeds]
        names = [one.file_name(number) for one in drawings]
        yield from self.easel.draw(book.look.model, drawings, self.library.pictures(id), names)
        return self.found(self.easel.settle(id), number)

    def choose(self, id: str, number: int, seed: int, part: bool = False) -> Book:
        """The book with that candidate on the page; it can be taken back. Raises NotFound."""

        def change(book: Book) -> Book:
            page = page_of(book, number)
            if not any((one.seed, one.part) == (seed, part) for one in self.found(book, number)):
                raise NotFound(
                    "There is no picture of page {number} with the seed '{seed}'. Draw it first; the page is as it was.",
                    number=number,
                    seed=seed,
                )
            return put_page(book, number, replace(page, seed=seed) if part else anew(page, seed))

        self.library.change(id, change, f"candidate {number} {seed} {'part' if part else ''}")
        return self.easel.settle(id)

    def reseed(self, id: str, number: int, seed: int) -> Book:
        """The book with another seed for the page, whose picture is out of date unless it is there. Raises BadInput, NotFound."""
        if not 0 <= seed <= LARGEST_SEED:
            raise BadInput(
                "The seed '{seed}' cannot be used. Give a whole number from 0 to {most}.", seed=seed, most=LARGEST_SEED
            )
        self.library.change(
            id, lambda book: put_page(book, number, anew(page_of(book, number), seed)), f"seed {number} {seed}"
        )
        return self.easel.settle(id)

    def picture(self, book: Book, candidate: Candidate) -> Path:
        """The file of a candidate."""
        return self.library.pictures(book.id) / candidate.picture

    def _drawing(self, book: Book, number: int, part: bool = True) -> Drawing:
        """What the page asks for, of all of the picture unless `part`."""
        page = page_of(book, number)
        asked = book if part else put_page(book, number, replace(page, mended=None))
        return self.easel.drawings(asked)[number - 1]


def _seeds(own: int, first: int, last: int) -> list[int]:
    """The seeds that drawing anew comes to, from `first` to `last` tries after the page's own."""
    seeds = (own + at * ANOTHER_TRY for at in range(first, last + 1))
    return [seed for seed in seeds if 0 <= seed <= LARGEST_SEED]
