"""The moments of a training on disk: each can be looked at, and worn in place of the one that the studio chose.

`moments/000040/` holds adapter.safetensors (in float16, as LoRAs are passed on), 1.jpg, 2.jpg … and moment.json.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from .. import vault
from ..adapters.tensors import save_adapter
from ..files import atomic_folder, atomic_write
from .lora import factors
from .moment import Moment, hopeless

if TYPE_CHECKING:
    import numpy as np
    from diffusers import UNet2DConditionModel
    from peft import LoraConfig

    from .probe import Probe

ROOM, RECORD, TENSORS = "moments", "moment.json", "adapter.safetensors"
QUALITY = 88  # of the JPEGs, about 15 KB each at 256 px


class Gallery:
    """Hangs a moment whenever it is asked to, in `folder/moments`."""

    def __init__(self, folder: Path, probe: Probe, config: LoraConfig, model: str, words: Mapping[str, str]) -> None:
        self._folder, self._probe, self._config, self._model, self._words = folder, probe, config, model, words

    def go_on_from(self, step: int) -> None:
        """Takes down what was hung after that step: it will be drawn again, the same."""
        for place in (self._folder / ROOM).glob("*"):
            if not place.name.isdigit() or int(place.name) > step:
                shutil.rmtree(place)

    def hang(self, unet: UNet2DConditionModel, step: int) -> None:
        """Looks at the hero as the UNet draws them now and keeps what there is to see. Raises NoRoom."""
        moment, pictures = self._probe.look(unet, step)
        halves = {name: factor.detach().half() for name, factor in factors(unet).items()}
        with atomic_folder(self._folder / ROOM / f"{step:06}") as part:
            save_adapter(part / TENSORS, halves, self._config, self._model, self._words)
            sys.audit("studio.moment.adapter")
            for number, picture in enumerate(pictures, 1):
                vault.write(part / f"{number}.jpg", jpeg(picture))
            sys.audit("studio.moment.samples")
            atomic_write(part / RECORD, json.dumps(asdict(moment)))
        sys.audit("studio.moment.hung")

    def hopeless(self, steps: int) -> bool:
        """Whether a training of so many steps only gets worse."""
        return hopeless(moments(self._folder), steps)


def moments(folder: Path) -> tuple[Moment, ...]:
    """Those of the training in `folder`, the earliest first."""
    return tuple(Moment(**json.loads(path.read_text())) for path in sorted((folder / ROOM).glob(f"[0-9]*/{RECORD}")))


def samples(folder: Path, step: int) -> tuple[Path, ...]:
    """The pictures that were drawn at that moment."""
    return tuple(sorted((folder / ROOM / f"{step:06}").glob("*.jpg")))


def tensors(folder: Path, step: int) -> Path:
    """The adapter as it was at that moment."""
    return folder / ROOM / f"{step:06}" / TENSORS


def jpeg(picture: np.ndarray) -> bytes:
    """The bytes of a picture uint8 [height, width, 3] as it is kept in a moment."""
    from PIL import Image

    written = io.BytesIO()
    Image.fromarray(picture).save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
