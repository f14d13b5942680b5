"""A worker process whose work is to wait and write files, so that the queue is tested without a model.

    python tests/jobs/errands.py     with STUDIO_HOME set

Target 'x' with {"steps": 3} writes x-0, x-1, x-2 in the home, each once, and notes every writing in done.txt. Who is 'deaf'
hears nothing for a minute, who is 'hungry' never gives 200 MB back, and who is 'deadly' takes the worker along, after one step if there is one to do.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from studio.errors import NotReady  # noqa: E402
from studio.jobs.worker import run_worker  # noqa: E402
from studio.progress import Progress, Work  # noqa: E402
from studio.settings import load_settings  # noqa: E402

STEP_S = 0.2
HOARD: list[bytes] = []


def perform(kind: str, target: str, arguments: Mapping[str, str | int], _person: str) -> Work[str]:
    if kind == "tidy":
        return ""
    if target == "unready":
        raise NotReady("The book 'unready' has no pages yet. Split the story first.")
    if target == "broken":
        raise ZeroDivisionError("at 0x7f in /some/path")
    if target == "hungry":
        HOARD.append(b"x" * 200_000_000)
    if target == "deaf":
        yield Progress(0, 1)
        time.sleep(60)
    home, steps = load_settings().home, int(arguments["steps"])
    for step in range(steps):
        file = home / f"{target}-{step}"
        if file.exists():
            continue
        yield Progress(step, steps, f"step {step}")
        if target == "hopeless":
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(STEP_S)
        file.write_text("")
        with (home / "done.txt").open("a") as log:
            log.write(f"{target}-{step}\n")
        if target == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
    return f"{target}.pdf"


if __name__ == "__main__":
    run_worker(load_settings(), perform, grown_bytes=100_000_000)
