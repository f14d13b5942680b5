"""Draws what is missing: one model, loaded once, and the adapters that each picture asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ..adapters.shelf import Shelf
from ..adapters.wearing import Clothes, wearing
from ..errors import BadAdapter, BadInput, NotReady
from ..models.device import best_device
from ..models.loading import load_pipeline, model_folder
from ..models.table import BaseModel
from ..progress import Progress, Work
from ..settings import Settings
from .conditioning import Conditioning
from .denoising import Denoising
from .drawing import Drawing
from .finish import finished
from .picture import is_drawn, save_picture
from .samplers import check_sampler

if TYPE_CHECKING:
    import torch
    from diffusers import StableDiffusionPipeline

MOST_STEPS = 200
MOST_GUIDANCE = 30.0
MIDDLE = 0.5  # of the steps, after which late weights count: who and where is settled then, how it is painted is not
LONGEST_SIDES = 2  # times the model's native size
DRAFTS = Path("drafts", "adapter.safetensors")  # in the model's folder


class Illustrator:
    """Draws with one base model. One `draw` at a time, because adapters are worn by the model itself."""

    def __init__(self, model: BaseModel, settings: Settings) -> None:
        self.model = model
        self._settings = settings
        self._shelf = Shelf(settings)
        self._pipeline: StableDiffusionPipeline = None
        self._words: Conditioning  # made with the pipeline
        self._drawing = False

    def draw(self, drawings: Sequence[Drawing], folder: Path, names: Sequence[str]) -> Work[tuple[Path, ...]]:
        """Draws those of `drawings` whose file `folder/name` is not there yet; gives all the paths in order.

        Yields Progress in pictures: after each picture the first `done` files are there; between two pictures the note
        tells the step. Closing it between two steps leaves whole files only and the base model bare.
        Raises BadInput, BadAdapter, NotFound, NotReady, NoRoom; pictures drawn before are kept.
        """
        for drawing in drawings:
            self._check(drawing)
        paths = tuple(folder / name for name in names)
        jobs = list(zip(drawings, paths, strict=True))
        total = len(jobs)
        yield Progress(0, total, "looking for pictures already drawn")
        missing = [number for number, (drawing, path) in enumerate(jobs) if not is_drawn(drawing, path)]
        if missing:
            yield Progress(missing[0], total, "waking the model")
            yield from self._draw_missing([(number, *jobs[number]) for number in missing], total)
        yield Progress(total, total, "all drawn")
        return paths

    def _draw_missing(self, jobs: Sequence[tuple[int, Drawing, Path]], total: int) -> Generator[Progress, None, None]:
        if self._drawing:
            raise RuntimeError("an Illustrator draws one sequence at a time")
        self._drawing = True
        try:
            self._wake()
            for _, group in groupby(jobs, key=lambda job: _clothes(job[1])):
                first, *others = group
                with self._dressed(first[1]) as clothes:
                    for number, drawing, path in (first, *others):
                        yield from self._draw_one(drawing, path, number, total, clothes)
        finally:
            self._drawing = False

    def _wake(self) -> None:
        if self._pipeline is None:
            self._pipeline = load_pipeline(self.model, self._settings, best_device().drawing_dtype)
            self._words = Conditioning(self._pipeline)

    def _dressed(self, drawing: Drawing) -> AbstractContextManager[Clothes]:
        """The model in what the drawing wears."""
        worn, drafts = self._tensors(drawing.worn), self._drafts(drawing.draft)
        late = (*drawing.late, *(weight for _, weight in drafts)) if drawing.late else ()
        limited = {
            path: self.model.style_blocks
            for (path, _), (adapter, *_) in zip(worn, drawing.worn, strict=True)
            if adapter in drawing.style_only
        }
        return wearing(self._pipeline.unet, [*worn, *drafts], self.model.key, late, limited)

    def _tensors(self, worn: tuple[tuple[str, str, float], ...]) -> list[tuple[Path, float]]:
        """The files of the adapters, each proved to be the one that the drawing's key speaks of."""
        found = []
        for adapter, sha256, weight in worn:
            path = self._shelf.tensors_path(adapter)
            if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                raise BadAdapter(
                    "The adapter '{adapter}' has changed since this picture was asked for. "
                    "Ask for the picture again; pictures drawn before are safe.",
                    adapter=adapter,
                )
            found.append((path, weight))
        return found

    def _drafts(self, draft: bool) -> list[tuple[Path, float]]:
        """The model's few-step LoRA, when a draft is asked for."""
        path = model_folder(self.model, self._settings) / DRAFTS
        if draft and not path.is_file():
            raise NotReady("{model} has no drafts. Draw without --draft; nothing was changed.", model=self.model.title)
        return [(path, 1.0)] if draft else []

    def _draw_one(
        self, drawing: Drawing, path: Path, number: int, total: int, clothes: Clothes
    ) -> Generator[Progress, None, None]:
        denoising = Denoising(self._pipeline, self._words, drawing)
        drafts = [weight for _, weight in self._drafts(drawing.draft)]
        if drawing.late:
            clothes.weigh([*(weight for *_, weight in drawing.worn), *drafts])
        for step in denoising:
            if drawing.late and step == round(MIDDLE * drawing.steps):
                clothes.weigh([*drawing.late, *drafts])
            yield Progress(number, total, f"step {step} of {drawing.steps}")
        pixels = denoising.pixels()
        _check_finite(pixels, drawing)
        save_picture(finished((pixels * 255).round().byte().numpy(), drawing.finish), drawing, path)
        yield Progress(number + 1, total, f"picture {number + 1} of {total}")

    def _check(self, drawing: Drawing) -> None:
        """Raises BadInput for numbers that this model cannot draw with."""
        if drawing.model != self.model.key:
            raise ValueError(f"a drawing for {drawing.model} was given to the illustrator of {self.model.key}")
        check_sampler(drawing.sampler)
        self._check_size(drawing)
        if drawing.style_only and not self.model.style_blocks:
            raise BadInput(
                "Nobody knows which blocks of {model} hold the style. Wear all of '{adapter}'.",
                model=self.model.title,
                adapter=drawing.style_only[0],
            )
        if not 1 <= drawing.steps <= MOST_STEPS:
            raise BadInput(
                "'{steps}' steps cannot be drawn. Give 1 to {most}; 24 is usual.", steps=drawing.steps, most=MOST_STEPS
            )
        if not 0.0 <= drawing.guidance <= MOST_GUIDANCE:
            raise BadInput(
                "A guidance of '{guidance}' cannot be used. Give 0 to {most:g}; 5 is usual.",
                guidance=drawing.guidance,
                most=MOST_GUIDANCE,
            )
        if not 0 <= drawing.seed < 2**63:
            raise BadInput(
                "The seed '{seed}' cannot be used. Give a whole number from 0 up, such as 1.", seed=drawing.seed
            )

    def _check_size(self, drawing: Drawing) -> None:
        native, unit = self.model.native_size_px, self.model.size_unit_px
        longest = LONGEST_SIDES * native
        if any(side % unit or not unit <= side <= longest for side in (drawing.width, drawing.height)):
            raise BadInput(
                "A picture of {width} x {height} px cannot be drawn by {model}. "
                "Give sides of {unit} to {longest} px that divide by {unit}; {native} is best.",
                width=drawing.width,
                height=drawing.height,
                model=self.model.title,
                unit=unit,
                longest=longest,
                native=native,
            )


def _clothes(drawing: Drawing) -> tuple[object, ...]:
    """What has to be put on for the drawing."""
    return drawing.worn, drawing.late, drawing.style_only, drawing.draft


def _check_finite(pixels: torch.Tensor, drawing: Drawing) -> None:
    if pixels.isfinite().all():
        return
    if drawing.worn:
        adapter, _, weight = max(drawing.worn, key=lambda worn: abs(worn[2]))  # the one most likely at fault
        raise BadAdapter(
            "No picture came out with '{adapter}' at {weight:g}. Give smaller weights; pictures drawn before are safe.",
            adapter=adapter,
            weight=weight,
        )
    raise BadInput(
        "No picture came out with a guidance of '{guidance}' and the sampler '{sampler}'. "
        "Try a guidance of 5 and the sampler 'ddim'; pictures drawn before are safe.",
        guidance=drawing.guidance,
        sampler=drawing.sampler,
    )
