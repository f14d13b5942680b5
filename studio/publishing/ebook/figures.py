"""The pictures of a book that is read on a screen: one JPEG for each way in which a picture is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ...progress import Progress, Work
from ..marks import Picture, Side
from ..plate import Plate, make_plate
from ..provenance import marked

SHOWN_PPI = 144.0  # two pixels to a px of the page: sharp on a telephone, and a book goes into a message
Figures = Mapping[Picture, Plate]


def make_figures(sides: Sequence[Side], picture_file: Callable[[int], Path], more: int = 1) -> Work[Figures]:
    """A plate for each picture on the sides. Progress counts pictures, and `more` steps that follow. Raises NotReady.

    `picture_file` gives the file of the picture of page 1, 2, 3 …, and is asked when its turn has come.
    """
    marks = tuple(dict.fromkeys(mark for side in sides for mark in side.marks if isinstance(mark, Picture)))
    made: dict[Picture, Plate] = {}
    for done, mark in enumerate(marks):
        yield Progress(done, len(marks) + more, f"preparing picture {done + 1} of {len(marks)}")
        plate = make_plate(picture_file(mark.number), mark, SHOWN_PPI)
        made[mark] = replace(plate, jpeg=marked(plate.jpeg))
    return made
