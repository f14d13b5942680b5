"""Kills the studio again and again and tells what came of it.

python -m tests.crash --kills 1000 --seed 1        kills at random moments
python -m tests.crash --points                     a kill at each named point of each step
python -m tests.crash --every                      a kill, a full disk and a faulty disk at each step on the disk
python -m tests.crash --only "type" --at 3         one kill, to look into it
"""

from __future__ import annotations

import argparse
import errno
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.engine import Fault, preloaded


def main() -> int:
    asked = _asked()
    preloaded(["-m", "tests.crash", *sys.argv[1:]])
    os.environ |= {"HF_HUB_OFFLINE": "1"}
    from tests.crash.trial import Trials, alone

    with tempfile.TemporaryDirectory(prefix="studio-crash-", dir=asked.room) as room:
        _warm(Path(room) / "warm")
        alone()
        begun = time.monotonic()
        trials = Trials(Path(room))
        print(f"rehearsed {len(trials.known)} steps in {time.monotonic() - begun:.1f} s", flush=True)
        for known in trials.known.values():
            if asked.verbose:
                print(f"  {known.step.name}: {known.steps} steps, {len(set(known.points))} points")
        begun = time.monotonic()
        _try(trials, asked)
        _tell(trials.figures, time.monotonic() - begun)
        if asked.log:
            print(trials.log.read_text() if trials.log.exists() else "")
        return bool(trials.figures.violations)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--points", action="store_true")
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--most", type=int, default=10**9)
    parser.add_argument("--only", default="")
    parser.add_argument("--at", type=int, default=0)
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--room", default=None)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--log", action="store_true")
    return parser.parse_args()


def _warm(home: Path) -> None:
    """Everything once in this process, so that its children need not read the libraries each for itself."""
    import shutil

    import cv2
    import torch

    from tests.crash.people import STEPS, open_workshop

    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    workshop = open_workshop(home)
    for step in STEPS:
        if not step.threaded:
            step.do(workshop)
    list(workshop.verify())
    workshop._queue.close()
    shutil.rmtree(home)


def _try(trials, asked) -> None:
    names = (
        [asked.only] if asked.only else [name for name, one in trials.known.items() if asked.slow or not one.step.slow]
    )
    if asked.at:
        trials.try_(asked.only, Fault("kills", asked.at))
    for name in names if asked.points else ():
        trials.at_every_point(name)
    for name in names if asked.every else ():
        trials.at_every_step(name, lambda at: Fault("kills", at), asked.most)
        trials.at_every_step(name, lambda at: Fault("tears", at), asked.most)
        trials.at_every_step(name, lambda at: Fault("stays full", at, errno.ENOSPC), asked.most)
        trials.at_every_step(name, lambda at: Fault("fails", at, errno.EIO), asked.most)
    chance = random.Random(asked.seed)
    for _ in range(asked.kills):
        trials.at_random(chance, asked.slow)


def _tell(figures, seconds: float) -> None:
    print(f"{figures.trials} trials in {seconds:.1f} s ({figures.trials / max(seconds, 1e-9):.1f} a second)")
    print(f"killed {figures.killed}, refused {figures.refused}, longest recovery {figures.recovery_s:.2f} s")
    print(f"{len(figures.points)} named points passed")
    print(f"{len(figures.violations)} violations")
    for one in figures.violations[:60]:
        print(" ", one)


if __name__ == "__main__":
    sys.exit(main())
