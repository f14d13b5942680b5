"""Homes as every released version of the studio left them, with a book, a character, a picture and a trash, open today; what
changes there is kept first. `released/<version>/` was written by that version's own code."""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from studio.errors import StudioError
from studio.library.record import BACKUPS, write_record
from studio.progress import finish
from studio.settings import ROOT, Settings
from studio.workshop import Workshop

RELEASED = Path(__file__).parent / "released"
VERSIONS = sorted(folder.name for folder in RELEASED.iterdir())
WITH_HISTORY = [version for version in VERSIONS if any(RELEASED.glob(f"{version}/books/*/history"))]


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Workshop:
    """The workshop of today in a home of then."""
    home = shutil.copytree(RELEASED / request.param, tmp_path / "home")
    return Workshop(Settings(home, "sqlite:///:memory:"))


def record(workshop: Workshop, kind: str = "books/con-dieu-do/book.json") -> Path:
    return workshop.settings.home / kind


def test_every_released_version_is_kept():
    told = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert set(told[1:]) <= set(VERSIONS), "keep a home that the version wrote before the next one is begun"


def test_everything_opens(old: Workshop):
    book, thrown = *old.books(), *old.trashed_books()
    assert (book.title, len(book.pages), book.pages[0].unknown_words) == ("Con diều đỏ", 3, ("gió",))
    assert thrown.id == "the-cat" and old.damaged_books() == ()
    assert old.character("may").ready and old.character("may").consent == "Mây's mother"
    assert all(piece.shots for piece in old.pieces())
    assert all(old.picture(book, number) for number in (1, 2))


def test_a_book_saved_today_has_lost_nothing_and_what_it_was_is_kept(old: Workshop):
    before, raw = old.book("con-dieu-do"), record(old).read_bytes()
    version = json.loads(raw).get("version", 1)
    old.tag_book(before.id, ("gió",))
    after = old.book(before.id)
    assert after == replace(before, tags=("gió",)) and json.loads(record(old).read_bytes())["version"] == 2
    kept = record(old).parent / BACKUPS / "book-v1.json"
    assert kept.read_bytes() == raw if version == 1 else not kept.exists()
    assert old.undo(before.id) == before


@pytest.mark.parametrize("old", WITH_HISTORY, indirect=True)
def test_a_change_of_then_can_be_taken_back_today(old: Workshop):
    assert old.undo("con-dieu-do").pages[1].scene.text != "Gió thổi rất mạnh."


def test_a_character_saved_today_has_lost_nothing(old: Workshop):
    before = old.character("may")
    assert old._characters.save(before) == before


def test_a_thrown_book_comes_back(old: Workshop):
    assert old.restore_book("the-cat").id == "the-cat"


class Crash(Exception):
    """What stands for the end of the process."""


@pytest.mark.parametrize("where", ["studio.record.backup", "studio.record.migrate"])
def test_a_crash_at_any_step_of_saving_leaves_the_old_file(tmp_path: Path, where: str):
    workshop = Workshop(
        Settings(shutil.copytree(RELEASED / "0.4.0", tmp_path / "home"), f"sqlite:///{tmp_path}/jobs.sqlite")
    )
    book, raw = workshop.book("con-dieu-do"), record(workshop).read_bytes()
    falling = {where}

    def fall(event: str, _: object) -> None:
        if event in falling:
            raise Crash

    sys.addaudithook(fall)  # stays for the life of the process, and lets all pass once `falling` is empty
    with pytest.raises(Crash):
        write_record(record(workshop), book)
    falling.clear()
    assert record(workshop).read_bytes() == raw and workshop.book(book.id) == book
    workshop._library.save(book)
    assert json.loads(record(workshop).read_bytes())["version"] == 2


def test_what_was_kept_of_a_book_goes_when_somebody_in_it_is_erased(tmp_path: Path):
    workshop = Workshop(
        Settings(shutil.copytree(RELEASED / "0.9.0", tmp_path / "home"), f"sqlite:///{tmp_path}/jobs.sqlite")
    )
    workshop.change_look("con-dieu-do", characters=(*workshop.book("con-dieu-do").look.characters,))
    folder = record(workshop).parent
    (folder / BACKUPS).mkdir(exist_ok=True)
    (folder / BACKUPS / "book-v1.json").write_text('{"character": "may"}')
    workshop.erase_character("may")
    assert not (folder / BACKUPS).exists()


def test_a_book_that_an_older_studio_packed_is_taken_in(workshop: Workshop):
    arrived = finish(workshop.import_archive(RELEASED / "0.9.0" / "con-dieu-do.storybook"))
    assert (arrived.book.title, arrived.book.version, len(arrived.book.pages)) == ("Con diều đỏ", 2, 3)
    assert workshop.picture(arrived.book, 1)


def test_a_home_of_the_first_version_verifies(tmp_path: Path):
    workshop = Workshop(
        Settings(shutil.copytree(RELEASED / "0.1.0", tmp_path / "home"), f"sqlite:///{tmp_path}/jobs.sqlite")
    )
    assert finish(workshop.verify()).damaged == ()
    with pytest.raises(StudioError):
        workshop.book("nobody")
