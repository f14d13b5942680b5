"""Where a picture is calm enough for words to stand on it, and how light it is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .geometry import Box

if TYPE_CHECKING:
    import numpy as np

COLUMNS = 48
CELL_PX = 6
EDGE = 0.25  # of the range of grey values within a cell and to its neighbours that counts as fully restless


@dataclass(frozen=True, slots=True)
class Calm:
    """A picture of width x height px, seen as rows of cells from the upper left. All numbers of cells are 0 … 1."""

    width: int
    height: int
    columns: int
    dark: tuple[float, ...]  # relative luminance (WCAG 2.2) of the darkest pixels of each cell
    light: tuple[float, ...]  # of the lightest
    stir: tuple[float, ...]  # how much goes on there
    who: tuple[float, ...]  # how likely somebody is there

    def cells(self, laid: Box, zone: Box) -> list[int]:
        """The cells that a zone of the page touches when the picture lies at `laid`."""
        rows = len(self.dark) // self.columns
        wide, high = laid.width / self.columns, laid.height / rows
        first, last = int((zone.left - laid.left) / wide), int((zone.right - laid.left) / wide)
        top, bottom = int((laid.top - zone.top) / high), int((laid.top - zone.bottom) / high)
        across = range(max(0, first), min(self.columns - 1, last) + 1)
        down = range(max(0, top), min(rows - 1, bottom) + 1)
        return [row * self.columns + column for row in down for column in across]


@lru_cache(256)
def calm_of(picture: Path) -> Calm | None:
    """What is calm in the picture; None when it cannot be opened. The same file is looked at once."""
    import numpy as np

    from ..errors import NotReady
    from ..photos.spotter import spot
    from .plate import open_picture

    try:
        opened = open_picture(picture, 0)
    except NotReady:
        return None
    rows = max(1, round(COLUMNS * opened.height / opened.width))
    small = np.asarray(opened.resize((COLUMNS * CELL_PX, rows * CELL_PX)))
    light = _cells(luminance(small))
    grey = _cells(small.mean(2) / 255)
    who = _cells(spot(small)).mean(1)
    return Calm(
        *opened.size, COLUMNS, _told(np.quantile(light, 0.03, 1)), _told(np.quantile(light, 0.97, 1)),
        _told(np.clip((grey.max(1) - grey.min(1)) / EDGE, 0, 1)), _told(who),
    )  # fmt: skip


def luminance(pixels: np.ndarray) -> np.ndarray:
    """Relative luminance 0 … 1 of sRGB pixels uint8 [..., 3] (WCAG 2.2, "relative luminance")."""
    import numpy as np

    shares = pixels / np.float32(255)
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722], np.float32)


def _cells(values: np.ndarray) -> np.ndarray:
    """[height, width] to [cells, pixels of a cell]."""
    rows, columns = values.shape[0] // CELL_PX, values.shape[1] // CELL_PX
    parts = values.reshape(rows, CELL_PX, columns, CELL_PX).swapaxes(1, 2)
    return parts.reshape(rows * columns, CELL_PX * CELL_PX)


def _told(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(value) for value in values.round(4))
