"""How long it takes to see through a file that would harm or deceive: the files of the tests, each judged a few times.

    python -m benchmarks.judging

Prints the slowest three in milliseconds; asked are 200 ms each.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from studio.adapters.header import read_header
from studio.errors import BadAdapter
from tests.adapters.test_hostile import BROKEN, LARGE, PROGRAMS, STRANGE

RUNS = 5
SLOWEST = 3


def main() -> None:
    corpus = PROGRAMS | BROKEN | LARGE | STRANGE
    with tempfile.TemporaryDirectory() as folder:
        took = {name: judged(Path(folder) / "hostile.safetensors", make()) for name, make in corpus.items()}
    print(f"{len(took)} files")
    for name, ms in sorted(took.items(), key=lambda one: -one[1])[:SLOWEST]:
        print(f"{ms:7.2f} ms  {name}")


def judged(path: Path, raw: bytes) -> float:
    """The longest of some judgements in milliseconds; a file that passes is a mistake of the corpus."""
    path.write_bytes(raw)
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        try:
            read_header(path)
        except BadAdapter:
            times.append(1000 * (time.perf_counter() - begun))
        else:
            raise ValueError("this file should be refused")
    return max(times)


if __name__ == "__main__":
    main()
