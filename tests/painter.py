"""Who draws plain colours as fast as one wants, so that the house around the model can be tried without it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from studio.models.table import BaseModel
from studio.progress import Progress, Work
from studio.rendering.drawing import Drawing
from studio.rendering.picture import is_drawn, save_picture
from studio.settings import Settings

TICK_S = 0.05  # between two signs of progress


class PlainPainter:
    """Each picture is one colour that follows from its key, so that drawing it again gives the same bytes."""

    def __init__(self, model: BaseModel, seconds: float) -> None:
        self.model = model
        self.at_once = 1
        self._seconds = seconds

    def draw(
        self, drawings: Sequence[Drawing], folder: Path, names: Sequence[str], previews: bool = False
    ) -> Work[tuple[Path, ...]]:
        paths = tuple(folder / name for name in names)
        for done, (drawing, path) in enumerate(zip(drawings, paths, strict=True)):
            yield Progress(done, len(paths), "painting")
            if is_drawn(drawing, path):
                continue
            yield from self._wait(done, len(paths))
            colour = np.frombuffer(bytes.fromhex(drawing.key), dtype=np.uint8)[:3]
            save_picture(np.broadcast_to(colour, (drawing.height, drawing.width, 3)).copy(), drawing, path)
        yield Progress(len(paths), len(paths), "all drawn")
        return paths

    def sketch(self, drawings: Sequence[Drawing], folder: Path, names: Sequence[str]) -> Work[None]:
        yield Progress(0, len(drawings), "sketching")

    def serve(self, settings: Settings) -> None:
        """Wears nothing of anybody."""

    def _wait(self, done: int, total: int) -> Work[None]:
        end = time.monotonic() + self._seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(TICK_S, left))
            yield Progress(done, total, "painting")


def plain_painter(seconds: float = 0.0) -> Callable[[BaseModel, Settings], PlainPainter]:
    """What `Workshop(illustrator=…)` takes: every picture costs so many seconds."""
    return lambda model, settings: PlainPainter(model, seconds)
