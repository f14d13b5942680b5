"""Kills the studio again and again, fills its disk, takes its power away, and tells what came of it.

    python -m tests.crash --kills 1000 --seed 1        at random moments: kills, a full disk, a faulty disk, recovery killed
    python -m tests.crash --once | --points            a kill at each named point, once | in each step that passes it
    python -m tests.crash --every 5                    at five steps on the disk of everything that a person does
    python -m tests.crash --power 100                  the power lost at a hundred moments of a day, on two kinds of disk
    python -m tests.crash --queue 20 --stopped 60      a worker and a web process killed, or stopped for so many seconds
    python -m tests.crash --only type --at 3           one kill, to look into it

The same seed kills at the same moments. Exit code 1 when something was lost, doubled, half done or left over.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.crash.engine import NONE, Fault, preloaded

if TYPE_CHECKING:
    from tests.crash.trial import Trials

POINTS = tuple(f"studio.queue.{name}" for name in ("claim", "pieces", "gathered", "finish", "progress", "beat"))
UNDRAWN = "draw"  # before this step there is a book that nobody drew
WORKER_STEPS, WEB_STEPS = 800, 220  # on the disk that each takes in a day of the queue, about


def main() -> int:
    asked = _asked()
    preloaded(["-m", "tests.crash", *sys.argv[1:]])
    os.environ |= {"HF_HUB_OFFLINE": "1"}
    from tests.crash.trial import Trials, alone

    with _storyteller(), tempfile.TemporaryDirectory(prefix="studio-crash-", dir=asked.room) as room:
        _warm(Path(room) / "warm")
        alone()
        trials = Trials(Path(room))
        begun = time.monotonic()
        _try(trials, asked)
        told = {"steps": len(trials.known), "points": sorted(trials.figures.points), "trials": trials.figures.trials}
        told |= {"killed": trials.figures.killed, "refused": trials.figures.refused}
        told |= {"recovery_s": round(trials.figures.recovery_s, 2), "seconds": round(time.monotonic() - begun, 1)}
        told |= {"violations": trials.figures.violations}
        if asked.queue:
            told["queue"] = _queue(trials, asked, Path(room) / "queue")
        _tell(told, asked.json)
        if asked.log:
            print("".join(log.read_text() for log in Path(room).rglob("*.log")), file=sys.stderr)
    return bool(told["violations"] or told.get("queue", {}).get("violations"))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("kills", "every", "power", "queue", "at"):
        parser.add_argument(f"--{name}", type=int, default=0)
    for name in ("once", "points", "slow", "json", "log"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stopped", type=float, default=3.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--room", default=None, help="where homes are made; on a disk of memory it is faster")
    return parser.parse_args()


@contextmanager
def _storyteller() -> Iterator[None]:
    """A language model in a process of its own, which knows nothing but what it is told."""
    from tests.crash.people import TOLD_AT
    from tests.story.llm.server import FakeServer
    from tests.story.llm.storyteller import storyteller

    ear, mouth = os.pipe()
    if not (child := os.fork()):
        with FakeServer(storyteller) as server:
            os.write(mouth, server.url.encode())
            signal.pause()
    os.environ[TOLD_AT] = os.read(ear, 1000).decode()
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _warm(home: Path) -> None:
    """Everything once in this process, so that its children need not read the libraries each for itself."""
    import cv2
    import dbos  # noqa: F401  of the queue
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


def _try(trials: Trials, asked: argparse.Namespace) -> None:
    names = [name for name, one in trials.known.items() if asked.slow or not one.step.slow]
    names = [asked.only] if asked.only else names
    if asked.at:
        trials.try_(asked.only, Fault("kills", asked.at))
    if asked.once:
        trials.at_each_point_once()
    for name in names if asked.points else ():
        trials.at_every_point(name)
    for name in names if asked.every else ():
        trials.at_every_step(name, lambda at: Fault("kills", at), asked.every)
        trials.at_every_step(name, lambda at: Fault("tears", at), asked.every)
        trials.at_every_step(name, lambda at: Fault("stays full", at, errno.ENOSPC), asked.every)
        trials.at_every_step(name, lambda at: Fault("fails", at, errno.EIO), asked.every)
    if asked.power:
        trials.lose_power(asked.power)
    chance = random.Random(asked.seed)
    for _ in range(asked.kills):
        trials.at_random(chance, asked.slow)


def _queue(trials: Trials, asked: argparse.Namespace, room: Path) -> dict[str, Any]:
    """Days of the queue: in turn the worker is killed, both are, the web process is, the worker is stopped."""
    from tests.crash.queueing import QueueTrials

    room.mkdir()
    queue, chance = QueueTrials(room, trials.known[UNDRAWN].before), random.Random(asked.seed)
    told: dict[str, Any] = {"days": asked.queue, "killed": 0, "repeated": 0, "recovery_s": 0.0, "violations": []}
    points = trials.figures.points
    for day in range(asked.queue):
        worker = Fault(chance.choice(("kills", "tears")), chance.randint(1, WORKER_STEPS))
        if day % 8 == 4:
            worker = Fault("kills", 1, point=POINTS[day // 8 % len(POINTS)])
            points.add(worker.point)
        web = Fault("kills", chance.randint(1, WEB_STEPS))
        stopped = Fault("stops", chance.randint(100, WORKER_STEPS // 2), stopped_s=asked.stopped)
        faults = ((worker, NONE), (worker, web), (NONE, web), (stopped, NONE))[day % 4]
        outcome = queue.trial(*faults)
        told["killed"] += outcome.killed
        told["repeated"] = max(told["repeated"], outcome.repeated)
        told["recovery_s"] = round(max(told["recovery_s"], outcome.recovery_s), 2)
        told["violations"] += [f"day {day}, worker {faults[0]}, web {faults[1]}: {one}" for one in outcome.violations]
    return told


def _tell(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(told))
        return
    print(f"{told['steps']} things that a person does; {len(told['points'])} named points passed")
    print(
        f"{told['trials']} trials in {told['seconds']} s: {told['killed']} kills, {told['refused']} refusals in words"
    )
    print(f"longest recovery {told['recovery_s']} s; {len(told['violations'])} violations")
    if queue := told.get("queue"):
        print(
            f"queue: {queue['days']} days, {queue['killed']} kills, at most {queue['repeated']} pictures drawn again,"
        )
        print(f"a new worker alive after {queue['recovery_s']} s; {len(queue['violations'])} violations")
    for one in (*told["violations"], *told.get("queue", {}).get("violations", ())):
        print(" ", one)


if __name__ == "__main__":
    sys.exit(main())
