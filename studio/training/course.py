"""One whole training, from lessons to `adapter.safetensors` and `report.json`; a character and a style differ only in these."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..adapters.card import AdapterCard
from ..adapters.tensors import save_adapter
from ..errors import BadPhoto
from ..files import private_folder
from ..models.loading import load_pipeline, model_revision
from ..models.table import BaseModel
from ..progress import Progress, Work
from ..settings import Settings
from .batches import Batches, remember
from .checkpoint import Checkpoint, Checkpoints
from .conditioning import Lesson, condition
from .loop import fit
from .lora import put_on
from .objective import make_objective
from .recipe import Recipe
from .report import write_report

if TYPE_CHECKING:
    from peft import LoraConfig

TENSORS = "adapter.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is taught and how. `prior` are phrases, and `kept` pictures with theirs, whose meaning the model shall keep."""

    card: AdapterCard
    lessons: tuple[Lesson, ...]
    prior: tuple[str, ...]
    recipe: Recipe
    seed: int
    kept: tuple[Lesson, ...] = ()

    def identity(self, revision: str) -> dict[str, Any]:
        """What makes this training this one; a checkpoint of another is refused."""
        card = self.card
        return {
            "model": card.base_model,
            "revision": revision,
            "pictures": fingerprint((*self.lessons, *self.kept)),
            "card": {"trigger": card.trigger, "class_word": card.class_word, "rank": card.rank, "alpha": card.alpha},
            "recipe": asdict(self.recipe),
            "seed": self.seed,
        }


def take_course(course: Course, model: BaseModel, settings: Settings, folder: Path, resume: bool) -> Work[Path]:
    """Trains and gives the path of the adapter in `folder`. Progress counts optimizer steps; closing the work stops it
    and keeps the last checkpoint. Raises BadPhoto, BadAdapter, BadInput, NotReady, NoRoom.
    """
    identity = course.identity(model_revision(model, settings))
    checkpoints = Checkpoints(private_folder(folder), identity)
    if resume:
        checkpoints.latest()  # another training's is refused now, not after minutes of preparation
    else:
        checkpoints.clear()
    yield Progress(0, course.recipe.steps, "opening the model")
    config, last = yield from _taught(course, model, settings, checkpoints)
    path = save_adapter(folder / TENSORS, last.factors, config, model.key)
    write_report(folder, identity, last.losses, last.seconds)
    return path


def _taught(
    course: Course, model: BaseModel, settings: Settings, checkpoints: Checkpoints
) -> Work[tuple[LoraConfig, Checkpoint]]:
    """The LoRA's configuration and its last checkpoint."""
    recipe, seed = course.recipe, course.seed
    pipeline = load_pipeline(model, settings)
    conditioning = yield from condition(pipeline, course.lessons, course.prior, recipe, seed, course.kept)
    unet, scheduler = pipeline.unet, pipeline.scheduler
    del pipeline  # the autoencoder and the text encoder have done their part
    objective = make_objective(scheduler, recipe.snr_gamma, unet.device)
    known = yield from remember(unet, conditioning, objective, recipe, seed)
    config = put_on(unet, course.card, recipe, seed)
    batches = Batches(conditioning, objective, recipe, seed, known)
    last = yield from fit(unet, conditioning, batches, objective, recipe, checkpoints)
    return config, last


def fingerprint(lessons: Sequence[Lesson]) -> str:
    """A hash of the pictures' bytes and phrases; file names do not count. Raises BadPhoto."""
    digest = hashlib.sha256()
    for lesson in lessons:
        try:
            digest.update(hashlib.sha256(lesson.picture.read_bytes()).digest())
        except OSError as error:
            raise BadPhoto(
                "The picture '{name}' cannot be read. Add it again; the others are safe.", name=lesson.picture.name
            ) from error
        digest.update(json.dumps(lesson.phrases).encode())
    return digest.hexdigest()
