"""From the wish of a piece to its pictures: drawn, in the gallery as soon as each is there, judged and enlarged."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import atomic_write
from ..library.gallery import Gallery, Piece, Shot
from ..library.seals import seal, unsealed, whole
from ..models.loading import model_folder
from ..models.memory import MOST_AT_ONCE
from ..models.table import base_model
from ..pocket.vocabulary import naming
from ..progress import Progress, Work
from ..rendering.drawing import Drawing
from ..rendering.enlarger import LARGER, Enlarger
from ..rendering.notes import put_notes
from ..rendering.parameters import notes_of
from ..settings import Settings
from . import grids
from .easel import Easel
from .grids import Cell
from .hearing import Heard, hear
from .speaking import spoken
from .wardrobe import Wardrobe
from .wishing import drawing_of

if TYPE_CHECKING:
    import numpy as np

SHEET = "grid.png"
STEP = re.compile(r"step (\d+) of (\d+)")
PARTS = 1000  # of all the work, in which its progress is told: one picture alone would stand at "0 of 1"


@dataclass(frozen=True, slots=True)
class Job:
    """One picture of a piece."""

    cell: Cell
    drawing: Drawing
    name: str


@dataclass(frozen=True, slots=True)
class Hanging:
    """Where the free pictures of a home are drawn."""

    settings: Settings
    easel: Easel
    wardrobe: Wardrobe
    gallery: Gallery

    def draw(self, id: str, silent: bool) -> Work[None]:
        """Draws what is missing of a piece; the files keep their words to themselves where `silent`. Raises NotFound, NotReady,
        BadInput, NoRoom; what was drawn before stays."""
        piece = self.gallery.piece(id)
        heard = self._heard(piece)
        jobs = self._jobs(piece, heard.prompt)
        self.gallery.change(id, lambda now: _told(now, heard))
        drawings, names = [job.drawing for job in jobs], [job.name for job in jobs]
        try:
            work = self.easel.draw(piece.wish.model, drawings, self.gallery.folder(id), names, previews=True)
            with closing(work):
                yield from self._noting(id, work, jobs, silent)
            self._judge(id, heard.prompt)
            if piece.wish.axes:
                self._lay_out(id)
            if piece.wish.large:
                yield from self._enlarge(id, jobs, silent)
        finally:
            self.gallery.sweep(id)

    def _heard(self, piece: Piece) -> Heard:
        """What the model makes of the words."""
        wish, model = piece.wish, base_model(piece.wish.model)
        prompt = spoken(wish, self.wardrobe.worn_cards(wish.worn), model)
        return hear(prompt, model, self.settings, self.wardrobe.triggers(wish.worn))

    def _jobs(self, piece: Piece, prompt: str) -> list[Job]:
        cells, kinds = grids.cells(piece.wish), self.wardrobe.kinds()
        drawings = [drawing_of(self.easel, cell.wish, prompt, kinds) for cell in cells]
        return [
            Job(cell, drawing, drawing.file_name(number))
            for number, (cell, drawing) in enumerate(zip(cells, drawings, strict=True), 1)
        ]

    def _noting(self, id: str, work: Work[tuple[Path, ...]], jobs: Sequence[Job], silent: bool) -> Work[None]:
        """Passes the work's progress on, in parts of the whole, and notes each picture as it comes."""
        noted, far = 0, 0.0
        for step in work:
            if step.done > noted:
                noted = step.done
                self._note(id, jobs, silent)
            far = max(far, _far(step))
            yield Progress(round(PARTS * far), PARTS, step.note)
        self._note(id, jobs, silent)

    def _note(self, id: str, jobs: Sequence[Job], silent: bool) -> None:
        """Puts the pictures that are there into the piece, and into each file how it was drawn."""
        folder, known = self.gallery.folder(id), {shot.file: shot for shot in self.gallery.piece(id).shots}
        for job in jobs:
            path = folder / job.name
            if job.name not in known and whole(path):
                if not silent:
                    self._tell(path, notes_of(job.drawing))
                seal(path)
                sys.audit("studio.picture.sealed")
                known[job.name] = Shot(file=job.name, wish=job.cell.wish, at=job.cell.at, pixels=pixels_of(path))
        shots = tuple(known[job.name] for job in jobs if job.name in known)
        self.gallery.change(id, lambda piece: replace(piece, shots=shots))
        sys.audit("studio.picture.noted")

    @staticmethod
    def _tell(path: Path, notes: Mapping[str, str]) -> None:
        """Writes into a file how it was drawn, which changes its sum."""
        unsealed(path)
        atomic_write(path, put_notes(path.read_bytes(), notes))

    def _judge(self, id: str, prompt: str) -> None:
        """How sharp each picture is and how well it fits the words, where that can be told."""
        from ..evaluation.sharpness import sharpness

        piece = self.gallery.piece(id)
        pictures = [_opened(self.gallery.folder(id) / shot.file) for shot in piece.shots]
        matches = self._matches(piece, prompt, pictures)
        shots = tuple(
            replace(shot, sharpness=round(sharpness(picture), 3), clip=clip, match=match)
            for shot, picture, (clip, match) in zip(piece.shots, pictures, matches, strict=True)
        )
        self.gallery.change(id, lambda now: replace(now, shots=shots))

    def _matches(
        self, piece: Piece, prompt: str, pictures: Sequence[np.ndarray]
    ) -> list[tuple[float | None, float | None]]:
        """CLIP score and what it is worth, by pocket's own pair of what pocket drew; of another model by a CLIP that the person
        brought."""
        from ..evaluation.match import fits, share, standard_share
        from ..evaluation.standard import Clip, cosine

        model, own = base_model(piece.wish.model), self.settings.models / "clip"
        asked = [prompt] * len(pictures)
        if model.family == "pocket" and pictures:
            words = len(naming(piece.wish.prompt))
            found = fits(model_folder(model, self.settings), asked, pictures)
            return [(None, None) if one is None else (round(one, 3), round(share(one, words), 3)) for one in found]
        if own.is_dir() and pictures:
            clip = Clip(own)
            told = cosine(clip.pictures(pictures), clip.texts(asked))
            return [(round(float(one), 3), round(standard_share(float(one)), 3)) for one in told]
        return [(None, None)] * len(pictures)

    def _lay_out(self, id: str) -> None:
        piece, folder = self.gallery.piece(id), self.gallery.folder(id)
        unsealed(folder / SHEET)
        seal(atomic_write(folder / SHEET, grids.sheet([folder / shot.file for shot in piece.shots], piece.wish.axes)))
        self.gallery.change(id, lambda now: replace(now, sheet=SHEET))

    def _enlarge(self, id: str, jobs: Sequence[Job], silent: bool) -> Work[None]:
        """Makes large copies of all pictures that are small."""
        enlarger, folder, shots = Enlarger(self.settings), self.gallery.folder(id), []
        for done, (shot, job) in enumerate(zip(self.gallery.piece(id).shots, jobs, strict=True)):
            yield Progress(PARTS * done // len(jobs), PARTS, "enlarging")
            copy = enlarger.enlarged(folder / shot.file)
            if copy.name != shot.file and not silent:
                self._tell(copy, notes_of(job.drawing, LARGER))
            seal(copy)
            shots.append(replace(shot, large="" if copy.name == shot.file else copy.name))
        self.gallery.change(id, lambda piece: replace(piece, shots=tuple(shots)))


def pixels_of(picture: Path) -> str:
    """The sha256 of what can be seen in a picture, whatever else is in its file."""
    return hashlib.sha256(_opened(picture).tobytes()).hexdigest()


def _told(piece: Piece, heard: Heard) -> Piece:
    return replace(
        piece,
        read=heard.prompt,
        unknown_words=heard.unknown_words,
        cut_words=heard.cut_words,
        calmed=heard.calmed,
    )


def _far(step: Progress) -> float:
    """The share of all work that is done, 0 … 1, with the steps of the pictures that are drawn together now."""
    found = STEP.match(step.note)  # what is only sketched does not count
    part = int(found[1]) / max(1, int(found[2])) if found else 0.0
    return (step.done + part * min(MOST_AT_ONCE, step.total - step.done)) / max(1, step.total)


def _opened(path: Path) -> np.ndarray:
    import numpy as np
    from PIL import Image

    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))
