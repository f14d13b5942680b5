"""One process of a crew that trains the tiny model; its leader leaves the last checkpoint in FOLDER.

torchrun --nproc-per-node 2 tests/training/crewman.py FOLDER PHOTO…     with STUDIO_HOME and STUDIO_POCKET set
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from studio.adapters.card import AdapterCard  # noqa: E402
from studio.progress import finish  # noqa: E402
from studio.training.crew import crew  # noqa: E402
from studio.training.lora import put_on  # noqa: E402
from tests.training.test_loop import RECIPE, Bench  # noqa: E402

MAY = AdapterCard(id="may", title="May", kind="subject", base_model="pocket", rank=4, alpha=4, trigger="may")


def learn(folder: Path, photos: tuple[Path, ...]) -> None:
    bench = Bench(photos)
    put_on(bench.unet, MAY, RECIPE, seed=0)
    finish(bench.fit(folder))


def main() -> None:
    folder, *photos = map(Path, sys.argv[1:])
    place = folder if crew().leads else folder / "follower"
    place.mkdir(parents=True, exist_ok=True)
    learn(place, tuple(photos))
    crew().leave()


if __name__ == "__main__":
    main()
