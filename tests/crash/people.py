"""What people do with the studio, step by step: what the faults meet. Each step is one thing that a person is told is done.

A step is done on a home as the steps before it left it. Those that are `taken_up` may be found half way, page by page, and go
on where they stood; of all others there is a before and an after and nothing between.
"""

from __future__ import annotations

import io
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from studio.adapters.card import AdapterCard, Worn
from studio.files import make_durable, move, private_folder, process_mark, room_for
from studio.progress import finish
from studio.settings import ROOT, SAMPLES, Settings
from studio.story.llm.conversation import Spent
from studio.story.llm.ledger import Ledger
from studio.story.llm.server import Server, save_server
from studio.training.checkpoint import WORDS, Checkpoint, Checkpoints
from studio.workshop import Workshop
from tests.elder import as_of_old
from tests.painter import plain_painter
from tests.travelling import safetensors

STORY = "Zora went to the forest. She saw a fox by the old well. They ran home together. The end came soon."
BOOK, NAME = "the-old-well", "Zora"
OLD, RELEASED = "con-dieu-do", ROOT / "tests" / "library" / "released" / "0.7.0"
TOLD_AT = "STUDIO_STORYTELLER"  # the variable with the address of a language model that is none


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a person does; `name` is what the judge calls it."""

    name: str
    do: Callable[[Workshop], object]
    taken_up: bool = False
    slow: bool = False
    threaded: bool = False  # leaves threads behind


def open_workshop(home: Path) -> Workshop:
    """The studio on that home, where pages are plain colours."""
    settings = Settings(home, f"sqlite:///{home / 'jobs.sqlite'}")
    return Workshop(settings, illustrator=plain_painter())


def picture(seed: int, side: int = 96) -> bytes:
    """A small PNG of its own."""
    from PIL import Image

    chance, raw = random.Random(seed), io.BytesIO()
    small = Image.frombytes("RGB", (8, 8), chance.randbytes(192))
    small.resize((side, side)).save(raw, "PNG")
    return raw.getvalue()


def _adapter(workshop: Workshop) -> Path:
    file = workshop.settings.home.parent / "made.safetensors"  # outside of the home
    file.write_bytes(safetensors())
    return file


def _upload(workshop: Workshop) -> None:
    photos = [(f"{number}.png", (SAMPLES / "may" / f"{number:02}.png").read_bytes()) for number in (1, 2)]
    workshop.begin_character(NAME, "person", photos, consent="her mother, for a book for the family")


def hero(workshop: Workshop) -> str:
    """The id of who was uploaded; their name before that."""
    return workshop.known_as(NAME)


def _of_old(workshop: Workshop) -> None:
    """Ids made by chance make names of pictures, in which no two days would be the same."""
    for one in workshop.characters():
        as_of_old(workshop.settings, one)


def _learnt(workshop: Workshop) -> None:
    card = AdapterCard(
        id=hero(workshop), title=NAME, kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="zora",
        class_word="girl",
    )  # fmt: skip
    workshop._shelf.put(card, _adapter(workshop))


def _styled(workshop: Workshop) -> None:
    card = AdapterCard(id="mine", title="Mine", kind="style", base_model="pocket", rank=4, alpha=4.0, trigger="wet")
    workshop._shelf.put(card, _adapter(workshop))


def _begin(workshop: Workshop) -> None:
    workshop.begin_book(workshop.read_story(STORY, "The old well"), 4, characters=(Worn(hero(workshop)),))


def _piece(workshop: Workshop) -> str:
    return workshop._gallery.ids()[0]


def _wish(workshop: Workshop) -> None:
    wish = replace(workshop.usual_wish(), prompt="a fox", worn=(Worn(hero(workshop)),))
    workshop._gallery.add(wish, (hero(workshop),))


def _laid(workshop: Workshop) -> None:
    workshop.take_start("start.png", picture(7, 128))


def _packed(workshop: Workshop) -> Path:
    return next(path for path in workshop.exports(BOOK) if path.suffix == ".storybook")


def _pictures(number: int) -> list[tuple[str, bytes]]:
    named = [(f"{one}.png", picture(one, 300)) for one in range(number)]
    return named + [(f"{one}.txt", f"a picture number {one}".encode()) for one in range(number)]


def _tried(workshop: Workshop) -> None:
    workshop._experiments.begin("style", {"title": "a kite"}, {"content.png": picture(9, 64)})


def _came(workshop: Workshop) -> None:
    one = workshop.experiments()[0]
    workshop._experiments.change(one.id, lambda now: replace(now, figures={"style fell": 0.9}))


def _server(workshop: Workshop) -> None:
    save_server(workshop.settings, Server("http://127.0.0.1:9/v1", "storyteller", key="a-key-of-one's-own"))


def _noted(workshop: Workshop) -> None:
    Ledger(workshop.settings).note("127.0.0.1", True, "keep", "POST", "/v1", {}, b"what was asked")


def _billed(workshop: Workshop) -> None:
    Ledger(workshop.settings).bill(BOOK, "keep", "storyteller", Spent(10, 20, 1), None)


def _saved(number: int) -> Callable[[Workshop], object]:
    """A training that stands at that step, as every few seconds of one."""

    def save(workshop: Workshop) -> None:
        import torch

        tensors = {"layer": torch.full((8, 8), float(number))}
        identity = dict.fromkeys(WORDS, "as it was") | {"recipe": {"steps": 40}}
        checkpoints = Checkpoints(workshop.settings.characters / hero(workshop) / "adapter", identity)
        checkpoints.save(Checkpoint(number, (0.5,) * number, 1.0, tensors, tensors))

    return save


def _older(workshop: Workshop) -> None:
    """A book comes as an older studio left it, file by file: copytree hides why a disk refuses."""
    left, shelf = RELEASED / "books" / OLD, workshop.settings.books / OLD
    room = private_folder(workshop.settings.home / "arriving") / f"{process_mark()}older"
    with room_for(OLD):
        for file in sorted(path for path in left.rglob("*") if path.is_file()):
            place = room / file.relative_to(left)
            shutil.copyfile(file, private_folder(place.parent) / place.name)
    move(make_durable(room), shelf)


def _steps() -> tuple[Step, ...]:
    """The whole day of a person, in order."""
    return (
        Step("upload photos", _upload, slow=True),
        Step("as an older studio called them", _of_old, taken_up=True),
        Step("keep what was learnt", _learnt),
        Step("begin a book", _begin),
        Step("type", lambda w: w.edit_page(BOOK, 1, text="Zora woke up, and the sun was green.") and None),
        Step("type elsewhere", lambda w: w.edit_page(BOOK, 3, text="They ran and ran – “home!”")),
        Step("take back", lambda w: w.undo(BOOK)),
        Step("lay a page out", lambda w: w.lay_page(BOOK, 2, "full") and None),
        Step("design", lambda w: w.change_design(BOOK, own_pages=2) and None),
        Step("rename", lambda w: w.rename_book(BOOK, "The very old well")),
        Step("choose a storyteller", lambda w: w.choose_language_model(Server(os.environ[TOLD_AT], "storyteller"))),
        Step("have it written", lambda w: finish(w.write_book(BOOK, "keep", pages=4)) and None, taken_up=True),
        Step("save a checkpoint", _saved(10)),
        Step("save the next", _saved(20)),
        Step("save a third", _saved(30), taken_up=True),
        Step("begin anew", lambda w: w.forget_training(hero(w)), taken_up=True),
        Step("a book of an older studio", _older),
        Step("change it", lambda w: w.tag_book(OLD, ("old",)) and None, taken_up=True),
        Step("double it", lambda w: w.duplicate_book(OLD) and None),
        Step("draw", lambda w: finish(w.draw_book(BOOK)), taken_up=True),
        Step("redo a page", lambda w: finish(w.redo_page(BOOK, 2, 101_002)), taken_up=True),
        Step("look at a page", lambda w: str(w.thumbnail(w.book(BOOK), 1)), taken_up=True),
        Step("pack", lambda w: finish(w.export_book(BOOK, suffix=".storybook")) and None),
        Step("pictures", lambda w: finish(w.export_book(BOOK, suffix=".zip")) and None),
        Step("bind", lambda w: finish(w.export_book(BOOK)) and None, taken_up=True, slow=True),
        Step("take in", lambda w: finish(w.import_archive(_packed(w))) and None),
        Step("throw away", lambda w: w.trash_book(BOOK)),
        Step("bring back", lambda w: w.restore_book(BOOK)),
        Step("keep a style", _styled),
        Step("name a style", lambda w: w._shelf.rename("mine", "Mine own") and None),
        Step("wear a style", lambda w: w.change_look(BOOK, styles=(Worn("mine", 0.5),)) and None),
        Step("draw in the style", lambda w: finish(w.draw_book(BOOK)), taken_up=True),
        Step("wish", _wish),
        Step("draw the wish", lambda w: finish(w._draw_wish(_piece(w))), taken_up=True, slow=True, threaded=True),
        Step("throw a picture away", lambda w: w.remove_picture(_piece(w))),
        Step("bring a picture back", lambda w: w.restore_picture(w._gallery._trash.iterdir().__next__().name) and None),
        Step("begin from a picture", _laid, slow=True),
        Step("receive a set", lambda w: w.receive_dataset("Kites", _pictures(3))),
        Step("prepare a set", lambda w: finish(w._prepare_received("kites", 0)), taken_up=True),
        Step("remove a set", lambda w: w.remove_dataset("kites")),
        Step("choose a language model", _server, taken_up=True),
        Step("note what was sent", _noted),
        Step("note what it took", _billed),
        Step("remove a style", lambda w: w._shelf.remove("mine")),
        Step("try in the lab", _tried),
        Step("note what came of it", _came),
        Step("take the consent back", lambda w: w.withdraw_consent(hero(w)) and None),
    )


STEPS = _steps()
