"""The people, pets and toys of one home: `characters/<id>/` holds character.json, photos/, the subjects' masks in shapes/,
and later adapter/ and portraits/.

Ids are made by chance, since a folder's name, the target of a job and a word of a prompt outlive whoever is erased: in the
file system's journal, in copies, in lists. The name of a person stands in their record alone. Who came with an older studio
keeps the id that was made of their name.
"""

from __future__ import annotations

import re
import secrets
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from .. import vault
from ..errors import BadInput, NotFound, StudioError
from ..files import atomic_folder, private_folder, room_for, shred, slug
from ..photos.photo import Photo
from ..settings import Settings
from .clock import use
from .members import room_for_one
from .photo_clocks import wind
from .receipts import Place
from .record import read_record, write_record

Kind = Literal["person", "pet", "toy", "drawn"]
CONSONANTS, VOWELS = "bdhjkmvwxz", "aiou"  # of words that no book, tongue or model knows
BY_CHANCE = re.compile(r"([a-z]{6})-[0-9a-f]{8}")
USUAL_CLASS = {"person": "girl", "pet": "dog", "toy": "bear", "drawn": "girl"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """Somebody who can play in a book. `ready` once the studio has learnt to draw them from their photos."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    id: str
    name: str
    kind: Kind
    class_word: str  # the lexicon word it is one of: "girl"
    photos: int = 0
    ready: bool = False
    album: tuple[Photo, ...] = ()  # what the coach thought of each; empty for one that an older studio began
    wish: str = ""  # a key of `photos.advice.WISHES`: which one more photo would help most
    consent: str = ""  # who agreed that the photos are used, in the person's words
    created: str = ""  # ISO 8601, UTC
    version: int = 2  # 2 has the album and the wish

    @property
    def left_out(self) -> frozenset[str]:
        """The files of the photos that nothing is learnt from."""
        return frozenset(one.file for one in self.album if not one.kept)


class Characters:
    """All characters of one home. How many photos there are and whether it is taught is read from the folder."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._place = settings.characters

    def all(self) -> tuple[Character, ...]:
        """The characters that can be opened, newest first; `damaged` tells of the others."""
        found = []
        for id in self._ids():
            with suppress(StudioError):
                found.append(self.get(id))
        return tuple(sorted(found, key=lambda one: (one.created, one.id), reverse=True))

    def damaged(self) -> tuple[tuple[str, StudioError], ...]:
        """Id and complaint of each character that cannot be opened."""
        found = []
        for id in self._ids():
            try:
                self.get(id)
            except StudioError as error:
                found.append((id, error))
        return tuple(found)

    def get(self, id: str) -> Character:
        """The character with this id or name. Raises NotFound with those there are."""
        folder = self._place / self._known_as(id)
        character = read_record(folder / "character.json", Character, "character")
        return replace(character, photos=len(self.photos(character.id)), ready=_taught(folder))

    def add(
        self,
        name: str,
        kind: Kind,
        photos: Sequence[bytes],
        class_word: str = "",
        consent: str = "",
        album: Sequence[Photo] = (),
        wish: str = "",
        shapes: Sequence[bytes] = (),
        beside: Mapping[str, Any] | None = None,
    ) -> Character:
        """A new character with its photos, PNGs that came through the door, the masks of who is in them, PNGs too, and more
        records `beside` its own, by file name.

        Raises BadInput when the name is taken, NotAllowed when all of their room is.
        """
        with self._naming():
            id = self._new_id(name)
            begun = Character(
                id=id,
                name=name,
                kind=kind,
                class_word=class_word or USUAL_CLASS[kind],
                album=tuple(album),
                wish=wish,
                consent=consent,
                created=datetime.now(UTC).isoformat(timespec="milliseconds"),
            )
            place = self._place / id
            with room_for_one(self._settings, "characters", self._place), atomic_folder(place) as part:
                vault.lock(part, self._settings.house)
                for number, photo in enumerate(photos, 1):
                    vault.write(part / "photos" / f"{number:02}.png", photo)
                for number, shape in enumerate(shapes, 1):
                    vault.write(part / "shapes" / f"{number:02}.png", shape)
                sys.audit("studio.upload.stored")
                for record, held in (beside or {}).items():
                    write_record(part / record, held)
                write_record(part / "character.json", begun)
                sys.audit("studio.consent.recorded")
                use(part)
        sys.audit("studio.upload.recorded")
        return self.get(id)

    def find(self, name: str) -> Character | None:
        """The character with this id or name, if there is one. Raises BadInput for a name without a letter."""
        plain = slug(name)
        known = {one.id: one for one in self.all()}
        return known.get(plain) or next((one for one in known.values() if slug(one.name) == plain), None)

    def bring(self, character: Character) -> Character:
        """Stands somebody from another computer here, under their id, with a key of their own; who is called like somebody here gets
        a number. Raises NoRoom."""
        vault.lock(self.folder(character.id), self._settings.house)
        number = 1
        with self._naming():
            while self.find(name := character.name if number == 1 else f"{character.name} {number}"):
                number += 1
            return self.save(replace(character, name=name))

    @contextmanager
    def _naming(self) -> Iterator[None]:
        """Nobody else gives a name meanwhile: two windows would both find it free."""
        from filelock import FileLock

        with room_for("characters"), FileLock(private_folder(self._settings.home / "locks") / "characters.lock"):
            yield

    def refuse_taken(self, name: str) -> None:
        """Raises BadInput when there is a character of that name already, or it has no letter."""
        if self.find(name) or (self._place / slug(name) / "character.json").exists():  # the other is damaged
            raise BadInput(
                "A character '{name}' is here already. Choose another name, go on teaching it, or erase it first.",
                name=name,
            )

    def _new_id(self, name: str) -> str:
        """A word by chance, by which the character is also called in prompts, and a number: "kivoxa-3f9c2b7e"."""
        self.refuse_taken(name)
        words = {id.partition("-")[0] for id in self._ids()}
        while (word := "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(3))) in words:
            pass
        return f"{word}-{secrets.token_hex(4)}"

    def save(self, character: Character) -> Character:
        """Writes the character's record and gives it as it reads now."""
        sys.audit("studio.character.save")
        write_record(self.folder(character.id) / "character.json", character)
        return self.get(character.id)

    def photos(self, id: str) -> tuple[Path, ...]:
        """The photos in the order in which they were given."""
        return tuple(sorted((self._place / id / "photos").glob("*.png")))

    def portraits(self, id: str) -> Path:
        """The folder of pictures that the studio drew of the character."""
        return self._place / id / "portraits"

    def thumbnails(self, id: str) -> Path:
        """The folder of small copies of photos and portraits."""
        return private_folder(self._place / id / "thumbnails")

    def kept_photos(self, id: str) -> tuple[Path, ...]:
        """The photos that are learnt from: all but those that the coach or the person left out."""
        left_out = self.get(id).left_out
        return tuple(photo for photo in self.photos(id) if photo.name not in left_out)

    def photo(self, id: str, file: str) -> Path:
        """One photo. Raises NotFound."""
        return self._place / self._with_photo(id, file).id / "photos" / file

    def shape(self, id: str, file: str) -> Path:
        """The mask of who is in a photo, white on black; one that an older studio took in has none."""
        return self._place / id / "shapes" / file

    def reshape(self, id: str, file: str, shape: bytes, subject: tuple[float, float, float, float]) -> Character:
        """Another mask for a photo, and the box that it fills. Raises NotFound."""
        character = self._with_photo(id, file)
        vault.write(self.shape(character.id, file), shape)
        album = tuple(replace(one, subject=subject) if one.file == file else one for one in character.album)
        return self.save(replace(character, album=album))

    def keep_photo(self, id: str, file: str, kept: bool) -> Character:
        """Takes a photo in or leaves it out, whatever the coach thought. Raises NotFound."""
        character = self._with_photo(id, file)
        album = tuple(replace(one, kept=kept) if one.file == file else one for one in character.album)
        saved = self.save(replace(character, album=album))
        wind(self._place / saved.id, saved.left_out, datetime.now(UTC))
        return saved

    def drop_photos(self, id: str, files: Collection[str]) -> Character:
        """Deletes photos for good, with all that `files_of` them there is; what was learnt from them stays. Raises NotFound."""
        character = self.get(id)
        for file in files:
            for path in self.files_of(character.id, file).values():
                shred(path)
        return self.save(replace(character, album=tuple(one for one in character.album if one.file not in files)))

    def files_of(self, id: str, file: str) -> dict[Place, Path]:
        """Where a photo lies, the mask of who is in it, and its small copy."""
        folder, name = self._place / id, Path(file).name
        small = folder / "thumbnails" / f"{Path(name).stem}.jpg"
        return {"photos": folder / "photos" / name, "cut-outs": folder / "shapes" / name, "small copies": small}

    def _with_photo(self, id: str, file: str) -> Character:
        character = self.get(id)
        if file not in {photo.file for photo in character.album}:
            raise NotFound("'{name}' has no photo '{file}'.", name=character.name, file=file)
        return character

    def folder(self, id: str) -> Path:
        """The character's folder, made if missing; training writes its adapter in `adapter/` inside."""
        return private_folder(self._place / id)

    def erase(self, id: str) -> Character:
        """Deletes photos, checkpoints and adapter for good and gives what was there. Raises NotFound."""
        character = self.get(id)
        folder = self._place / character.id
        with suppress(BadInput):  # a torn note names no key any more
            vault.destroy(vault.key_of(folder), folder)  # first: from now on no copy can be opened, wherever it is
        shred(folder)
        return character

    def _ids(self) -> tuple[str, ...]:
        return tuple(sorted(file.parent.name for file in self._place.glob("[!.]*/character.json")))

    def _known_as(self, given: str) -> str:
        """The id of whoever is here under this id or name. Raises NotFound with those there are."""
        plain = _plain(given)
        if (self._place / plain / "character.json").is_file():
            return plain
        if found := self.find(given):
            return found.id
        raise self._not_here(given)

    def _not_here(self, id: str) -> NotFound:
        known = ", ".join(f"'{one.name}'" for one in self.all())
        if known:
            return NotFound(
                "There is no character '{id}'. There are: {known}. "
                "Add one with its photos: python -m studio train PHOTOS --name NAME --kind person",
                id=id,
                known=known,
            )
        return NotFound(
            "There is no character '{id}'. There are none yet. "
            "Add one with its photos: python -m studio train PHOTOS --name NAME --kind person",
            id=id,
        )


def _plain(name: str) -> str:
    try:
        return slug(name)
    except BadInput:
        raise NotFound("There is no character '{name}'. A name has at least one letter or digit.", name=name) from None


def _taught(folder: Path) -> bool:
    return (folder / "adapter" / "adapter.json").is_file() and (folder / "adapter" / "adapter.safetensors").is_file()
