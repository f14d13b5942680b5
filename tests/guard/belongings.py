"""Two people of one studio, and everything that one of them can have: made as the screens make it, on the real workshop."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from studio.adapters.card import AdapterCard
from studio.adapters.shelf import Shelf
from studio.library.members import arrive
from studio.progress import finish
from studio.settings import SAMPLES, Settings
from studio.workshop import Workshop
from tests.painter import plain_painter

STORY = "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home."
SECRET = "Quokka"  # a word in every title and name, which must come to nobody else's eyes


@dataclass(frozen=True, slots=True)
class Belongings:
    """The ids of what somebody has."""

    book: str
    thrown: str
    hero: str
    style: str
    piece: str
    shot: str
    gone_piece: str
    dataset: str
    experiment: str
    job: str

    def fill(self, given: object) -> object:
        """`given` with "{book}" and the like in its place."""
        return getattr(self, given[1:-1]) if isinstance(given, str) and given.startswith("{") else given


def studio_for(house: Settings, *people: str) -> Workshop:
    """The house's workshop, whose pictures are plain colours, with these people in it."""
    for person in people:
        arrive(house, person, person, "parent")
    return Workshop(house, illustrator=plain_painter())


def fill(mine: Workshop) -> Belongings:
    """One of everything."""
    book = mine.begin_book(mine.read_story(STORY, f"The {SECRET}", "en"), 2)
    finish(mine.draw_book(book.id))
    finish(mine.export_book(book.id, suffix=".storybook"))
    thrown = mine.begin_book(mine.read_story(STORY, f"The old {SECRET}", "en"), 2)
    mine.trash_book(thrown.id)
    photo = (SAMPLES / "may" / "01.png").read_bytes()
    hero = mine.begin_character(SECRET, "drawn", [("1.png", photo)], "girl").character.id
    _picture(mine.settings.characters / hero / "portraits" / "0.png")
    style = _style(mine)
    wish = replace(mine.usual_wish(), prompt=f"a {SECRET}", width=128, height=128, steps=2, seed=7)
    piece, gone = mine.wish_picture(wish), mine.wish_picture(replace(wish, seed=8))
    finish(mine.perform("picture", piece, {}))
    mine.remove_picture(gone)
    data = mine.receive_dataset(f"{SECRET} dresses", [("1.png", photo)])
    lab = mine.ask_flowers(f"a flower of {SECRET}")
    job = mine.submit_drawing(book.id)
    shot = mine.piece(piece).shots[0].file
    return Belongings(book.id, thrown.id, hero, style, piece, shot, gone, data, lab, job)


def _style(mine: Workshop) -> str:
    tensors = mine.settings.home / "made.safetensors"
    tensors.write_bytes(b"no tensors")
    card = AdapterCard(
        id="quokka-look", title=f"{SECRET} look", kind="style", base_model="pocket", rank=4, alpha=4.0, trigger="wet"
    )
    return Shelf(mine.settings).put(card, tensors).id


def _picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (32, 32), (5, 120, 90)).save(path)


def fingerprint(home: Path) -> dict[str, str]:
    """A sum of each file of a home, but of locks and of what only a look leaves behind."""
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.suffix != ".lock" and "thumbnails" not in path.parts
    }
