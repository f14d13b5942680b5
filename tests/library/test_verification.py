"""The check of everything that is kept: what is damaged is told, what can be mended is, and a second check finds nothing to do."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from PIL import Image

from studio.library.seals import SUMS, seal, sealed
from studio.library.verification import Report
from studio.progress import finish
from studio.publishing.book import Book
from studio.workshop import Workshop
from tests.elder import as_of_old
from tests.painter import plain_painter


@pytest.fixture
def workshop(home: Path) -> Workshop:
    """A home with a drawn book of two pages and a character with an adapter."""
    workshop = Workshop(illustrator=plain_painter())
    story = workshop.read_story(
        "A cat sleeps in the garden. The cat wakes up. It runs home to its friends.", "Hello", "en"
    )
    book = finish(workshop.draw_book(workshop.begin_book(story, 2).id))
    as_of_old(workshop.settings, workshop._characters.add("May", "drawn", [workshop.picture(book, 1).read_bytes()]))
    adapter = workshop._characters.folder("may") / "adapter"
    adapter.mkdir()
    (adapter / "adapter.safetensors").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (adapter / "adapter.json").write_text(json.dumps({"sha256": empty}))
    return workshop


def book(workshop: Workshop) -> Book:
    return workshop.book("hello")


def verified(workshop: Workshop, **asked: bool) -> Report:
    return finish(workshop.verify(**asked))


def test_a_healthy_home_has_no_complaint(workshop: Workshop) -> None:
    assert verified(workshop) == Report(6, ())


def test_an_empty_home_is_healthy(home: Path) -> None:
    assert verified(Workshop()) == Report(0, ())


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("characters/may/photos/01.png", b"x", "01.png of character 'may' is damaged."),
        ("characters/may/adapter/adapter.safetensors", b"x", "adapter.safetensors of character 'may' is damaged."),
        ("characters/may/character.json", b"{", "The file of character 'may' is damaged"),
        ("books/hello/book.json", b'{"version": 99}', "Book 'hello' was made by a newer studio"),
    ],
)
def test_what_cannot_be_mended_is_told_in_one_sentence(
    workshop: Workshop, file: str, content: bytes, complaint: str
) -> None:
    (workshop.settings.home / file).write_bytes(content)
    (told,) = verified(workshop).damaged
    assert told.startswith(complaint)
    assert (workshop.settings.home / file).read_bytes() == content


@pytest.mark.parametrize("content", [None, b"x", "altered"])
def test_a_picture_that_is_gone_damaged_or_altered_is_drawn_anew(
    workshop: Workshop, content: bytes | str | None
) -> None:
    picture = workshop.picture(book(workshop), 2)
    before = picture.read_bytes()
    if content == "altered":
        Image.new("RGB", (8, 8)).save(picture)
    elif content:
        picture.write_bytes(content)
    else:
        picture.unlink()
    assert workshop.page_states(book(workshop)) == ("drawn", "missing")
    assert len(verified(workshop, mend=False).damaged) == 1
    report = verified(workshop)
    assert report.damaged == () and "Page 2 is drawn again" in report.repaired[0]
    assert book(workshop).pages[1].picture == "" and [job.kind for job in workshop.jobs()] == ["draw"]
    assert verified(workshop) == Report(5, ())
    finish(workshop.draw_book("hello"))
    assert workshop.page_states(book(workshop)) == ("drawn", "drawn") and picture.read_bytes() == before


def test_an_altered_picture_is_kept_aside_and_drawn_anew_without_a_check(workshop: Workshop) -> None:
    picture = workshop.picture(book(workshop), 1)
    before = picture.read_bytes()
    Image.new("RGB", (8, 8), "red").save(picture)
    finish(workshop.draw_book("hello"))
    assert picture.read_bytes() == before and (picture.parent / "altered" / picture.name).is_file()


def test_pictures_of_an_older_studio_are_sealed(workshop: Workshop) -> None:
    picture = workshop.picture(book(workshop), 1)
    picture.with_name(SUMS).unlink()
    assert verified(workshop).repaired == ("2 finished files were sealed.",)
    assert sealed(picture) and verified(workshop) == Report(6, ())


def test_a_torn_record_is_put_back_as_it_was_before_its_newest_change(workshop: Workshop) -> None:
    workshop.rename_book("hello", "Good evening")
    record = workshop.settings.books / "hello" / "book.json"
    record.write_bytes(record.read_bytes()[:100])
    assert verified(workshop).damaged == ()
    assert book(workshop).title == "Hello" and verified(workshop) == Report(6, ())


def test_a_finished_file_that_is_gone_is_made_again_as_it_was_asked_for(workshop: Workshop) -> None:
    made = finish(workshop.export_book("hello", suffix=".storybook")).file
    assert sealed(made)
    made.unlink()
    assert "forgotten" in verified(workshop).repaired[0]
    assert verified(workshop) == Report(6, ())


def test_what_a_killed_process_left_is_swept_when_it_is_old(workshop: Workshop) -> None:
    home = workshop.settings.home
    left = [home / "books/hello/.abc.tmp.json", home / "arriving/tmp1/book/book.json", home / "locks/book-gone.lock"]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    (home / "books" / "claimed").mkdir()
    assert verified(workshop).swept == ()
    for path in (*left, *(home / "arriving").rglob("*"), home / "books" / "claimed"):
        os.utime(path, (time.time() - 3600,) * 2)
    assert sorted(verified(workshop).swept) == [".abc.tmp.json", "book-gone.lock", "claimed", "tmp1"]
    assert verified(workshop) == Report(6, ())


def test_a_damaged_list_of_jobs_is_told(workshop: Workshop) -> None:
    workshop.settings.home.joinpath("jobs.sqlite").write_bytes(b"not a database at all" * 100)
    assert "list of jobs is damaged" in verified(workshop).damaged[0]


def test_a_picture_that_nobody_chose_is_only_put_aside(workshop: Workshop) -> None:
    page = book(workshop).pages[0]
    spare = workshop.picture(book(workshop), 1).with_name("01-ffffffffffffffff.png")
    spare.write_bytes(workshop.picture(book(workshop), 1).read_bytes())
    seal(spare)
    spare.write_bytes(b"x")
    assert "No page shows it" in verified(workshop).repaired[0]
    assert book(workshop).pages[0] == page
