"""Sizes to learn at: a picture goes to the one nearest its own shape and is cut to it, never stretched.

As NovelAI's aspect ratio bucketing: all sizes have about as many pixels as the base model's own square, so a batch of any of
them takes as long and as much memory, and every one is on the model's grid.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from ..models.table import BaseModel

if TYPE_CHECKING:
    from PIL import Image

LONGEST = 2.0  # times as long as wide; longer pictures lose their ends
NEAREST = 1.12  # by how much a cut may be nearer than it must be


@dataclass(frozen=True, slots=True, order=True)
class Bucket:
    """A size in px, both sides on the model's grid."""

    width: int
    height: int

    @property
    def shape(self) -> float:
        """The logarithm of width by height: 0 for a square, and as far from it upright as lying."""
        return math.log(self.width / self.height)


def buckets(model: BaseModel) -> tuple[Bucket, ...]:
    """The sizes for a base model, the tallest first: of each width the largest height within the pixels of its square."""
    side, unit = model.native_size_px, model.size_unit_px
    widths = range(unit, 2 * side + unit, unit)
    found = (Bucket(width, side * side // width // unit * unit) for width in widths)
    upright = {one for one in found if one.height and one.height >= one.width and one.height <= LONGEST * one.width}
    lying = {Bucket(one.height, one.width) for one in upright}
    return tuple(sorted(upright | lying, key=lambda one: one.shape))


def bucket_of(width: int, height: int, known: Sequence[Bucket]) -> Bucket:
    """The size whose shape is nearest."""
    shape = math.log(width / height)
    return min(known, key=lambda one: abs(one.shape - shape))


def fitted(picture: Image.Image, bucket: Bucket, variant: int, flip: bool, seed: int) -> Image.Image:
    """Cut number `variant` at the bucket's size: number 0 from the middle, others a little nearer and anywhere, half of them
    mirrored if `flip`. The same arguments give the same cut."""
    from PIL import Image

    chance = Random(f"{seed}/{variant}/{picture.width}x{picture.height}")
    near = chance.uniform(1.0, NEAREST) if variant else 1.0
    scale = near * max(bucket.width / picture.width, bucket.height / picture.height)
    width, height = bucket.width / scale, bucket.height / scale
    across, down = (chance.random(), chance.random()) if variant else (0.5, 0.5)
    left, top = across * (picture.width - width), down * (picture.height - height)
    box = (max(0.0, left), max(0.0, top), min(left + width, picture.width), min(top + height, picture.height))
    cut = picture.resize((bucket.width, bucket.height), Image.Resampling.LANCZOS, box)
    mirrored = flip and variant and chance.random() < 0.5
    return cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else cut
