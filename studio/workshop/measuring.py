"""The measured book: what was seen in its pictures, looked at by the worker and told by whoever asks.

Looking loads the judges; telling reads small files, so the screens never load anything for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..adapters.card import HEAVIEST, HERO_FIRST, STYLE_LATER, STYLE_WEIGHT, LoraSet, Worn, strength
from ..errors import NotReady, StudioError
from ..evaluation.asking import Asked, asked
from ..evaluation.measures import PageMeasures, Sight, Summary, Verdict, judged, summary
from ..library.library import Library
from ..models.table import base_model
from ..progress import Progress, Work
from ..publishing.book import Book, Look, Page
from ..publishing.profiles import find_profile, find_trim
from ..publishing.resolution import ppi
from ..settings import Settings
from . import company, making
from .candidates import Candidate
from .mending import USUAL
from .sights import Sights
from .staging import Staging
from .wardrobe import Wardrobe
from .witness import Brief, Witness

TRIM, PROFILE = "8.5x8.5in", "kdp"  # what a book is printed as unless somebody chooses otherwise
# As strong as taught, and by how much at once. Two heroes who were taught badly were no liker at 1.2 and 1.4 (by -0.03 to
# +0.02): only a better teaching helps them.
STRONGEST, STEP = 1.0, 0.2
NOTE = "looking at the pictures"


@dataclass(frozen=True, slots=True)
class MeasuringDesk:
    """Where the pictures of a home are looked at."""

    settings: Settings
    library: Library
    wardrobe: Wardrobe
    witness: Witness

    def look(self, book: Book, pictures: Sequence[tuple[int, str]], done: Progress | None = None) -> Work[None]:
        """Looks at pictures, by page number and file name, that were not looked at yet; with `done` the progress stays at that.
        Raises NoRoom, and BadInput for a model that the person brought and that cannot be read."""
        briefs, sights = self.briefs(book), Sights(self.library.measures(book.id))
        folder = self.library.pictures(book.id)
        missing = [
            (number, name)
            for number, name in pictures
            if number in briefs and (folder / name).is_file() and not self._whole(sights.get(name, briefs[number].key))
        ]
        for at, (number, name) in enumerate(missing):
            yield done or Progress(at, len(missing), NOTE)
            if sight := self.witness.look(folder / name, briefs[number]):
                sights.put(sight)
        if missing:
            yield done or Progress(len(missing), len(missing), NOTE)

    def pages(self, book: Book) -> tuple[PageMeasures | None, ...]:
        """What is known of each page's picture; nothing of one that was not looked at since it or its scene changed."""
        sights = Sights(self.library.measures(book.id))
        if sights.none():  # a screen asks every second while pages are drawn, and a brief costs a prompt
            return (None,) * len(book.pages)
        briefs = self.briefs(book)
        shown = {number: page.picture for number, page in enumerate(book.pages, 1) if page.picture and number in briefs}
        seen = {number: sights.get(name, briefs[number].key) for number, name in shown.items()}
        told = self._judged(book, {number: sight for number, sight in seen.items() if sight})
        return tuple(told.get(number) for number in range(1, len(book.pages) + 1))

    def of_pictures(self, book: Book, number: int, pictures: Sequence[str]) -> tuple[PageMeasures | None, ...]:
        """What is known of other pictures of a page, beside the other pages as they are."""
        brief, sights = self.briefs(book).get(number), Sights(self.library.measures(book.id))
        seen = [sights.get(picture, brief.key) if brief else None for picture in pictures]
        return tuple(self._judged(book, {number: sight})[number] if sight else None for sight in seen)

    def telling(self, character: str) -> tuple[Path, ...]:
        """The notes that `forget` lets go of."""
        return tuple(note for folder in self.library.all_measures() for note in Sights(folder).telling(character))

    def forget(self, character: str) -> None:
        """Lets go of how a character looks on the pages of all books."""
        for folder in self.library.all_measures():
            Sights(folder).forget(character)

    def briefs(self, book: Book) -> dict[int, Brief]:
        """What the picture of each page is held to; none when something that the book wears is gone."""
        with suppress(StudioError):
            cards, bearable = self.wardrobe.cards(book.look), base_model(book.look.model).family == "pocket"
            english = self.wardrobe.prompter(replace(book.look, prompt_language="en", characters=(), styles=()))
            return {
                number: _brief(book, page, asked(page.scene, book.cast, cards), bearable, english)
                for number, page in enumerate(book.pages, 1)
            }
        return {}

    def _judged(self, book: Book, sights: Mapping[int, Sight]) -> dict[int, PageMeasures]:
        trim, profile = find_trim(TRIM), find_profile(PROFILE)
        fine = {number: ppi(*sight.print_px, trim, profile) for number, sight in sights.items()}
        return judged(sights, fine, _strength(book.look.styles))

    def _whole(self, sight: Sight | None) -> bool:
        """Whether nothing could be added to what was seen: a yardstick came, say."""
        if sight is None:
            return False
        wanted = {"clip": "CLIP-T"} | ({"dino": "DINO"} if sight.heroes else {})
        names = " ".join(name for name, _, _ in sight.standard)
        return all(wanted[here] in names for here in self.witness.yardsticks() if here in wanted)


class Measuring(Staging):
    """The part of the workshop that knows how good the pages are, and looks at what is drawn for them."""

    # Drawn and looked at

    def draw_book(self, id: str) -> Work[Book]:
        """Draws the pages that have no picture or an old one; each is in the book as soon as it is drawn."""
        book = yield from self._easel.draw_book(id)
        yield from self._looked_at(book, _shown(book), len(book.pages))
        return book

    def redo_page(self, id: str, number: int, seed: int | None = None) -> Work[Book]:
        """Draws a page with this seed, its own or another, or with the next of which there is no picture."""
        book = yield from super().redo_page(id, number, seed)
        yield from self._looked_at(book, _shown(book), 1)
        return book

    def draw_candidates(self, id: str, number: int, count: int = USUAL, seeds: str = "") -> Work[tuple[Candidate, ...]]:
        """Draws so many more pictures of a page, or one with each of these seeds, numbers with spaces between. None is chosen
        yet. Raises NotFound, BadInput."""
        found = yield from super().draw_candidates(id, number, count, seeds)
        book = self._library.book(id)
        yield from self._looked_at(book, [(number, one.picture) for one in found], len(found))
        return self.candidates(book, number)

    def candidates(self, book: Book, number: int) -> tuple[Candidate, ...]:
        """The pictures that are there of the page as it is now, the best first, and of those alike the first drawn."""
        there = super().candidates(book, number)
        worth = self._gauge.of_pictures(book, number, [one.picture for one in there])
        found = [
            replace(one, score=round(known.score, 4), verdict=_worst(known)) if known else one
            for one, known in zip(there, worth, strict=True)
        ]
        return tuple(sorted(found, key=lambda one: (-(one.score or 0.0), one.part, one.seed)))

    def _looked_at(self, book: Book, pictures: Sequence[tuple[int, str]], total: int) -> Work[None]:
        """Looks at pictures that were just drawn, by page number and file name, while the bar stays full. What cannot be
        measured must not spoil what was drawn."""
        with suppress(StudioError):
            yield from self._gauge.look(book, pictures, Progress(total, total, NOTE))

    # Measured

    def measures(self, book: Book) -> tuple[PageMeasures | None, ...]:
        """What was measured of each page's picture; nothing of one that nobody looked at since it or its scene changed."""
        return self._gauge.pages(book)

    def book_summary(self, book: Book) -> Summary:
        """The same at a glance."""
        return summary(page for page in self.measures(book) if page)

    def picture_measures(self, book: Book, number: int, picture: str) -> PageMeasures | None:
        """What was measured of any picture, by its file name, that was drawn for a page."""
        return self._gauge.of_pictures(book, number, [picture])[0]

    def score(self, book: Book, number: int, picture: str) -> float | None:
        """How good a picture is for a page, 0..1, to rank several by; nothing before it was looked at."""
        found = self.picture_measures(book, number, picture)
        return round(found.score, 4) if found else None

    def measure_book(self, id: str) -> Work[dict[str, Any]]:
        """Looks at the pictures that nobody looked at, and tells all as `evaluate` does. Raises NotFound, NotReady."""
        book = self._library.book(id)
        if not (shown := _shown(book)):
            raise NotReady(
                "'{title}' has no picture yet that could be measured. Draw the pages first.", title=book.title
            )
        yield from self._gauge.look(book, shown)
        return told(book, self.measures(book))

    def can_show_more(self, book: Book, character: str = "") -> bool:
        """Whether a character, or the style, can be worn more strongly."""
        return _raised(book.look, character) != book.look

    def show_more(self, id: str, character: str = "") -> Book:
        """The book with a character, or the style if none is named, worn more strongly. Nothing changes at the most."""

        def change(book: Book) -> Book:
            look = _raised(book.look, character)
            return making.change_look(book, look, self._prompter(look))

        self._library.change(id, change, f"look {character or 'styles'}")
        return self._easel.settle(id)

    def submit_measuring_book(self, id: str) -> str:
        """Asks the worker to look at the book's pictures; gives the job's id. Raises NotFound."""
        return self._queue.submit("assess", self._library.book(id).id)

    @cached_property
    def _gauge(self) -> MeasuringDesk:
        return MeasuringDesk(self.settings, self._library, self._wardrobe, Witness(self.settings))


def _raised(look: Look, character: str) -> Look:
    """The look with a character, or the styles, worn one step more strongly; the same where that is the most."""
    if character:
        return replace(
            look,
            characters=tuple(_more(one, HERO_FIRST) if one.adapter == character else one for one in look.characters),
        )
    return replace(look, styles=tuple(_more(one, STYLE_LATER) for one in look.styles))


def _more(one: Worn, turn: tuple[float, float]) -> Worn:
    """One step stronger, up to the most; what is not worn at all stays so."""
    now = strength(one, turn)
    factor = min(STRONGEST, now + STEP) / now if 0 < now < STRONGEST else 1.0
    late = None if one.late is None else min(HEAVIEST, round(one.late * factor, 3))
    return replace(one, weight=min(HEAVIEST, round(one.weight * factor, 3)), late=late)


def _worst(known: PageMeasures) -> Verdict:
    """The word for a picture among others of its page, which are all as sharp."""
    told = {one.verdict for one in known.measures if one.name != "print"}
    return "weak" if "weak" in told else "so-so" if "so-so" in told else "good"


def _shown(book: Book) -> list[tuple[int, str]]:
    """Number and picture of each page that has one."""
    return [(number, page.picture) for number, page in enumerate(book.pages, 1) if page.picture]


def told(book: Book, pages: Sequence[PageMeasures | None]) -> dict[str, Any]:
    """All measures as a command answers."""
    return {
        "book": book.id,
        "pages": [asdict(page) | {"score": round(page.score, 4)} for page in pages if page],
        "unmeasured": [number for number, page in enumerate(pages, 1) if not page],
        "summary": asdict(summary(page for page in pages if page)),
    }


def _brief(book: Book, page: Page, page_asks: Asked, pocket: bool, english: Any) -> Brief:
    """What the picture of a page is held to; the key stands for all of it."""
    played, stages = {role.name: role.character for role in book.cast.roles}, dict(company.stages(book, page))
    boxes = {played[name]: stages[name] for name in company.heroes(book, page)}
    style = max(book.look.styles, key=_worn, default=None)
    name = style.adapter if style and pocket else ""
    prompt = english.prompt(page.scene, book.cast).positive
    words = json.dumps([asdict(page_asks), boxes, name, pocket, prompt], sort_keys=True)
    return Brief(page_asks, boxes, name, pocket, prompt, hashlib.sha256(words.encode()).hexdigest()[:16])


def _worn(one: Worn) -> float:
    """How strongly an adapter is worn on the whole."""
    return (one.weight + (one.weight if one.late is None else one.late)) / 2


def _strength(styles: LoraSet) -> float:
    """Of the strongest style, as a share of the usual one, at most 1."""
    return min(1.0, max((_worn(one) for one in styles), default=STYLE_WEIGHT) / STYLE_WEIGHT)
