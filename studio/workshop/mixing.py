"""The mixing desk: a book's hero and a style at several strengths, on one page and with one seed, and which of them is best.

Subject and style must both survive, so a trial is as good as the weaker of the two is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ..adapters.card import LoraSet, Worn, in_turn
from ..adapters.shelf import Shelf
from ..errors import NotReady, StudioError
from ..files import atomic_write, private_folder
from ..library.characters import Characters
from ..library.library import Library
from ..progress import Work
from ..publishing.book import Book, Look
from ..rendering.drawing import Drawing
from . import making
from .album import view
from .easel import Easel
from .wardrobe import Wardrobe

if TYPE_CHECKING:
    import numpy as np

HEROES = (0.8, 1.0, 1.2)
STYLES = (0.4, 0.6, 0.8)
ALONE = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2)  # of a style that nobody wears with it
RECORD = "trials.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One picture of the grid: the strengths, its file, how much is left of the hero and how much came of the style, 0..1
    each. Without a hero `likeness` is None."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    hero: float
    style: float
    picture: str
    likeness: float | None
    manner: float

    @property
    def score(self) -> float:
        """The weaker of the two counts twice; of a style alone nothing speaks against the strongest."""
        if self.likeness is None:
            return self.manner
        return (2 * min(self.likeness, self.manner) + max(self.likeness, self.manner)) / 3


def best(trials: Sequence[Trial]) -> Trial | None:
    """The one with the highest score; none of a style alone, where it is a matter of taste."""
    judged = [trial for trial in trials if trial.likeness is not None]
    return max(judged, key=lambda trial: trial.score, default=None)


@dataclass(frozen=True, slots=True)
class MixingDesk:
    """Where the trials of a home are drawn and found again."""

    easel: Easel
    library: Library
    wardrobe: Wardrobe
    characters: Characters
    shelf: Shelf

    def try_style(self, id: str, style: str) -> Work[tuple[Trial, ...]]:
        """Draws and judges the grid of a style for a book. Raises NotFound, NotReady, BadInput, NoRoom."""
        book = self.library.book(id)
        if not book.pages:
            raise NotReady("This book has no page yet on which a style could be tried. Split the story first.")
        pairs = self._pairs(book)
        looks = [_turned(_look(book.look, style, hero, strength)) for hero, strength in pairs]
        folder = private_folder(self.library.tries(id) / style)
        drawings = [self._drawing(book, look) for look in (*looks, _look(book.look, style, 1.0, 0.0))]
        names = [drawing.file_name() for drawing in drawings]
        paths = yield from self.easel.draw(book.look.model, drawings, folder, names)
        for former in {*folder.glob("*.png")}.difference(paths):
            former.unlink()
        *pictures, plain = [_opened(path) for path in paths]
        trials = self._judged(book, pairs, names, pictures, plain)
        atomic_write(
            folder / RECORD, json.dumps({"version": 1, "key": self._key(book, style), "trials": [*map(asdict, trials)]})
        )
        return trials

    def trials(self, book: Book, style: str) -> tuple[Trial, ...]:
        """The judged grid of that style, if it was drawn for the book as it is now."""
        try:
            told = json.loads((self.library.tries(book.id) / style / RECORD).read_text())
            if told["key"] != self._key(book, style):
                return ()
            return tuple(Trial(**one) for one in told["trials"])
        except (OSError, ValueError, KeyError, TypeError):
            return ()

    def picture(self, book: Book, style: str, trial: Trial) -> Path:
        """The file of a trial."""
        return self.library.tries(book.id) / style / trial.picture

    def _pairs(self, book: Book) -> list[tuple[float, float]]:
        if not book.look.characters:
            return [(1.0, style) for style in ALONE]
        return [(hero, style) for hero in HEROES for style in STYLES]

    def _drawing(self, book: Book, look: Look) -> Drawing:
        """The page in that look, always with the same seed."""
        changed = making.change_look(book, look, self.wardrobe.prompter(look))
        number = self._page(book)
        return self.easel.drawings(changed)[number - 1]

    def _page(self, book: Book) -> int:
        """The first page that the hero is on, else the first."""
        heroes = {role.name for role in book.cast.roles if role.character}
        on = (number for number, page in enumerate(book.pages, 1) if heroes & {*page.scene.who})
        return next(on, 1)

    def _key(self, book: Book, style: str) -> str:
        """What the whole grid follows from."""
        with suppress(StudioError):
            return self._drawing(book, _turned(_look(book.look, style, *self._pairs(book)[0]))).key
        return ""

    def _judged(
        self,
        book: Book,
        pairs: Sequence[tuple[float, float]],
        names: Sequence[str],
        pictures: Sequence[np.ndarray],
        plain: np.ndarray,
    ) -> tuple[Trial, ...]:
        """How far each went from plain to the strongest with the hero as taught."""
        from ..evaluation.manner import share

        likenesses = self._likenesses(book, pictures, plain)
        whole = pictures[pairs.index((1.0, max(style for _, style in pairs)))]
        return tuple(
            Trial(
                hero=hero,
                style=style,
                picture=name,
                likeness=like,
                manner=round(share(picture, plain, whole), 3),
            )
            for (hero, style), name, like, picture in zip(pairs, names, likenesses, pictures, strict=False)
        )

    def _likenesses(self, book: Book, pictures: Sequence[np.ndarray], plain: np.ndarray) -> tuple[float | None, ...]:
        """Of each picture to the hero's photos, as a share of that of the plain picture, at most 1."""
        from ..evaluation.likeness import Eyes, likeness

        if not book.look.characters:
            return (None,) * len(pictures)
        hero = self.characters.get(book.look.characters[0].adapter)
        views = [view(self.characters, hero, photo) for photo in self.characters.kept_photos(hero.id)]
        eyes = Eyes()
        photos = eyes.look([one.picture for one in views], [one.subject.mask for one in views])
        found = likeness(eyes.look([*pictures, plain]), photos)
        return tuple(round(min(1.0, float(one / max(1e-6, found[-1]))), 3) for one in found[:-1])


def _look(look: Look, style: str, hero: float, strength: float) -> Look:
    heroes: LoraSet = tuple(Worn(one.adapter, hero) for one in look.characters)
    return replace(look, characters=heroes, styles=(Worn(style, strength),))


def _turned(look: Look) -> Look:
    """The hero first, then the style, as the book will wear them."""
    characters, styles = in_turn(look.characters, look.styles)
    return replace(look, characters=characters, styles=styles)


def _opened(path: Path) -> np.ndarray:
    import numpy as np
    from PIL import Image

    return np.asarray(Image.open(path).convert("RGB"))
