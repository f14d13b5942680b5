"""How the lab's own networks are made from nothing: `python -m studio.lab.making BUILD`, about an hour on two cores.

The eye, the decoder of the quick way, the flower judge and the painter of flowers go to `assets/lab`. A part that is in the build folder
is not made again, and one that was begun goes on.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from ..files import private_folder
from ..models.device import processor
from ..progress import Progress, Work, finish
from ..settings import ASSETS
from .botanist import teach_botanist
from .embedding import pocket_reader
from .features import own_eye
from .florist import keep_generator
from .garden import garden
from .schooling import Timetable, schooled
from .sight import PATTERNS, SCENES, lessons, teach_eye
from .teaching import teach_decoder

LAB = ASSETS / "lab"
EYE_S, DECODER_STEPS = 600.0, 800
PAINTER = Timetable(steps=5600, width=32, terms={"l1": 10.0, "features": 1.0})


def make_all(build: Path, out: Path = LAB) -> None:
    """Makes what is missing in `build` and copies all of it to `out`."""
    parts: Mapping[str, Callable[[Path], Work[object]]] = {
        "eye": _eye,
        "decoder": _decoder,
        "botanist": lambda build: teach_botanist(build / "botanist.safetensors"),
        "gan": _painter,
    }
    for name, make in parts.items():
        file = f"{name}.safetensors"
        if not (build / file).is_file():
            finish(make(build), partial(_tell, name))
        shutil.copyfile(build / file, private_folder(out) / file)


def _tell(name: str, step: Progress) -> None:
    sys.stderr.write(f"{name} {step.done}/{step.total} {step.note}\n")


def _half() -> bool:
    return processor().drawing_dtype == torch.bfloat16


def _eye(build: Path) -> Work[Path]:
    return (yield from teach_eye(build, EYE_S, _half()))


def _decoder(build: Path) -> Work[Path]:
    """Scenes plain and redrawn are what is shown; redrawn ones and textures are how it is painted."""
    pictures, answers = yield from lessons(build, SCENES, PATTERNS)
    planes = pictures.transpose(0, 3, 1, 2)
    contents, styles = (np.ascontiguousarray(some) for some in (planes[:SCENES], planes[answers[:, 0] != 0]))
    yield from teach_decoder(own_eye(build / "eye.safetensors"), contents, styles, DECODER_STEPS, build / "decoder")
    return Path(shutil.copyfile(build / "decoder" / "decoder.safetensors", build / "decoder.safetensors"))


def _painter(build: Path) -> Work[Path]:
    learnt = yield from garden(pocket_reader())
    school = yield from schooled(learnt, replace(PAINTER, bfloat16=_half()), build / "gan")
    return keep_generator(build / "gan.safetensors", school.average, school.shape)


if __name__ == "__main__":
    make_all(Path(sys.argv[1]))
