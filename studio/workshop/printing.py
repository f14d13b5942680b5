"""What the workshop does to get a book out into the world: what a printer would say of it, and the files to keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..errors import BadInput, NotReady
from ..files import slug
from ..library.seals import SUMS, seal, unsealed
from ..progress import Work
from ..publishing.book import Book
from ..publishing.profiles import find_profile, find_trim
from . import leaving, making
from .luggage import Luggage
from .narrating import Narrating

if TYPE_CHECKING:
    from ..publishing.paper.export import Export
    from ..publishing.paper.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is made of a book. `icc`: the profile of the press whose inks are taken; None for the colours of screens."""

    book: Book
    out: Path
    profile: str
    trim: str
    bleed: str = ""
    icc: Path | None = None
    accept_red: bool = False


class Printing(Narrating, Luggage):
    """The part of the workshop that makes files of a book, after they were looked into."""

    def export_book(
        self,
        id: str,
        out: Path | None = None,
        profile: str = "screen",
        trim: str = "",
        *,
        bleed: str = "",
        icc: Path | None = None,
        accept_red: bool = False,
        suffix: str = ".pdf",
    ) -> Work[Export]:
        """Makes a file of the drawn book, of the kind that its name ends in; without `out` it is of the kind `suffix`, in the
        book's own exports. Without a trim it has the one of its design. Either all files are written or none.

        Raises NotReady while a page has no picture, and for red findings unless they are accepted; BadInput, Leaking, NoRoom.
        """
        book = self._library.book(id)
        path = out or self._library.exports(book.id) / f"{book.id}-{slug(profile)}{suffix}"
        self.check_export(path, profile, trim, bleed)
        self._agreed(making.people_in(book), "print")
        order = Order(book=book, out=path, profile=profile, trim=trim or book.design.trim, bleed=bleed, icc=icc,
                      accept_red=accept_red)  # fmt: skip
        return self._made(order)

    def check_export(self, out: Path, profile: str, trim: str = "", bleed: str = "") -> None:
        """Raises BadInput for a file, profile, trim or bleed that cannot be made, before anything is drawn for it."""
        find_profile(profile, bleed)
        if trim:
            find_trim(trim)
        if out.suffix.lower() not in self._makers:
            raise BadInput(
                "'{name}' cannot be made. Give the book a name that ends in one of {known}.",
                name=out.name,
                known=", ".join(self._makers),
            )
        if out.is_dir() or any(parent.is_file() for parent in out.parents):
            raise BadInput(
                "'{name}' cannot be written: a folder or a file is in its way. Give another name; nothing was changed.",
                name=out.name,
            )

    def preflight(
        self, id: str, profile: str, trim: str = "", bleed: str = "", icc: Path | None = None
    ) -> tuple[Finding, ...]:
        """What a printer would find of the book, the worst first; nothing is made. Raises BadInput."""
        from ..publishing.fonts import load_fonts
        from ..publishing.paper.preflight import preflight
        from ..publishing.paper.press import load_press
        from ..publishing.paper.proof import proof_of
        from ..rendering.enlarger import Enlarger

        book, press = self._library.book(id), load_press(icc).title if icc else ""
        size = find_trim(trim or book.design.trim)
        folder = self._library.pictures(book.id)
        proof = proof_of(book, folder, find_profile(profile, bleed), size, Enlarger(self.settings))
        return preflight(proof, load_fonts().width, press, self._easel.held(book))

    def disclosure(self, id: str, profile: str) -> str:
        """The answers to a printer's questions about AI, in English and Vietnamese."""
        from ..publishing.paper.disclosure import disclosure

        return disclosure(self._library.book(id), find_profile(profile))

    def exports(self, id: str) -> tuple[Path, ...]:
        """The files made of the book, newest first."""
        found = self._library.exports(id).iterdir()
        made = (path for path in found if not path.name.startswith(".") and path.name != SUMS)
        return tuple(sorted(made, key=lambda path: path.stat().st_mtime_ns, reverse=True))

    def submit_export(
        self, id: str, profile: str = "screen", trim: str = "", accept_red: bool = False, suffix: str = ".pdf"
    ) -> str:
        """Asks the worker for a file of the book; gives the job's id."""
        self._agreed(making.people_in(self._library.book(id)), "print")
        order: dict[str, str | int]
        order = {"profile": profile, "trim": trim, "accept_red": accept_red, "suffix": suffix}
        return self._queue.submit("export", self._library.book(id).id, order)

    # How each kind of file is made

    @property
    def _makers(self) -> dict[str, Callable[[Order], Work[Export]]]:
        return {
            ".pdf": self._pdf,
            ".epub": self._epub,
            ".html": self._web,
            ".zip": self._pictures,
            ".storybook": self._packed,
        }

    def _made(self, order: Order) -> Work[Export]:
        if held := self._easel.held(order.book):
            raise NotReady(
                "'{title}' cannot be bound yet: the picture of page {pages} was held back. Draw it with another seed; what is "
                "drawn is kept.",
                title=order.book.title,
                pages=", ".join(map(str, held)),
            )
        missing = [str(number) for number, state in enumerate(self._easel.states(order.book), 1) if state == "missing"]
        if missing:
            raise NotReady(
                "'{title}' cannot be bound yet: page {pages} has no picture. Draw the pages first; what is drawn is kept.",
                title=order.book.title,
                pages=", ".join(missing),
            )
        kept = order.out.is_relative_to(self.settings.home)  # a person's own folder gets no file but the book
        for former in order.out.parent.glob(f"{order.out.stem}*") if kept else ():
            unsealed(former)  # first, so that a crash never leaves a new file under the sum of the old
        export = yield from self._makers[order.out.suffix.lower()](order)
        for file in export.files if kept else ():
            seal(file)
        return export

    def _pdf(self, order: Order) -> Work[Export]:
        from ..publishing.paper.pdf import bind
        from ..rendering.enlarger import Enlarger

        return bind(
            order.book,
            self._library.pictures(order.book.id),
            order.out,
            order.profile,
            order.trim,
            bleed=order.bleed,
            icc=order.icc,
            accept_red=order.accept_red,
            enlarging=Enlarger(self.settings),
            check=leaving.checker(self.settings, order.book),
        )

    def _web(self, order: Order) -> Work[Export]:
        from ..publishing.ebook.webbook import write_webbook

        sides = self.sides(order.book, "screen", order.trim)
        write = partial(write_webbook, order.book, sides, self._printed(order.book))
        return (yield from self._let_out(order, write))

    def _epub(self, order: Order) -> Work[Export]:
        from ..publishing.ebook.epub import write_epub
        from ..publishing.ebook.speaker import find_speaker

        book, sides = order.book, self.sides(order.book, "screen", order.trim)
        said, voice = self.recordings(book), find_speaker()
        write = partial(write_epub, book, sides, self._printed(book), recordings=said, speaker=voice)
        return (yield from self._let_out(order, write))

    def _pictures(self, order: Order) -> Work[Export]:
        from ..publishing.paper.export import exported

        return exported((yield from self.export_pictures(order.book.id, order.out)))

    def _packed(self, order: Order) -> Work[Export]:
        from ..publishing.paper.export import exported

        return exported((yield from self.export_archive(order.book.id, order.out)))

    def _let_out(self, order: Order, write: Callable[[Path], Work[Path]]) -> Work[Export]:
        """What `write` makes, looked into before it takes its place."""
        from ..publishing.paper.export import exported

        with TemporaryDirectory() as room:
            made = yield from write(Path(room) / order.out.name)
            return exported(leaving.let_out(self.settings, order.book, made.read_bytes(), order.out))

    def _printed(self, book: Book) -> Callable[[int], Path]:
        """The file of the picture of page 1, 2, 3 …, enlarged where it is small."""
        from ..rendering.enlarger import Enlarger

        folder, enlarger = self._library.pictures(book.id), Enlarger(self.settings)
        return lambda number: enlarger.enlarged(folder / book.pages[number - 1].picture)
