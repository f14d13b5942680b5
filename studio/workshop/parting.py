"""What the workshop does to erase somebody for good: noted before the first file goes, so that a crash cannot leave half of them; told
in a signed receipt; and done at once when who agreed takes their word back."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from .. import vault
from ..errors import BadInput, NoDatabase, NotFound, StudioError
from ..files import shred
from ..library import erasing, leftovers
from ..library.characters import Character
from ..library.erasing import Erasing
from ..library.receipts import Kept, Receipt, Store, found, kept, signed
from ..library.record import forget_gone
from ..library.scrubbing import scrub
from ..progress import Work
from ..publishing.book import Book, Look, Page
from ..safety.confirmations import Confirmations
from ..story.llm.ledger import Ledger
from . import making
from .experimenting import Experimenting
from .printing import Printing

STOPS_S = 5.0  # in which whoever is at work with them has stopped
LOOK_S = 0.1


class Parting(Printing, Experimenting):
    """The part of the workshop that lets people go."""

    def withdraw_consent(self, id: str, pages: bool = True) -> Receipt:
        """Takes the word back that somebody's photos may be used: from this moment nothing is learnt, drawn or exported with them,
        what is at work stops, and all is erased, with the pages that show them unless those are to stay. Raises NotFound, NoRoom."""
        going = self._begin_erasing(self._characters.get(id), pages)
        self._consents.withdraw(id)
        return self._receipt(going)

    def erase_character(self, id: str, pages: bool = False) -> Receipt:
        """Deletes photos, adapter, what was baked with it and free pictures for good, and takes the character out of every
        book's look; with `pages` also the pictures of pages that show them, and the finished files of those books."""
        return self._receipt(self._begin_erasing(self._characters.get(id), pages))

    def finish_erasing(self) -> int:
        """Brings to its end what was being erased when the studio was stopped; gives how many characters that were."""
        unfinished = tuple(erasing.begun(self.settings))
        for going in unfinished:
            self._erase(going := self._surveyed(going))
            # Where the list of jobs is away the note stays, and this is done at the next start.
            if not erasing.is_begun(self.settings, going):
                signed(self.settings, going.stores)
        return len(unfinished)

    def receipts(self) -> tuple[Kept, ...]:
        """What was erased here, newest first: when, and how much of it lay where. They name nobody."""
        return kept(self.settings)

    def _begin_erasing(self, character: Character, pages: bool) -> Erasing:
        baked = tuple(card.id for card in self._shelf.cards() if character.id in card.parts)
        going = Erasing(character.id, baked, character.name, pages)
        erasing.begin(self.settings, going)
        return going

    def _surveyed(self, going: Erasing) -> Erasing:
        """With what there is of them, noted before the first of it goes; not anew for what a former process had begun with."""
        if not going.stores:
            self._stop_all_with(going)
            going = replace(going, stores=tuple(self._survey(going)))
            erasing.begin(self.settings, going)
        return going

    def _receipt(self, going: Erasing) -> Receipt:
        character = self._characters.get(going.character)
        going = self._surveyed(going)
        titles = tuple(book.title for book in self._books_with(going.everyone))
        shown = 0 if going.pages else sum(len(names) for _, names in self._showing(going))
        pictures = self._erase(going)
        told = signed(self.settings, going.stores)
        return Receipt(character.name, character.photos, character.ready, titles, pictures, going.stores, shown, **told)

    def scrub(self) -> Work[int]:
        """Overwrites the free room of the disk, where former states of records lie until something else takes their place."""
        return scrub(self.settings.home)

    # Stopping

    def _stop_all_with(self, going: Erasing) -> None:
        """Cancels whatever works with them, and waits until who does has stopped. Without a list of jobs nobody is at work."""
        with suppress(NoDatabase):
            concerned = {*going.everyone, *(book.id for book in self._books_with(going.everyone))}
            concerned |= {piece.id for piece in self._gallery.pieces() if {*piece.shows} & {*going.everyone}}
            concerned |= {folder.name for folder in self._experiments.telling()}
            concerned |= {piece.name for piece in leftovers.luggage(self.settings)}
            stopped = {job.target for job in self._queue.live() if job.target in concerned}
            for target in stopped:
                self._stop_work_for(target)
            until = time.monotonic() + STOPS_S
            while time.monotonic() < until and any(one.target in stopped for one in self._queue.workers()):
                time.sleep(LOOK_S)

    # What there is of them

    def _survey(self, going: Erasing) -> Iterator[Store]:
        folder = self.settings.characters / going.character
        taught = folder / "adapter"
        learnt = {taught / "adapter.json", taught / "adapter.safetensors"}
        named = {"photos": "photos", "shapes": "cut-outs", "thumbnails": "small copies", "portraits": "portraits"}
        for name, place in named.items():
            yield found(place, [folder / name])  # type: ignore[arg-type]
        with suppress(BadInput):  # a torn note names no key any more
            yield Store("key", int(vault.has(vault.key_of(folder), folder)))
        yield found("adapter", learnt)
        yield found("checkpoints", set(taught.glob("*")) - learnt)
        yield found("records", (path for path in folder.glob("*") if path.name not in {*named, "adapter"}))
        yield found("styles", (self.settings.adapters / id for id in going.baked))
        yield found("pictures", self._gallery.concerned(going.everyone))
        yield found("trials", (self._library.tries(book.id) for book in self._library.books()))
        yield found("measures", self._gauge.telling(going.character))
        yield found("experiments", self._experiments.telling())
        yield found("former states", self._library.former_states(_quoted(going.character)))
        yield found("half-written", self._lying_about())
        yield Store("requests", Ledger(self.settings).naming(_words(going)))
        with suppress(NoDatabase):
            yield Store("jobs", self._queue.naming(_words(going)))
        if going.pages:
            yield from self._survey_pages(going)

    def _lying_about(self) -> tuple[Path, ...]:
        return tuple(dict.fromkeys((*leftovers.leftovers(self.settings), *leftovers.luggage(self.settings))))

    def _survey_pages(self, going: Erasing) -> Iterator[Store]:
        showing = tuple(self._showing(going))
        yield found("pages", (self._library.pictures(book.id) / name for book, names in showing for name in names))
        yield found("files", (self._library.exports(book.id) for book, _ in showing))

    def _showing(self, going: Erasing) -> Iterator[tuple[Book, tuple[str, ...]]]:
        """The books of which pictures show them, and the names of those pictures."""
        for book in self._library.books():
            names = tuple(page.picture for page in book.pages if page.picture and _shows(book, page, going))
            if names:
                yield book, names

    # Erasing

    def _erase(self, going: Erasing) -> int:
        """Does all of it that was not done yet; gives how many free pictures went."""
        if going.pages:
            self._erase_pages(going)
            sys.audit("studio.erase.pages")
        with suppress(NotFound):
            self._characters.erase(going.character)
        with suppress(FileNotFoundError):  # somebody wrote into it who had not stopped yet
            shred(self.settings.characters / going.character)
        sys.audit("studio.erase.character")
        for book in self._library.books():  # trials are drawn to choose from, and show whoever was tried
            shred(self._library.tries(book.id))
        sys.audit("studio.erase.tries")
        self._gauge.forget(going.character)
        sys.audit("studio.erase.measures")
        for folder in self._experiments.telling():
            self._stop_work_for(folder.name)
        self._experiments.erase()
        sys.audit("studio.erase.lab")
        pictures = self._erase_pictures(going.everyone)
        for id in going.baked:
            with suppress(NotFound):
                self._shelf.remove(id)
        sys.audit("studio.erase.adapters")
        self._erase_from_books({*going.everyone})
        forget_gone()
        self._library.forget_history(_quoted(going.character))  # a change taken back must not bring them again
        leftovers.clear(self.settings, self._lying_about(), shredding=True)
        sys.audit("studio.erase.leftovers")
        with suppress(NoDatabase):  # a list that is away is done at the next start, of which the note reminds
            self._erase_from_lists(going)
            erasing.end(self.settings, going)
        return pictures

    def _erase_from_books(self, gone: Collection[str]) -> None:
        for book in self._library.books():
            self._library.change(book.id, self._easel.settling(book.id, lambda book: self._freed(book, gone)))
        self._library.change_thrown(lambda book: self._freed(book, gone))
        sys.audit("studio.erase.books")

    def _erase_from_lists(self, going: Erasing) -> None:
        """Out of the list of jobs, and of what left this computer. Raises NoDatabase."""
        Ledger(self.settings).forget(_words(going))
        for id in going.everyone:
            Confirmations(self.settings).forget(id)
        self._queue.forget(_words(going))
        sys.audit("studio.erase.lists")

    def _erase_pages(self, going: Erasing) -> None:
        """The pictures that show them, with their small copies, and the finished files of those books."""
        for book, names in tuple(self._showing(going)):

            def without(now: Book, names: Collection[str] = names) -> Book:
                bare = (replace(page, **making.UNDRAWN) if page.picture in names else page for page in now.pages)
                return replace(now, pages=tuple(bare))

            for place in (self._library.thumbnails(book.id), self._library.exports(book.id)):
                shred(place)
            for picture in self._library.pictures(book.id).glob("*"):
                if picture.name in names or not any(page.picture == picture.name for page in book.pages):
                    shred(picture)
            self._library.change(book.id, without)  # last, for until then it tells which pictures show them

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

    def _books_with(self, adapters: Collection[str]) -> tuple[Book, ...]:
        return tuple(book for book in self._library.books() if {*making.people_in(book)} & {*adapters})


def _shows(book: Book, page: Page, going: Erasing) -> bool:
    """Whether they are in the page's picture; where nobody noted who is, whether the book wears them."""
    worn = {id for id, _ in page.origin.worn} if page.origin else {one.adapter for one in book.look.worn}
    return bool(worn & {*going.everyone})


def _words(going: Erasing) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*going.everyone, going.name)))


def _quoted(id: str) -> str:
    return f'"{id}"'


def _bare(look: Look, kept: Callable[[str], bool]) -> Look:
    """The look with those of its characters and styles that are kept."""
    characters = tuple(one for one in look.characters if kept(one.adapter))
    return replace(look, characters=characters, styles=tuple(one for one in look.styles if kept(one.adapter)))
