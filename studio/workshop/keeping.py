"""What the workshop does so that nothing is lost and nothing stays too long: books tagged, doubled and found again; the house checked,
mended and tidied; how long what was learnt of people is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ..errors import NoRoom, StudioError
from ..files import shred
from ..library import finding, leftovers, retention
from ..library.characters import Character
from ..library.clock import CLOCK, Clock, clock_of, keep_for, tell, use
from ..library.leftovers import YOUNG_S
from ..library.photo_clocks import clock_of_photo, keep_photos_for, tell_of_photo, wind
from ..library.receipts import found, is_genuine, receipts, signed
from ..library.record import is_torn
from ..library.retention import Notice, Tidied, goes_on
from ..library.sealing import lies_open, seal_character
from ..library.seals import SUMS, put_aside, put_in_order, seal
from ..library.verification import MISSING, Flaw, Report, look, together
from ..models.loading import model_revision
from ..models.table import base_model
from ..progress import Progress, Work
from ..publishing.book import Book
from ..rendering.drawing import ENGINE
from ..rendering.origin import Change, Origin, changes
from ..rendering.versions import versions
from . import making, stock
from .parting import Parting

LATEST_JOBS = 2000


@dataclass(frozen=True, slots=True)
class Redrawing:
    """Whether a book can be drawn today as it was: what changed since, and of how many pictures nobody noted what drew them."""

    changes: tuple[Change, ...]
    unknown: int
    drawn: int

    @property
    def same(self) -> bool:
        return bool(self.drawn) and not self.changes and not self.unknown


class Keeping(Parting):
    """The part of the workshop that keeps house."""

    # Books

    def find_books(self, words: str = "", tags: tuple[str, ...] = ()) -> tuple[Book, ...]:
        """The books that hold all the words, in title, text, heroes or tags, and have all the tags; newest first."""
        return finding.found(self._library.books(), words, tags)

    def tags(self) -> tuple[str, ...]:
        """The tags of all books, by the alphabet."""
        return finding.all_tags(self._library.books())

    def tag_book(self, id: str, tags: tuple[str, ...]) -> Book:
        """The book with these tags in place of those it had. Raises NotFound."""
        return self._library.change(id, lambda book: replace(book, tags=finding.clean_tags(tags)), "tags")

    def duplicate_book(self, id: str, title: str = "") -> Book:
        """Another book with the same pages and pictures. Raises NotFound, NoRoom."""
        created = datetime.now(UTC).isoformat(timespec="milliseconds")
        return self._library.duplicate(id, title.strip() or self._library.book(id).title, created)

    def book_size(self, id: str) -> int:
        """Bytes on the disk. Raises NotFound."""
        return self._library.size(id)

    def redrawing(self, book: Book) -> Redrawing:
        """Whether the book's pictures would come out the same if they were drawn again on this computer today."""
        drawn = [page for page in book.pages if page.picture]
        origins = {page.origin for page in drawn if page.origin}
        worn = {card.id: card.sha256 for card in self._shelf.cards()}
        found = {one: None for then in origins for one in changes(then, self._today(then, worn))}
        unknown = sum(not page.origin or not page.origin.tools for page in drawn)
        return Redrawing(tuple(sorted(found, key=lambda one: one.what)), unknown, len(drawn))

    def _today(self, then: Origin, worn: dict[str, str]) -> Origin:
        """The same model and adapters as they are here now."""
        revision = ""
        with suppress(StudioError):  # the model is not here any more
            revision = model_revision(base_model(then.model), self.settings)
        here = tuple((id, worn[id]) for id, _ in then.worn if id in worn)
        return Origin(then.model, revision, here, versions(), ENGINE)

    # How long people are kept

    def clock(self, id: str) -> Clock:
        """When somebody was used last, and how long they are kept after that. Raises NotFound."""
        return clock_of(self._personal_folder(id))

    def goes_on(self, id: str) -> str:
        """The day on which somebody goes at the earliest, ISO 8601; empty for who stays until erased. Raises NotFound."""
        return goes_on(self.clock(id), datetime.now(UTC))

    def keep_character(self, id: str, days: int | None = None) -> Clock:
        """Keeps somebody for so many days from today, or as many as before; 0 until they are erased. Raises NotFound, BadInput."""
        folder = self._personal_folder(id)
        clock = keep_for(folder, clock_of(folder).days if days is None else days)
        keep_photos_for(folder, clock.days)
        return clock

    def photos_go_on(self, id: str) -> Mapping[str, str]:
        """The day on which each photo that was left out goes at the earliest, ISO 8601, by its file; empty for one that stays until
        erased. All others go with the character. Raises NotFound."""
        now, one = datetime.now(UTC), self._characters.get(id)
        folder = self.settings.characters / one.id
        return {file: goes_on(clock_of_photo(folder, file, now), now) for file in one.left_out}

    def use_character(self, id: str) -> None:
        """Notes that somebody is used today. Raises NotFound."""
        use(self._personal_folder(id))

    def notices(self, now: datetime | None = None) -> tuple[Notice, ...]:
        """Those whose time is over, and who go unless somebody keeps them longer; and of whom only photos do that were left out."""
        now = now or datetime.now(UTC)
        due = tuple(
            Notice(id, name, goes_on(clock_of(folder, now), now))
            for id, name, folder in self._personal_all()
            if (folder / CLOCK).is_file() and clock_of(folder, now).is_due(now)
        )
        gone = {one.id for one in due}
        return *due, *(notice for notice in self._photo_notices(now) if notice.id not in gone)

    def _photo_notices(self, now: datetime) -> Iterator[Notice]:
        for one in self._characters.all():
            clocks = [clock_of_photo(self.settings.characters / one.id, file, now) for file in one.left_out]
            days = [goes_on(clock, now) for clock in clocks if clock.is_due(now)]
            if days:
                yield Notice(one.id, one.name, min(days), len(days))

    def _personal_folder(self, id: str) -> Path:
        known = (folder for one, _, folder in self._personal_all() if one == id)
        return next(known, None) or self._characters.folder(self._characters.get(id).id)

    def _personal_all(self) -> Iterator[tuple[str, str, Path]]:
        """Id, name and folder of everybody who was taught here, and of what came from elsewhere and is somebody."""
        people = self._characters.all()
        yield from ((one.id, one.name, self.settings.characters / one.id) for one in people)
        known = {one.id for one in people}
        for card in self._shelf.cards():
            folder = self.settings.adapters / card.id
            if card.kind == "subject" and card.id not in known and folder.is_dir():
                yield card.id, card.title, folder

    # Tidying

    def recover(self) -> None:
        """Ends what was cut short when a process was killed: an erasing goes on to its end, what is half written goes. Meant for
        each start; what cannot be done now, on a full disk for example, is done at the next."""
        for studio in self.everyone():
            with suppress(StudioError):
                studio.finish_erasing()
                leftovers.clear(studio.settings, leftovers.leftovers(studio.settings))

    def tidy(self, now: datetime | None = None, young_s: float = YOUNG_S) -> Work[Tidied]:
        """Takes away what is over: people whose time is over and who were told of, what lay in the trash for its time, former
        states of long ago, and what a process left behind that is gone. Meant for each start and once a day."""
        now = now or datetime.now(UTC)
        yield Progress(0, 4, "half-written files")
        self.finish_erasing()
        swept = leftovers.clear(self.settings, leftovers.leftovers(self.settings, young_s))
        yield Progress(1, 4, "people")
        erased = tuple(self._erase_over(now))
        photos = sum(self._erase_left_out(one, now) for one in self._characters.all())
        self._seal_people()
        yield Progress(2, 4, "the trash")
        steady = retention.is_steady(self.settings, now)
        emptied = retention.empty_trash(self.settings, now)
        yield Progress(3, 4, "former states")
        old = retention.forget_old(self.settings, now) if steady else 0
        yield Progress(4, 4)
        return Tidied(erased, self.notices(now), emptied, len(swept) + old, photos)

    def _seal_people(self) -> None:
        """Seals what an older studio kept plainly of people; of who is being taught or drawn now, at the next time."""
        lying = [one.id for one in self._characters.all() if lies_open(self.settings, one.id)]
        with suppress(StudioError):  # without a list of jobs nobody can tell who is being drawn
            busy = {job.target for job in self._queue.live()} if lying else set()
            for id in set(lying) - busy:
                with suppress(StudioError):  # a disk that is full, or a key that is away; `verify` tells
                    seal_character(self.settings, id)

    def _erase_over(self, now: datetime) -> Iterator[str]:
        for id, name, folder in tuple(self._personal_all()):
            if tell(folder, now).over(now):
                if folder.parent == self.settings.characters:
                    self.erase_character(id)
                else:
                    self.remove_adapter(id)
                yield name

    def _erase_left_out(self, one: Character, now: datetime) -> int:
        """Erases the photos of somebody that were left out, whose time is over and that were told of; gives how many."""
        folder = self.settings.characters / one.id
        with suppress(NoRoom):  # a clock that cannot be written does not run
            wind(folder, one.left_out, now)
        clocks = {file: tell_of_photo(folder, file, now) for file in sorted(one.left_out)}
        over = [file for file, clock in clocks.items() if clock.over(now)]
        if not over:
            return 0
        lying = [self._characters.files_of(one.id, file) for file in over]
        stores = tuple(found(place, [files[place] for files in lying]) for place in lying[0])
        world = folder / "adapter" / "world"  # lessons with cut-outs, of a training that was stopped
        if world.is_dir() and world.stat().st_mtime < max(clocks[file].used.timestamp() for file in over):
            shred(world)  # it may hold them, and is made anew when the training goes on
        self._characters.drop_photos(one.id, over)
        signed(self.settings, stores)
        return len(over)

    # Checking

    def verify(self, mend: bool = True, young_s: float = YOUNG_S) -> Work[Report]:
        """Opens everything that is kept, in the homes of all people too, and reads what is sealed. What can be mended is, unless one
        only wants to look: pictures that are gone or not as they were drawn leave their book and are asked for again."""
        reports = []
        for studio in self.everyone():
            reports.append((yield from studio._verify(mend, young_s)))
        return together(reports)

    def _verify(self, mend: bool, young_s: float) -> Work[Report]:
        if mend:
            self.finish_erasing()
        seen = yield from look(self.settings)
        count, models = (
            (0, ()) if self.settings.owner else (yield from stock.checked(self.settings))
        )  # they are the house's
        written = receipts(self.settings)
        count, models = count + len(written), (*models, *_altered(written))
        spare = leftovers.leftovers(self.settings, young_s)
        if not mend:
            names = tuple(path.name for path in spare)
            return Report(seen.checked + count, (*(flaw.sentence for flaw in seen.flaws), *models), (), names)
        mended = {flaw: said for flaw in seen.flaws if (said := self._mended(flaw))}
        repaired = [*dict.fromkeys(mended.values()), *self._sealed(seen.unsealed)]
        damaged = tuple(flaw.sentence for flaw in seen.flaws if flaw not in mended)
        swept = tuple(path.name for path in leftovers.clear(self.settings, spare))
        return Report(seen.checked + count, (*damaged, *models), tuple(repaired), swept)

    def _sealed(self, files: tuple[Path, ...]) -> Iterator[str]:
        for file in files:
            seal(file)
        for sums in self.settings.home.rglob(SUMS):
            put_in_order(sums.parent)
        if files:
            yield f"{len(files)} finished files were sealed."

    def _mended(self, flaw: Flaw) -> str:
        """Mends it and says what was done; empty when nothing could be."""
        mend = {
            "page": self._mend_page,
            "portrait": self._mend_portrait,
            "shot": self._mend_shot,
            "export": self._mend_export,
            "book": self._mend_book,
        }.get(flaw.kind)
        return mend(flaw) if mend else ""

    def _mend_page(self, flaw: Flaw) -> str:
        """The picture leaves the book and is asked for again; one that no page shows is only put aside."""
        file, book = flaw.file, self._library.book(flaw.owner)
        numbers = [number for number, page in enumerate(book.pages, 1) if page.picture == file.name]

        def without(book: Book) -> Book:
            pages = [replace(page, **making.UNDRAWN) if page.picture == file.name else page for page in book.pages]
            return replace(book, pages=tuple(pages))

        put_aside(file)
        self._library.change(book.id, without)
        if not numbers:
            return f"{flaw.sentence} No page shows it."
        try:
            self._easel.drawings(book)
        except StudioError as hindrance:
            return f"{flaw.sentence} Page {numbers[0]} is to be drawn again, but: {hindrance}"
        self._queue.submit("draw", book.id)
        return f"{flaw.sentence} Page {numbers[0]} is drawn again."

    def _mend_portrait(self, flaw: Flaw) -> str:
        put_aside(flaw.file)
        if self._characters.get(flaw.owner).ready:
            self._queue.submit("portraits", flaw.owner)
        return f"{flaw.sentence} The portraits are drawn again."

    def _mend_shot(self, flaw: Flaw) -> str:
        name = flaw.file.name
        put_aside(flaw.file)
        self._gallery.change(
            flaw.owner,
            lambda piece: replace(
                piece,
                shots=tuple(
                    replace(shot, large="" if shot.large == name else shot.large)
                    for shot in piece.shots
                    if shot.file != name
                ),
            ),
        )
        self._queue.submit("picture", flaw.owner)
        return f"{flaw.sentence} It is drawn again."

    def _mend_export(self, flaw: Flaw) -> str:
        """A file that the queue made is made again as it was asked for; of another that is gone, the sum is forgotten."""
        made = (job for job in self._queue.jobs(LATEST_JOBS) if (job.kind, job.target) == ("export", flaw.owner))
        job = next((job for job in made if job.state == "done" and job.result == flaw.file.name), None)
        if job is None and flaw.sentence.endswith(f"{MISSING}."):
            put_aside(flaw.file)
            return f"{flaw.sentence} It was forgotten; make it again from the screen Print."
        if job is None:
            return ""
        put_aside(flaw.file)
        self._queue.submit("export", flaw.owner, job.arguments)
        return f"{flaw.sentence} It is made again."

    def _mend_book(self, flaw: Flaw) -> str:
        """A record that is torn is put back as it was before its newest change."""
        if is_torn(flaw.file) and self._library.recover(flaw.owner):
            return f"{flaw.sentence} The book is as it was before its newest change."
        return ""


def _altered(receipts: Iterable[Path]) -> Iterator[str]:
    """What is told of receipts that are not as they were signed."""
    for path in receipts:
        if not is_genuine(path.read_bytes()):
            yield f"The receipt '{path.stem}' of an erasing is not as it was signed; the one in your own hands still holds."
