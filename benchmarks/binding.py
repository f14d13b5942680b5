"""How long a book takes to become files for the press, how much memory that takes, and how large the files are.

    python -m benchmarks.binding [--pages 8 16 32] [--profile kdp] [--icc FILE]

A book of grainy pictures of 1024 px, bound at 300 pixels to an inch with its cover and looked into as every file is that
leaves, each number of pages in a process of its own. What enlarges small pictures stands in `python -m benchmarks.upscaling`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from studio.progress import finish
from studio.publishing.book import Book, Look, Page
from studio.publishing.paper.pdf import bind
from studio.safety.scanner import check_export, gather
from studio.settings import Settings
from studio.story.prompt import Prompt
from studio.story.scene import Cast, Role, Scene
from studio.story.story import Story

SIDE_PX = 1024
MB = 2**20
WORDS = "Sáng hôm ấy, bà nội đưa cho em một chiếc đèn lồng đỏ và dặn: “Con nhớ về trước khi trăng lên nhé!”"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[8, 16, 32])
    parser.add_argument("--profile", default="kdp")
    parser.add_argument("--icc", type=Path)
    parser.add_argument("--one", action="store_true", help="measure in this process")
    given = parser.parse_args()
    if given.one:
        return print(json.dumps(measured(given.pages[0], given.profile, given.icc)))
    for pages in given.pages:
        words = [sys.executable, "-m", "benchmarks.binding", "--one", "--pages", str(pages), "--profile", given.profile]
        words += ["--icc", str(given.icc)] if given.icc else []
        print(subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


def measured(pages: int, profile: str, icc: Path | None) -> dict[str, float]:
    """Seconds, the most memory in MB, and MB of all files of a book of so many pages of story."""
    with tempfile.TemporaryDirectory() as room:
        book = painted_book(pages, Path(room))
        begun = time.perf_counter()
        secrets = gather(Settings(Path(room), ""), book)
        work = bind(
            book,
            Path(room),
            Path(room) / "book.pdf",
            profile,
            icc=icc,
            accept_red=True,
            check=lambda raw, name: check_export(raw, name, secrets),
        )
        made = finish(work)
        seconds = time.perf_counter() - begun
    return {
        "pages": pages,
        "sides": len(made.made[0].boxes),
        "seconds": round(seconds, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "file_mb": round(sum(one.bytes for one in made.made) / MB, 1),
        "least_ppi": min(ppi for _, ppi in made.ppi),
    }


def painted_book(pages: int, folder: Path) -> Book:
    """A book with pictures as rough as watercolour: soft shapes, and grain over them."""
    numbers = np.random.default_rng(0)
    for number in range(1, pages + 1):
        soft = Image.fromarray(numbers.integers(40, 230, (16, 16, 3), dtype=np.uint8))
        large = np.asarray(soft.resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC), np.float32)
        grain = numbers.normal(0, 6, (SIDE_PX, SIDE_PX, 1))
        Image.fromarray((large + grain).clip(0, 255).astype(np.uint8)).save(
            folder / f"{number:02d}.png", compress_level=1
        )
    scenes = [Page(Scene(WORDS), Prompt(""), number, f"{number:02d}.png") for number in range(1, pages + 1)]
    return Book(
        id="press",
        title="Mây và chiếc đèn lồng đỏ",
        story=Story(" ".join([WORDS] * pages), "vi", "Mây và chiếc đèn lồng đỏ", "Nguyễn Thuỳ Linh"),
        cast=Cast((Role("Mây", "girl"),)),
        look=Look(),
        pages=tuple(scenes),
        created="2026-11-20T08:00:00Z",
    )


if __name__ == "__main__":
    main()
