"""The gate of pictures: looks at what another model than pocket drew of a child, and fails closed.

It is the safety checker of Stable Diffusion 1.x, where a person has its weights: a CLIP that measures how near a picture is to 17
notions of what is not for children, and 3 of small children (arXiv 2210.04610 says what those are). It knows nothing of cruelty and
often errs on the safe side; so words are judged first, and a picture that is held back can be drawn again with another seed.

Pocket needs no such gate: it draws nothing but shapes of a closed world, dressed figures among them, all learnt from pictures that
this project drew itself; there is nothing in it that could be shown. Whether its picture is one at all `rendering.soundness` tells.
A picture from elsewhere that a person lays before it keeps what was in it, the more the lower the strength: what comes of it is
looked at where a child is drawn too.

Only the numbers of one .safetensors file are read. Its sizes are told by its tensors; no configuration of a person's is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from ..errors import N_, NotReady
from ..settings import Settings

FILES = ("safety_checker.safetensors", "safety_checker/model.safetensors")  # in the folder of the models
HEAD = 64  # numbers of each head of every CLIP
MEAN, SPREAD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)  # of CLIP's pictures
CHILD_MARGIN = 0.01  # how much sooner a picture is held back that looks like a small child's, as diffusers has it
OLDER_NAMES = (re.compile(r"^vision_model\.vision_model\."), "vision_model.")
MISSING = N_(
    "A child is drawn with '{model}' only when every picture is looked at, and a part for that is missing: the file '{name}' "
    "among the models. Put the safety checker of Stable Diffusion there under that name, or have a grown-up confirm that they "
    "look at the pictures of this model before anyone else. Nothing was drawn; everything is safe."
)
BROKEN = N_(
    "A child is drawn with '{model}' only when every picture is looked at, and the file '{name}' among the models is damaged or "
    "no safety checker. Put it there again, or have a grown-up confirm that they look at the pictures of this model before "
    "anyone else. Nothing was drawn; everything is safe."
)


class Checker:
    """The checker of one home."""

    def __init__(self, settings: Settings) -> None:
        self._place = settings.models

    def check(self, model: str, missing: str = MISSING) -> None:
        """Raises NotReady where the checker is missing or broken; `model` is the title of the one that would draw."""
        path = self._path
        if path is None:
            raise NotReady(missing, model=model, name=FILES[0])
        if not _looks_whole(path):
            raise NotReady(BROKEN, model=model, name=path.name)

    def wake(self, model: str) -> Callable[[Path], bool]:
        """What tells of a picture whether it shows something that is not for children. Raises NotReady as `check` does, and where the
        numbers do not make a checker."""
        self.check(model)
        path = self._path
        found = _loaded(path, path.stat().st_mtime_ns) if path else None
        if found is None:
            raise NotReady(BROKEN, model=model, name=FILES[0])
        return partial(_is_bad, found)

    @property
    def _path(self) -> Path | None:
        return next((self._place / name for name in FILES if (self._place / name).is_file()), None)


def _looks_whole(path: Path) -> bool:
    """Whether the header is one and has the notions in it; the numbers are read when the first picture is there."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "np") as file:
            names = set(file.keys())
            return {"concept_embeds", "concept_embeds_weights", "visual_projection.weight"} <= names
    except (SafetensorError, OSError, ValueError):
        return False


@lru_cache(1)
def _loaded(path: Path, _written: int) -> Any:
    """The checker, or None where the numbers of the file do not make one."""
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        told = {OLDER_NAMES[0].sub(OLDER_NAMES[1], name): one.float() for name, one in load_file(path).items()}
        told = {name: one for name, one in told.items() if not name.endswith("position_ids")}
        checker = StableDiffusionSafetyChecker(_config(told))
        own = {OLDER_NAMES[0].sub(OLDER_NAMES[1], name): name for name in checker.state_dict()}
        own = {name: long for name, long in own.items() if not name.endswith("position_ids")}
        if own.keys() != told.keys() or not all(one.isfinite().all() for one in told.values()):
            return None
        checker.load_state_dict({own[name]: one for name, one in told.items()}, strict=False)
    except (SafetensorError, OSError, KeyError, RuntimeError, ValueError):
        return None
    return checker.eval().requires_grad_(False)


def _config(told: dict[str, Any]) -> Any:
    """The sizes of a CLIP, as its tensors tell them."""
    from transformers import CLIPConfig

    patches = told["vision_model.embeddings.patch_embedding.weight"]
    hidden, _, side, _ = patches.shape
    places = len(told["vision_model.embeddings.position_embedding.weight"]) - 1
    layers = {name.split(".")[3] for name in told if name.startswith("vision_model.encoder.layers.")}
    width = len(told["visual_projection.weight"])
    sizes = {
        "hidden_size": hidden, "intermediate_size": len(told["vision_model.encoder.layers.0.mlp.fc1.weight"]),
        "num_hidden_layers": len(layers), "num_attention_heads": max(1, hidden // HEAD), "patch_size": side,
        "image_size": side * round(places**0.5), "projection_dim": width,
    }  # fmt: skip
    return CLIPConfig(vision_config=sizes, projection_dim=width)


def _is_bad(checker: Any, picture: Path) -> bool:
    """The checker's own rule, without its black picture."""
    import torch
    from torch.nn.functional import normalize

    side = checker.config.vision_config.image_size
    with torch.inference_mode():
        seen = checker.visual_projection(checker.vision_model(_pixels(picture, side))[1])
        near = {
            name: normalize(seen) @ normalize(getattr(checker, name)).T
            for name in ("special_care_embeds", "concept_embeds")
        }
    small = (near["special_care_embeds"] > checker.special_care_embeds_weights).any(dim=1, keepdim=True)
    over = near["concept_embeds"] - checker.concept_embeds_weights + CHILD_MARGIN * small
    return bool((over > 0).any()) or not bool(over.isfinite().all())


def _pixels(picture: Path, side: int) -> Any:
    """A picture as CLIP likes it, float32 [squares, 3, side, side]: its middle, and both ends of one that is not square."""
    import numpy as np
    import torch
    from PIL import Image, ImageOps

    with Image.open(picture, formats=("PNG",)) as opened:
        image = opened.convert("RGB")
    parts = (0.5,) if image.width == image.height else (0.0, 0.5, 1.0)
    squares = [ImageOps.fit(image, (side, side), Image.Resampling.BICUBIC, centering=(at, at)) for at in parts]
    pixels = (np.stack([np.asarray(square, np.float32) for square in squares]) / 255 - MEAN) / SPREAD
    return torch.from_numpy(pixels.astype(np.float32)).permute(0, 3, 1, 2)
