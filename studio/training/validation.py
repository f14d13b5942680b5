"""How well a training on captioned pictures does on pictures that it never learns from, and when to end it.

The noise and the times are the same at every look, so that two looks differ by what was learnt and by nothing else.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ..adapters.tensors import save_adapter
from ..files import atomic_folder, atomic_write
from .batches import Batch, answer, chance
from .captioned import noisy_batch, read_for
from .examples import Example
from .fitting import Fitting
from .gallery import ROOM, TENSORS, jpeg
from .latents import Latents
from .lora import factors
from .objective import Objective
from .recipe import Recipe
from .sketch import Sketches

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline, UNet2DConditionModel
    from peft import LoraConfig

    from .conditioning import Texts

RECORD = "check.json"
MOST = 64  # pictures that are looked at; more tell the same
TIMES = (0.1, 0.3, 0.5, 0.7, 0.9)  # of the way to nothing but noise
TOGETHER = 8
SEED = 8
SAMPLES = 4
SAMPLE_STEPS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The error on pictures that were kept back after `step` steps: mean of squares, mean of sizes, and the standard
    deviation of the squares from picture to picture."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    step: int
    mse: float
    mae: float
    std: float


@dataclass(frozen=True, slots=True)
class Kept:
    """The pictures that are kept back, and their latents."""

    examples: Sequence[Example]
    latents: Latents

    def batches(self, pipeline: StableDiffusionPipeline, objective: Objective, trigger: str) -> Iterator[Batch]:
        """All of them at all times, in batches of one size each."""
        import torch

        source = chance(SEED, 0, 0)
        for bucket, members in self.latents.examples.items():
            for at in range(0, len(members), TOGETHER):
                some = range(at, min(at + TOGETHER, len(members)))
                mean = torch.from_numpy(self.latents.at(bucket, [one * self.latents.variants for one in some]))[:, 0]
                said = [said_of(self.examples[members[one]], trigger) for one in some]
                texts = read_for(pipeline, said, bucket)
                for time in TIMES:
                    noise = torch.randn(mean.shape, generator=source).to(pipeline.unet.device)
                    times = torch.full((len(mean),), int(time * objective.times))
                    yield noisy_batch(objective, texts, mean.to(pipeline.unet.device), noise, times)


def said_of(one: Example, trigger: str) -> str:
    """The first caption of a picture, with the trigger."""
    return ", ".join(filter(None, [one.captions[0], trigger]))


class Validation:
    """Watches a training: looks every so many steps, keeps what it was like then, and says when it is enough."""

    def __init__(
        self,
        folder: Path,
        batches: Sequence[Batch],
        sketches: Sketches,
        texts: Texts,
        config: LoraConfig,
        model: str,
        words: Mapping[str, str],
        recipe: Recipe,
        fitting: Fitting,
    ) -> None:
        self._folder, self._batches, self._sketches, self._texts = folder, batches, sketches, texts
        self._config, self._model, self._words = config, model, words
        self._recipe, self._fitting = recipe, fitting

    def go_on_from(self, step: int) -> None:
        """Forgets what was seen after that step: it will be seen again, the same."""
        for place in (self._folder / ROOM).glob("*"):
            if not place.name.isdigit() or int(place.name) > step:
                shutil.rmtree(place)

    def hang(self, unet: UNet2DConditionModel, step: int) -> None:
        """Looks, if it is time to, and keeps the adapter, the errors and some pictures. Raises NoRoom."""
        place = self._folder / ROOM / f"{step:06}"
        if place.is_dir() or (step % self._fitting.validate_every and step != self._recipe.steps):
            return
        found = checked(unet, self._batches, step)
        halves = {name: factor.detach().half() for name, factor in factors(unet).items()}
        pictures = self._sketches.draw(unet, self._texts)
        with atomic_folder(place) as part:
            if step:
                save_adapter(part / TENSORS, halves, self._config, self._model, self._words)
            for number, picture in enumerate(pictures, 1):
                atomic_write(part / f"{number}.jpg", jpeg(picture))
            atomic_write(part / RECORD, json.dumps(asdict(found)))

    def hopeless(self, steps: int) -> bool:
        """Whether the last few cycles brought no gain."""
        return exhausted(checks(self._folder), self._recipe, self._fitting)


def checked(unet: UNet2DConditionModel, batches: Sequence[Batch], step: int) -> Check:
    """The errors of the UNet as it is now."""
    import torch

    squares, sizes = [], []
    for batch in batches:
        with torch.no_grad():
            apart = answer(unet, batch.texts, batch.noisy, batch.times, batch.rows) - batch.target
        squares.append(apart.square().mean((1, 2, 3)))
        sizes.append(apart.abs().mean((1, 2, 3)))
    each, size = torch.cat(squares), torch.cat(sizes)
    numbers = (each.mean(), size.mean(), each.std(correction=0))
    mse, mae, std = (round(float(number), 6) for number in numbers)
    return Check(step=step, mse=mse, mae=mae, std=std)


def exhausted(found: Sequence[Check], recipe: Recipe, fitting: Fitting) -> bool:
    """Whether as many finished cycles as the patience were all no better than what came before, by `min_delta` at least.

    A cycle counts by its best check: where the rate jumps up again the error does too, for a while, and that is no reason to
    give up.
    """
    done = recipe.cycles_done(found[-1].step) if found else 0
    least: dict[int, float] = {}
    for one in found:
        cycle = recipe.cycle_of(one.step)
        if 0 <= cycle < done:
            least[cycle] = min(one.mse, least.get(cycle, math.inf))
    errors = list(least.values())
    former, latest = errors[: -fitting.patience], errors[-fitting.patience :]
    return bool(former) and min(latest) > min(former) - fitting.min_delta


def checks(folder: Path) -> tuple[Check, ...]:
    """Those of the training in `folder`, the earliest first."""
    return tuple(Check(**json.loads(path.read_text())) for path in sorted((folder / ROOM).glob(f"[0-9]*/{RECORD}")))


def best(found: Sequence[Check]) -> Check:
    """The one with the smallest error after anything was learnt. Raises ValueError for none."""
    return min((one for one in found if one.step), key=lambda one: one.mse)
