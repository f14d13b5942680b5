"""A set of captioned pictures made ready to learn from: looked at one by one, a sample of the good ones copied, all of them told.

What lies there afterwards: `images/` with the copies, upright and without metadata, and `manifest.csv` with a row for every
picture that was looked at: where it went, its captions, sizes, sharpness, its part of the split, and why it was left out.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import sys
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BadInput
from ..files import atomic_path, atomic_write, private_folder
from ..photos.decoder import FORMATS, upright
from ..progress import Progress, Work
from ..rights import confine, programs
from .captions import FOREIGN, Captions, read_captions
from .lookers import Lookers

if TYPE_CHECKING:
    from PIL.Image import Image

WORKERS, CHUNK = 2, 16
VALIDATION = 8  # percent, by hash of the name
MOST_PIXELS = 64_000_000
MEMORY_BYTES = 3_000_000_000  # of a process that opens pictures from anywhere
QUALITY = 95
MEASURED_PX = 256  # of the shorter side, on which sharpness is measured
REASONS = {
    "missing": "there is no such file",
    "format": "no picture that can be read",
    "foreign": "of a kind that is not opened here (BMP, GIF, TIFF); save them as JPEG or PNG and bring them again",
    "channels": "not in colour",
    "small": "too small",
    "caption": "no caption, or too short a one",
    "blurred": "blurred",
    "narrow": "too long and narrow",
    "enough": "good, but enough were found",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What is asked of a picture, and how many are wanted."""

    least_px: int = 256  # of the shorter side
    least_words: int = 10  # characters of its longest caption
    least_sharpness: float = 4.0  # standard deviation of the Laplacian, 8 bits
    longest: float = 3.0  # times as long as wide
    most: int = 10_000
    seed: int = 0
    size_px: int = 0  # copies are shrunk to this shorter side; 0 leaves them as they are
    enhanced: bool = False  # copies a little sharper, and richer in contrast and colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One picture of the manifest. `reason` is empty for one that was taken."""

    source: str
    file: str = ""
    captions: tuple[str, ...] = ()
    width: int = 0
    height: int = 0
    sharpness: float = 0.0
    split: str = ""
    reason: str = ""


def prepare(
    folder: Path, out: Path, demands: Demands, captions: Path | None = None, archive: bool = False
) -> Work[dict[str, int]]:
    """Copies a random sample of the good pictures of `folder` to `out`; gives how many were taken and left out for what.

    Which are looked at, and in which order, follows from the seed and their names; the same call gives the same files.
    Memory does not grow with the number of pictures. Raises BadInput, NoRoom.
    """
    known = read_captions(folder, captions)
    if not known:
        raise BadInput(
            "There are no pictures in '{name}'. Give a folder with JPEG, PNG or WebP files.", name=folder.name
        )
    private_folder(out / "images")
    counts: Counter[str] = Counter()
    with atomic_path(out / "manifest.csv") as part, part.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(asdict(Row(source=""))))
        table.writeheader()
        for number, row in enumerate(_rows(folder, out, known, demands), 1):
            counts[row.reason or "taken"] += 1
            sys.audit("studio.dataset.looked_at")
            table.writerow(asdict(row) | {"captions": json.dumps(row.captions, ensure_ascii=False)})
            yield Progress(number, len(known), f"{counts['taken']} taken")
    sys.audit("studio.dataset.manifest")
    if archive:
        _zip(out)
    return dict(counts)


def _rows(folder: Path, out: Path, known: Captions, demands: Demands) -> Iterator[Row]:
    """Every picture in the order of chance; those after enough good ones are not opened any more."""
    order = sorted(known, key=lambda name: _chance(demands.seed, name))
    taken = 0
    work = partial(_looked_at, folder, out, demands)
    with closing(Lookers(WORKERS, partial(_begin_looking, folder, out / "images"))) as pool:
        for start in range(0, len(order), CHUNK * WORKERS):
            names = order[start : start + CHUNK * WORKERS]
            if taken >= demands.most:
                yield from (Row(source=name, captions=known[name], reason="enough") for name in names)
                continue
            for row in pool.look(work, [(name, known[name]) for name in names], _killing):
                full = not row.reason and taken >= demands.most
                if full:
                    (out / "images" / row.file).unlink()
                taken += not row.reason
                yield replace(row, reason="enough", file="", split="") if full else row


def _killing(one: tuple[str, tuple[str, ...]]) -> Row:
    """What is found of a picture that ends whoever opens it."""
    return Row(source=one[0], captions=one[1], reason="format")


def _looked_at(folder: Path, out: Path, demands: Demands, one: tuple[str, tuple[str, ...]]) -> Row:
    """What is found of a picture; a good one is copied."""
    name, texts = one
    row = Row(source=name, captions=texts)
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        return replace(row, reason="missing")
    picture = _opened(path)
    if picture is None:
        return replace(row, reason="foreign" if path.suffix.lower() in FOREIGN else "format")
    row = replace(row, width=picture.width, height=picture.height)
    reason, sharpness = _judged(picture, texts, demands)
    row = replace(row, sharpness=round(sharpness, 2), reason=reason)
    if reason:
        return row
    file = f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.jpg"
    atomic_write(out / "images" / file, _copied(picture, demands))
    return replace(row, file=file, split=split_of(name))


def split_of(name: str) -> str:
    """The part that a picture of that name belongs to, always the same."""
    return "validation" if int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % 100 < VALIDATION else "train"


def _opened(path: Path) -> Image | None:
    """The picture upright, of a kind that the door for photos opens too; None for another, or what claims to be larger than any
    photo."""
    from PIL import Image

    try:
        with Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.load()
            return upright(picture)
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, Image.DecompressionBombError, MemoryError):
        return None


def _begin_looking(folder: Path, copies: Path) -> None:
    """What a process of the pool does first. It can read that one folder and write copies, and ask nobody."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    confine((copies,), (folder, *programs()), connect=False)
    _limit_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this process when the one that began it is gone; killed, it could tell nobody, and the pool would wait for ever."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _limit_memory() -> None:
    """Caps the memory of this process where the system can, so that a picture made to fill it is only unreadable."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _judged(picture: Image, texts: tuple[str, ...], demands: Demands) -> tuple[str, float]:
    """Why the picture is left out, if it is, and how sharp it is."""
    short, long = sorted(picture.size)
    if len(picture.getbands()) < 3 and picture.mode != "P":
        return "channels", 0.0
    if short < demands.least_px:
        return "small", 0.0
    if long > demands.longest * short:
        return "narrow", 0.0
    if max(map(len, texts), default=0) < demands.least_words:
        return "caption", 0.0
    sharpness = _sharpness(picture)
    return ("blurred" if sharpness < demands.least_sharpness else ""), sharpness


def _sharpness(picture: Image) -> float:
    import cv2
    import numpy as np

    scale = MEASURED_PX / min(picture.size)
    grey = picture.convert("L").resize((round(picture.width * scale), round(picture.height * scale)))
    return float(cv2.Laplacian(np.asarray(grey), cv2.CV_32F).std())


def _copied(picture: Image, demands: Demands) -> bytes:
    """A JPEG without metadata, shrunk and enhanced if asked."""
    from PIL import Image

    plain = picture.convert("RGB")
    scale = demands.size_px / min(plain.size) if demands.size_px else 1.0
    if scale < 1:
        plain = plain.resize((round(plain.width * scale), round(plain.height * scale)), Image.Resampling.LANCZOS)
    plain = _enhanced(plain) if demands.enhanced else plain
    buffer = io.BytesIO()
    Image.frombytes("RGB", plain.size, plain.tobytes()).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def _enhanced(picture: Image) -> Image:
    """A little sharper, and richer in contrast and colour: as much as a careful hand would, so that nothing looks made up."""
    from PIL import ImageEnhance

    for kind, factor in ((ImageEnhance.Sharpness, 1.25), (ImageEnhance.Contrast, 1.06), (ImageEnhance.Color, 1.08)):
        picture = kind(picture).enhance(factor)
    return picture


def _chance(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}/{name}".encode()).digest()


def _zip(out: Path) -> None:
    with atomic_path(out / "dataset.zip") as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as file:
        for path in (out / "manifest.csv", *sorted((out / "images").glob("*.jpg"))):
            file.write(path, path.relative_to(out))
