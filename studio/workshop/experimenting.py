"""What the workshop does in the lab: pictures repainted, flowers from words, painters taught, the model looked into."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BadInput, NotFound
from ..files import atomic_write
from ..library.experiments import Experiment, Experiments, Kind, Value
from ..library.seals import seal
from ..models.table import base_model
from ..progress import Work
from ..publishing.book import Book
from ..publishing.provenance import mark, marked
from . import domains
from .laboratory import (
    SHEET,
    Laboratory,
    looked_inside,
    painted_flowers,
    read_rgb,
    taught_painter,
    timetable,
    write_png,
)
from .picturing import Picturing
from .repainting import COLUMNS, Asked, asked_of, check_weights, repaint, repaint_pages

if TYPE_CHECKING:
    import numpy as np

Given = tuple[str, bytes]  # name and content of a file
MOST_FLOWERS, LONGEST_SCHOOL = 48, 600  # pictures; minutes


class Experimenting(Picturing):
    """The part of the workshop that knows the lab."""

    # What is there

    def experiments(self, *kinds: Kind) -> tuple[Experiment, ...]:
        """Those of these kinds, or all, the newest first."""
        return self._experiments.all(*kinds)

    def experiment(self, id: str) -> Experiment:
        """Raises NotFound, BadInput."""
        return self._experiments.get(id)

    def experiment_file(self, id: str, name: str) -> Path | None:
        """A file of it, by its name; nothing where there is none yet. Raises NotFound."""
        path = self._experiments.folder(id) / Path(name).name
        return path if path.is_file() else None

    def experiment_folder(self, id: str) -> Path:
        """Where its files lie. Raises NotFound."""
        return self._experiments.folder(id)

    def lesson(self, id: str, language: str) -> bytes:
        """A finished anatomy as a PDF lesson in English or Vietnamese. Raises NotFound, NoRoom."""
        from ..lab.anatomy.lesson import lesson

        folder = self._experiments.folder(id)
        return marked(lesson(folder, folder / f"lesson-{language}.pdf", language).read_bytes())

    def experiment_given(self, id: str) -> tuple[Path, ...]:
        """The pictures it began with. Raises NotFound."""
        return self._experiments.given(id)

    def experiment_samples(self, id: str) -> tuple[Path, ...]:
        """What a painter painted while it learnt, the oldest first. Raises NotFound."""
        return tuple(sorted((self._experiments.folder(id) / "samples").glob("*.png")))

    def remove_experiment(self, id: str) -> None:
        """Stops it and deletes all of it. Raises NotFound."""
        self._stop_work_for(self._experiments.get(id).id)
        self._experiments.remove(id)

    # Asking

    def ask_style(
        self,
        content: Given,
        styles: Sequence[Given],
        weights: Sequence[float] = (),
        mask: Given | None = None,
        titles: Mapping[str, str] | None = None,
        **asked: Value,
    ) -> str:
        """Asks for a picture in the manner of others; `asked` are fields of `repainting.Asked`, `titles` what the manners of a sheet
        are called. Raises BadInput, BadPhoto, NoRoom; gives the experiment's id."""
        Asked(**asked)  # type: ignore[arg-type]
        if asked.get("network"):  # of a screen comes a name, and nothing outside of that folder is opened for it
            asked["network"] = str(self.settings.models / Path(str(asked["network"])).name)
        if not styles:
            raise BadInput("There is no style picture to paint after. Choose one; your picture is safe.")
        check_weights(styles, weights or [1.0] * len(styles))
        given: list[tuple[str, Given | None]] = [("content.png", content), ("mask.png", mask)]
        given += [(f"style-{number}.png", style) for number, style in enumerate(styles, 1)]
        weighed: dict[str, Value] = {f"weight style-{number}": weight for number, weight in enumerate(weights, 1)}
        named: dict[str, Value] = {f"title {name}": words for name, words in (titles or {}).items()}
        return self._ask("style", {"title": content[0], **asked, **weighed, **named}, given)

    def eyes(self) -> tuple[str, ...]:
        """The files of VGG-19 in the folder of the models, which can look in place of the studio's own eye."""
        return tuple(sorted(path.name for path in self.settings.models.glob("vgg19*.safetensors")))

    def ask_repainting(self, book: str, style: Given, copy: str = "", **asked: Value) -> str:
        """Asks for a copy of a book, called `copy`, whose pages are in the manner of a picture. Raises NotFound, BadInput, BadPhoto, NoRoom."""
        Asked(**asked)  # type: ignore[arg-type]
        found = self._library.book(book)
        if not any(page.picture for page in found.pages):
            raise BadInput(
                "The book '{title}' has no pictures yet. Draw them first, and repaint them then.", title=found.title
            )
        told: dict[str, Value] = {"book": found.id, "title": found.title, "copy": copy or found.title, **asked}
        return self._ask("book", told, [("style-1.png", style)])

    def ask_flowers(self, text: str, to: str = "", count: int = 12, seed: int = 1, school: str = "") -> str:
        """Asks for flowers of one sentence, and a film to another. Raises BadInput, NotFound; gives the experiment's id."""
        if not text.strip():
            raise BadInput("There are no words to paint from. Say what flower it shall be, for example 'a red flower'.")
        self._laboratory.painter(school)
        count = max(1, min(count, MOST_FLOWERS))
        return self._ask(
            "flowers", {"text": text.strip(), "to": to.strip(), "count": count, "seed": seed, "school": school}
        )

    def ask_school(
        self, minutes: int = 10, dataset: str = "", l1: float = 5.0, features: float = 1.0, seed: int = 0
    ) -> str:
        """Asks for a painter that learns from drawn flowers, or from a set of captioned pictures. Raises NotFound."""
        if dataset:
            domains.dataset(self.settings, dataset)
        minutes = max(1, min(minutes, LONGEST_SCHOOL))
        return self._ask(
            "school", {"minutes": minutes, "dataset": dataset, "l1": l1, "features": features, "seed": seed}
        )

    def go_on_experiment(self, id: str) -> str:
        """Asks again for what was stopped; a schooling goes on where it stood. Gives the job's id. Raises NotFound."""
        return self._queue.submit("lab", self._experiments.get(id).id)

    def ask_anatomy(
        self,
        prompt: str,
        photo: Given | None = None,
        model: str = "pocket",
        seed: int = 1,
        steps: int = 20,
        guidance: float = 0.0,
    ) -> str:
        """Asks for a look inside the model while it draws. Raises BadInput, BadPhoto, NotFound, NotReady."""
        from ..lab.anatomy.record import Question

        known = base_model(model)
        self._guard.words([prompt], ())
        asked: dict[str, Value] = {"seed": seed, "steps": steps, "guidance": guidance or known.guidance}
        Question(prompt=prompt, **asked)  # type: ignore[arg-type]
        return self._ask("anatomy", {"prompt": prompt.strip(), "model": model, **asked}, [("photo.png", photo)])

    # At once, for the command line

    def repaint(
        self,
        content: Path,
        styles: Sequence[Path],
        out: Path,
        weights: Sequence[float] = (),
        mask: Path | None = None,
        **asked: Value,
    ) -> Work[dict[str, Value]]:
        """A picture in the manner of others, in a PNG; what was measured. Raises BadInput, BadPhoto, NotFound, NotReady, NoRoom."""
        wish = Asked(**asked)  # type: ignore[arg-type]
        taken = [_taken(path) for path in (content, *styles)]
        veil = _taken(mask)[..., 0] if mask else None
        found = yield from repaint(taken[0], taken[1:], weights or [1.0] * len(styles), wish, veil)
        if found.sheet:
            from ..lab.sheet import sheet

            sheet(found.sheet, out, COLUMNS)
        else:
            write_png(out, found.picture)
        mark(out)
        return found.figures

    def paint_flowers(
        self,
        text: str,
        out: Path,
        count: int = 12,
        seed: int = 1,
        to: str = "",
        painter: Path | None = None,
        bert: Path | None = None,
    ) -> Work[dict[str, Value]]:
        """Flowers of one sentence in a PNG, a film strip beside it, and what the flower judge sees. Raises BadInput, NoRoom."""
        from ..lab.florist import OWN

        strip = out.with_name(f"{out.stem}-film.png")
        seen = yield from painted_flowers(painter or OWN, out, strip, text, to, count, seed, bert)
        mark(out, strip)
        return {**seen, "film": strip.name}

    def teach_painter(
        self, source: Path | None, out: Path, bert: Path | None = None, **asked: Value
    ) -> Work[dict[str, Value]]:
        """A painter that learns in the folder `out`, for so long in all; begun before, it goes on. `asked` are minutes, l1, features
        and seed. Raises BadInput, NotReady, NoRoom."""
        return taught_painter(source, timetable(asked), out, bert)

    def look_inside(self, prompt: str, out: Path, **asked: Any) -> Work[dict[str, Any]]:
        """The plates of an anatomy and its lesson in the folder `out`. Raises BadInput, BadPhoto, NotFound, NotReady, NoRoom."""
        self._guard.words([prompt], ())
        found = yield from looked_inside(self.settings, prompt, out, **asked)
        made = {"lesson.pdf", found["picture"], *(name for part in found["parts"] for name in part["files"])}
        mark(*(out / name for name in sorted(made) if name.endswith((".png", ".pdf"))))
        return found

    def _ask(self, kind: Kind, asked: dict[str, Value], given: Sequence[tuple[str, Given | None]] = ()) -> str:
        """Takes the pictures through the door, notes the experiment and asks the worker for it."""
        from ..photos.door import take_in

        files = {name: take_in(*file) for name, file in given if file}
        one = self._experiments.begin(kind, asked, files)
        self._queue.submit("lab", one.id)
        return one.id

    def _experiment(self, id: str) -> Work[None]:
        return self._repaint_book(id) if self._experiments.get(id).kind == "book" else self._laboratory.do(id)

    def _repaint_book(self, id: str) -> Work[None]:
        """Page after page; what is painted stays where this is stopped. When all are there, a copy of the book gets them."""
        from ..lab.sheet import sheet

        one, folder = self._experiments.get(id), self._experiments.folder(id)
        book = self._library.book(str(one.asked["book"]))
        drawn = [page.picture for page in book.pages if page.picture]
        pictures = [read_rgb(self._library.pictures(book.id) / name) for name in drawn]
        missing = [number for number, name in enumerate(drawn) if not (folder / name).is_file()]
        style, asked = (
            read_rgb(self._experiments.given(id)[0]),
            asked_of({"side_px": max(pictures[0].shape), **one.asked}),
        )
        for progress, number, painted in repaint_pages(pictures, style, asked, missing):
            if painted is not None:
                write_png(folder / drawn[number], painted)
            yield progress
        pairs = [(read_rgb(folder / name), "") for name in drawn]
        sheet(pairs, folder / SHEET)
        if not one.over:
            copy = self._hung(book, folder, str(one.asked["copy"]))
            done: dict[str, Value] = {"book": copy.id, "pages": len(drawn)}
            self._experiments.change(id, lambda now: replace(now, files=(SHEET, *drawn), figures=done))

    def _hung(self, book: Book, folder: Path, title: str) -> Book:
        """A copy of the book with these pictures in place of its own, which nothing that draws made."""
        copy = self._library.duplicate(book.id, title, datetime.now(UTC).isoformat(timespec="seconds"))
        place = self._library.pictures(copy.id)
        for old in (*place.glob("*.print.png"), *self._library.thumbnails(copy.id).glob("*")):
            old.unlink()
        shutil.rmtree(self._library.measures(copy.id), ignore_errors=True)
        for name in (page.picture for page in book.pages if page.picture):
            atomic_write(place / name, (folder / name).read_bytes())
            seal(place / name)
        bare = tuple(replace(page, origin=None) for page in copy.pages)
        return self._library.change(copy.id, lambda now: replace(now, pages=bare))

    @property
    def _experiments(self) -> Experiments:
        return Experiments(self.settings)

    @property
    def _laboratory(self) -> Laboratory:
        return Laboratory(self.settings, self._experiments)


def _taken(path: Path) -> np.ndarray:
    """A picture from a file, through the door, uint8 [h, w, 3]. Raises NotFound, BadPhoto."""
    from ..photos.door import take_in

    if not path.is_file():
        raise NotFound("There is no picture '{name}'. Check how it is called and where it lies.", name=path.name)
    return read_rgb(io.BytesIO(take_in(path.name, path.read_bytes())))
