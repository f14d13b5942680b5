"""Whoever is erased is gone: out of every file, every list and every name of a file, even when the studio is killed meanwhile; and who
asked has it in writing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio import vault
from studio.library import record
from studio.library.receipts import PLACES, is_genuine, receipts
from studio.progress import finish
from studio.settings import ROOT
from studio.workshop import Workshop
from tests.commands import answer
from tests.guard.somebody import STORY, Somebody, found
from tests.painter import plain_painter

DIES = """
import os, sys
sys.addaudithook(lambda event, _: event == sys.argv[1] and os.kill(os.getpid(), 9))
from studio.workshop import Workshop
Workshop().withdraw_consent(sys.argv[2])
"""


@pytest.fixture
def workshop(home: Path) -> Workshop:
    return Workshop(illustrator=plain_painter())


def test_of_who_is_erased_nothing_is_left(workshop: Workshop, home: Path) -> None:
    zora = Somebody()
    book = zora.move_in(workshop)
    known = {what for what, _ in found(zora.marks, home)}
    assert known >= {"name", "who agreed", "prompt"}
    assert not known & {"place", "camera", "owner", "comment", "note", "tail", "file"}  # these stay outside the door
    receipt = workshop.erase_character(zora.id, pages=True)
    assert found(zora.marks | {"id": zora.id.encode()}, home) == set()
    went = {store.place: store.count for store in receipt.stores}
    assert went["key"] == 1 and not [*vault.keys_of(home).iterdir()]
    assert went["photos"] == went["cut-outs"] == 2 and went["checkpoints"] == 1 and went["pages"] == 3
    assert all(went[place] for place in ("adapter", "records", "styles", "pictures", "former states", "jobs", "files"))
    assert [page.picture for page in workshop.book(book.id).pages] == [""] * 3
    assert not workshop.exports(book.id) and workshop.book(book.id).story.text == book.story.text


def test_a_name_is_in_no_database_no_log_and_no_name_of_a_file(workshop: Workshop, home: Path) -> None:
    zora = Somebody()
    zora.move_in(workshop)
    titled = workshop.begin_book(workshop.read_story(STORY, f"{zora.name} and the whale"), pages=2)
    copy = workshop.duplicate_book(titled.id, f"{zora.name} once more")
    assert (titled.id, copy.id) == ("book", "book-2") and workshop.submit_drawing(titled.id)
    workshop.rename_book(titled.id, f"{zora.name} and the moon")
    names = {what: mark for what, mark in zora.marks.items() if what in ("name", "short")}
    where = {Path(path) for _, path in found(names, home)}
    assert {path.suffix for path in where} == {".json", ".safetensors", ".pdf"}  # theirs, and the page about them
    assert not [path for path in home.rglob("*") if zora.words["short"] in path.name]


def test_what_a_process_remembers_of_a_file_goes_with_the_file(workshop: Workshop) -> None:
    book = workshop.begin_book(workshop.read_story(STORY), pages=2)
    time.sleep(2.1)  # a young file is read anew each time
    assert workshop.book(book.id) is workshop.book(book.id)
    record.forget_gone()  # what others of this process left
    assert record.forget_gone() == 0
    shutil.rmtree(workshop.settings.books / book.id)
    assert record.forget_gone() == 1


def test_pages_stay_unless_asked_for_and_are_told(workshop: Workshop) -> None:
    zora = Somebody()
    book = zora.move_in(workshop)
    receipt = workshop.erase_character(zora.id)
    assert receipt.shown == 3 and receipt.books == (book.title,)
    assert all(workshop.picture(workshop.book(book.id), number) for number in (1, 2, 3))


# The drill of kills, tests/crash, passes every point; here the disk is searched for what was left behind.
@pytest.mark.parametrize(
    "point", [pytest.param("noted", marks=pytest.mark.soak), "books", pytest.param("lists", marks=pytest.mark.soak)]
)
def test_an_erasing_that_was_killed_goes_on_to_its_end(workshop: Workshop, home: Path, point: str) -> None:
    zora = Somebody()
    zora.move_in(workshop)
    died = subprocess.run([sys.executable, "-c", DIES, f"studio.erase.{point}", zora.id], cwd=ROOT, check=False)
    assert died.returncode == -9
    Workshop().recover()
    assert found(zora.marks, home) == set() and len(receipts(workshop.settings)) == 1


def test_the_receipt_is_signed_and_names_nobody_on_this_computer(
    workshop: Workshop, home: Path, tmp_path: Path
) -> None:
    zora = Somebody()
    zora.move_in(workshop)
    file = tmp_path / "receipt.json"
    printed = answer("erase", zora.name, "--pages", "--yes", "--receipt", file)
    assert printed["erased"]["name"] == zora.name and is_genuine(json.dumps(printed).encode())
    assert {store["place"] for store in printed["erased"]["stores"]} <= {*PLACES}
    (kept,) = receipts(workshop.settings)
    assert is_genuine(kept.read_bytes()) and is_genuine(file.read_bytes()) and found(zora.marks, home) == set()
    altered = json.loads(kept.read_bytes())
    altered["stores"][0]["count"] += 1
    kept.write_text(json.dumps(altered))
    assert not is_genuine(kept.read_bytes())
    assert "receipt" in " ".join(finish(workshop.verify(mend=False)).damaged)


def test_other_people_and_their_books_stay_as_they_were(workshop: Workshop) -> None:
    zora, lan = Somebody(), Somebody()
    zora.move_in(workshop)
    theirs = lan.move_in(workshop)
    before = workshop.book(theirs.id)
    workshop.erase_character(zora.id, pages=True)
    assert workshop.book(theirs.id) == before and workshop.exports(theirs.id)
    assert workshop.photos(lan.id) and workshop.consent(lan.id)
    assert any(job.target == lan.id for job in workshop.live_jobs())


def test_an_erasing_that_an_older_studio_began_ends_once_and_for_all(workshop: Workshop, home: Path) -> None:
    zora = Somebody()
    zora.move_in(workshop)
    note = home / "erasing" / f"{zora.id}.json"
    note.parent.mkdir(exist_ok=True)
    note.write_text(json.dumps({"version": 1, "character": zora.id, "baked": ["both"]}))
    assert workshop.finish_erasing() == 1 and workshop.finish_erasing() == 0
    assert not workshop.characters() and len(receipts(workshop.settings)) == 1
