"""The lab's bench: an experiment that was asked for is done, and what comes of it lies in its folder and is noted in its record."""

from __future__ import annotations

import io
import shutil
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from ..errors import NotFound
from ..files import atomic_write, private_folder
from ..lab.sheet import sheet as laid_sheet
from ..library.experiments import Experiment, Experiments, Value
from ..models.table import base_model
from ..progress import Progress, Work
from ..settings import Settings
from . import domains, stock
from .repainting import COLUMNS, Going, Repainted, asked_of, repaint

if TYPE_CHECKING:
    import numpy as np

    from ..lab.schooling import Timetable

GENERATOR, RESULT, PREVIEW, STRIP = "generator.safetensors", "result.png", "preview.jpg", "strip.png"
SHEET = "sheet.png"
SENTENCES = (  # of the samples while it learns
    "a red flower with a yellow centre",
    "a blue flower with a white centre on a cream background",
    "six round pink petals around a brown centre, a green background",
    "a purple flower with an orange centre on a dark background",
    "bông hoa màu vàng với nhụy nâu trên nền xanh dương",
)
FRAMES = 9  # of a film


@dataclass(frozen=True, slots=True)
class Laboratory:
    """Where experiments of one home are done."""

    settings: Settings
    experiments: Experiments

    def do(self, id: str) -> Work[None]:
        """What the experiment asks for; done again it goes on, or begins anew and comes to the same. Raises NotFound and what
        each raises."""
        one = self.experiments.get(id)
        works = {"style": self._style, "flowers": self._flowers, "school": self._school, "anatomy": self._anatomy}
        began = time.monotonic()
        files, figures = yield from works[one.kind](one, self.experiments.folder(id))
        figures = {"seconds": round(time.monotonic() - began, 1), **figures}
        self.experiments.change(id, lambda now: replace(now, files=tuple(files), figures=figures))
        for checkpoint in self.experiments.folder(id).glob("checkpoint-*"):  # what has come to its end does not go on
            shutil.rmtree(checkpoint)

    # Pictures repainted

    def _style(self, one: Experiment, folder: Path) -> Work[tuple[list[str], dict[str, Value]]]:
        given = {path.stem: path for path in self.experiments.given(one.id)}
        styles = sorted(name for name in given if name.startswith("style"))
        weights = [float(one.asked.get(f"weight {name}", 1.0)) for name in styles]
        mask = read_rgb(given["mask"])[..., 0] if "mask" in given else None
        work = repaint(
            read_rgb(given["content"]), [read_rgb(given[name]) for name in styles], weights, asked_of(one.asked), mask
        )
        found = yield from shown(work, folder)
        write_png(folder / RESULT, found.picture)
        if not found.sheet:
            return [RESULT], found.figures
        titles = {name: str(one.asked.get(f"title {name}", name)) for _, name in found.sheet}
        laid_sheet([(picture, titles[name]) for picture, name in found.sheet], folder / SHEET, columns=COLUMNS)
        return [RESULT, SHEET], found.figures

    # Flowers

    def _flowers(self, one: Experiment, folder: Path) -> Work[tuple[list[str], dict[str, Value]]]:
        asked = dict(one.asked)
        painter = self.painter(str(asked.pop("school", "")))
        figures = yield from painted_flowers(painter, folder / RESULT, folder / STRIP, **asked)  # type: ignore[arg-type]
        return [RESULT, STRIP], figures

    def painter(self, school: str) -> Path:
        """The file of the generator that a schooling made, or of the one that comes with the studio. Raises NotFound."""
        from ..lab.florist import OWN

        if not school:
            return OWN
        path = self.experiments.folder(school) / GENERATOR
        if not path.is_file():
            raise NotFound(
                "The painter '{id}' has not learnt anything yet. Train it first, or choose another.", id=school
            )
        return path

    def _school(self, one: Experiment, folder: Path) -> Work[tuple[list[str], dict[str, Value]]]:
        source = one.asked.get("dataset", "")
        data = domains.dataset(self.settings, str(source)) if source else None
        set_folder = self.settings.datasets / data.id if data else None
        figures = yield from taught_painter(set_folder, timetable(one.asked), folder)
        samples = sorted(path.name for path in (folder / "samples").glob("*.png"))
        shutil.copyfile(folder / "samples" / samples[-1], folder / RESULT)
        return [GENERATOR, RESULT], figures

    # Inside the model

    def _anatomy(self, one: Experiment, folder: Path) -> Work[tuple[list[str], dict[str, Value]]]:
        from ..lab.anatomy.dissection import dissected
        from ..lab.anatomy.record import Question
        from ..models.loading import load_pipeline

        asked = dict(one.asked)
        model = base_model(str(asked.pop("model", "pocket")))
        yield Progress(0, 100, "loading the model")
        photo = next(iter(self.experiments.given(one.id)), None)
        question = Question(photo=read_rgb(photo) if photo else None, **asked)  # type: ignore[arg-type]
        anatomy = yield from dissected(load_pipeline(model, self.settings), question, folder)
        return [file for part in anatomy.parts for file in part.files], {"parts": len(anatomy.parts)}


def shown(work: Work[Repainted], folder: Path) -> Work[Repainted]:
    """The work, whose pictures on the way lie in the folder as preview.jpg until it is over."""
    try:
        with closing(work):
            while True:
                step = next(work)
                if isinstance(step, Going) and step.picture is not None:
                    write_preview(folder, step.picture)
                yield step
    except StopIteration as end:
        return cast(Repainted, end.value)
    finally:
        (folder / PREVIEW).unlink(missing_ok=True)


def painted_flowers(
    painter: Path,
    out: Path,
    strip: Path,
    text: str,
    to: str = "",
    count: int = 12,
    seed: int = 1,
    bert: Path | None = None,
) -> Work[dict[str, Value]]:
    """Flowers of one sentence as a sheet, and a film strip to the sentence `to`, or without one from noise to noise; what the flower
    judge sees in them. Sentences are read by pocket's encoder, or by the `bert` in a folder. Raises BadInput, NoRoom."""
    from ..lab.embedding import bert_reader
    from ..lab.florist import Florist, grid

    yield Progress(0, 3, "reading the words")
    florist = Florist(painter, bert_reader(bert) if bert else None)
    yield Progress(1, 3, "painting")
    flowers, wide = florist.paint(text, count, seed), min(count, 6)
    write_png(out, grid([flowers[at : at + wide] for at in range(0, count, wide)]))
    yield Progress(2, 3, "a film of it")
    frames = florist.film(text, to, FRAMES, seed) if to else florist.wander(text, FRAMES, seed)
    write_png(strip, grid([frames], 96, 4))
    yield Progress(3, 3)
    return seen_in(flowers)


def taught_painter(
    source: Path | None, table: Timetable, folder: Path, bert: Path | None = None
) -> Work[dict[str, Value]]:
    """Trains a painter on a folder of captioned pictures, or on drawn flowers where there is none, and keeps it in the folder as
    generator.safetensors; what was measured by name. Raises BadInput, NotReady, NoRoom."""
    from ..lab.blossoms import lessons
    from ..lab.embedding import bert_reader, pocket_reader
    from ..lab.florist import keep_generator
    from ..lab.garden import garden
    from ..lab.schooling import schooled

    reader = bert_reader(bert) if bert else pocket_reader()
    left_out: dict[str, int] = {}
    if source:
        learnt, found = yield from lessons(reader, source)
        left_out, shown = found.told, [captions[0] for captions in found.captions[: len(SENTENCES)]]
    else:
        learnt, shown = (yield from garden(reader)), [*SENTENCES]
    school = yield from schooled(replace(learnt, shown=reader(shown)), table, folder)
    keep_generator(folder / GENERATOR, school.average, school.shape)
    return {
        **left_out,
        "pictures": len(learnt),
        "steps": school.step,
        "generator loss": round(sum(school.losses[-100:]) / len(school.losses[-100:]), 3),
        "critic loss": round(sum(school.doubts[-100:]) / len(school.doubts[-100:]), 3),
        "learning seconds": round(school.seconds, 1),
    }


def looked_inside(
    settings: Settings,
    prompt: str,
    out: Path,
    photo: Path | None = None,
    checkpoint: Path | None = None,
    model: str = "pocket",
    seed: int = 1,
    steps: int = 20,
    guidance: float = 0.0,
    language: str = "en",
) -> Work[dict[str, Any]]:
    """Plates and lesson.pdf in the folder `out`; which plates there are and what was measured, part by part. A `checkpoint` is a
    single file of Stable Diffusion 1.x with vocab.json and merges.txt beside it. Raises BadInput, BadPhoto, NotReady, NoRoom."""
    from ..lab.anatomy.dissection import dissected
    from ..lab.anatomy.explanation import known
    from ..lab.anatomy.lesson import lesson
    from ..lab.anatomy.record import Question, summary
    from ..models.loading import load_pipeline
    from ..photos.door import take_in

    known(language)
    pixels = read_rgb(io.BytesIO(take_in(photo.name, photo.read_bytes()))) if photo else None
    with TemporaryDirectory() as room:
        base, words = base_model(model), None
        if checkpoint:
            settings, words = replace(settings, home=Path(room)), _words_beside(checkpoint)
            base = yield from stock.bring(checkpoint, checkpoint.stem, settings)
        question = Question(prompt, seed, steps, guidance or base.guidance, photo=pixels)
        yield Progress(0, 100, "loading the model")
        pipeline = load_pipeline(base, settings)
        pipeline.tokenizer = words or pipeline.tokenizer
        found = yield from dissected(pipeline, question, out)
    lesson(out, out / "lesson.pdf", language)
    return {"model": checkpoint.name if checkpoint else base.key, **summary(found)}


def _words_beside(checkpoint: Path) -> Any:
    """The tokenizer in vocab.json and merges.txt beside a single file; None where they do not lie there. Raises BadInput."""
    from ..lab.anatomy.vocabulary import tokenizer_from

    vocab, merges = (checkpoint.with_name(name) for name in ("vocab.json", "merges.txt"))
    return tokenizer_from(vocab.read_bytes(), merges.read_bytes()) if vocab.is_file() and merges.is_file() else None


def timetable(asked: Mapping[str, Value]) -> Timetable:
    """How a painter is taught, from what was asked by name: minutes, l1, features, seed."""
    import torch

    from ..lab.schooling import Timetable
    from ..models.device import processor

    terms: dict[Any, float] = {name: float(asked[name]) for name in ("l1", "features") if asked.get(name)}
    return Timetable(
        steps=10**6,
        seconds=60.0 * float(asked.get("minutes", 5)),
        width=int(asked.get("width", 32)),
        terms=terms,
        seed=int(asked.get("seed", 0)),
        bfloat16=processor().drawing_dtype == torch.bfloat16,
    )


def seen_in(flowers: Sequence[np.ndarray]) -> dict[str, Value]:
    """What the flower judge reads in painted flowers: the commonest colour of petals, centre and ground, and in what share."""
    import numpy as np
    import torch

    from ..lab.botanist import QUESTIONS, load_botanist, read_back

    pixels = torch.from_numpy(np.stack(flowers)).permute(0, 3, 1, 2).float() / 127.5 - 1
    seen = read_back(load_botanist(), pixels)
    figures: dict[str, Value] = {}
    for name in QUESTIONS:
        [(word, times)] = Counter(one[name] for one in seen).most_common(1)
        figures |= {name: word, f"{name} share": round(times / len(seen), 3)}
    return figures


def write_png(path: Path, pixels: np.ndarray) -> Path:
    """Writes uint8 [h, w, 3]. Raises NoRoom."""
    return atomic_write(path, _encoded(pixels, "PNG"))


def write_preview(folder: Path, pixels: np.ndarray) -> Path:
    """Writes what the picture looks like so far. Raises NoRoom."""
    return atomic_write(private_folder(folder) / PREVIEW, _encoded(pixels, "JPEG"))


def _encoded(pixels: np.ndarray, format: str) -> bytes:
    from PIL import Image

    raw = io.BytesIO()
    Image.fromarray(pixels).save(raw, format)
    return raw.getvalue()


def read_rgb(path: Path | io.BytesIO) -> np.ndarray:
    """A picture that came through the door, uint8 [h, w, 3]."""
    import numpy as np
    from PIL import Image

    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))
