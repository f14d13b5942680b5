"""Packed books that harm: refused on the shelf's own screen and on the command line, and nothing is written anywhere."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from studio.library.unpacking import NAME
from studio.progress import finish
from studio.settings import Settings
from studio.ui.brought import unpacked
from studio.workshop import Workshop
from tests.commands import run
from tests.travelling import a_book, lay

from .archives import ARCHIVES, Files
from .routes import plain, refusal, unchanged


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """What is in a book that was packed."""
    room = tmp_path_factory.mktemp("there")
    there = Workshop(Settings(room / "home", "sqlite:///:memory:"))
    lay(there._library.pictures(there._library.add(a_book()).id))
    with zipfile.ZipFile(finish(there.export_archive("con-dieu-do", room / "kite.storybook"))) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture
def fed(tmp_path: Path) -> Path:
    """A folder in which nothing but the archive may be."""
    (folder := tmp_path / "a" / "b").mkdir(parents=True)
    return folder / "evil.storybook"


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_in_which_an_entry_(kind: str, files: Files, home: Path, fed: Path) -> None:
    said, make = ARCHIVES[kind]
    fed.write_bytes(make(files))
    home.mkdir()
    workshop = Workshop()
    before = {path for path in fed.parents[2].rglob("*") if home not in path.parents}
    with unchanged(home):
        plain(refusal(lambda: unpacked(workshop, "evil.storybook", fed.read_bytes())), said, "'evil.storybook'")
    with unchanged(home):
        answer = run("books", "import", fed)
    assert answer.exit_code == 1 and workshop.books() == ()
    plain(answer.stderr, said)
    assert {path for path in fed.parents[2].rglob("*") if home not in path.parents} == before


def test_a_book_keeps_its_own_names() -> None:
    assert NAME.fullmatch("pictures/01-aa.png") and NAME.fullmatch("pictures/console.png")
