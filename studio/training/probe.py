"""A look at a hero in training: a few pictures with fixed seeds, and how like, obedient and uncopied they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..models.table import BaseModel
from .conditioning import read_phrases
from .moment import LEAST_GAIN, Moment
from .sketch import Sketches

if TYPE_CHECKING:
    import numpy as np
    from diffusers import StableDiffusionPipeline, UNet2DConditionModel

    from ..evaluation.likeness import Eyes, Impression

OTHERS = 2  # of the sitting are drawn without the trigger too


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a hero is drawn as while they are taught: `prompts` with the trigger, `plain` the same without it,
    `elsewhere` other scenes for which their pictures might be taken, the impression of the photos, and the eyes that had
    it."""

    prompts: tuple[str, ...]
    plain: tuple[str, ...]
    elsewhere: tuple[str, ...]
    photos: Impression
    eyes: Eyes


class Probe:
    """Draws the sitting whenever it is asked to, and judges what came out."""

    def __init__(self, pipeline: StableDiffusionPipeline, model: BaseModel, sitting: Sitting) -> None:
        from ..evaluation.likeness import likeness, matching, own_likeness

        self._sitting, self._eyes = sitting, sitting.eyes
        self._sketches = Sketches(pipeline, model)
        self._texts = read_phrases(pipeline, ["", *sitting.prompts], model.native_size_px)
        plain = read_phrases(pipeline, ["", *sitting.plain], model.native_size_px)
        self._others = read_phrases(pipeline, ["", *sitting.plain[:OTHERS]], model.native_size_px)
        bare = self._eyes.look(self._sketches.draw(pipeline.unet, plain))
        self._asked = self._eyes.read(pipeline, (*sitting.plain, *sitting.elsewhere))
        self._fit = float(matching(bare, self._asked).mean()) if self._asked.any() else 0.0
        self._own = own_likeness(sitting.photos)
        without = likeness(bare, sitting.photos) / self._own
        self.before = float(without.mean())  # without the adapter
        self._alike = float(without[:OTHERS].mean())

    def look(self, unet: UNet2DConditionModel, step: int) -> tuple[Moment, list[np.ndarray]]:
        """What the hero is like after so many steps, and the pictures, uint8 [height, width, 3], that say so."""
        from ..evaluation.likeness import copying, likeness, matching

        pictures = self._sketches.draw(unet, self._texts)
        seen, photos = self._eyes.look(pictures), self._sitting.photos
        like = float(likeness(seen, photos).mean()) / self._own
        others = float(likeness(self._eyes.look(self._sketches.draw(unet, self._others)), photos).mean()) / self._own
        moment = Moment(
            step=step,
            likeness=round(like, 4),
            match=round(float(matching(seen, self._asked).mean()) / self._fit, 4) if self._fit > 0 else 1.0,
            copy=round(float(copying(seen, photos).max()), 4),
            leak=round((others - self._alike) / max(LEAST_GAIN, like - self.before), 4),
        )
        return moment, pictures
