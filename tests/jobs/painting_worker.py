"""A real worker on the real workshop whose pictures are plain colours and cost as long as one wants.

python tests/jobs/painting_worker.py SECONDS     with STUDIO_HOME set, and STUDIO_DATABASE_URL where it is shared
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from studio.jobs.worker import run_worker  # noqa: E402
from studio.progress import Work  # noqa: E402
from studio.workshop import Workshop  # noqa: E402
from tests.painter import plain_painter  # noqa: E402


class PaintingWorkshop(Workshop):
    """The workshop without eyes: nobody measures how good plain colours are."""

    def perform(self, kind: str, target: str, arguments: Mapping[str, Any], person: str = "") -> Work[str]:
        if kind == "draw" and not person:
            yield from self._easel.draw_book(target)
            return ""
        return (yield from super().perform(kind, target, arguments, person))


if __name__ == "__main__":
    workshop = PaintingWorkshop(illustrator=plain_painter(float(sys.argv[1])))
    run_worker(workshop.settings, workshop.perform, workshop.in_pieces)
