"""The last fifth of the way by SDXL's refiner, which was taught the fine end of it only (arXiv 2307.01952, section 2.5).

Both networks share latents and noise, so that the refiner simply takes over where little noise is left; the sampler goes on as
if nothing had happened. Adapters are worn by the base model, which draws who and what; the refiner wears none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import BadInput
from ..models.loading import model_folder
from ..models.placing import works_on
from ..models.table import REFINER, BaseModel
from ..settings import Settings
from .conditioning import Conditioning
from .drawing import Drawing
from .guidance import Guidance

if TYPE_CHECKING:
    import torch

    from .denoising import Predictor

REFINED = 0.2  # of the noise, from which on the refiner draws
BEAUTY, NO_BEAUTY = 6.0, 2.5  # the marks that it was taught pictures with; for the wanted and the unwanted


class Refining:
    """Predicts with the base model, and with the refiner as soon as a fifth of the noise is left."""

    def __init__(
        self, pipeline: Any, words: Conditioning, drawings: Sequence[Drawing],
        predictor: Callable[..., Predictor], refiner: Any,
    ) -> None:  # fmt: skip
        self._base = predictor(pipeline, words, drawings)
        self._fine = Guidance(refiner, RefinerWords(refiner), drawings)
        self._turn = REFINED * pipeline.scheduler.config.num_train_timesteps

    def __call__(self, latents: torch.Tensor, time: torch.Tensor, step: int) -> torch.Tensor:
        predict = self._fine if float(time) < self._turn else self._base
        return predict(latents, time, step)


class RefinerWords(Conditioning):
    """Texts as the refiner reads them: it is told a mark for beauty in place of the size that is wanted."""

    def _sizes(self, drawing: Drawing, rows: int) -> torch.Tensor:
        import torch

        told = [[drawing.height, drawing.width, 0, 0, mark] for mark in (NO_BEAUTY, BEAUTY)]
        each = torch.tensor(told, dtype=self._pipeline.unet.dtype, device=works_on(self._pipeline))
        return each.repeat_interleave(rows // 2, 0) if drawing.guided else each[1:].repeat(rows, 1)


def check_refined(drawing: Drawing, model: BaseModel, settings: Settings) -> None:
    """Raises BadInput for a model that the refiner was not made for, NotReady when it is not here."""
    if not drawing.refined:
        return
    if model.family != "sdxl":
        raise BadInput(
            "The refiner was made for Stable Diffusion XL and does not fit {model}. Draw without --refine; nothing was "
            "changed.",
            model=model.title,
        )
    model_folder(REFINER, settings)
