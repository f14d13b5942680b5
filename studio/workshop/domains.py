"""Captioned sets of pictures and what is learnt from them: made ready, taught, looked at, tried out.

Each lies in `datasets/<id>/`: `manifest.csv` and `images/` as `dataset prepare` leaves them, and `fit/`, where the training
keeps its latents, checkpoints, looks, report and curves.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ..adapters.card import AdapterCard
from ..adapters.shelf import Shelf
from ..errors import BadInput, NotFound
from ..files import atomic_folder, atomic_write, remove_folder, slug
from ..models.table import base_model, teachable_model
from ..progress import Work
from ..settings import Settings
from ..training import checkpoint, gallery
from ..training.domain import Domain, fit_domain
from ..training.examples import MANIFEST, Example, read_examples
from ..training.fitting import Fitting, read_fitting
from ..training.report import read_report
from ..training.validation import Check, checks

FIT, RECORD = "fit", "dataset.json"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A set that was made ready: how many pictures were taken, and left out for which reason; whether it was learnt from."""

    id: str
    title: str
    taken: int
    left_out: Mapping[str, int]
    taught: bool


def datasets(settings: Settings) -> tuple[Dataset, ...]:
    """Those of this home by title."""
    found = (dataset(settings, path.parent.name) for path in settings.datasets.glob(f"[!.]*/{RECORD}"))
    return tuple(sorted(found, key=lambda one: one.title.casefold()))


def dataset(settings: Settings, id: str) -> Dataset:
    """One of them, of which nothing may be looked at yet. Raises NotFound."""
    folder = settings.datasets / slug(id)
    try:
        title = str(json.loads((folder / RECORD).read_text(encoding="utf-8"))["title"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        known = ", ".join(sorted(path.parent.name for path in settings.datasets.glob(f"[!.]*/{RECORD}"))) or "-"
        raise NotFound("There is no set of pictures '{id}'. There are: {known}.", id=id, known=known) from error
    counts = _counts(folder)
    left_out = {reason: count for reason, count in sorted(counts.items()) if reason}
    taught = any(card.id == folder.name for card in Shelf(settings).cards())
    return Dataset(folder.name, title, counts[""], left_out, taught)


def _counts(folder: Path) -> Counter[str]:
    """How many pictures the manifest names for each reason; '' are those that were taken."""
    with suppress(OSError, KeyError), (folder / MANIFEST).open(newline="", encoding="utf-8") as file:
        return Counter(row["reason"] for row in csv.DictReader(file))
    return Counter()


def left_out(folder: Path, reason: str, most: int) -> tuple[str, ...]:
    """The names of the first pictures of a set that were left out for that reason."""
    with suppress(OSError, KeyError), (folder / MANIFEST).open(newline="", encoding="utf-8") as file:
        names = (row["source"] for row in csv.DictReader(file) if row["reason"] == reason)
        return tuple(islice(names, most))
    return ()


def examples(folder: Path, most: int, kept: bool = False) -> tuple[Example, ...]:
    """The first pictures of a set that are learnt from, or that are kept back; none of a set that cannot be learnt from."""
    try:
        found = read_examples(folder)
    except BadInput:
        return ()
    return (found.kept if kept else found.taught)[:most]


@contextmanager
def note(settings: Settings, title: str) -> Iterator[Path]:
    """The folder of a new set of that title, to lay there what came; there is a set when the block ends well. Raises BadInput
    for a name that is taken, NoRoom."""
    folder = settings.datasets / slug(title)
    if (folder / RECORD).is_file():
        raise BadInput("There is a set of pictures '{id}' already. Give another name.", id=folder.name)
    if folder.is_dir():  # left by one that was never noted
        remove_folder(folder)
    with atomic_folder(folder) as part:
        yield part
        sys.audit("studio.dataset.received")
        atomic_write(part / RECORD, json.dumps({"version": 1, "title": title}, ensure_ascii=False))
    sys.audit("studio.dataset.noted")


def remove(settings: Settings, id: str) -> None:
    """Deletes the copies and all that was kept of the training; what was learnt stays on the shelf. Raises NotFound."""
    remove_folder(settings.datasets / dataset(settings, id).id)


def teach(
    settings: Settings,
    folder: Path,
    title: str,
    fitting: Fitting,
    *,
    room: Path,
    model: str = "pocket",
    trigger: str = "",
    seed: int = 0,
    resume: bool = False,
) -> Work[AdapterCard]:
    """Teaches the prepared set in `folder` and stands what was learnt on the shelf; `room` holds all that the training keeps."""
    shelf, id = Shelf(settings), slug(title)
    if any(card.id == id and card.kind == "subject" for card in shelf.cards()):
        raise BadInput("'{id}' is a character already. Give another name.", id=id)
    domain = _domain(folder, title, fitting, model, trigger, seed)
    tensors = yield from fit_domain(domain, base_model(model), settings, room, resume)
    done = shelf.put(domain.card, tensors)
    _picture(settings, done, room)
    return done


def follow(
    settings: Settings, folder: Path, title: str, fitting: Fitting, *, room: Path, model: str, trigger: str, seed: int
) -> Work[Path]:
    """Learns this process's part of what the leader of its crew teaches, in a room that goes again."""
    return fit_domain(_domain(folder, title, fitting, model, trigger, seed), base_model(model), settings, room)


def _domain(folder: Path, title: str, fitting: Fitting, model: str, trigger: str, seed: int) -> Domain:
    card = AdapterCard(
        id=slug(title),
        title=title,
        kind="style",
        base_model=teachable_model(model).key,
        rank=fitting.rank,
        alpha=fitting.alpha,
        trigger=trigger,
        source="taught",
        made=f"Taught from a set of captioned pictures called {title}.",
    )
    return Domain(card=card, examples=read_examples(folder), fitting=fitting, seed=seed)


def _picture(settings: Settings, card: AdapterCard, room: Path) -> None:
    """The first picture of the last look stands on the shelf as the adapter's own."""
    found = checks(room)
    shown = gallery.samples(room, found[-1].step) if found else ()
    if shown:
        atomic_write(settings.adapters / card.id / "sample.jpg", shown[0].read_bytes())


def looks(room: Path) -> tuple[tuple[Check, tuple[Path, ...]], ...]:
    """Every look of the training so far, with its pictures, the earliest first."""
    return tuple((one, gallery.samples(room, one.step)) for one in checks(room))


def losses(room: Path) -> tuple[float, ...]:
    """The loss of every step so far: of the report, or of the newest checkpoint while it goes on."""
    report = read_report(room)
    return tuple(report["losses"]) if report else checkpoint.losses(room)


def report(room: Path) -> Mapping[str, Any] | None:
    """What the latest finished training did."""
    return read_report(room)


def recipe(text: str) -> Fitting:
    """A recipe by the name of a preset or file. Raises BadInput."""
    return read_fitting(text)
