"""Opens everything that is kept, reads what is sealed anew, and tells what is not as it was. Changes nothing."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from .. import vault
from ..errors import StudioError
from ..progress import Progress, Work
from ..settings import Settings
from .characters import Characters
from .experiments import Experiments
from .gallery import Gallery
from .library import Library
from .seals import ALTERED, NOTHING, SUMS, seals, sum_of

Kind = Literal["page", "portrait", "shot", "export", "book", "other"]
MISSING, DAMAGED, CHANGED = "is missing", "is damaged", "was changed by somebody else"
LOCKED = "cannot be opened, because its key is not on this computer. Bring the folder of keys along; the file is safe"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One file that is not as it was made, and what it belongs to."""

    kind: Kind
    owner: str  # id of the book, character or picture
    file: Path
    sentence: str


@dataclass(frozen=True, slots=True)
class Look:
    """What was found: how many files were opened, the flaws, and finished files that nobody sealed yet."""

    checked: int
    flaws: tuple[Flaw, ...] = ()
    unsealed: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """How many files were opened; one sentence for each that is damaged or missing, for each thing that was mended, and the names
    of what nobody needed any more."""

    checked: int
    damaged: tuple[str, ...]
    repaired: tuple[str, ...] = ()
    swept: tuple[str, ...] = ()


def together(reports: Sequence[Report]) -> Report:
    """What was found in several homes, as one report."""
    return Report(
        sum(one.checked for one in reports),
        tuple(said for one in reports for said in one.damaged),
        tuple(said for one in reports for said in one.repaired),
        tuple(name for one in reports for name in one.swept),
    )


@dataclass(frozen=True, slots=True)
class Thing:
    """What belongs together: files with the kind of flaw that each would be."""

    owner: str
    name: str
    files: tuple[tuple[Kind, Path], ...]


def look(settings: Settings) -> Work[Look]:
    """Opens each book, picture, file of a book, character, photo and adapter of the home, and the list of jobs."""
    things = [*_books(settings), *_characters(settings), *_pieces(settings)]
    flaws, unsealed, checked = [*_records(settings), *_jobs(settings)], [], 0
    for done, thing in enumerate(things):
        yield Progress(done, len(things), thing.name)
        checked += 1 + len(thing.files)
        sums = {folder: seals(folder) for folder in {file.parent for _, file in thing.files}}
        for kind, file in thing.files:
            noted = sums[file.parent].get(file.name, "")
            if fault := fault_of(file, noted):
                flaws.append(
                    Flaw(
                        "other" if fault == LOCKED else kind, thing.owner, file, f"{file.name} of {thing.name} {fault}."
                    )
                )
            elif kind != "other" and not noted:
                unsealed.append(file)
    return Look(checked + len(flaws), tuple(flaws), tuple(unsealed))


def fault_of(file: Path, noted: str = "") -> str:
    """What is wrong with the file, in words that go on after its name; empty when nothing is."""
    if not file.is_file():
        return MISSING
    if not vault.opens(file):
        return LOCKED
    if noted and sum_of(file, anew=True) != noted:
        return CHANGED if _opens(file) else DAMAGED
    return "" if _opens(file) else DAMAGED


def _books(settings: Settings) -> Iterator[Thing]:
    library = Library(settings)
    for book in library.books():
        folder = settings.books / book.id
        shown = dict.fromkeys(folder / "pictures" / page.picture for page in book.pages if page.picture)
        others = [file for file in _sealed(folder / "pictures") if file not in shown]
        files: list[tuple[Kind, Path]] = [("page", file) for file in (*shown, *others)]
        made = {*_sealed(folder / "exports"), *_plain_files(folder / "exports")}
        files += [("export", file) for file in sorted(made)]
        files += [("other", file) for file in _sealed(folder / "narration")]
        yield Thing(book.id, f"book '{book.id}'", tuple(files))


def _characters(settings: Settings) -> Iterator[Thing]:
    characters = Characters(settings)
    for one in characters.all():
        folder = settings.characters / one.id
        portraits = {*_sealed(folder / "portraits"), *(folder / "portraits").glob("*.png")}
        files: list[tuple[Kind, Path]] = [("other", photo) for photo in characters.photos(one.id)]
        files += [("portrait", file) for file in sorted(portraits)]
        files += [("other", folder / "adapter" / "adapter.safetensors")] if one.ready else []
        yield Thing(one.id, f"character '{one.id}'", tuple(files))


def _pieces(settings: Settings) -> Iterator[Thing]:
    gallery = Gallery(settings)
    for piece in gallery.pieces():
        names = dict.fromkeys(name for shot in piece.shots for name in (shot.file, shot.large) if name)
        files: list[tuple[Kind, Path]] = [("shot", gallery.folder(piece.id) / name) for name in names]
        yield Thing(piece.id, f"picture '{piece.id}'", tuple(files))


def _records(settings: Settings) -> Iterator[Flaw]:
    for id, why in Library(settings).damaged():
        yield Flaw("book", id, settings.books / id / "book.json", str(why))
    for id, why in Characters(settings).damaged():
        yield Flaw("other", id, settings.characters / id / "character.json", str(why))
    for id, why in Gallery(settings).damaged():
        yield Flaw("other", id, settings.home / "pictures" / id / "picture.json", str(why))
    for id, why in Experiments(settings).damaged():
        yield Flaw("other", id, settings.home / "lab" / id / "experiment.json", str(why))


def _jobs(settings: Settings) -> Iterator[Flaw]:
    """The file of the queue, if it is one and SQLite finds it whole."""
    file = Path(unquote(settings.database_url.removeprefix("sqlite:///")))
    if not settings.database_url.startswith("sqlite:///") or not file.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        yield Flaw(
            "other", "", file, "The list of jobs is damaged. Books and pictures are safe; start the studio again."
        )


def _sealed(folder: Path) -> Sequence[Path]:
    return [folder / name for name, noted in seals(folder).items() if noted != NOTHING]


def _plain_files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and not path.name.startswith(".") and path.name not in (SUMS, ALTERED):
            yield path


def _opens(file: Path) -> bool:
    if file.suffix == ".safetensors":
        return _adapter_is_whole(file)
    if file.suffix in (".png", ".jpg"):
        return _picture_opens(file)
    if file.suffix in (".epub", ".zip", ".storybook"):
        return _package_opens(file)
    return file.suffix != ".pdf" or _is_pdf(file)


def _picture_opens(file: Path) -> bool:
    from PIL import Image

    try:
        with vault.stream(file) as raw, Image.open(raw) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError, StudioError):  # Pillow's words for a damaged file, and the vault's
        return False
    return True


def _package_opens(file: Path) -> bool:
    import zipfile

    try:
        with zipfile.ZipFile(file) as package:
            return package.testzip() is None
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError):
        return False


def _is_pdf(file: Path) -> bool:
    raw = file.read_bytes()
    return raw.startswith(b"%PDF-") and b"%%EOF" in raw[-1024:]


def _adapter_is_whole(file: Path) -> bool:
    try:
        expected = json.loads(file.with_suffix(".json").read_bytes()).get("sha256", "")
    except (OSError, ValueError):
        return False
    try:
        return expected in ("", hashlib.sha256(vault.read(file)).hexdigest())
    except StudioError:
        return False
