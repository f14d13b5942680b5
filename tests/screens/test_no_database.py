"""When the list of jobs is away, locked or damaged, every screen still opens and says so; books can be read and changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from studio.cli.app import app as commands
from studio.workshop import Workshop

SCREENS = ("bookshelf", "story", "characters", "styles", "pages", "print", "picture", "dataset", "jobs", "settings")
STORY = "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home."


@pytest.fixture
def away(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a book in a home whose Postgres does not answer."""
    book = workshop.begin_book(workshop.read_story(STORY, "The cat"), pages=2)
    monkeypatch.setenv("STUDIO_DATABASE_URL", "postgresql://studio@127.0.0.1:1/studio")
    return book.id


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_opens_and_tells_that_the_server_is_away(studio, away: str, screen: str) -> None:
    app = studio(screen)
    assert not app.exception
    assert any("does not answer" in error.value for error in (*app.error, *app.sidebar.error))


def test_the_screens_go_on_with_a_new_list_when_the_old_one_is_damaged(studio, workshop: Workshop) -> None:
    workshop.submit_drawing(workshop.begin_book(workshop.read_story(STORY, "The cat"), pages=2).id)
    (workshop.settings.home / "jobs.sqlite").write_bytes(b"no database" * 1000)
    app = studio("jobs")
    assert not app.exception and any("damaged" in one.value for one in app.info)
    assert [book.title for book in workshop.books()] == ["The cat"]


def test_the_command_line_says_it_in_one_sentence(home: Path, away: str) -> None:
    told = CliRunner().invoke(commands, ["jobs", "list"])
    assert told.exit_code == 1 and "does not answer" in told.output and "Traceback" not in told.output


def test_a_lock_is_told_where_the_button_was_pressed(studio, workshop: Workshop) -> None:
    workshop.begin_book(workshop.read_story(STORY, "The cat"), pages=2)
    app = studio("pages")
    with closing(sqlite3.connect(workshop.settings.home / "jobs.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        app.button(key="pages_draw").click().run()
    assert not app.exception and any("locked by another program" in error.value for error in app.error)
