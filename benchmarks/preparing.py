"""How long ten thousand captioned pictures take to be looked at and copied, and how much memory.

    python -m benchmarks.preparing [--count 10000]

Pictures of 640 × 480 px are made first. Prints seconds and the memory of all processes after a tenth, a half, and all of them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from studio.training.dataset import Demands, prepare

SIZE_PX = (640, 480)
KINDS = 40


def main() -> None:
    parser = argparse.ArgumentParser(description="How long a set of captioned pictures takes to be made ready.")
    parser.add_argument("--count", type=int, default=10_000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "set"
        captions = made(folder, count)
        begun = time.monotonic()
        for number, step in enumerate(prepare(folder, Path(room) / "out", Demands(), captions), 1):
            if number in (count // 10, count // 2, count):
                print(f"{number:6} in {time.monotonic() - begun:5.1f} s, {memory_mb()} MB, {step.note}", flush=True)


def made(folder: Path, count: int) -> Path:
    """A folder of noise in soft colours; gives its captions."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    noise = (Image.fromarray(rng.integers(0, 255, (48, 64, 3), np.uint8)) for _ in range(KINDS))
    pictures = [one.resize(SIZE_PX, Image.Resampling.BICUBIC) for one in noise]
    for number in range(count):
        pictures[number % KINDS].save(folder / f"{number:05}.jpg", quality=80)
    captions = folder.with_name("captions.json")
    captions.write_text(json.dumps({f"{number:05}.jpg": f"a dress of kind {number}" for number in range(count)}))
    return captions


def memory_mb() -> int:
    """Of this process and its children."""
    process = psutil.Process()
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True))) >> 20


if __name__ == "__main__":
    main()
