"""The whole anatomy: one drawing laid open part by part, each part written as plates the moment it is there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import BadInput, NotFound
from ...files import private_folder
from ...progress import Work
from .record import FILE, PARTS, Anatomy, Part, Question, read_anatomy, write_anatomy

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline


def dissected(pipeline: StableDiffusionPipeline, question: Question, folder: Path) -> Work[Anatomy]:
    """Draws once with all that can be seen on the way, and writes the plates and anatomy.json into `folder`, where an earlier
    anatomy makes room.

    Yields Progress in steps of the network, about. It may be closed at any of them: the pipeline is as it was, and in the folder
    are whole plates and no anatomy.json, which comes last. Raises BadPhoto, NoRoom.
    """
    from .findings import attention, drawing, guidance, mirror, schedule, solvers, tokens
    from .mirror import fit, side_px
    from .table import Table

    if question.photo is not None:
        fit(question.photo, side_px(pipeline), pipeline.vae_scale_factor)  # told now, and not after minutes of drawing
    _clear(private_folder(folder))
    table = Table(pipeline, question, folder)
    parts: list[Part] = []
    for find in (tokens, drawing, schedule, attention, guidance, mirror, solvers):
        parts += yield from find(table)
    ordered = tuple(sorted(parts, key=lambda part: PARTS.index(part.name)))
    asked = question.seed, question.steps, question.guidance, question.negative
    anatomy = Anatomy(question.prompt, ordered, *asked)
    write_anatomy(anatomy, folder)
    yield table.done("written")
    return anatomy


def _clear(folder: Path) -> None:
    """Takes away what an earlier anatomy wrote, so that no plate of it is taken for one of the next."""
    with suppress(NotFound, BadInput):
        before = read_anatomy(folder)
        for name in (before.picture, *(name for part in before.parts for name in part.files)):
            (folder / name).unlink(missing_ok=True)
    (folder / FILE).unlink(missing_ok=True)
