"""Files written beside the computing: while the next pictures are denoised, the last ones become PNGs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ..progress import Progress
from . import preview
from .drawing import Drawing
from .picture import save_picture

if TYPE_CHECKING:
    import numpy as np


# Most of a file's time is waiting for the disk; one writer kept eight drafts waiting for a fifth of their time.
WRITERS = 4


class Saving:
    """Writers, and how many of the `total` pictures are there; `done` were there before. Leaving the block waits for all."""

    def __init__(self, done: int, total: int) -> None:
        self._done, self._total = done, total
        self._writer = ThreadPoolExecutor(WRITERS)
        self._waiting: list[Future[None]] = []

    def __enter__(self) -> Saving:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.shutdown()

    def save(self, pixels: np.ndarray, drawing: Drawing, path: Path) -> Progress:
        """Begins to write pixels uint8 [height, width, 3]."""
        self._waiting.append(self._writer.submit(_save, pixels, drawing, path))
        return self.progress("writing files")

    def progress(self, note: str) -> Progress:
        """How many are there now. Raises NoRoom if one could not be written."""
        while self._waiting and self._waiting[0].done():
            self._waiting.pop(0).result()
            self._done += 1
        return Progress(self._done, self._total, note)

    def rest(self) -> Iterator[Progress]:
        """Waits for what is not there yet, one after another."""
        while self._waiting:
            self._waiting[0].result()
            yield self.progress("writing files")


def _save(pixels: np.ndarray, drawing: Drawing, path: Path) -> None:
    save_picture(pixels, drawing, path)
    preview.forget(path)
