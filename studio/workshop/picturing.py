"""What the workshop does for free pictures: wished for, drawn with every number kept, found again, enlarged, taken away."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..adapters.card import AdapterCard, LoraSet
from ..errors import ChildBlock, StudioError
from ..library.gallery import Gallery, Piece, is_brought
from ..library.thumbnails import thumbnail
from ..models.table import base_model
from ..progress import Work
from ..rendering.notes import read_notes
from ..rendering.pace import PACES, Pace
from ..rendering.parameters import wish_of
from ..rendering.presets import Preset, presets_for
from ..rendering.preview import FOLDER
from ..rendering.wish import Wish
from ..rendering.words import words
from . import wishing
from .hanging import Hanging, pixels_of
from .hearing import Drawn
from .learning import Learning

LONGEST_PX = 1024  # of a picture that is begun with, as of those that come through the door


class Picturing(Learning):
    """The part of the workshop that knows free pictures."""

    # Wishes

    def usual_wish(self, model: str = "pocket", pace: Pace = "exact") -> Wish:
        """A wish for nothing yet, with the numbers that the model draws best with at that pace. Raises NotFound."""
        return wishing.usual(base_model(model), pace)

    def paces(self, model: str = "pocket") -> tuple[Pace, ...]:
        """At which paces the model can draw."""
        return tuple(pace for pace in PACES if wishing.has_pace(base_model(model), pace))

    def can_refine(self, model: str) -> bool:
        """Whether a refiner for the model is on this computer."""
        return wishing.can_refine(base_model(model), self.settings)

    def word_presets(self, model: str = "pocket") -> tuple[Preset, ...]:
        """The words that can be added with one click."""
        return presets_for(base_model(model))

    def wearable(self, model: str = "pocket") -> tuple[AdapterCard, ...]:
        """The characters and styles that this model can wear."""
        return tuple(card for card in self._shelf.cards() if card.base_model == model)

    def picture_faults(self, wish: Wish) -> dict[str, StudioError]:
        """What of a wish cannot be drawn, by field: prompt, size, steps, guidance, sampler, seed, count, worn, axes, start, mask
        or strength; empty when all can."""

        def wear(wish: Wish) -> object:
            model, in_it = base_model(wish.model), self._in_it(wish)
            self._guard.company(model, in_it)
            brought = wish.start is not None and is_brought(self._gallery.place, wish.start.picture)
            self._guard.checker(model, self._guard.children(in_it), brought)
            return self._wardrobe.worn(wish.worn, wish.model)

        found = wishing.faults(wish, wear, self._gallery.source)
        blocked = self._blocked(wish)
        return {**found, "prompt": blocked} if blocked and "prompt" not in found else found

    def _blocked(self, wish: Wish) -> StudioError | None:
        """Why the words of a wish are stopped, if they are."""
        try:
            self._guard.words([wish.prompt], self._in_it(wish))
        except ChildBlock as blocked:
            return blocked
        return None

    def _in_it(self, wish: Wish) -> set[str]:
        """Who and what will be in the picture: all that is worn, and whoever is in what it begins with."""
        shown = self._gallery.shown_at(wish.start.picture) if wish.start else ()
        return {one.adapter for one in wish.worn} | {*shown}

    def wish_picture(self, wish: Wish) -> str:
        """Notes the wish and asks the worker for it; gives the id of its piece. Raises the first of its faults."""
        for error in self.picture_faults(wish).values():
            raise error
        piece = self._gallery.add(wish, self._subjects(worn.adapter for worn in wish.worn))
        self._queue.submit("picture", piece.id)
        return piece.id

    def take_start(self, name: str, raw: bytes) -> str:
        """Takes a picture to begin with, or a mask, through the door for photos; gives its sha256. Raises BadPhoto, NoRoom."""
        from ..photos.door import take_in

        png = take_in(name, raw)
        path = self._gallery.source(self._gallery.lay(png))
        piece = self._gallery.piece_of(pixels_of(path))
        brought = piece is None or self._gallery.began_elsewhere(piece)
        return self._gallery.lay(png, piece.shows if piece else (), brought)

    def start_from(self, id: str, file: str) -> str:
        """Lays one of the pictures drawn here ready to begin with; gives its sha256. Raises NotFound."""
        piece = self._gallery.piece(id)
        raw = _small_enough(self.picture_file(id, file))
        return self._gallery.lay(raw, piece.shows, self._gallery.began_elsewhere(piece))

    def start_picture(self, name: str) -> Path:
        """What was taken to begin with. Raises NotFound."""
        return self._gallery.source(name)

    def wish_in(self, name: str, raw: bytes, usual: Wish) -> Wish:
        """The wish that a PNG from this studio or another tells of in its notes. Raises BadInput."""
        return wish_of(read_notes(raw), usual, name)

    def draw_picture(
        self,
        prompt: str,
        out: Path,
        *,
        negative: str = "",
        seed: int = 1,
        adapters: LoraSet = (),
        model: str = "pocket",
        large: bool = False,
        **numbers: Any,
    ) -> Work[Drawn]:
        """One free picture in a file, told word by word, and which words of its prompt the model did not know or read.

        `numbers` are fields of Drawing (width, steps, sampler, start …); None: as the model has it. A `draft` takes few steps
        and no guidance, unless those are given; a `large` picture has four times the size. The file tells how it was drawn,
        unless a character is in it.
        """
        drawing, base = self._easel.drawing(prompt, negative, seed, base_model(model), adapters), base_model(model)
        if numbers.get("draft") and base.draft_steps:
            drawing = replace(drawing, steps=base.draft_steps, guidance=1.0)
        drawing = replace(drawing, **{name: number for name, number in numbers.items() if number is not None})
        shown = self._gallery.shown_at(drawing.start.picture) if drawing.start else ()
        self._guard.words([prompt], {*shown, *(one.adapter for one in adapters)})
        silent = bool(shown or self._subjects(one.adapter for one in adapters)) or self._names_someone(prompt, negative)
        return self._easel.draw_picture(drawing, out, told=not silent, large=large)

    # Pieces

    def pieces(self, skip: int = 0, most: int | None = None) -> tuple[Piece, ...]:
        """The free pictures with all that they were wished with, the newest first."""
        return self._gallery.pieces(skip, most)

    def piece_ids(self) -> tuple[str, ...]:
        """Of all pieces, those too that cannot be opened, the newest first."""
        return self._gallery.ids()

    def piece(self, id: str) -> Piece:
        """Raises NotFound, BadInput."""
        return self._gallery.piece(id)

    def wish_again(self, id: str, file: str = "") -> Wish:
        """The wish of a piece, or of that one of its pictures, with what it began with laid ready again. Raises NotFound."""
        piece = self._gallery.take_up(id)
        return next((shot.wish for shot in piece.shots if shot.file == file), piece.wish)

    def picture_file(self, id: str, file: str) -> Path:
        """A file of a piece. Raises NotFound."""
        return self._gallery.folder(id) / Path(file).name

    def small_picture(self, id: str, file: str) -> Path | None:
        """A JPEG of at most 60 KB of it; nothing when it cannot be opened."""
        path = self.picture_file(id, file)
        return thumbnail(path, path.parent / "thumbnails")

    def picture_previews(self, id: str) -> tuple[Path, ...]:
        """What the pictures of a piece look like that are being drawn."""
        return tuple(sorted((self._gallery.folder(id) / FOLDER).glob("*.jpg")))

    def remove_picture(self, id: str) -> None:
        """Stops what is being drawn of the piece and moves it to the trash. Raises NotFound."""
        self._stop_work_for(self._gallery.piece(id).id)
        self._gallery.trash(id)

    def restore_picture(self, id: str) -> Piece:
        """Raises NotFound."""
        return self._gallery.restore(id)

    def go_on_drawing(self, id: str) -> str:
        """Asks for what is missing of a piece whose drawing was stopped; gives the job's id. Raises NotFound."""
        return self._queue.submit("picture", self._gallery.piece(id).id)

    def enlarge_picture(self, id: str) -> str:
        """Asks for copies of four times the size; gives the job's id. Raises NotFound."""
        self._gallery.change(id, lambda piece: replace(piece, wish=replace(piece.wish, large=True)))
        return self._queue.submit("picture", id)

    def keeps_silent(self, piece: Piece) -> bool:
        """Whether the files of the piece do not tell its words: when a character is in it, or is called by name."""
        return bool(piece.shows) or self._names_someone(piece.wish.prompt, piece.wish.negative)

    def _draw_wish(self, id: str) -> Work[None]:
        wish = self._gallery.piece(id).wish
        self._guard.words([wish.prompt], self._in_it(wish))
        hanging = Hanging(self.settings, self._easel, self._wardrobe, self._gallery)
        return hanging.draw(id, self.keeps_silent(self._gallery.piece(id)))

    def _erase_pictures(self, adapters: Collection[str]) -> int:
        """Deletes every free picture in which one of these is; gives how many wishes went."""
        for piece in self._gallery.pieces():
            if {*piece.shows} & {*adapters}:
                self._stop_work_for(piece.id)
        return self._gallery.erase(adapters)

    def _names_someone(self, *texts: str) -> bool:
        """Whether a character is called by name in one of the texts."""
        said = {word.text.casefold() for text in texts for word in words(text)}
        names = [{word.text.casefold() for word in words(one.name)} for one in self._characters.all()]
        return any(name <= said for name in names if name)

    def _subjects(self, adapters: Iterable[str]) -> set[str]:
        """Those of them that are characters, with whoever they were baked from."""
        cards = {card.id: card for card in self._shelf.cards()}
        worn = [cards[id] for id in adapters if id in cards]
        return {id for card in worn if card.kind == "subject" for id in (card.id, *card.parts)}

    @property
    def _gallery(self) -> Gallery:
        return Gallery(self.settings)


def _small_enough(picture: Path) -> bytes:
    from PIL import Image

    with Image.open(picture) as opened:
        image = opened.convert("RGB")
    image.thumbnail((LONGEST_PX, LONGEST_PX))
    raw = io.BytesIO()
    image.save(raw, "PNG")
    return raw.getvalue()
