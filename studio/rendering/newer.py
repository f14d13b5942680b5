"""Draws with the newer families, each by the pipeline that diffusers has for it: FLUX.2 klein, Z-Image, Qwen-Image,
Stable Diffusion 3.5, SANA.

They follow a flow with a sampler of their own, and have no UNet: what the studio wrote for UNets (starting from a picture,
regions, shortcuts, LoRAs for few steps) is not for them, and is refused in words.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ..errors import BadInput
from ..models.table import BaseModel
from .drawing import Drawing
from .stepping import Report, stepwise

if TYPE_CHECKING:
    import numpy as np
    import torch

PLAIN_ZERO = ("zimage",)  # families whose pipeline takes every guidance above 0 for one, and not above 1
# Without these SANA would draw the nearest size that it knows and stretch it, and clean prompts with libraries that are not
# here.
SANA = {"use_resolution_binning": False, "clean_caption": False}


class Newer:
    """Draws with one pipeline of a newer family."""

    def __init__(self, pipeline: Any, model: BaseModel) -> None:
        self._pipeline = pipeline
        self._model = model

    def begin(self, drawings: Sequence[Drawing]) -> Painting:
        """The drawings on their way; they have the same size, steps and guidance. Raises BadInput."""
        for drawing in drawings:
            check_newer(drawing, self._model)
        if len({(one.width, one.height, one.steps, one.guidance) for one in drawings}) > 1:
            raise ValueError("drawings of several sizes, steps or guidances cannot be drawn at once")
        return Painting(self._pipeline, self._model, drawings)

    def paint(self, drawings: Sequence[Drawing]) -> Generator[int, None, np.ndarray]:
        """Yields the numbers of the finished steps, from 1; gives the pictures, uint8 [n, height, width, 3], black where no
        numbers came. Raises as `begin`."""
        import torch

        painting = self.begin(drawings)
        yield from painting
        pixels = torch.stack(list(painting.pixels())).nan_to_num(0.0)
        return (pixels * 255).round().byte().numpy()


class Painting:
    """A few pictures on their way: iterate it for the numbers of the finished steps, from 1, then take the pixels."""

    skipped = 0  # steps; a start from a picture would skip some

    def __init__(self, pipeline: Any, model: BaseModel, drawings: Sequence[Drawing]) -> None:
        self._pipeline = pipeline
        self._model = model
        self._pixels: np.ndarray
        self.drawings = drawings

    def __iter__(self) -> Iterator[int]:
        with closing(stepwise(self._call)) as steps:
            self._pixels = yield from steps

    def pixels(self) -> Iterator[torch.Tensor]:
        """The pictures one after another: (height, width, 3) in 0 … 1, float32; NaN where no numbers came."""
        import torch

        yield from torch.from_numpy(self._pixels).float()

    def preview(self) -> None:
        """Nothing: each family packs its latents in another way, and most are done before a preview would be."""

    def _call(self, report: Report) -> np.ndarray:
        def ended(pipeline: Any, step: int, time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            report(step + 1)
            return tensors

        try:
            made = self._pipeline(
                **_asked(self._model.family, self.drawings),
                output_type="np",
                callback_on_step_end=ended,
                callback_on_step_end_tensor_inputs=[],
            )
        finally:
            self._pipeline.maybe_free_model_hooks()  # a pipeline that was stopped leaves its parts on the card
        return made.images


def check_newer(drawing: Drawing, model: BaseModel) -> None:
    """Raises BadInput for what the newer families cannot do."""
    if drawing.sampler != model.sampler:
        raise BadInput(
            "{model} cannot be drawn with the sampler '{sampler}'. Choose '{own}', which is its own.",
            model=model.title,
            sampler=drawing.sampler,
            own=model.sampler,
        )
    if drawing.start:
        raise BadInput(
            "{model} cannot start from a picture or redo a part of one. Choose Stable Diffusion 1.5, XL or Pocket for that; "
            "the picture is kept as it is.",
            model=model.title,
        )
    if drawing.regions:
        raise BadInput(
            "{model} cannot keep characters to their own places in the picture. Choose Stable Diffusion 1.5, XL or Pocket, or "
            "one character for each page.",
            model=model.title,
        )
    if drawing.guided and model.distilled:
        raise BadInput(
            "{model} draws without guidance, and '{guidance}' was asked for. Give 1; what you do not want to see cannot be "
            "told to this model.",
            model=model.title,
            guidance=drawing.guidance,
        )


def _asked(family: str, drawings: Sequence[Drawing]) -> dict[str, Any]:
    """What the family's pipeline is called with."""
    import torch

    first = drawings[0]
    guidance = 0.0 if family in PLAIN_ZERO and not first.guided else first.guidance
    asked: dict[str, Any] = {
        "prompt": [one.prompt for one in drawings],
        "width": first.width,
        "height": first.height,
        "num_inference_steps": first.steps,
        "true_cfg_scale" if family == "qwen" else "guidance_scale": guidance,
        "generator": [torch.Generator("cpu").manual_seed(one.seed) for one in drawings],  # the same on every device
    }
    if first.guided:
        asked["negative_prompt"] = [one.negative for one in drawings]
    return asked | (SANA if family == "sana" else {})
