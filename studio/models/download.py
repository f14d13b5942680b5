"""Brings a model's files from the site where it is published, because the person asked for it.

Only what the studio reads is taken: weights as .safetensors, settings and words as .json, .txt and .jinja, of the parts that the
model's family has. Each file grows under its own name with ".part" behind it and goes on from there after a break; it gets
its name when its hash is right, and the folder gets its name when all files have theirs.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadInput, NoRoom, NotFound, NotReady
from ..files import make_durable, move, private_folder, room_for
from ..progress import Progress, Work
from ..settings import Settings
from .families import FAMILIES
from .hub import Hub, Published, passing
from .ledger import Entry, damaged, file_sha256, write_ledger
from .loading import model_folder
from .table import BaseModel
from .weights import is_whole

PIECE = 1 << 22  # bytes that are read at once
INDEX = "model_index.json"
WEIGHTS = re.compile(r"(diffusion_pytorch_model|model)(-\d{5}-of-\d{5})?\.safetensors")
WORDS = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.(json|txt|jinja)")
MARGIN = 1_000_000_000  # bytes that stay free on the disk
WAITS_S = (0.5, 2.0, 5.0)  # before trying again, when nothing more came
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file of the model, and what it is called in the folder."""

    name: str
    source: Published


def download(model: BaseModel, settings: Settings) -> Work[Path]:
    """The model's folder, whole. Progress counts megabytes. Closing it keeps what has come for the next time.

    Raises BadInput for a model that is published nowhere or a file that is not what was published; NotReady, NotFound,
    NoAnswer, NoRoom.
    """
    if not model.repo:
        raise BadInput("{model} is not published anywhere. There is nothing to download.", model=model.title)
    folder, staging = settings.models / model.key, settings.models / f".{model.key}.part"
    if is_here(model, settings) and not damaged(folder):
        return folder
    with _alone(model, settings), Hub(model) as hub:
        files = wanted(model, hub.files())
        _gather(folder, staging)
        yield from _Fetching(model, hub, staging, files).run()
        write_ledger(staging, "download", {one.name: _entry(staging / one.name, one.source) for one in files})
        sys.audit("studio.download.place")
        move(make_durable(staging), folder)
        sys.audit("studio.download.placed")
    return folder


def is_here(model: BaseModel, settings: Settings) -> bool:
    """Whether all of the model is on this computer, as far as the beginnings of its files tell."""
    try:
        folder = model_folder(model, settings)
    except NotReady:
        return False
    parts = (folder / part.folder for part in FAMILIES[model.family].parts)
    return all(map(Path.is_dir, parts)) and all(map(is_whole, folder.glob("*/*.safetensors")))


def half_here(model: BaseModel, settings: Settings) -> bool:
    """Whether a download of the model was begun and not finished."""
    return (settings.models / f".{model.key}.part").is_dir()


def remove(model: BaseModel, settings: Settings) -> int:
    """Deletes the model's folder and what a download of it left; gives how many bytes are free again. Raises NotFound."""
    folders = [settings.models / model.key, settings.models / f".{model.key}.part"]
    found = [folder for folder in folders if folder.is_dir()]
    if model.embedded or not found:
        raise NotFound("{model} is not among the models that you brought. Nothing was removed.", model=model.title)
    freed = sum(path.stat().st_size for folder in found for path in folder.rglob("*") if path.is_file())
    for folder in found:
        shutil.rmtree(folder)
    return freed


def wanted(model: BaseModel, published: tuple[Published, ...]) -> tuple[Wanted, ...]:
    """What of the published files the studio reads. Raises NotFound when a part has no weights in a safe form."""
    parts = {part.folder: part.weighs for part in FAMILIES[model.family].parts}
    found = []
    for one in published:
        folder, _, name = one.path.rpartition("/")
        plain = name.replace(f".{model.variant}.", ".") if model.variant else name
        weights = WEIGHTS.fullmatch(plain) and (plain != name or not model.variant)
        if one.path == INDEX or (folder in parts and (weights or (WORDS.fullmatch(name) and plain == name))):
            found.append(Wanted(f"{folder}/{plain}" if folder else plain, one))
    weighed = {one.name.split("/")[0] for one in found if one.name.endswith(".safetensors")}
    missing = [folder for folder, weighs in parts.items() if weighs and folder not in weighed]
    if missing:
        raise NotFound(
            "'{repo}' has no .safetensors file for its part '{part}'. Nothing was downloaded.",
            repo=model.repo,
            part=missing[0],
        )
    return tuple(found)


class _Fetching:
    """One download on its way into a folder."""

    def __init__(self, model: BaseModel, hub: Hub, folder: Path, files: tuple[Wanted, ...]) -> None:
        self._model, self._hub, self._folder, self._files = model, hub, folder, files
        self._total = sum(one.source.size for one in files)
        self._done = 0  # bytes

    def run(self) -> Work[None]:
        private_folder(self._folder)
        self._check_room()
        yield self._progress("")
        for one in self._files:
            path = self._folder / one.name
            private_folder(path.parent)
            if not (yield from self._is_right(path, one)):
                with room_for(path.name):
                    yield from self._fetch(path, one)
            self._done = self._done_before(one) + one.source.size

    def _done_before(self, until: Wanted) -> int:
        return sum(one.source.size for one in self._files[: self._files.index(until)])

    def _check_room(self) -> None:
        there = sum(
            path.stat().st_size for one in self._files for path in _either(self._folder / one.name) if path.is_file()
        )
        need, free = self._total - there, shutil.disk_usage(self._folder).free
        if need + MARGIN > free:
            raise NoRoom(
                "{model} takes {need:g} GB more, and {free:g} GB are free on the disk. Free some space and ask again; what "
                "has come is kept.",
                model=self._model.title,
                need=round(need / 1e9, 1),
                free=round(free / 1e9, 1),
            )

    def _is_right(self, path: Path, one: Wanted) -> Work[bool]:
        """Whether the whole file is there already, from a former download or brought by the person."""
        if not path.is_file() or path.stat().st_size != one.source.size:
            return False
        yield self._progress(one.name)
        return _matches(one.source, path)

    def _fetch(self, path: Path, one: Wanted) -> Work[None]:
        """Brings one file, going on after each break as long as something comes."""
        import httpx2

        part, tries = path.with_name(f"{path.name}.part"), 0
        while True:
            before = part.stat().st_size if part.is_file() else 0
            try:
                yield from self._append(part, one, before)
                break
            except httpx2.HTTPError as error:
                came = part.is_file() and part.stat().st_size > before
                tries = 0 if came else tries + 1
                if not passing(error) or tries > len(WAITS_S):
                    raise self._hub.told(error) from error
                time.sleep(WAITS_S[max(0, tries - 1)])
        if not _matches(one.source, part):
            part.unlink()
            raise BadInput(
                "The file '{name}' of {model} came, and it is not what was published. It was thrown away; ask again, and only "
                "that file is fetched.",
                name=one.name,
                model=self._model.title,
            )
        os.replace(part, path)

    def _append(self, part: Path, one: Wanted, start: int) -> Work[None]:
        if start > one.source.size:  # of another revision
            part.unlink()
            start = 0
        if start == one.source.size and part.is_file():
            return
        yield self._progress(one.name)
        with self._hub.opened(one.source.path, start) as (begins, pieces), part.open("r+b" if begins else "wb") as out:
            out.seek(begins)
            for piece in pieces:
                out.write(piece)
                before, self._done = self._done, self._done_before(one) + out.tell()
                if self._done // MB != before // MB:
                    yield self._progress(one.name)
            out.truncate()
            out.flush()
            sys.audit("studio.download.file")
            os.fsync(out.fileno())

    def _progress(self, name: str) -> Progress:
        return Progress(self._done // MB, max(1, self._total // MB), name)


def _gather(folder: Path, staging: Path) -> None:
    """Moves what is in the model's folder, and is not whole, to where the rest will come."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        target = staging / path.relative_to(folder)
        if path.is_file() and not target.exists():
            private_folder(target.parent)
            os.replace(path, target)
    shutil.rmtree(folder, ignore_errors=True)


def _either(path: Path) -> Iterator[Path]:
    yield from (path, path.with_name(f"{path.name}.part"))


def _matches(source: Published, path: Path) -> bool:
    """Whether the file is what was published: by its sha256, or by git's own hash where it is small."""
    if path.stat().st_size != source.size:
        return False
    if source.sha256:
        return file_sha256(path) == source.sha256
    blob = hashlib.sha1(b"blob %d\0" % source.size, usedforsecurity=False)
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            blob.update(piece)
    return blob.hexdigest() == source.git_sha1


def _entry(path: Path, source: Published) -> Entry:
    stat = path.stat()
    return Entry(source.sha256 or file_sha256(path), stat.st_size, stat.st_mtime_ns)


@contextmanager
def _alone(model: BaseModel, settings: Settings) -> Iterator[None]:
    """Two downloads of one model would write into the same files."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(private_folder(settings.house / "locks") / f"model-{model.key}.lock", timeout=0):
            yield
    except Timeout:
        raise NotReady("{model} is being downloaded already. Wait for it.", model=model.title) from None
