"""What the workshop does for books that move: whole ones to and from another computer, and their pictures alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from .. import vault
from ..adapters.card import AdapterCard
from ..adapters.header import read_header
from ..adapters.shelf import CARD, TENSORS
from ..errors import BadInput, NotFound, NotReady, StudioError
from ..files import private_folder, process_mark, room_for
from ..library.archive import CHARACTERS, Content, Known, Manifest, pack, packed_json
from ..library.characters import Character
from ..library.record import read_record
from ..library.unpacking import unpack
from ..progress import Work
from ..publishing.book import Book
from . import leaving, making
from .admission import keep_weights
from .writing import Writing

RECORD = "character.json"
MARK = "luggage"  # in the folder of a book: from which piece of luggage it came


@dataclass(frozen=True, slots=True)
class Arrived:
    """A book that came from another computer, and what is otherwise here than it was there."""

    book: Book
    remarks: tuple[StudioError, ...] = ()


class Moving(Writing):
    """The part of the workshop that sends books away and takes them in."""

    def export_pictures(self, id: str, out: Path) -> Work[Path]:
        """The pictures of the pages as a ZIP of PNGs, without notes. Raises NotReady while one is missing, Leaking, NoRoom."""
        from ..publishing.pictures import picture_zip

        book = self._library.book(id)
        self._agreed(making.people_in(book), "print")
        missing = [str(number) for number, page in enumerate(book.pages, 1) if not page.picture]
        if missing or not book.pages:
            raise NotReady(
                "'{title}' has no picture yet of page {pages}. Draw the pages first; nothing was written.",
                title=book.title,
                pages=", ".join(missing) or "1",
            )
        folder = self._library.pictures(id)
        raw = yield from picture_zip(book, [folder / page.picture for page in book.pages])
        return leaving.let_out(self.settings, book, raw, out)

    def export_archive(self, id: str, out: Path, with_characters: bool = False, sure: bool = False) -> Work[Path]:
        """The whole book in one .storybook file for another computer; without what was learnt of anybody, unless that is asked
        for and said a second time. Photos never. Raises BadInput, NotFound, NoRoom."""
        book = self._library.book(id)
        self._agreed(making.people_in(book), "share" if with_characters and sure else "print")
        personal = self._personal(book)
        if with_characters and personal:
            keep_weights(self.settings)
        if with_characters and personal and not sure:
            raise BadInput(
                "With '{title}' would leave the face of {names}: what the studio learnt from their photos, with which whoever "
                "has the file can draw them. If that is what you want, say it a second time: --yes-really. "
                "Nothing was written.",
                title=book.title,
                names=", ".join(card.title for card in personal),
            )
        extra: dict[str, Content] = {}
        for card in personal if with_characters else ():
            extra |= self._learnt(card)
        worn = tuple(Known(card.id, card.kind, card.sha256) for card in self._wardrobe.worn_cards(book.look.worn))
        return (yield from pack(book, self._library.pictures(id), out, worn, extra))

    def import_archive(self, file: Path, mark: str = "") -> Work[Arrived]:
        """Takes a packed book in, under an id of its own, and tells what is otherwise here. All is checked before anything
        stands on the shelf. Where there is a `mark`, it comes with the book, so that a worker that is killed knows which came.
        Raises NotFound, BadInput, BadAdapter, NoRoom."""
        place = private_folder(self.settings.home / "arriving")
        with room_for(file.name), TemporaryDirectory(dir=place, prefix=process_mark()) as room:
            folder = Path(room) / "book"
            manifest, book = yield from unpack(file, folder)
            learnt = sorted((folder / CHARACTERS).iterdir()) if (folder / CHARACTERS).is_dir() else []
            for one in learnt:
                read_header(one / TENSORS, one.name)
            sys.audit("studio.archive.unpacked")
            came = [remark for one in learnt for remark in self._take_learnt(one)]
            rmtree(folder / CHARACTERS, ignore_errors=True)
            sys.audit("studio.archive.learnt")
            fitting, gone = self._fitted(book)
            if mark:
                (folder / MARK).write_text(mark, encoding="utf-8")
            placed = self._library.bring(fitting, folder)
        return Arrived(placed, (*came, *gone, *self._others(manifest, book)))

    def _personal(self, book: Book) -> tuple[AdapterCard, ...]:
        """The characters that the book wears and that did not come with the studio."""
        worn = self._wardrobe.worn_cards(book.look.characters)
        return tuple(card for card in worn if not self._shelf.ships(card.id))

    def _learnt(self, card: AdapterCard) -> dict[str, Content]:
        """The adapter, its card, and who it is, with nothing of the photos."""
        place = f"{CHARACTERS}/{card.id}"
        files: dict[str, Content] = {
            f"{place}/{CARD}": packed_json(card),
            f"{place}/{TENSORS}": vault.read(self._shelf.tensors_path(card.id)),
        }
        if known := next((one for one in self._characters.all() if one.id == card.id), None):
            held = self._consents.current(known.id)
            words = known.consent or (held.who if held else "")
            bare = replace(known, photos=0, ready=False, album=(), wish="", consent=words)
            files[f"{place}/{RECORD}"] = packed_json(bare)
        return files

    def _take_learnt(self, folder: Path) -> Iterator[StudioError]:
        """Stands a character that came along in its place; one that is here already stays as it is."""
        card = read_record(folder / CARD, AdapterCard, "archive", folder.name)
        here = {one.id for one in self._shelf.cards()} | {one.id for one in self._characters.all()}
        if card.id in here:
            yield NotFound(
                "A character '{id}' is here already and stays; the one in the file was left there.", id=card.id
            )
            return
        if (folder / RECORD).is_file():
            self._characters.bring(read_record(folder / RECORD, Character, "archive", folder.name))
        self._shelf.put(card, folder / TENSORS)
        yield NotFound(
            "'{name}' came along and can be drawn here now. Ask whoever is drawn before others see the pictures.",
            name=card.title,
        )

    def _fitted(self, book: Book) -> tuple[Book, tuple[StudioError, ...]]:
        """The book without the characters that are not here, whose roles keep their names."""
        here = {card.id for card in self._shelf.cards() if card.kind == "subject"}
        lost = [role for role in book.cast.roles if role.character and role.character not in here]
        look = replace(book.look, characters=tuple(one for one in book.look.characters if one.adapter in here))
        if not lost and look == book.look:
            return book, ()
        roles = tuple(replace(role, character="") if role in lost else role for role in book.cast.roles)
        freed = replace(book, cast=replace(book.cast, roles=roles))
        remarks = tuple(
            NotFound(
                "Who played '{name}' is not on this computer. The pictures stay as they are; drawn anew, '{name}' looks as "
                "the model likes. Teach a character here and give them the role.",
                name=role.name,
            )
            for role in lost
        )
        try:
            return making.change_look(freed, look, self._prompter(look)), remarks
        except StudioError:  # a style or model is not here either: the pages keep their words until another is chosen
            return replace(freed, look=look), remarks

    def _others(self, manifest: Manifest, book: Book) -> Iterator[StudioError]:
        """What the book wears and is missing here, or is not the same."""
        cards, known = {card.id: card for card in self._shelf.cards()}, {one.id: one for one in manifest.adapters}
        for worn in book.look.styles:
            if worn.adapter not in cards:
                yield NotFound(
                    "The style '{id}' is not on this computer. The pictures stay as they are; choose another style before "
                    "you draw them anew.",
                    id=worn.adapter,
                )
        for id, one in known.items():
            if id in cards and one.sha256 and cards[id].sha256 != one.sha256:
                yield NotFound(
                    "'{id}' is not the same here as where the book was drawn. The pictures stay as they are; drawn anew, "
                    "they will look different.",
                    id=id,
                )
