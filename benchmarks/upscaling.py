"""What a page for paper costs: one picture of 256 px enlarged to 1024 px by our upscaler, and by Pillow.

    python -m benchmarks.upscaling

Prints milliseconds on two threads. Least of several runs, because other work only ever adds time. How good each is
stands in the upscaler's card, `assets/pocket/upscaler/card.json`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageFilter
from safetensors.torch import save_file

from studio.rendering.enlarger import WEIGHTS
from studio.rendering.upscaler import SCALE, load_upscaler, new_upscaler, upscale
from studio.settings import ASSETS

RUNS = 15
SIDE_PX = 256


def main() -> None:
    torch.set_num_threads(2)
    model, pixels = _model(), np.random.default_rng(0).integers(0, 255, (SIDE_PX, SIDE_PX, 3), dtype=np.uint8)
    picture, sharp = Image.fromarray(pixels), ImageFilter.UnsharpMask(radius=2, percent=70, threshold=2)
    large = (SCALE * SIDE_PX,) * 2
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: upscale(model, pixels[None]),
        "Pillow, bicubic": lambda: picture.resize(large, Image.Resampling.BICUBIC),
        "Pillow, Lanczos": lambda: picture.resize(large, Image.Resampling.LANCZOS),
        "Pillow, Lanczos and unsharp": lambda: picture.resize(large, Image.Resampling.LANCZOS).filter(sharp),
    }
    for name, way in ways.items():
        print(f"{name + ':':30}{_least_ms(way):6.1f} ms")


def _model() -> torch.nn.Sequential:
    """The upscaler that ships; where it is not trained yet, one of the same cost."""
    if (ASSETS / "pocket" / WEIGHTS).is_file():
        return load_upscaler(ASSETS / "pocket" / WEIGHTS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / WEIGHTS.name
        save_file({name: tensor.contiguous() for name, tensor in new_upscaler().state_dict().items()}, path)
        return load_upscaler(path)


def _least_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times) * 1000


if __name__ == "__main__":
    main()
