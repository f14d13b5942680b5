"""Teaching the model a domain or a style from captioned pictures: the whole way from a prepared set to an adapter.

What it leaves in its folder: stored latents, checkpoints while it goes on, a moment with pictures at every look, `report.json`
and `curves.svg`. The adapter is that of the look with the smallest error on pictures that were never learnt from.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..adapters.card import AdapterCard
from ..files import atomic_write, private_folder
from ..models.loading import load_pipeline, model_revision
from ..models.table import BaseModel
from ..progress import Progress, Work
from ..settings import Settings
from .buckets import Bucket, bucket_of, buckets
from .captioned import CaptionedBatches, read_for
from .checkpoint import Checkpoint, Checkpoints
from .course import TENSORS, modelspec
from .crew import crew
from .curves import CURVES, write_curves
from .examples import Examples
from .fitting import Fitting
from .gallery import tensors
from .latents import stored
from .loop import fit
from .lora import put_on, quicken
from .objective import make_objective
from .report import REPORT, write_report
from .sketch import Sketches
from .validation import MOST, SAMPLE_STEPS, SAMPLES, Kept, Validation, best, checks, said_of

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What is taught: pictures with captions, and how."""

    card: AdapterCard
    examples: Examples
    fitting: Fitting
    seed: int = 0

    def identity(self, model: BaseModel, revision: str) -> dict[str, Any]:
        """What makes this training this one; a checkpoint of another is refused."""
        card = self.card
        return {
            "model": model.key,
            "revision": revision,
            "pictures": self.examples.fingerprint(),
            "card": {"trigger": card.trigger, "class_word": "", "rank": card.rank, "alpha": card.alpha},
            "recipe": asdict(self.fitting.recipe(model).shared(crew().size))
            | {"captions": asdict(self.fitting), "buckets": self.sizes(model)},
            "seed": self.seed,
        }

    def sizes(self, model: BaseModel) -> dict[str, int]:
        """How many pictures are learnt at which size."""
        found = Counter(bucket_of(one.width, one.height, buckets(model)) for one in self.examples.taught)
        return {f"{one.width}x{one.height}": count for one, count in sorted(found.items())}


def fit_domain(domain: Domain, model: BaseModel, settings: Settings, folder: Path, resume: bool = False) -> Work[Path]:
    """Trains and gives the path of the adapter in `folder`. Progress counts optimizer steps; closing the work stops it and
    keeps the last checkpoint. Raises BadInput, BadAdapter, NotReady, NoRoom.
    """
    yield Progress(0, domain.fitting.steps, "opening the model")
    identity = domain.identity(model, model_revision(model, settings))
    checkpoints = Checkpoints(private_folder(folder), identity)
    if resume:
        checkpoints.latest()  # another training's is refused now, not after minutes of preparation
    else:
        checkpoints.clear()
        for former in (REPORT, CURVES):
            (folder / former).unlink(missing_ok=True)
    last = yield from _taught(domain, model, settings, folder, checkpoints, identity)
    path = folder / TENSORS
    if not crew().leads:  # it learnt its part, and the leader tells
        return path
    found = checks(folder)
    chosen = best(found)
    atomic_write(path, tensors(folder, chosen.step).read_bytes())
    more = {
        "pictures": len(domain.examples.taught),
        "kept_back": len(domain.examples.kept),
        "checks": [asdict(one) for one in found],
        "best": chosen.step,
        "ended_early": len(last.losses) < identity["recipe"]["steps"],
    }
    write_report(folder, identity, last.losses, last.seconds, more=more)
    write_curves(folder, last.losses, found)
    checkpoints.clear()  # there is nothing to go on with
    return path


def _taught(
    domain: Domain,
    model: BaseModel,
    settings: Settings,
    folder: Path,
    checkpoints: Checkpoints,
    identity: dict[str, Any],
) -> Work[Checkpoint]:
    """The last checkpoint of the training."""
    recipe, examples = domain.fitting.recipe(model).shared(crew().size), domain.examples
    pipeline = load_pipeline(model, settings, quantised=domain.fitting.quantised)
    key = f"{identity['pictures']} {identity['revision']}"
    taught = yield from stored(pipeline, examples.taught, model, recipe, folder / "taught", key, domain.seed)
    looked = examples.kept[:MOST]
    kept = yield from stored(pipeline, looked, model, recipe, folder / "kept", key, domain.seed)
    quicken(pipeline.unet)
    objective = make_objective(pipeline.scheduler, recipe.snr_gamma, pipeline.unet.device)
    lessons = CaptionedBatches(
        pipeline, examples.taught, taught, objective, domain.fitting, recipe.batch, domain.card.trigger, domain.seed
    )
    config = put_on(pipeline.unet, domain.card, recipe, domain.seed)
    held = tuple(Kept(looked, kept).batches(pipeline, objective, domain.card.trigger))
    sketches = Sketches(pipeline, model, domain.fitting.guidance, SAMPLE_STEPS)
    watcher = Validation(
        folder, held, sketches, _samples(pipeline, domain, model), config, model.key,
        modelspec(domain.card, model), recipe, domain.fitting,
    )  # fmt: skip
    if crew().leads and not checkpoints.latest():
        watcher.go_on_from(-1)
        watcher.hang(pipeline.unet, 0)
    return (yield from fit(pipeline.unet, lessons, objective, recipe, checkpoints, watcher if crew().leads else None))


def _samples(pipeline: StableDiffusionPipeline, domain: Domain, model: BaseModel) -> Any:
    """What is drawn at every look: captions of pictures that were kept back, after the empty text."""
    said = [said_of(one, domain.card.trigger) for one in domain.examples.kept[:SAMPLES]]
    return read_for(pipeline, ["", *said], Bucket(model.native_size_px, model.native_size_px))
