"""What must hold of a home after a fault, read from the files themselves and not through what wrote them."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from studio.library.seals import SUMS, seals
from studio.vault import KEY, read

PASSING = ("locks", "thumbnails", "previews", "measures", "altered", "keys")  # made anew when they are wanted
ASIDE = ("worker.json", "workers", "index.sqlite", "clock.json", "tidied.json", KEY, SUMS)
PIECE = re.compile(r"\d{8}-\d{9}(-\d+)?")
WHEN = ("created", "at", "time", "used", "changed")  # moments, which no two runs have in common
PICTURES = (".png", ".jpg")


def state(home: Path) -> dict[str, str]:
    """What a person has in that home, by file: a fingerprint of each without moments and without what is made anew."""
    paths = sorted(path for path in _files(home) if not _passing(path.relative_to(home)))
    pieces = {found[0]: "" for path in paths if (found := PIECE.search(str(path.relative_to(home))))}
    names = {id: f"piece-{number}" for number, id in enumerate(sorted(pieces), 1)} | dict.fromkeys(heroes(home), "hero")
    found = {_named(str(path.relative_to(home)), names): _print(path, names) for path in paths if not _idle(path)}
    return {name: told for name, told in found.items() if told}


def difference(found: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """The files in which two states are not the same."""
    told = [f"+{name}" for name in sorted(found.keys() - wanted.keys())]
    told += [f"-{name}" for name in sorted(wanted.keys() - found.keys())]
    told += [f"~{name}" for name in sorted(found.keys() & wanted.keys()) if found[name] != wanted[name]]
    return " ".join(told)


def wrongs(home: Path) -> list[str]:
    """What is broken whatever was being done: torn files, left-overs, pictures that do not open, a damaged database."""
    return [*_left_over(home), *_torn(home), *_half(home), *_unsealed(home), *_missing(home), *_database(home)]


def heroes(home: Path) -> list[str]:
    """The ids of the characters, which are made by chance."""
    return [record.parent.name for record in home.glob("characters/*/character.json")]


def traces(home: Path, ids: Iterable[str]) -> list[str]:
    """The files in which one of these still is, or that are called by it."""
    return [
        f"'{id}' is still in {path.relative_to(home)}"
        for id in ids
        for path in _files(home)
        if (id.encode() in path.read_bytes() or id in str(path.relative_to(home))) and path.suffix != ".lock"
    ]


def _files(home: Path) -> Iterator[Path]:
    return (path for path in home.rglob("*") if path.is_file())


def _passing(path: Path) -> bool:
    """Whether two days in which the same was done differ in it: receipts have numbers, and keys are made by chance."""
    beside = path.name in ASIDE or path.parts[0] in ASIDE or path.name.startswith(("jobs.sqlite", "receipts"))
    return beside or any(part in (*PASSING, "receipts") for part in path.parts[:-1])


def _idle(path: Path) -> bool:
    """A former state that is the present one: it was kept for a change that did not come, and undoing passes over it."""
    book = path.parent.parent / "book.json"
    return path.parent.name == "history" and book.is_file() and path.read_bytes() == book.read_bytes()


def _named(text: str, names: Mapping[str, str]) -> str:
    for id, name in names.items():
        text = text.replace(id, name)
    return text


def _print(path: Path, names: Mapping[str, str]) -> str:
    raw = read(path)
    if path.suffix in (".json", ".jsonl"):
        known = []
        for line in [raw] if path.suffix == ".json" else raw.splitlines():
            with suppress(ValueError):  # the line of a log that was cut short counts for nothing
                known.append(_timeless(json.loads(line)))
        if not known:
            return "" if path.suffix == ".jsonl" else "torn"
        told = sorted(
            {_named(json.dumps(one, sort_keys=True), names) for one in known}
        )  # what was done again is told again
        raw = "\n".join(told).encode()
    if path.suffix == ".pdf":
        return "a whole PDF" if raw.startswith(b"%PDF") and b"%%EOF" in raw[-64:] else "torn"
    if path.suffix in (".zip", ".storybook"):
        return _packed(raw)
    return hashlib.sha256(raw).hexdigest()


def _packed(raw: bytes) -> str:
    """What lies in an archive, but for its records, which tell when it was packed."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            entries = [(one.filename, one.CRC) for one in package.infolist() if not one.filename.endswith(".json")]
            return repr(sorted(entries)) if package.testzip() is None else "torn"
    except (zipfile.BadZipFile, EOFError):
        return "torn"


def _timeless(known: Any) -> Any:
    if isinstance(known, dict):
        return {name: _timeless(one) for name, one in known.items() if name not in WHEN}
    return [_timeless(one) for one in known] if isinstance(known, list) else known


def _left_over(home: Path) -> Iterator[str]:
    for path in home.rglob("*"):
        name = str(path.relative_to(home))
        if ".tmp" in path.name or (path.parts[len(home.parts)] in ("arriving", "erasing") and path.is_file()):
            yield f"left over: {name}"


def _half(home: Path) -> Iterator[str]:
    yield from (f"torn: {name}" for name, told in state(home).items() if told == "torn")


def _torn(home: Path) -> Iterator[str]:
    from PIL import Image

    for path in _files(home):
        try:
            if path.suffix == ".json":
                json.loads(path.read_bytes())
            elif path.suffix in PICTURES and ".tmp" not in path.name:
                with Image.open(io.BytesIO(read(path))) as picture:
                    picture.load()
        except (OSError, SyntaxError, ValueError) as error:
            yield f"torn: {path.relative_to(home)} ({error})"


def _unsealed(home: Path) -> Iterator[str]:
    for sums in home.rglob(SUMS):
        for name, noted in seals(sums.parent).items():
            file = sums.parent / name
            if not file.is_file():
                yield f"sealed and gone: {file.relative_to(home)}"
            elif hashlib.sha256(file.read_bytes()).hexdigest() != noted:
                yield f"not as sealed: {file.relative_to(home)}"


def _missing(home: Path) -> Iterator[str]:
    for record in home.glob("books/*/book.json"):
        for page in json.loads(record.read_bytes())["pages"]:
            if page["picture"] and not (record.parent / "pictures" / page["picture"]).is_file():
                yield f"shown and gone: {page['picture']} of {record.parent.name}"
    for record in home.glob("pictures/*/picture.json"):
        for shot in json.loads(record.read_bytes())["shots"]:
            if not (record.parent / shot["file"]).is_file():
                yield f"shown and gone: {shot['file']} of {record.parent.name}"


def _database(home: Path) -> Iterator[str]:
    file = home / "jobs.sqlite"
    if not file.is_file():
        return
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        yield f"the database: {found}"
