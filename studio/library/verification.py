"""Opens everything that is kept and tells what is damaged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..progress import Progress, Work
from ..settings import Settings
from .characters import Characters
from .gallery import Gallery
from .library import Library


@dataclass(frozen=True, slots=True)
class Report:
    """How many files were opened, and one sentence for each that is damaged or missing."""

    checked: int
    damaged: tuple[str, ...]


def verify(settings: Settings) -> Work[Report]:
    """Opens each book, picture, character, photo and adapter of the home. Changes nothing."""
    library, characters, gallery = Library(settings), Characters(settings), Gallery(settings)
    damaged = [str(complaint) for _, complaint in (*library.damaged(), *characters.damaged(), *gallery.damaged())]
    checked, things = len(damaged), [*_books(library), *_characters(characters), *_pieces(gallery)]
    for done, (name, files) in enumerate(things):
        yield Progress(done, len(things), name)
        checked += 1 + len(files)
        damaged += [f"{file.name} of {name} {fault}." for file in files if (fault := _fault(file))]
    return Report(checked, tuple(damaged))


def _books(library: Library) -> Iterator[tuple[str, list[Path]]]:
    for book in library.books():
        folder = library.pictures(book.id)
        yield f"book '{book.id}'", [folder / page.picture for page in book.pages if page.picture]


def _characters(characters: Characters) -> Iterator[tuple[str, list[Path]]]:
    for character in characters.all():
        adapter = [characters.folder(character.id) / "adapter" / "adapter.safetensors"] if character.ready else []
        portraits = sorted(characters.portraits(character.id).glob("*.png"))
        yield f"character '{character.id}'", [*characters.photos(character.id), *portraits, *adapter]


def _pieces(gallery: Gallery) -> Iterator[tuple[str, list[Path]]]:
    for piece in gallery.pieces():
        names = [name for shot in piece.shots for name in (shot.file, shot.large) if name]
        yield f"picture '{piece.id}'", [gallery.folder(piece.id) / name for name in names]


def _fault(file: Path) -> str:
    """What is wrong with the file, in words that go on after its name; empty when nothing is."""
    if not file.is_file():
        return "is missing"
    whole = _adapter_is_whole(file) if file.suffix == ".safetensors" else _picture_opens(file)
    return "" if whole else "is damaged"


def _picture_opens(file: Path) -> bool:
    from PIL import Image

    try:
        with Image.open(file) as picture:
            picture.load()
    except (OSError, SyntaxError):  # Pillow's two words for a damaged file
        return False
    return True


def _adapter_is_whole(file: Path) -> bool:
    try:
        expected = json.loads(file.with_suffix(".json").read_bytes()).get("sha256", "")
    except ValueError:
        return False
    return expected in ("", hashlib.sha256(file.read_bytes()).hexdigest())
