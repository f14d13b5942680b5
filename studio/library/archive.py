"""A whole book in one file for another computer: what it holds, and how it is packed. `unpacking` takes it apart.

A ZIP with manifest.json, book.json, pictures/, pictures/from/ for parts that were drawn anew, and, only where a person asked
for it twice, characters/<id>/ with what was learnt of somebody. Never photos.
"""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, ClassVar, Literal

from .. import __version__
from ..errors import BadInput
from ..files import atomic_path, room_for
from ..progress import Progress, Work
from ..publishing.book import Book, Page

SUFFIX = ".storybook"
MANIFEST, BOOK, PICTURES, FROM, CHARACTERS = "manifest.json", "book.json", "pictures", "pictures/from", "characters"
DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can tell: the same book gives the same bytes
MODE, UNIX = 0o600 << 16, 3
CHUNK = 1 << 20

Content = Path | bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of an archive, as it must come out again."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Known:
    """An adapter that the book wears, by which another computer knows whether it has the same."""

    id: str
    kind: Literal["subject", "style"]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive holds."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    book: str  # its id where it was packed
    files: tuple[Packed, ...]
    adapters: tuple[Known, ...] = ()
    studio: str = __version__
    version: int = 1


def pack(
    book: Book, pictures: Path, out: Path, adapters: Sequence[Known] = (), extra: Mapping[str, Content] | None = None
) -> Work[Path]:
    """Writes the book with the pictures that its pages show to `out`; `extra` are more files by name. Progress counts files.
    Raises BadInput for a name of another kind, NoRoom."""
    if out.suffix.lower() != SUFFIX:
        raise BadInput(
            "'{name}' cannot be made. Give the packed book a name that ends in .storybook; nothing was written.",
            name=out.name,
        )
    whole = replace(book, pages=tuple(_whole(page, pictures) for page in book.pages))
    contents: dict[str, Content] = {BOOK: packed_json(whole), **dict(_pictures(whole, pictures)), **(extra or {})}
    manifest = Manifest(
        book=book.id,
        files=tuple(_packed(name, content) for name, content in contents.items()),
        adapters=tuple(adapters),
    )
    with room_for(out.name), atomic_path(out) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as package:
        for done, (name, content) in enumerate({MANIFEST: packed_json(manifest), **contents}.items()):
            yield Progress(done, 1 + len(contents), name)
            sys.audit("studio.archive.entry")
            _put(package, name, content)
        yield Progress(1 + len(contents), 1 + len(contents))
    return out


def _whole(page: Page, pictures: Path) -> Page:
    """The page without what is named and not there."""
    shown = page.picture if page.picture and (pictures / page.picture).is_file() else ""
    kept = page.mended if page.mended and all(path.is_file() for _, path in _begun(page, pictures)) else None
    return replace(page, picture=shown, mended=kept)


def _pictures(book: Book, pictures: Path) -> Iterator[tuple[str, Content]]:
    """The pictures that pages show, not the candidates that nobody chose, and what their parts are drawn from."""
    for page in book.pages:
        if page.picture:
            yield f"{PICTURES}/{page.picture}", pictures / page.picture
        yield from _begun(page, pictures)


def _begun(page: Page, pictures: Path) -> Iterator[tuple[str, Path]]:
    for sha256 in (page.mended.picture, page.mended.mask) if page.mended else ():
        if sha256:
            yield f"{FROM}/{sha256}.png", pictures / "from" / f"{sha256}.png"


def _packed(name: str, content: Content) -> Packed:
    digest, size = hashlib.sha256(), 0
    with _opened(content) as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Packed(name, digest.hexdigest(), size)


def _put(package: zipfile.ZipFile, name: str, content: Content) -> None:
    entry = zipfile.ZipInfo(name, DAY)
    entry.create_system, entry.external_attr = UNIX, MODE
    with _opened(content) as source, package.open(entry, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)


def _opened(content: Content) -> IO[bytes]:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def packed_json(record: object) -> bytes:
    """A record as the text of a file."""
    from pydantic import TypeAdapter

    return TypeAdapter(type(record)).dump_json(record, indent=1) + b"\n"
