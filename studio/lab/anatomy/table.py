"""What lies on the table while a model is taken apart: the question, and what has been found so far."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from ...files import atomic_write
from ...progress import Progress
from .canvas import Plate
from .course import Step, Told, noise_for
from .mirror import decoded
from .record import PICTURE, Question
from .solvers import COUNTS, SOLVERS
from .words import Words, read_states, read_words

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

MOMENTS = 5  # steps that are shown where not all can be
NOISY = 7  # pictures under growing noise
ALWAYS = 4 + NOISY  # things to do beside the steps: words, noise, sheets, attention, writing


@dataclass
class Table:
    """`views` are the latents after each step, decoded; `expected` the clean picture at each step; uint8 [h, w, 3]."""

    pipeline: StableDiffusionPipeline
    question: Question
    folder: Path
    steps: list[Step] = field(default_factory=list)
    views: list[np.ndarray] = field(default_factory=list)
    expected: list[np.ndarray] = field(default_factory=list)
    finished: int = 0

    @property
    def total(self) -> int:
        asked, steps = self.question, self.question.steps
        guided, photo = (steps + 1) * (asked.guidance > 1), asked.photo is not None
        return 3 * steps + guided + photo + (len(SOLVERS) * sum(COUNTS) + 1) * asked.solvers + ALWAYS

    def done(self, note: str) -> Progress:
        self.finished += 1
        return Progress(self.finished, self.total, note)

    @cached_property
    def words(self) -> Words:
        return read_words(self.pipeline.tokenizer, self.question.prompt)

    @cached_property
    def told(self) -> Told:
        wanted, unwanted = (read_states(self.pipeline, text) for text in (self.question.prompt, self.question.negative))
        return Told(wanted, unwanted, self.question.guidance)

    @cached_property
    def noise(self) -> torch.Tensor:
        return noise_for(self.pipeline, self.question.seed)

    @property
    def picture(self) -> np.ndarray:
        """The finished one, uint8 [h, w, 3]."""
        return self.views[-1]

    @property
    def moments(self) -> list[int]:
        """The places of a few steps, the first and the last among them."""
        last = self.question.steps - 1
        return sorted({round(last * at / (MOMENTS - 1)) for at in range(MOMENTS)})

    def pixels(self, latents: torch.Tensor) -> np.ndarray:
        return decoded(self.pipeline, latents)

    def keep(self, name: str, plate: Plate) -> str:
        """Writes a plate, whole or not at all; gives its name. Raises NoRoom."""
        atomic_write(self.folder / name, plate.png())
        return name

    def keep_picture(self) -> None:
        raw = io.BytesIO()
        Image.fromarray(self.picture).save(raw, "PNG")
        atomic_write(self.folder / PICTURE, raw.getvalue())
