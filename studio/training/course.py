"""One whole training, from lessons to `adapter.safetensors` and `report.json`; a character and a style differ only in these.

The adapter of a character is that of the best moment, which need not be the last.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import vault
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
from .crew import crew
from .gallery import Gallery, moments, tensors
from .loop import fit
from .lora import put_on, quicken
from .moment import best
from .objective import make_objective
from .probe import Probe, Sitting
from .recipe import Recipe
from .report import write_report

if TYPE_CHECKING:
    from peft import LoraConfig

TENSORS = "adapter.safetensors"
ARCHITECTURES = {
    "pocket": "storybook-studio-pocket",
    "sd": "stable-diffusion-v1",
    "sdxl": "stable-diffusion-xl-v1-base",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is taught and how. `prior` are phrases, and `kept` pictures with theirs, whose meaning the model
    shall keep beside the plain phrases of the lessons.

    With a `sitting`, the subject is looked at while they are taught.
    """

    card: AdapterCard
    lessons: tuple[Lesson, ...]
    prior: tuple[str, ...]
    recipe: Recipe
    seed: int
    kept: tuple[Lesson, ...] = ()
    sitting: Sitting | None = None

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
    course = replace(course, recipe=course.recipe.shared(crew().size))
    identity = course.identity(model_revision(model, settings))
    checkpoints = Checkpoints(private_folder(folder), identity)
    if resume:
        checkpoints.latest()  # another training's is refused now, not after minutes of preparation
    else:
        checkpoints.clear()
    yield Progress(0, course.recipe.steps, "opening the model")
    config, last, before = yield from _taught(course, model, settings, folder, checkpoints)
    hung = moments(folder) if course.sitting and crew().leads else ()
    words = modelspec(course.card, model)
    path = folder / TENSORS
    sys.audit("studio.training.ended")
    if hung:
        vault.write(path, vault.read(tensors(folder, best(hung).step)))
    else:
        save_adapter(path, last.factors, config, model.key, words)
    sys.audit("studio.training.adapter")
    write_report(folder, identity, last.losses, last.seconds, hung, before)
    sys.audit("studio.training.report")
    return path


def _taught(
    course: Course, model: BaseModel, settings: Settings, folder: Path, checkpoints: Checkpoints
) -> Work[tuple[LoraConfig, Checkpoint, float]]:
    """The LoRA's configuration, its last checkpoint, and how like the subject the bare model draws them."""
    recipe, seed = course.recipe, course.seed
    pipeline = load_pipeline(model, settings)
    conditioning = yield from condition(pipeline, course.lessons, course.prior, recipe, seed, course.kept)
    unet, scheduler = pipeline.unet, pipeline.scheduler
    quicken(unet)
    probe = Probe(pipeline, model, course.sitting) if course.sitting and crew().leads else None
    del pipeline  # the text encoder has done its part, and without a sitting the autoencoder too
    objective = make_objective(scheduler, recipe.snr_gamma, unet.device)
    known = yield from remember(unet, conditioning, objective, recipe, seed)
    config = put_on(unet, course.card, recipe, seed)
    gallery = Gallery(folder, probe, config, model.key, modelspec(course.card, model)) if probe else None
    batches = Batches(conditioning, objective, recipe, seed, known)
    last = yield from fit(unet, batches, objective, recipe, checkpoints, gallery)
    return config, last, probe.before if probe else 0.0


def modelspec(card: AdapterCard, model: BaseModel) -> dict[str, str]:
    """What other studios read of a LoRA in its header (Stability AI's model metadata standard 1.0.1); no photo and nobody is named."""
    called = f"{card.trigger} {card.class_word}".strip()
    return {
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.architecture": f"{ARCHITECTURES[model.family]}/lora",
        "modelspec.implementation": "diffusers",
        "modelspec.title": called if card.kind == "subject" else card.title,
        "modelspec.trigger_phrase": called,
        "modelspec.resolution": f"{model.native_size_px}x{model.native_size_px}",
    }


def fingerprint(lessons: Sequence[Lesson]) -> str:
    """A hash of the pictures' and masks' bytes and of the phrases; file names do not count. Raises BadPhoto."""
    digest = hashlib.sha256()
    for lesson in lessons:
        try:
            for file in (lesson.picture, lesson.mask):
                digest.update(hashlib.sha256(vault.read(file) if file else b"").digest())
        except OSError as error:
            raise BadPhoto(
                "The picture '{name}' cannot be read. Add it again; the others are safe.", name=lesson.picture.name
            ) from error
        digest.update(json.dumps(lesson.phrases).encode())
    return digest.hexdigest()
