"""Where adapters stand: the user's own, those of trained characters, and those that ship with the studio."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .. import vault
from ..errors import N_, BadAdapter, BadInput, NotFound
from ..files import atomic_folder, atomic_write, shred, slug
from ..settings import SHIPPED_ADAPTERS, Settings
from .card import AdapterCard

if TYPE_CHECKING:
    from pydantic import TypeAdapter

CARD = "adapter.json"
TENSORS = "adapter.safetensors"
SAMPLE = "sample.jpg"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A folder that cannot be used, and why."""

    id: str
    why: BadAdapter


class Shelf:
    """All adapters of one studio: folders with `adapter.json` and `adapter.safetensors`, read anew at each call."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def cards(self) -> tuple[AdapterCard, ...]:
        """The cards of all usable adapters by title; a user's own stands before a shipped one of the same id."""
        found = (seen for seen in self._seen() if isinstance(seen, AdapterCard))
        return tuple(sorted(found, key=lambda card: card.title.casefold()))

    def troubles(self) -> tuple[Trouble, ...]:
        """The folders that `cards` left out, and why."""
        return tuple(seen for seen in self._seen() if isinstance(seen, Trouble))

    def card(self, id: str) -> AdapterCard:
        """Raises NotFound, which lists what there is, or BadAdapter for a damaged folder."""
        seen = self._open(self._find(id), id)
        if isinstance(seen, Trouble):
            raise seen.why
        return seen

    def tensors_path(self, id: str) -> Path:
        """The tensor file of a usable adapter. Raises NotFound, BadAdapter."""
        self.card(id)
        return self._find(id) / TENSORS

    def put(self, card: AdapterCard, tensors: Path) -> AdapterCard:
        """Stands an adapter on the shelf, in place of the user's own of that id; gives the card with the file's sha256.

        A subject whose character has a folder stands there, so that erasing the person erases it too.
        Raises BadInput for an id that is no file name, BadAdapter when the tensors cannot be read, NoRoom.
        """
        if card.id != slug(card.id):
            raise BadInput("The adapter id '{id}' cannot be a file name. Use '{name}'.", id=card.id, name=slug(card.id))
        try:
            raw = vault.read(tensors)
        except OSError as error:
            raise BadAdapter(
                "The file of the adapter '{id}' cannot be read. Train or import it again.", id=card.id
            ) from error
        folder = self._own_folder(card)
        done = replace(card, sha256=hashlib.sha256(raw).hexdigest())
        told = _adapter().dump_json(done, indent=2) + b"\n"
        if not folder.is_dir():
            with atomic_folder(folder) as part:
                self._seal_like(part, card)
                vault.write(part / TENSORS, raw)
                sys.audit("studio.adapter.tensors")
                atomic_write(part / CARD, told)
            sys.audit("studio.adapter.placed")
            return done
        if tensors.resolve() != (folder / TENSORS).resolve():
            vault.write(folder / TENSORS, raw)
            (folder / SAMPLE).unlink(missing_ok=True)  # of what stood here before
        sys.audit("studio.adapter.card")
        atomic_write(folder / CARD, told)
        sys.audit("studio.adapter.recorded")
        return done

    def ships(self, id: str) -> bool:
        """Whether the adapter of that id came with the studio. Raises NotFound."""
        return self._find(id).is_relative_to(SHIPPED_ADAPTERS)

    def show(self, id: str, picture: bytes) -> Path:
        """Stands a JPEG beside the user's own adapter that shows what it does. Raises NotFound, BadInput, NoRoom."""
        return vault.write(self._own(id) / SAMPLE, picture)

    def remove(self, id: str) -> None:
        """Takes the user's own adapter off the shelf. Raises NotFound; BadInput for one that ships with the studio."""
        shred(self._own(id))

    def rename(self, id: str, title: str) -> AdapterCard:
        """Another title; the id stays. Raises NotFound; BadInput for one of the studio's, and for an empty title."""
        folder = self._own(id)
        if not title.strip():
            raise BadInput("The adapter '{id}' needs a name that is not empty.", id=id)
        renamed = replace(self.card(id), title=title.strip(), titles=None)
        atomic_write(folder / CARD, _adapter().dump_json(renamed, indent=2) + b"\n")
        return renamed

    def _own(self, id: str) -> Path:
        folder = self._find(id)
        if folder.is_relative_to(SHIPPED_ADAPTERS):
            raise BadInput("The adapter '{id}' belongs to the studio and stays. Leave it unchosen instead.", id=id)
        return folder

    def _own_folder(self, card: AdapterCard) -> Path:
        character = self._settings.characters / card.id
        if card.kind == "subject" and character.is_dir():
            return character / "adapter"
        return self._settings.adapters / card.id

    def _folders(self) -> Iterator[tuple[str, Path]]:
        """Ids and folders, those that win first."""
        for root, inner in self._roots():
            for folder in sorted(root.iterdir()) if root.is_dir() else ():
                if not folder.name.startswith(".") and (folder / inner / CARD).is_file():
                    yield folder.name, folder / inner

    def _roots(self) -> tuple[tuple[Path, str], ...]:
        return (self._settings.adapters, ""), (self._settings.characters, "adapter"), (SHIPPED_ADAPTERS, "")

    def _seen(self) -> Iterator[AdapterCard | Trouble]:
        ids: set[str] = set()
        for id, folder in self._folders():
            if id not in ids:
                ids.add(id)
                yield self._open(folder, id)

    def _find(self, id: str) -> Path:
        for found, folder in self._folders():
            if found == id:
                return folder
        known = ", ".join(dict.fromkeys(self._called(found, folder) for found, folder in self._folders()))
        if known:
            raise NotFound("There is no character or style '{id}'. There are: {known}.", id=id, known=known)
        raise NotFound("There is no character or style '{id}'. There are: none yet.", id=id)

    def _seal_like(self, folder: Path, card: AdapterCard) -> None:
        """What somebody was baked into opens with their key alone, and so in no copy after they were erased."""
        keys = (vault.key_of(self._settings.characters / one) for one in card.parts)
        if key := next(filter(None, keys), ""):
            vault.share(folder, key)

    def _called(self, id: str, folder: Path) -> str:
        """What a person knows it as: a character's id is a word by chance."""
        seen = self._open(folder, id)
        return seen.title if isinstance(seen, AdapterCard) and seen.kind == "subject" else id

    def _open(self, folder: Path, id: str) -> AdapterCard | Trouble:
        from pydantic import ValidationError

        try:
            card = _adapter().validate_json((folder / CARD).read_bytes())
        except (ValidationError, OSError):
            message = N_("The card of the adapter '{id}' is damaged. Train or import it again; books are safe.")
            return Trouble(id, BadAdapter(message, id=id))
        if card.id != id:
            message = N_("The folder '{id}' holds the adapter '{other}'. Give the folder that name.")
            return Trouble(id, BadAdapter(message, id=id, other=card.id))
        if not (folder / TENSORS).is_file():
            message = N_("The adapter '{id}' has lost its numbers. Train or import it again; books are safe.")
            return Trouble(id, BadAdapter(message, id=id))
        return card


@cache
def _adapter() -> TypeAdapter[AdapterCard]:
    from pydantic import TypeAdapter

    return TypeAdapter(AdapterCard)
