"""The free pictures of one home: `pictures/<id>/` holds picture.json, the PNGs and in from/ what they began with;
`trash/pictures/` the removed. What was just uploaded to begin with waits in `pictures/from/`. Beside what is begun with lie two
notes: who is known to be in it, and whether it was brought from elsewhere, so that nobody here knows what it shows.

An id is the time of the wish, so that the newest can be found without opening all.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from ..errors import NotFound, StudioError
from ..files import atomic_folder, atomic_write, private_folder, room_for, shred
from ..rendering.wish import Wish
from ..settings import Settings
from .clock import take_back, throw
from .record import read_record, write_record
from .seals import SUMS

RECORD = "picture.json"
FROM = "from"
SHOWS, BROUGHT = ".shows", ".brought"  # the notes
GOOD, SO_SO = 0.6, 0.36  # of match and sharpness
SAFE_ID = re.compile(r"\d{8}-\d{9}(-\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture of a wish."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    file: str
    wish: Wish  # that gives this one picture
    at: tuple[str, ...] = ()  # its values on the axes of a grid
    pixels: str = ""  # sha256 of what can be seen
    clip: float | None = None  # cosine of picture and words, -1 … 1; None where nobody can tell
    match: float | None = None  # what that is worth, 0 … 1
    sharpness: float | None = None  # 0 … 1
    large: str = ""  # file of a larger copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A wish and what was drawn for it so far."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    id: str
    wish: Wish
    created: str  # ISO 8601, UTC
    shots: tuple[Shot, ...] = ()
    sheet: str = ""  # file with all pictures of a grid
    shows: tuple[str, ...] = ()  # ids of the characters who are in it, or were in what it began with
    read: str = ""  # what the model was told
    unknown_words: tuple[str, ...] = ()
    cut_words: tuple[str, ...] = ()
    calmed: bool = False
    version: int = 1


class Gallery:
    """All free pictures of one home."""

    def __init__(self, settings: Settings) -> None:
        self.place = settings.home / "pictures"
        self._trash = settings.home / "trash" / "pictures"
        self._locks = settings.home / "locks"

    def ids(self) -> tuple[str, ...]:
        """Of all pieces, the newest first."""
        return tuple(folder.name for folder in reversed(_folders(self.place)))

    def pieces(self, skip: int = 0, most: int | None = None) -> tuple[Piece, ...]:
        """Those that can be opened, the newest first."""
        found = []
        for id in self.ids()[skip : None if most is None else skip + most]:
            with suppress(StudioError):  # told by `damaged`
                found.append(self.piece(id))
        return tuple(found)

    def damaged(self) -> tuple[tuple[str, StudioError], ...]:
        """Id and complaint of each piece that cannot be opened."""
        found = []
        for id in self.ids():
            try:
                self.piece(id)
            except StudioError as error:
                found.append((id, error))
        return tuple(found)

    def piece(self, id: str) -> Piece:
        """Raises NotFound, and BadInput when its file is damaged."""
        return read_record(self.folder(id) / RECORD, Piece, "picture", id)

    def folder(self, id: str) -> Path:
        """Where the files of a piece lie. Raises NotFound."""
        if not SAFE_ID.fullmatch(id) or not (self.place / id / RECORD).is_file():
            raise NotFound("There is no picture '{id}'. It may be in the trash, or was erased with a character.", id=id)
        return self.place / id

    def add(self, wish: Wish, wears: Collection[str] = ()) -> Piece:
        """A new piece, not drawn yet, that takes with it what it begins with; it shows the characters that it `wears`, and those
        in what it begins with. Raises NotFound when that is gone."""
        now, shows = datetime.now(UTC), {who for name in _sources(wish) for who in self.shown_at(name)} | {*wears}
        piece = Piece(
            id=self._free(f"{now:%Y%m%d-%H%M%S}{now.microsecond // 1000:03}"),
            wish=wish,
            created=now.isoformat(timespec="milliseconds"),
            shows=tuple(sorted(shows)),
        )
        with atomic_folder(self.place / piece.id) as part:
            for name in _sources(wish):
                for path in (self.source(name), *_notes(self.place, name)):
                    atomic_write(part / FROM / path.name, path.read_bytes())
            sys.audit("studio.picture.begun")
            write_record(part / RECORD, piece)
        sys.audit("studio.picture.recorded")
        return piece

    def change(self, id: str, edit: Callable[[Piece], Piece]) -> Piece:
        """Reads the piece, applies `edit` and saves, with nobody else writing or removing it in between."""
        with self._locked(id):
            piece = edit(self.piece(id))
            sys.audit("studio.picture.change")
            write_record(self.folder(id) / RECORD, piece)
            return piece

    def lay(self, png: bytes, shows: Collection[str] = (), brought: bool = False) -> str:
        """Keeps a picture or mask to begin with, who is known to be in it, and whether it comes from elsewhere; gives its sha256.
        Raises NoRoom."""
        name = hashlib.sha256(png).hexdigest()
        known = {*shows, *self.shown_at(name)}
        sys.audit("studio.start.lay")
        if brought or is_brought(self.place, name):
            atomic_write(self.place / FROM / f"{name}{BROUGHT}", "")
        atomic_write(self.place / FROM / f"{name}.png", png)
        if known:
            atomic_write(self.place / FROM / f"{name}{SHOWS}", "\n".join(sorted(known)))
        return name

    def source(self, name: str) -> Path:
        """What was laid to begin with. Raises NotFound."""
        path = self.place / FROM / f"{name}.png"
        if not re.fullmatch("[0-9a-f]{64}", name) or not path.is_file():
            raise NotFound("The picture to begin from is not here any more. Choose it again; nothing was changed.")
        return path

    def shown_at(self, name: str) -> tuple[str, ...]:
        """The characters who are known to be in what was laid."""
        return shown_at(self.place, name)

    def take_up(self, id: str) -> Piece:
        """The piece, with what it began with laid ready to begin with again. Raises NotFound."""
        piece = self.piece(id)
        for name in _sources(piece.wish):
            png = (self.folder(id) / FROM / f"{name}.png").read_bytes()
            self.lay(png, piece.shows, is_brought(self.folder(id), name))
        return piece

    def piece_of(self, pixels: str) -> Piece | None:
        """The piece that has the picture with these pixels; None where it was not drawn here."""
        return next((one for one in self.pieces() if any(shot.pixels == pixels for shot in one.shots)), None)

    def began_elsewhere(self, piece: Piece) -> bool:
        """Whether its pictures begin with one that came from elsewhere, of which something may still be seen in them."""
        return piece.wish.start is not None and is_brought(self.folder(piece.id), piece.wish.start.picture)

    def trash(self, id: str) -> None:
        """Moves the piece to the trash, from where `restore` brings it back. Raises NotFound."""
        with self._locked(id):
            throw(self.folder(id), private_folder(self._trash) / id)

    def restore(self, id: str) -> Piece:
        """Raises NotFound."""
        if not SAFE_ID.fullmatch(id) or not (self._trash / id).is_dir():
            raise NotFound("There is no picture '{id}' in the trash. It may have been brought back already.", id=id)
        self.sweep(id)
        take_back(self._trash / id, self.place / id)
        return self.piece(id)

    def sweep(self, id: str) -> None:
        """Clears what a worker wrote for a piece that was removed meanwhile."""
        if SAFE_ID.fullmatch(id) and not (self.place / id / RECORD).is_file():
            shutil.rmtree(self.place / id, ignore_errors=True)

    def erase(self, adapters: Collection[str]) -> int:
        """Deletes for good every piece that shows or wears one of these, those in the trash and those that cannot be read
        too, and all that belongs to no piece. Gives how many pieces went."""
        gone = 0
        for folder in (*_folders(self.place), *_folders(self._trash)):
            if _concerns(folder, adapters):
                sys.audit("studio.erase.picture")
                shred(folder)
                gone += 1
        (self.place / SUMS).unlink(missing_ok=True)
        for path in self._loose():
            shred(path)
        return gone

    def concerned(self, adapters: Collection[str]) -> tuple[Path, ...]:
        """What `erase` deletes."""
        known = (*_folders(self.place), *_folders(self._trash))
        return (*(folder for folder in known if _concerns(folder, adapters)), *self._loose())

    def _loose(self) -> tuple[Path, ...]:
        """What belongs to no piece: the command line's pictures, of which nobody noted who is in them, and what pieces begin with."""
        return (*self.place.glob("*.png"), *filter(Path.is_dir, (self.place / FROM, self.place / "previews")))

    def _free(self, id: str) -> str:
        number = 1
        while (self.place / (free := id if number == 1 else f"{id}-{number}")).exists():
            number += 1
        return free

    @contextmanager
    def _locked(self, id: str) -> Iterator[None]:
        from filelock import FileLock

        self.folder(id)  # a wrong id must not leave a lock file
        with room_for(id), FileLock(private_folder(self._locks) / "pictures.lock"):
            yield


def shown_at(folder: Path, name: str) -> tuple[str, ...]:
    """The characters who are known to be in what pictures in this folder begin with."""
    note = folder / FROM / f"{name}{SHOWS}"
    return tuple(note.read_text(encoding="utf-8").split()) if note.is_file() else ()


def is_brought(folder: Path, name: str) -> bool:
    """Whether what pictures in this folder begin with came from elsewhere."""
    return (folder / FROM / f"{name}{BROUGHT}").is_file()


def _notes(folder: Path, name: str) -> tuple[Path, ...]:
    return tuple(filter(Path.is_file, (folder / FROM / f"{name}{note}" for note in (SHOWS, BROUGHT))))


def _sources(wish: Wish) -> tuple[str, ...]:
    """What the wish begins with, and the mask if there is one."""
    return tuple(filter(None, [wish.start.picture, wish.start.mask])) if wish.start else ()


def _folders(place: Path) -> list[Path]:
    """Those of pieces, the oldest first."""
    found = place.iterdir() if place.is_dir() else ()
    return sorted(folder for folder in found if SAFE_ID.fullmatch(folder.name) and (folder / RECORD).is_file())


def _concerns(folder: Path, adapters: Collection[str]) -> bool:
    try:
        piece = read_record(folder / RECORD, Piece, "picture")
    except StudioError:
        return True  # nobody can say any more who is in it
    return bool({*piece.shows, *(worn.adapter for worn in piece.wish.worn)} & {*adapters})
