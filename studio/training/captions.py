"""Captions of a set of pictures, in whichever of the usual files they lie.

a .txt beside each picture          its text
captions.json                       {"a.jpg": "text"} or {"a.jpg": ["one", "other"]} or [{"file": …, "caption": …}]
captions.jsonl                      one such object a line
captions.csv                        columns for the file and the caption, under any of the usual names
results.csv                         Flickr30k: image_name| comment_number| comment, five lines a picture
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ..errors import BadInput

FILES = ("file", "file_name", "filename", "image", "image_name", "image_path", "img", "path", "name", "id")
TEXTS = ("caption", "captions", "text", "comment", "description", "prompt", "title")
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif")
FOREIGN = (".bmp", ".gif", ".tif", ".tiff")  # told of, and not opened: the door for photos does not either

Captions = dict[str, tuple[str, ...]]  # by the picture's name in its folder


def read_captions(folder: Path, file: Path | None = None) -> Captions:
    """All captions of each picture; of `file`, or beside the pictures when there is none. Pictures without one are there too,
    with none. Raises BadInput for a file that cannot be understood.
    """
    here = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if _is_picture(path)]
    known, found = set(here), dict[str, list[str]]()
    for name, text in _pairs(file) if file else _beside(folder):
        words, own = " ".join(str(text).split()), _found(str(name).strip(), known)
        if words:
            found.setdefault(own, []).append(words)
    return {name: () for name in here} | {name: tuple(texts) for name, texts in found.items()}


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in (*PICTURES, *FOREIGN)


def _found(name: str, known: Set[str]) -> str:
    """The picture that is meant: sets are moved about, and captions go on naming the folder where the pictures lay."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return last if name not in known and last in known else name


def _beside(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        beside = path.with_suffix(".txt")
        if _is_picture(path) and beside.is_file():
            yield str(path.relative_to(folder)), beside.read_text(encoding="utf-8", errors="replace")


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix.lower() == ".json":
            yield from _told(json.loads(text))
        elif file.suffix.lower() == ".jsonl":
            yield from _told([json.loads(line) for line in text.splitlines() if line.strip()])
        else:
            yield from _told(_rows(text))
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise BadInput(
            "The captions in '{name}' cannot be understood. Use JSON, JSONL or CSV with a column for the file and one for the "
            "caption, such as: file,caption",
            name=file.name,
        ) from error


def _rows(text: str) -> list[dict[str, str]]:
    first = text.partition("\n")[0]
    between = max("|\t;,", key=first.count)
    rows = csv.reader(
        text.splitlines(), delimiter=between, quoting=csv.QUOTE_NONE if between == "|" else csv.QUOTE_MINIMAL
    )
    names = [name.strip().lower() for name in next(rows)]
    return [dict(zip_longest(names, (value.strip() for value in row), fillvalue="")) for row in rows if row]


def _told(found: Any) -> Iterator[tuple[str, str]]:
    """Pairs of a file and one caption of it."""
    if isinstance(found, Mapping):
        for name, texts in found.items():
            yield from ((name, text) for text in ([texts] if isinstance(texts, str) else texts))
        return
    for row in found:
        name, texts = _of(row, FILES), _of(row, TEXTS)
        yield from ((name, text) for text in ([texts] if isinstance(texts, str) else texts or ()))


def _of(row: Mapping[str, Any], names: Iterable[str]) -> Any:
    """What stands in the first of the columns that is there. Raises KeyError."""
    return row[next((name for name in names if name in row), next(iter(names)))]
