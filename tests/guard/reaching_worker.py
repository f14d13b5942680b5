"""A real worker that is asked, before each job, to reach where it has no business; what came of it lies in the home.

python launch.py tethered tests.guard.reaching_worker OUTSIDE PORT     with STUDIO_HOME set
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from socket import create_connection
from typing import Any

from studio.jobs.worker import run_worker
from studio.progress import Work
from studio.vault import keys_of
from tests.jobs.painting_worker import PaintingWorkshop
from tests.painter import plain_painter


def outcome(act: Callable[[], object]) -> str:
    """ "done", or the name of the error with which the system refused."""
    try:
        act()
    except (OSError, subprocess.CalledProcessError) as error:
        return type(error).__name__
    return "done"


class ReachingWorkshop(PaintingWorkshop):
    outside = Path()
    port = 0

    def perform(self, kind: str, target: str, arguments: Mapping[str, Any], person: str = "") -> Work[str]:
        home, outside = self.settings.home, self.outside
        home.joinpath("first").write_text("x")
        acts: dict[str, Callable[[], object]] = {
            "read outside": (outside / "letter.txt").read_text,
            "change outside": lambda: (outside / "letter.txt").write_text("changed"),
            "write outside": lambda: (outside / "new.txt").write_text("new"),
            "delete outside": (outside / "letter.txt").unlink,
            "move outside": lambda: home.joinpath("first").rename(outside / "moved"),
            "write outside by a program": lambda: subprocess.run(["cp", __file__, str(outside)], check=True),
            "write at home": lambda: home.joinpath("first").rename(self.settings.books / "moved"),
            "write a key": lambda: keys_of(home).joinpath("tried").write_text("x"),
            "ask a server": lambda: create_connection(("127.0.0.1", self.port)).close(),
        }
        told = {name: outcome(act) for name, act in acts.items()}
        home.joinpath("reached.json").write_text(json.dumps(told))
        return (yield from super().perform(kind, target, arguments, person))


if __name__ == "__main__":
    ReachingWorkshop.outside, ReachingWorkshop.port = Path(sys.argv[1]), int(sys.argv[2])
    workshop = ReachingWorkshop(illustrator=plain_painter(0.0))
    run_worker(workshop.settings, workshop.perform, workshop.in_pieces)
