"""Latents of all cuts of a captioned set, computed once and kept on disk: ten thousand pictures would not fit in memory.

A `.npy` for each size, float16 [cuts, 2, channels, height, width]: mean and spread, from which every step draws anew (the
same distribution as encoding the picture in every step). It is mapped, so that only what a step needs is read.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BadInput, BadPhoto
from ..files import atomic_path, atomic_write, private_folder
from ..models.table import BaseModel
from ..progress import Progress, Work
from .buckets import Bucket, bucket_of, buckets, fitted
from .conditioning import encode_picture, open_picture
from .examples import Example
from .recipe import Recipe

if TYPE_CHECKING:
    import numpy as np
    from diffusers import StableDiffusionPipeline
    from PIL import Image

ROOM, RECORD = "latents", "latents.json"


class Latents:
    """The stored latents of examples, by size and place: `examples[bucket]` are the numbers of those in a bucket, and cut
    `place` of the bucket's file is of the example `place // variants` among them."""

    def __init__(self, folder: Path, examples: dict[Bucket, list[int]], variants: int) -> None:
        self._folder, self.examples, self.variants = folder, examples, variants
        self._open: dict[Bucket, np.ndarray] = {}

    def cuts(self, bucket: Bucket) -> int:
        """How many cuts there are of that size."""
        return len(self.examples[bucket]) * self.variants

    def at(self, bucket: Bucket, places: Sequence[int]) -> np.ndarray:
        """float32 [places, 2, channels, height, width]: means and spreads as the UNet sees them."""
        import numpy as np

        if bucket not in self._open:
            self._open[bucket] = np.load(_file(self._folder, bucket), mmap_mode="r")
        return self._open[bucket][list(places)].astype(np.float32)


def stored(
    pipeline: StableDiffusionPipeline,
    examples: Sequence[Example],
    model: BaseModel,
    recipe: Recipe,
    folder: Path,
    key: str,
    seed: int,
) -> Work[Latents]:
    """The latents of the examples in `folder`, encoded unless they are there under that key, which stands for the pictures
    and the autoencoder. Progress counts no step of training. Raises BadInput, NoRoom."""
    room = private_folder(folder / ROOM)
    by_bucket = _sorted(examples, model)
    variants = {"variants": recipe.variants, "flip": recipe.flip, "seed": seed, "key": key}
    identity = hashlib.sha256(json.dumps(variants, sort_keys=True).encode()).hexdigest()
    latents = Latents(room, by_bucket, recipe.variants)
    if _known(room) == identity:
        return latents
    (room / RECORD).unlink(missing_ok=True)
    done = 0
    for bucket, members in by_bucket.items():
        with atomic_path(_file(room, bucket)) as part:
            for place in _encode(pipeline, [examples[one] for one in members], bucket, recipe, seed, part):
                note = f"looking at picture {done + place} of {len(examples)}"
                yield Progress(0, recipe.steps, note)
        done += len(members)
    sys.audit("studio.latents.written")
    atomic_write(room / RECORD, json.dumps({"version": 1, "identity": identity}))
    sys.audit("studio.latents.recorded")
    return latents


def _sorted(examples: Sequence[Example], model: BaseModel) -> dict[Bucket, list[int]]:
    """The numbers of the examples by the size that they are cut to."""
    known, found = buckets(model), dict[Bucket, list[int]]()
    for number, one in enumerate(examples):
        found.setdefault(bucket_of(one.width, one.height, known), []).append(number)
    return dict(sorted(found.items()))


def _encode(
    pipeline: StableDiffusionPipeline,
    examples: Sequence[Example],
    bucket: Bucket,
    recipe: Recipe,
    seed: int,
    part: Path,
) -> Iterator[int]:
    """Writes the file of a bucket; gives the number of each example, from 1, when its cuts are written."""
    import numpy as np

    channels, factor = pipeline.unet.config.in_channels, pipeline.vae_scale_factor
    shape = (len(examples) * recipe.variants, 2, channels, bucket.height // factor, bucket.width // factor)
    table = np.lib.format.open_memmap(part, mode="w+", dtype=np.float16, shape=shape)
    for place, one in enumerate(examples):
        for variant in range(recipe.variants):
            cut = fitted(_opened(one.picture), bucket, variant, recipe.flip, seed + place)
            mean, spread = encode_picture(pipeline, cut)
            table[place * recipe.variants + variant] = np.stack([mean[0].cpu().numpy(), spread[0].cpu().numpy()])
        yield place + 1
    table.flush()


def _opened(picture: Path) -> Image.Image:
    try:
        return open_picture(picture)
    except BadPhoto as error:
        raise BadInput(
            "The picture '{name}' of the set cannot be read any more. Make the set ready again.", name=picture.name
        ) from error


def _known(room: Path) -> str:
    """Whose latents lie there; nothing when they are not whole."""
    try:
        return str(json.loads((room / RECORD).read_text())["identity"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _file(room: Path, bucket: Bucket) -> Path:
    return room / f"{bucket.width}x{bucket.height}.npy"
