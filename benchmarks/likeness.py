"""How like a taught hero becomes: ten drawn characters that pocket's world never showed, or anyone's own photos.

    python -m benchmarks.likeness [--only Tilda --only Pepper] [--effort good] [--sheets FOLDER] [--json]
    python -m benchmarks.likeness --photos FOLDER --kind toy --class-word bear [--sheets FOLDER]

Each is taught through the workshop as a person would, and then measured as `evaluate adapter` does. The figures and what
is asked of them: `share`, the likeness of eight portraits as a share of that between two photos (0.85); `obeyed`, scene
words read in them, as a share of those without the adapter (0.90); `leak`, by how much others become like the hero, as a
share of the hero's own rise (0.10); and no portrait that repeats a photo. About two minutes a hero on two quiet cores.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from studio import vault
from studio.files import slug
from studio.progress import finish
from studio.settings import load_settings
from studio.workshop import Workshop

from .heroes import HEROES
from .heroes import photos as drawn_photos

ASKED = {"share": 0.85, "obeyed": 0.90, "leak": 0.10}
FIGURES = ("likeness_before", "likeness_after", "share", "obeyed", "leak", "class_leak", "copy")
SIDE_PX = 192


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody to be taught: a name, what kind they are, and their photos."""

    name: str
    kind: str
    class_word: str
    photos: tuple[Path, ...]


def main() -> None:
    given = arguments()
    rows = []
    with tempfile.TemporaryDirectory() as home:
        os.environ["STUDIO_HOME"] = home
        for sitter in sitters(given, Path(home)):
            rows.append(taught(sitter, given))
            print(line(rows[-1]), flush=True)
    summary = summed(rows)
    print(json.dumps({"heroes": rows, "mean": summary}, indent=1) if given.json else line(summary))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How like a taught hero becomes.")
    parser.add_argument("--only", action="append", help="one of the ten, by name; again for more")
    parser.add_argument("--effort", default="good")
    parser.add_argument("--photos", type=Path, help="a folder of photos, in place of the ten")
    parser.add_argument("--kind", default="toy")
    parser.add_argument("--class-word", default="bear")
    parser.add_argument("--sheets", type=Path, help="a folder for a contact sheet and the report of each")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def sitters(given: argparse.Namespace, home: Path) -> Iterator[Sitter]:
    if given.photos:
        files = sorted(path for path in given.photos.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
        yield Sitter(given.photos.name, given.kind, given.class_word, tuple(files))
        return
    for hero in HEROES:
        if not given.only or hero.name in given.only:
            yield Sitter(hero.name, "drawn", hero.kind, drawn_photos(hero, home / "photos" / hero.name))


def taught(sitter: Sitter, given: argparse.Namespace) -> dict[str, Any]:
    """The numbers of one who was taught now, with the seconds from photos to ready hero."""
    workshop, begun = Workshop(load_settings()), time.monotonic()
    photos = [(path.name, path.read_bytes()) for path in sitter.photos]
    id = workshop.begin_character(sitter.name, sitter.kind, photos, sitter.class_word).character.id
    finish(workshop.train_character(id, given.effort))
    seconds = time.monotonic() - begun
    report = workshop.training_report(id) or {}
    if given.sheets:
        given.sheets.mkdir(parents=True, exist_ok=True)
        (given.sheets / f"{slug(sitter.name)}.json").write_text(json.dumps(report, indent=1))
        sheet(workshop, id, given.sheets / f"{slug(sitter.name)}.jpg")
    chosen = {"steps": report["steps"], "chosen": report["chosen"]["step"], "memory_mb": report["peak_memory_mb"]}
    return {"hero": sitter.name, "seconds": round(seconds, 1), **chosen, **finish(workshop.evaluate_adapter(id))}


def sheet(workshop: Workshop, id: str, path: Path) -> None:
    """The photos in the first row, the eight portraits in the two below."""
    rows = [list(workshop.photos(id))[:4], *np.array_split(np.array(workshop.portraits(id), dtype=object), 2)]
    lines = [np.concatenate([square(Path(file)) for file in row] + [paper()] * (4 - len(row)), 1) for row in rows]
    Image.fromarray(np.concatenate(lines)).save(path, quality=85)


def square(path: Path) -> np.ndarray:
    with vault.stream(path) as file, Image.open(file) as picture:
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        return np.asarray(picture.convert("RGB").crop((left, top, left + side, top + side)).resize((SIDE_PX, SIDE_PX)))


def paper() -> np.ndarray:
    return np.full((SIDE_PX, SIDE_PX, 3), (251, 246, 236), np.uint8)


def summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Means, and of the copying the worst."""
    mean = {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in ("seconds", *FIGURES)}
    return {"hero": f"mean of {len(rows)}", **mean, "copy": max(row["copy"] for row in rows)}


def line(row: dict[str, Any]) -> str:
    numbers = "  ".join(f"{name} {row[name]:.2f}" for name in FIGURES)
    taken = f"after {row['chosen']} of {row['steps']}, {row['light']}" if "chosen" in row else ""
    return f"{row['hero']:12} {row['seconds']:6.1f} s  {numbers}  {taken}"


if __name__ == "__main__":
    main()
