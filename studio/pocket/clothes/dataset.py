"""The set on disk: `images/` and `captions.jsonl`, a line for each picture with its file, its caption and its attributes."""

from __future__ import annotations

import json
import random
from pathlib import Path

from ...files import atomic_write, private_folder
from ...progress import Progress, Work
from .caption import caption
from .outfit import Outfit, attributes, outfits
from .picture import draw

EVERY = 20  # pictures between two reports
# Half square, a quarter portrait, a quarter landscape, so that training meets pictures of several shapes.
SIZES = ((256, 256), (256, 384), (320, 320), (384, 256), (256, 256), (256, 320), (256, 256), (320, 256))


def write_clothes(folder: Path, count: int, seed: int = 0) -> Work[Path]:
    """Draws `count` pictures with captions into `folder`; about 40 ms each. Gives the file of captions, written last."""
    rng = random.Random(f"captions {seed}")
    images = private_folder(folder / "images")
    lines: list[str] = []
    for index, outfit in enumerate(outfits(seed, count)):
        path = images / f"clothes-{index:05d}.png"
        _save(outfit, size_px(index), path)
        row = {"file": path.relative_to(folder).as_posix(), "caption": caption(outfit, rng), **attributes(outfit)}
        lines.append(json.dumps(row))
        if (index + 1) % EVERY == 0:
            yield Progress(index + 1, count, "drawing clothes")
    yield Progress(count, count, "drawing clothes")
    return atomic_write(folder / "captions.jsonl", "\n".join(lines) + "\n")


def size_px(index: int) -> tuple[int, int]:
    """Width and height of the picture with that number."""
    return SIZES[index % len(SIZES)]


def _save(outfit: Outfit, size: tuple[int, int], path: Path) -> None:
    from PIL import Image

    Image.fromarray(draw(outfit, *size)).save(path, compress_level=4)
