"""A process that trains the tiny model, so that a test can kill it:

    python tests/training/pupil.py PHOTO…     with STUDIO_HOME and STUDIO_POCKET set

Everything is imported once. For each folder on stdin it begins a child, which goes on with the training in there, and
writes its number and the steps that it did to stdout, and "over" when it is gone, however it went.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion  # noqa: E402, F401
import peft  # noqa: E402, F401

from studio.adapters.card import AdapterCard  # noqa: E402
from studio.models.table import base_model  # noqa: E402
from studio.settings import load_settings  # noqa: E402
from studio.training.subject import train_subject  # noqa: E402

MAY = AdapterCard(id="may", title="May", kind="subject", base_model="pocket", rank=4, alpha=4, trigger="may")


def learn(folder: Path, photos: list[Path]) -> None:
    for step in train_subject(photos, MAY, base_model("pocket"), load_settings(), folder, effort="draft", resume=True):
        print(step.done, flush=True)


def main() -> None:
    photos = [*map(Path, sys.argv[1:])]
    for line in sys.stdin:
        child = os.fork()
        if not child:
            print("child", os.getpid(), flush=True)
            learn(Path(line.strip()), photos)
            os._exit(0)
        os.waitpid(child, 0)
        print("over", flush=True)


if __name__ == "__main__":
    main()
