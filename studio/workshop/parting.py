"""What the workshop does to erase somebody for good: noted before the first file goes, so that a crash cannot leave half of them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace

from ..errors import NotFound, StudioError
from ..library import erasing
from ..publishing.book import Book, Look
from . import making
from .experimenting import Experimenting
from .printing import Printing
from .teaching import Receipt


class Parting(Printing, Experimenting):
    """The part of the workshop that lets people go."""

    def erase_character(self, id: str) -> Receipt:
        """Deletes photos, adapter, what was baked with it and free pictures for good, and takes the character out of every
        book's look."""
        character = self._characters.get(id)
        self._stop_work_for(character.id)
        titles = tuple(book.title for book in self._books_with(character.id))
        baked = tuple(card.id for card in self._shelf.cards() if character.id in card.parts)
        going = erasing.Erasing(character.id, baked)
        erasing.begin(self.settings, going)
        return Receipt(character.name, character.photos, character.ready, titles, self._erase(going))

    def finish_erasing(self) -> int:
        """Brings to its end what was being erased when the studio was stopped; gives how many characters that were."""
        return len([self._erase(going) for going in tuple(erasing.begun(self.settings))])

    def _erase(self, going: erasing.Erasing) -> int:
        """Does all of it that was not done yet; gives how many free pictures went."""
        with suppress(NotFound):
            self._characters.erase(going.character)
        sys.audit("studio.erase.character")
        for book in self._library.books():  # trials are drawn to choose from, and show whoever was tried
            shutil.rmtree(self._library.tries(book.id))
        sys.audit("studio.erase.tries")
        self._gauge.forget(going.character)
        sys.audit("studio.erase.measures")
        for one in self._experiments.all():
            self._stop_work_for(one.id)
        self._experiments.erase()
        sys.audit("studio.erase.lab")
        pictures = self._erase_pictures((going.character, *going.baked))
        for id in going.baked:
            with suppress(NotFound):
                self._shelf.remove(id)
        sys.audit("studio.erase.adapters")
        gone = {going.character, *going.baked}
        for book in self._library.books():
            self._library.change(book.id, self._easel.settling(book.id, lambda book: self._freed(book, gone)))
        self._library.change_thrown(lambda book: self._freed(book, gone))
        sys.audit("studio.erase.books")
        self._library.forget_history(f'"{going.character}"')  # a change taken back must not bring them again
        erasing.end(self.settings, going)
        return pictures

    def _freed(self, book: Book, gone: Collection[str]) -> Book:
        """The book without these adapters, in its look and in what is noted of how its pictures were drawn."""
        freed, look = making.forgetting(book, gone), _bare(book.look, lambda id: id not in gone)
        if look == book.look:
            return freed
        try:
            return making.change_look(freed, look, self._prompter(look))
        except StudioError:  # a style is gone too; as it is, the book would go on naming who went
            here = {card.id for card in self._shelf.cards()}
            look = _bare(look, lambda id: id in here)
            return making.change_look(freed, look, self._prompter(look))

    def _books_with(self, character: str) -> tuple[Book, ...]:
        return tuple(
            book for book in self._library.books() if any(one.adapter == character for one in book.look.characters)
        )


def _bare(look: Look, kept: Callable[[str], bool]) -> Look:
    """The look with those of its characters and styles that are kept."""
    characters = tuple(one for one in look.characters if kept(one.adapter))
    return replace(look, characters=characters, styles=tuple(one for one in look.styles if kept(one.adapter)))
