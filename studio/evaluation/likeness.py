"""How like pictures are to somebody: what the image half of the pocket CLIP sees in them, and their colours.

Both look at the subject alone, cut out and laid on grey, so that neither the place nor the time of day counts for
likeness. A figure for comparison: two photos of the same character are as like as a perfect drawing can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..photos.spotter import spot
from ..settings import ASSETS

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

CLIP = ASSETS / "pocket" / "clip"
SIDE_PX = 128
MARGIN = 0.06  # of the subject's longer side, left free around it
GREY = 128
BINS = (6, 10, 10)  # of lightness and the two axes of colour, CIELAB
SOFT = 1.0  # bins over which a colour is spread: the light of an evening moves it by about one
THUMB_PX = 24
HEAT = 25.0  # of the softmax; the pair learnt with one that grew from 15
LEAST = 0.01  # share of the picture; of less, nobody is there


@dataclass(frozen=True, slots=True)
class Impression:
    """What was seen of the subjects of n pictures: `seen` float32 [n, 256] of length 1, `colours` float32 [n, bins] that
    sum to 1, `whole` float32 [n, 256] of the pictures with all that is in them, and thumbnails of these, `layout` and
    `mirrored` float32 [n, 1728], of mean 0 and length 1."""

    seen: np.ndarray
    colours: np.ndarray
    whole: np.ndarray
    layout: np.ndarray
    mirrored: np.ndarray


class Eyes:
    """The image half of the pocket CLIP, loaded once."""

    def __init__(self, clip: Path = CLIP) -> None:
        import torch
        from transformers import CLIPVisionModelWithProjection

        self._clip = CLIPVisionModelWithProjection.from_pretrained(clip, local_files_only=True, dtype=torch.float32)
        self._clip.eval()

    def look(self, pictures: list[np.ndarray], masks: list[np.ndarray] | None = None) -> Impression:
        """The subjects of pictures uint8 [height, width, 3], of any sizes. Where `masks`, bool [height, width], are not
        known, the pictures are drawn ones and the spotter looks for them."""
        masks = [spotted(picture) for picture in pictures] if masks is None else masks
        cut = [_alone(picture, mask) for picture, mask in zip(pictures, masks, strict=True)]
        colours = np.stack([softened_colours(picture, mask) for picture, mask in zip(pictures, masks, strict=True)])
        whole = self._embedded([_small(picture) for picture in pictures])
        layout = np.stack([_thumbnail(picture) for picture in pictures])
        mirrored = np.stack([_thumbnail(picture[:, ::-1]) for picture in pictures])
        return Impression(self._embedded(cut), colours, whole, layout, mirrored)

    def read(self, pipeline: StableDiffusionPipeline, texts: Sequence[str]) -> np.ndarray:
        """What the pipeline's text encoder makes of texts, float32 [n, 256] of length 1; zeros unless it is pocket's, whose
        text and image halves learnt together (arXiv:2103.00020)."""
        import torch

        if pipeline.text_encoder.config.hidden_size != self._clip.config.projection_dim:
            return np.zeros((len(texts), self._clip.config.projection_dim), np.float32)
        words = pipeline.tokenizer(
            list(texts), padding="max_length", truncation=True, max_length=pipeline.tokenizer.model_max_length,
            return_tensors="pt",
        )  # fmt: skip
        with torch.no_grad():
            told = pipeline.text_encoder(words.input_ids.to(pipeline.text_encoder.device)).pooler_output.float()
        return torch.nn.functional.normalize(told, dim=1).cpu().numpy()

    def _embedded(self, pictures: list[np.ndarray]) -> np.ndarray:
        import torch

        pixels = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0)
        with torch.no_grad():
            both = self._clip(pixels).image_embeds + self._clip(pixels.flip(3)).image_embeds  # sides do not count
        return torch.nn.functional.normalize(both, dim=1).numpy()


def spotted(picture: np.ndarray) -> np.ndarray:
    """The mask, bool [height, width], of whoever is in a drawn picture; all of it where nobody is seen."""
    mask = spot(picture) > 0.5
    return mask if mask.mean() > LEAST else np.ones_like(mask)


def matching(drawn: Impression, asked: np.ndarray) -> np.ndarray:
    """How surely each picture would be given its own words among all of `asked`, float [n] in 0..1.

    `asked` float32 [m, 256] of length 1, m ≥ n: the words of the pictures, in their order, and then words of other scenes
    with the same subject, who so counts for nothing. A hero with blue hair fits "a girl" less well than any girl does, and
    that is no disobedience; neither is it that a large hero hides much of the garden.
    """
    fits = HEAT * (drawn.whole @ asked.T)
    chances = np.exp(fits - fits.max(1, keepdims=True))
    return np.diag(chances) / chances.sum(1)


def likeness(some: Impression, others: Impression) -> np.ndarray:
    """Of each picture to the others, float [n] in 0..1: the mean of what CLIP and the colours say."""
    return pairs(some, others).mean(1)


def own_likeness(photos: Impression) -> float:
    """Between two photos of the same, 0..1; 1 where there is only one."""
    count = len(photos.seen)
    return float((pairs(photos, photos).sum() - count) / (count * (count - 1))) if count > 1 else 1.0


def pairs(some: Impression, others: Impression) -> np.ndarray:
    """Likeness of each to each, float [n, m] in 0..1."""
    seen = (some.seen @ others.seen.T).clip(0, 1)
    colours = np.minimum(some.colours[:, None], others.colours[None]).sum(2)
    return (seen + colours) / 2


def copying(drawn: Impression, photos: Impression) -> np.ndarray:
    """How closely each drawn picture repeats one photo, float [n] in 0..1: the correlation of the two as small thumbnails,
    mirrored or not.

    CLIP takes any garden for a copy of the photo in the garden; what repeats a photo has the same things in the same places.
    """
    return (drawn.layout @ np.concatenate([photos.layout, photos.mirrored]).T).max(1).clip(0, 1)


def _alone(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The subject on grey, as large as fits, uint8 [128, 128, 3]."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    cut = np.where(mask[box][..., None], picture[box], GREY).astype(np.uint8)
    side = round(max(cut.shape[:2]) * (1 + 2 * MARGIN))
    square = np.full((side, side, 3), GREY, np.uint8)
    top, left = (side - cut.shape[0]) // 2, (side - cut.shape[1]) // 2
    square[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
    return _small(square)


def _small(picture: np.ndarray) -> np.ndarray:
    import cv2

    way = cv2.INTER_AREA if min(picture.shape[:2]) > SIDE_PX else cv2.INTER_CUBIC
    return cv2.resize(picture, (SIDE_PX, SIDE_PX), interpolation=way)


def _thumbnail(picture: np.ndarray) -> np.ndarray:
    """The picture on 24 × 24 px, its mean taken away, as a direction float32 [1728]."""
    import cv2

    tiny = cv2.resize(picture, (THUMB_PX, THUMB_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
    bare = (tiny - tiny.mean((0, 1))).ravel()
    return bare / max(1e-6, float(np.linalg.norm(bare)))


def softened_colours(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A softened histogram of the subject's colours, float32 [bins] that sums to 1."""
    import cv2

    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[mask]
    found: Any = np.histogramdd(lab, BINS, [(0, 100), (-90, 90), (-90, 90)])[0]
    for axis in range(3):
        found = _softened(found, axis)
    return (found / max(found.sum(), 1e-9)).astype(np.float32).ravel()  # a subject that nobody can see has no colours


def _softened(table: np.ndarray, axis: int) -> np.ndarray:
    """The table spread along an axis by a bell of `SOFT` bins."""
    at = np.arange(table.shape[axis])
    bell = np.exp(-(((at[:, None] - at[None]) / SOFT) ** 2) / 2)
    return np.moveaxis(np.tensordot(bell / bell.sum(0), table, (1, axis)), 0, axis)
