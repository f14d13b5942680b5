"""Draws what is missing: one model, loaded once, and the adapters that each picture asks for."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import vault
from ..adapters.shelf import Shelf
from ..adapters.wearing import Clothes, wearing
from ..errors import BadAdapter, NoRoom, NotReady, StudioError
from ..models.device import best_device, card_gone
from ..models.loading import load_pipeline, model_folder, network_of
from ..models.memory import MOST_AT_ONCE, MemoryPlan, check_room, plan
from ..models.placing import place
from ..models.table import REFINER, BaseModel
from ..progress import Progress, Work
from ..settings import Settings
from . import preview
from .batching import alike, clothes, groups, portions
from .checking import check_drawing
from .conditioning import Conditioning
from .denoising import Denoising, Predictor
from .drawing import Drawing
from .finish import finished
from .guidance import Guidance
from .newer import Newer, Painting
from .picture import is_drawn
from .refining import Refining, check_refined
from .regions import Regions
from .saving import Saving
from .shortcuts import Shortcuts
from .soundness import is_sound, no_picture
from .starts import read_beginning

if TYPE_CHECKING:
    import torch

MIDDLE = 0.5  # of the steps, after which late weights count: who and where is settled then, how it is painted is not
DRAFTS = Path("drafts", "adapter.safetensors")  # in the model's folder
TOGETHER = 4  # on a graphics card
PREVIEW_S = 1.0  # between two previews of a picture: a small share of the time, however long a step takes


@dataclass(frozen=True, slots=True)
class Job:
    """A picture to draw, and where it goes."""

    drawing: Drawing
    path: Path


class Illustrator:
    """Draws with one base model. One `draw` at a time, because adapters are worn by the model itself."""

    def __init__(self, model: BaseModel, settings: Settings, load: Callable[..., Any] = load_pipeline) -> None:
        self.model = model
        self._settings = settings
        self._load = load
        self._shelf = Shelf(settings)
        self._pipeline: Any = None
        self._refiner: Any = None
        self._plan: MemoryPlan  # made with the pipeline, and so are its words
        self._words: Conditioning
        self._most = MOST_AT_ONCE
        self._drawing = False

    @property
    def at_once(self) -> int:
        """How many pictures are worth asking for together: on a processor one by one is as fast, nearly, and a kill costs one."""
        return 1 if best_device().name == "cpu" else TOGETHER

    def serve(self, settings: Settings) -> None:
        """Wears what is in this home from now on; the model stays in memory, bare between two drawings."""
        self._settings, self._shelf = settings, Shelf(settings)

    def draw(
        self, drawings: Sequence[Drawing], folder: Path, names: Sequence[str], previews: bool = False
    ) -> Work[tuple[Path, ...]]:
        """Draws those of `drawings` whose file `folder/name` is not there yet; gives all the paths in order.

        Pictures that wear the same are drawn together, `previews` first if asked: rough ones of a few steps, where the
        model can. Yields Progress in pictures: `done` of the files are there; in between the note tells the step. Closing it
        leaves whole files only and the base model bare. A picture that is none, black, of one colour or no numbers, is tried
        in another way; when that does not help either, the others are drawn and then it is told.
        Raises BadInput, BadAdapter, NotFound, NotReady, NoRoom; pictures drawn before are kept.
        """
        for drawing in drawings:
            check_drawing(drawing, self.model)
            check_refined(drawing, self.model, self._settings)
        paths = tuple(folder / name for name in names)
        jobs = [Job(drawing, path) for drawing, path in zip(drawings, paths, strict=True)]
        yield Progress(0, len(jobs), "looking for pictures already drawn")
        missing = [job for job in jobs if not is_drawn(job.drawing, job.path)]
        if missing:
            yield Progress(len(jobs) - len(missing), len(jobs), "waking the model")
            with self._at_work(), Saving(len(jobs) - len(missing), len(jobs)) as saving:
                if previews:
                    yield from self._sketch_what_fits(missing, saving)
                yield from self._draw_missing(missing, saving)
        yield Progress(len(jobs), len(jobs), "all drawn")
        return paths

    def sketch(self, drawings: Sequence[Drawing], folder: Path, names: Sequence[str]) -> Work[None]:
        """A rough picture of each that is missing, see `preview`, where the model can; nothing that lasts."""
        jobs = [Job(drawing, folder / name) for drawing, name in zip(drawings, names, strict=True)]
        if missing := [job for job in jobs if not is_drawn(job.drawing, job.path)]:
            yield Progress(0, len(missing), "waking the model")
            with self._at_work():
                yield from self._sketch_what_fits(missing, Saving(0, len(missing)))

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        if self._drawing:
            raise RuntimeError("an Illustrator draws one sequence at a time")
        self._drawing = True
        try:
            self._wake()
            yield
        except RuntimeError as error:
            if gone := card_gone(error):
                self._pipeline = self._refiner = None
                raise gone from error
            raise
        finally:
            self._drawing = False

    def _wake(self) -> None:
        """Loads the model, laid out so that it fits into the memory that is there."""
        if self._pipeline is None:
            self._plan = check_room(plan(self.model, self._settings, count=MOST_AT_ONCE))
            laid = {} if self._plan.mode == "whole" else {"plan": self._plan}
            self._pipeline = self._load(self.model, self._settings, best_device().drawing_dtype, **laid)
            self._words = Conditioning(self._pipeline)
            self._most = self._plan.batch

    def _draw_missing(self, jobs: Sequence[Job], saving: Saving) -> Generator[Progress, None, None]:
        failed: list[Drawing] = []
        for group in groups(jobs, lambda job: clothes(job.drawing)):
            with self._dressed(group[0].drawing) as worn:
                for same in groups(group, lambda job: self._alike(job.drawing)):
                    for some in portions(same, self._most):
                        failed += yield from self._draw_together(some, worn, saving)
        yield from saving.rest()
        if failed:
            raise no_picture(failed[0])

    def _draw_together(
        self, jobs: Sequence[Job], worn: Clothes, saving: Saving
    ) -> Generator[Progress, None, list[Drawing]]:
        """Draws a few jobs at once, and fewer at a time when memory runs out; gives those of which no picture came."""
        poor = None
        try:
            return (yield from self._attempt(jobs, worn, saving))
        except (MemoryError, RuntimeError) as error:  # torch.OutOfMemoryError is a RuntimeError
            poor = _memory_ran_out(error, jobs[0].drawing)
            if poor is None:
                raise
        # Not while the error is handled: its traceback holds on to what has to be let go.
        _let_go()
        if len(jobs) == 1 and not self._step_down():
            raise poor
        self._most = -(-len(jobs) // 2)
        failed = []
        for some in portions(jobs, self._most):
            failed += yield from self._draw_together(some, worn, saving)
        return failed

    def _attempt(self, jobs: Sequence[Job], worn: Clothes, saving: Saving) -> Generator[Progress, None, list[Drawing]]:
        failed = []
        pixels = yield from self._pixels(jobs, worn, saving)
        for job, picture in zip(jobs, pixels, strict=True):
            if not is_sound(picture):
                picture = yield from self._otherwise(job, worn, saving)
            if is_sound(picture):
                image = finished((picture * 255).round().byte().numpy(), job.drawing.finish)
                yield saving.save(image, job.drawing, job.path)
            else:
                preview.forget(job.path)
                failed.append(job.drawing)
        return failed

    def _otherwise(self, job: Job, worn: Clothes, saving: Saving) -> Generator[Progress, None, torch.Tensor]:
        """The picture drawn alone, without shortcuts and in full precision: what half precision overflows, this may hold."""
        import torch

        network: Any = network_of(self._pipeline)
        usual = network.dtype
        # A newer network twice as large would seldom fit, and one that comes layer by layer keeps its weights elsewhere.
        widened = self.model.network == "unet" and self._plan.mode != "layers"
        network.to(torch.float32 if widened else usual)
        try:
            whole = replace(job, drawing=replace(job.drawing, fast=False))
            (picture,) = yield from self._pixels([whole], worn, saving)
        finally:
            network.to(usual)
        return picture

    def _pixels(
        self, jobs: Sequence[Job], worn: Clothes, saving: Saving
    ) -> Generator[Progress, None, list[torch.Tensor]]:
        first = jobs[0].drawing
        drafts, denoising = [weight for _, weight in self._drafts(first.draft)], self._begun(jobs, worn)
        shown = time.monotonic()
        early, late = [*(weight for *_, weight in first.worn), *drafts], [*first.late, *drafts]
        if first.late:
            worn.weigh(late if denoising.skipped >= round(MIDDLE * first.steps) else early)
        for step in denoising:
            if first.late and step == round(MIDDLE * first.steps):
                worn.weigh(late)
            if time.monotonic() - shown > PREVIEW_S and step < first.steps:
                if (rough := denoising.preview()) is not None:
                    preview.show(rough, jobs[0].path)
                shown = time.monotonic()
            yield saving.progress(f"step {step} of {first.steps}")
        return list(denoising.pixels())

    def _begun(self, jobs: Sequence[Job], worn: Clothes) -> Denoising | Painting:
        """The jobs on their way from noise, as the model's family does it."""
        drawings = [job.drawing for job in jobs]
        if self.model.network == "transformer":
            return Newer(self._pipeline, self.model).begin(drawings)
        beginnings = [read_beginning(job.drawing, job.path.parent) for job in jobs]
        predictor = _predictor(drawings[0], worn)
        if drawings[0].refined:
            usual = Shortcuts if drawings[0].fast else Guidance
            predictor = partial(Refining, predictor=predictor or usual, refiner=self._woken_refiner())
        return Denoising(self._pipeline, self._words, drawings, beginnings, predictor)

    def _woken_refiner(self) -> Any:
        """The refiner, loaded once, into what memory the model left."""
        if self._refiner is None:
            laid = check_room(plan(REFINER, self._settings, count=self._most))
            more = {} if laid.mode == "whole" else {"plan": laid}
            self._refiner = self._load(REFINER, self._settings, best_device().drawing_dtype, **more)
        return self._refiner

    def _alike(self, drawing: Drawing) -> Hashable:
        """What pictures that are drawn together have in common; the newer pipelines take one guidance for all."""
        return alike(drawing), self.model.network == "transformer" and drawing.guidance

    def _step_down(self) -> bool:
        """Lays the model out so that it takes less memory and more time; False when there is no such way."""
        lower = replace(self._plan, batch=1).lower()
        if lower is None:
            return False
        self._plan = lower
        place(self._pipeline, lower, best_device().name)
        return True

    def _sketch_what_fits(self, jobs: Sequence[Job], saving: Saving) -> Generator[Progress, None, None]:
        """Sketches are worth no trouble: when memory runs out, the pictures themselves are begun, and find their own way."""
        try:
            yield from self._sketch(jobs, saving)
        except (MemoryError, RuntimeError) as error:
            if _memory_ran_out(error, jobs[0].drawing) is None:
                raise
        _let_go()

    def _sketch(self, jobs: Sequence[Job], saving: Saving) -> Generator[Progress, None, None]:
        """A rough picture of each in a few steps, to look at until the picture is there; nothing where the model has none."""
        if not self.model.draft_steps or not self._drafts_path().is_file():
            return
        rough = [replace(job, drawing=self._rough(job.drawing)) for job in jobs if not job.drawing.draft]
        for group in groups(rough, lambda job: (clothes(job.drawing), alike(job.drawing))):
            with self._dressed(group[0].drawing):
                for some in portions(group, self._most):
                    denoising = Denoising(self._pipeline, self._words, [job.drawing for job in some])
                    for step in denoising:
                        yield saving.progress(f"sketching, step {step} of {self.model.draft_steps}")
                    for job, pixels in zip(some, denoising.pixels(), strict=True):
                        if is_sound(pixels):
                            preview.show(pixels, job.path)

    def _rough(self, drawing: Drawing) -> Drawing:
        return replace(
            drawing, draft=True, steps=self.model.draft_steps, guidance=1.0, sampler=self.model.sampler,
            late=(), fast=False, start=None, regions=(), finish="",
        )  # fmt: skip

    def _dressed(self, drawing: Drawing) -> AbstractContextManager[Clothes]:
        """The model in what the drawing wears."""
        worn, drafts = self._tensors(drawing.worn), self._drafts(drawing.draft)
        late = (*drawing.late, *(weight for _, weight in drafts)) if drawing.late else ()
        limited = {
            path: self.model.style_blocks
            for (path, _), (adapter, *_) in zip(worn, drawing.worn, strict=True)
            if adapter in drawing.style_only
        }
        return wearing(network_of(self._pipeline), [*worn, *drafts], self.model.key, late, limited)

    def _tensors(self, worn: tuple[tuple[str, str, float], ...]) -> list[tuple[Path, float]]:
        """The files of the adapters, each proved to be the one that the drawing's key speaks of."""
        found = []
        for adapter, sha256, weight in worn:
            path = self._shelf.tensors_path(adapter)
            if hashlib.sha256(vault.read(path)).hexdigest() != sha256:
                raise BadAdapter(
                    "The adapter '{adapter}' has changed since this picture was asked for. "
                    "Ask for the picture again; pictures drawn before are safe.",
                    adapter=adapter,
                )
            found.append((path, weight))
        return found

    def _drafts_path(self) -> Path:
        return model_folder(self.model, self._settings) / DRAFTS

    def _drafts(self, draft: bool) -> list[tuple[Path, float]]:
        """The model's few-step LoRA, when a draft is asked for; none for a model that never takes more steps."""
        if self.model.distilled:
            return []
        if draft and not self._drafts_path().is_file():
            raise NotReady("{model} has no drafts. Draw without --draft; nothing was changed.", model=self.model.title)
        return [(self._drafts_path(), 1.0)] if draft else []


def _predictor(drawing: Drawing, worn: Clothes) -> Callable[..., Predictor] | None:
    """In turns where a drawing has regions; otherwise as usual."""
    if not drawing.regions:
        return None
    return partial(Regions, clothes=worn, predictor=Shortcuts if drawing.fast else Guidance)


def _memory_ran_out(error: Exception, drawing: Drawing) -> StudioError | None:
    """What to tell when memory ran out; None for any other error."""
    import torch

    told = isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "allocate memory" in str(error)
    if not told:
        return None
    return NoRoom(
        "There is not enough memory to draw {width} x {height} px. Close other programs or ask for a smaller picture; "
        "pictures drawn before are safe.",
        width=drawing.width,
        height=drawing.height,
    )


def _let_go() -> None:
    """Gives memory back that nobody uses."""
    import gc

    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
