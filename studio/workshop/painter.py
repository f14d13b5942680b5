"""Who draws pictures into files: the illustrator, with a model of this computer, or who stands in for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from ..models.table import BaseModel
from ..progress import Work
from ..rendering.drawing import Drawing
from ..settings import Settings


class Painter(Protocol):
    """Who draws pictures into files; `Illustrator` says how."""

    @property
    def model(self) -> BaseModel: ...

    @property
    def at_once(self) -> int: ...

    def draw(
        self, drawings: Sequence[Drawing], folder: Path, names: Sequence[str], previews: bool = False
    ) -> Work[tuple[Path, ...]]: ...

    def sketch(self, drawings: Sequence[Drawing], folder: Path, names: Sequence[str]) -> Work[None]: ...

    def serve(self, settings: Settings) -> None:
        """What is worn from now on is from this home."""
        ...


NewPainter = Callable[[BaseModel, Settings], Painter]


def illustrator(model: BaseModel, settings: Settings) -> Painter:
    """The one that draws with torch, which is loaded only now."""
    from ..rendering.illustrator import Illustrator

    return Illustrator(model, settings)
