"""How long the sample book takes, from a story to a PDF, and how much memory: `python -m benchmarks.book [--character may]`.

The command line is run as a person runs it, in a home of its own; a character is taught there first, and timed too.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from studio.settings import SAMPLES

PAGES = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--character", help="teach the sample drawings under this name and let them play the hero")
    name = parser.parse_args().character
    with tempfile.TemporaryDirectory() as home:
        times = {}
        if name:
            times["train_s"] = timed(home, "train", str(SAMPLES / "may"), "--name", name, "--kind", "drawn")
        worn = ["--character", name] if name else []
        out = str(Path(home) / "book.pdf")
        story = str(SAMPLES / "story_en.txt")
        times["make_s"] = timed(
            home, "make", story, *worn, "--style", "watercolour", "--pages", str(PAGES), "--out", out
        )
        peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(json.dumps({**times, "pages": PAGES, "peak_mb": round(peak_mb)}, indent=2))


def timed(home: str, *words: str) -> float:
    """Seconds of one `python -m studio` command. Raises CalledProcessError when it fails."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "studio", *words], check=True, env={**os.environ, "STUDIO_HOME": home})
    return round(time.perf_counter() - start, 1)


if __name__ == "__main__":
    main()
