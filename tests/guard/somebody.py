"""A person with all that a studio comes to know of one, every kind of it marked, so that what is left of them can be found."""

from __future__ import annotations

import io
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.adapters.card import AdapterCard, Worn
from studio.adapters.shelf import Shelf
from studio.files import slug
from studio.library.consent import Consent
from studio.progress import finish
from studio.publishing.book import Book
from studio.settings import SAMPLES
from studio.workshop import Workshop
from tests.travelling import safetensors

STORY = "A child finds a red kite in the garden. The wind takes it to the sea. They run after it and laugh."
AGREED = Consent(who="", role="parent", purposes=("train", "print", "language model"))
GPS, SERIAL, OWNER, DATUM = 0x8825, 0xA431, 0xA430, 18


class Somebody:
    """Who they are: every word is theirs alone and can be looked for."""

    def __init__(self) -> None:
        mark = secrets.token_hex(5)
        self.name = f"Zora Q{mark}"
        self.id = ""  # once they have moved in
        self.words = {
            "name": self.name, "short": slug(self.name), "who agreed": f"Mother of X{mark}", "place": f"Hanoi{mark}",
            "camera": f"Serial{mark}", "owner": f"Owner{mark}", "comment": f"Comment{mark}", "note": f"Note{mark}",
            "tail": f"Tail{mark}", "file": f"IMG_{mark}.jpg", "prompt": f"lantern{mark}",
        }  # fmt: skip

    @property
    def marks(self) -> Mapping[str, bytes]:
        return {what: words.encode() for what, words in self.words.items()}

    def photos(self) -> list[tuple[str, bytes]]:
        """A JPEG and a PNG, with all that cameras and programs write beside the picture."""
        picture = Image.open(SAMPLES / "may" / "01.png").convert("RGB")
        exif = Image.Exif()
        exif[SERIAL], exif[OWNER], exif.get_ifd(GPS)[DATUM] = (
            self.words["camera"],
            self.words["owner"],
            self.words["place"],
        )
        jpeg, png, notes = io.BytesIO(), io.BytesIO(), PngInfo()
        picture.save(jpeg, "JPEG", exif=exif, comment=self.words["comment"].encode())
        notes.add_text("Title", self.words["note"])
        Image.open(SAMPLES / "may" / "02.png").convert("RGB").save(png, "PNG", pnginfo=notes)
        return [(self.words["file"], jpeg.getvalue() + self.marks["tail"]), ("two.png", png.getvalue())]

    def move_in(self, workshop: Workshop) -> Book:
        """Photos, an adapter, portraits, a checkpoint, a style with them baked in, a free picture, a book, work in the queue."""
        agreed = replace(AGREED, who=self.words["who agreed"])
        id = self.id = workshop.begin_character(self.name, "person", self.photos(), "girl", agreed).character.id
        self._learnt(workshop, id)
        book = workshop.begin_book(workshop.read_story(STORY), pages=3, characters=(Worn(id),))
        finish(workshop.draw_book(book.id))
        workshop.change_look(book.id, seed=7)  # a former state, which names them
        finish(workshop.draw_book(book.id))
        finish(workshop.export_book(book.id))
        wish = replace(workshop.usual_wish(), prompt=f"{self.name} with a {self.words['prompt']}", worn=(Worn(id),))
        finish(workshop.perform("picture", workshop.wish_picture(wish), {}))
        workshop.submit_training(id)
        return workshop.book(book.id)

    def _learnt(self, workshop: Workshop, id: str) -> None:
        shelf, settings = Shelf(workshop.settings), workshop.settings
        made = settings.home.parent / "made.safetensors"  # outside of the home
        made.write_bytes(safetensors())
        card = AdapterCard(
            id=id,
            title=self.name,
            kind="subject",
            base_model="pocket",
            rank=4,
            alpha=4.0,
            trigger=id[:6],
            class_word="girl",
        )
        shelf.put(card, made)
        shelf.put(replace(card, id="both", title="Both", kind="style", trigger="", parts=(id,)), made)
        made.unlink()
        beside = settings.characters / id / "adapter" / "checkpoints"
        beside.mkdir()
        (beside / "000010.safetensors").write_bytes(safetensors() + self.marks["name"])
        workshop.small_photos(id)


def found(marks: Mapping[str, bytes], *places: Path) -> set[tuple[str, str]]:
    """Which marks are in which files, or in their names."""
    files = [path for place in places for path in (place.rglob("*") if place.is_dir() else [place])]
    return {
        (what, str(path))
        for path in files
        for what, mark in marks.items()
        if mark in path.name.encode() or (path.is_file() and mark in path.read_bytes())
    }
