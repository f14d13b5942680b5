"""A person's own captioned pictures as lessons for the GAN, laid out as Oxford-102 flowers with the captions of Reed et al. 2016.

A folder holds `jpg/` (or `images/`, or the pictures themselves) and `text/` (or `captions/`, `text_c10/`, or texts beside the
pictures): for each picture a .txt of the same name, one caption a line, in any folder below. Optional: `embeddings.npz` with for
each picture's name float32 [captions, text]. A set that the studio itself made ready, with its manifest.csv, does as well.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import BadInput
from ..progress import Progress, Work
from .embedding import Reader
from .flowers import SIDE_PX
from .schooling import Lessons

MANIFEST = "manifest.csv"
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
EMBEDDINGS = "embeddings.npz"
CAPTIONS = 10
LEAST = 16  # pictures
LONGEST = 300  # letters of a caption
LARGEST_PX = 50_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """What can be learnt from, and what was left out: pictures without words, words without pictures, pictures that do not open."""

    pictures: tuple[Path, ...]
    captions: tuple[tuple[str, ...], ...]
    wordless: int = 0
    pictureless: int = 0
    broken: int = 0

    @property
    def told(self) -> dict[str, int]:
        """The figures for people and programs."""
        counts = {"wordless": self.wordless, "pictureless": self.pictureless, "broken": self.broken}
        return {"pictures": len(self.pictures), **counts}


def look(folder: Path) -> Found:
    """Pairs pictures with captions. Raises BadInput where there is nothing, or too little, or always the same to learn from."""
    if not folder.is_dir():
        raise BadInput(
            "There is no folder '{folder}'. Give the folder with the pictures and captions.", folder=folder.name
        )
    pictures = {path.stem: path for path in sorted(folder.rglob("*")) if path.suffix.lower() in PICTURES}
    told = _manifest(folder) or {path.stem: _captions(path) for path in sorted(folder.rglob("*.txt"))}
    names = sorted(name for name in pictures.keys() & told.keys() if told[name])
    found = Found(
        tuple(pictures[name] for name in names),
        tuple(told[name] for name in names),
        wordless=len(pictures) - len(names),
        pictureless=len(told.keys() - pictures.keys()),
    )
    _check(folder, found)
    return found


def _manifest(folder: Path) -> dict[str, tuple[str, ...]]:
    """The captions of a set that the studio made ready (`dataset prepare`), by the pictures' names; none for any other folder."""
    if not (folder / MANIFEST).is_file():
        return {}
    with (folder / MANIFEST).open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row.get("reason")]
    try:
        return {Path(row["file"]).stem: tuple(json.loads(row["captions"])) for row in rows}
    except (KeyError, ValueError, TypeError) as error:
        raise BadInput(
            "'{name}' in '{folder}' is damaged. Make the set ready once more; nothing was changed.",
            name=MANIFEST,
            folder=folder.name,
        ) from error


def _check(folder: Path, found: Found) -> None:
    if len(found.pictures) < LEAST:
        raise BadInput(
            "In '{folder}' {count} pictures have captions; {least} are needed at least, and some thousands are best. For each picture "
            "give a .txt of the same name with one caption a line. Nothing was changed.",
            folder=folder.name,
            count=len(found.pictures),
            least=LEAST,
        )
    if len({caption for captions in found.captions for caption in captions}) == 1:
        raise BadInput(
            "All captions in '{folder}' are the same, so there is nothing by which words could be told apart. Say of each picture "
            "what it shows; nothing was changed.",
            folder=folder.name,
        )


def lessons(reader: Reader, folder: Path) -> Work[tuple[Lessons, Found]]:
    """Opens the pictures, cut to their middle and made 64 px wide, and reads the captions, or takes the embeddings that lie there.
    What does not open is left out and counted. Raises BadInput."""
    found = look(folder)
    pictures, kept = [], []
    for number, path in enumerate(found.pictures):
        if (picture := _opened(path)) is not None:
            pictures.append(picture)
            kept.append(number)
        if number % 32 == 0:
            yield Progress(number, len(found.pictures), "opening pictures")
    whole = Found(
        tuple(found.pictures[number] for number in kept),
        tuple(found.captions[number] for number in kept),
        found.wordless,
        found.pictureless,
        broken=len(found.pictures) - len(kept),
    )
    _check(folder, whole)
    return Lessons(np.stack(pictures), _texts(reader, folder, whole)), whole


def _texts(reader: Reader, folder: Path, found: Found) -> np.ndarray:
    """Float32 [n, 10, text]; where a picture has fewer captions, they come again."""
    if (folder / EMBEDDINGS).is_file():
        return _given(folder, [path.stem for path in found.pictures])
    ten = [captions[at % len(captions)] for captions in found.captions for at in range(CAPTIONS)]
    read = reader(ten)
    return read.reshape(len(found.captions), CAPTIONS, read.shape[1])


def _given(folder: Path, names: Sequence[str]) -> np.ndarray:
    try:
        with np.load(folder / EMBEDDINGS, allow_pickle=False) as file:
            rows = [np.atleast_2d(file[name]).astype(np.float32) for name in names]
        ten = np.stack([row[np.arange(CAPTIONS) % len(row)] for row in rows])
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise BadInput(
            "'{name}' does not hold an embedding for each picture. Mend it, or take it away and the captions are read here; "
            "nothing was changed.",
            name=EMBEDDINGS,
        ) from error
    if ten.ndim != 3 or not np.isfinite(ten).all():
        raise BadInput(
            "'{name}' holds numbers that cannot be learnt from. Make it anew, or take it away and the captions are read here; "
            "nothing was changed.",
            name=EMBEDDINGS,
        )
    return ten


def _captions(path: Path) -> tuple[str, ...]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return tuple(line.strip()[:LONGEST] for line in lines if line.strip())


def _opened(path: Path) -> np.ndarray | None:
    """The middle of the picture, uint8 [3, 64, 64]; None for what is no picture, or far too large."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(path.read_bytes()), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > LARGEST_PX:
                return None
            picture.draft("RGB", (2 * SIDE_PX, 2 * SIDE_PX))
            small = ImageOps.fit(picture.convert("RGB"), (SIDE_PX, SIDE_PX))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return np.asarray(small).transpose(2, 0, 1)
