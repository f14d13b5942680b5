"""Packed books that harm: refused when they are dropped on the shelf, by the worker that unpacks them, and on the command line, and
nothing is written anywhere. As sets of pictures, whose files are laid side by side under plain names, they write nothing elsewhere."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from studio.library.unpacking import NAME
from studio.progress import finish
from studio.settings import Settings
from studio.workshop import Workshop
from tests.commands import run
from tests.travelling import a_book, lay

from .archives import ARCHIVES, Files
from .routes import plain, refusal, tree, unchanged


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
        plain(refusal(lambda: dropped(workshop, fed)), said, "'evil.storybook'")
    with unchanged(home):
        answer = run("books", "import", fed)
    assert answer.exit_code == 1 and workshop.books() == ()
    plain(answer.stderr, said)
    assert {path for path in fed.parents[2].rglob("*") if home not in path.parents} == before


def dropped(workshop: Workshop, file: Path) -> None:
    """As the shelf calls it, and then the worker, where a glance at the list found nothing."""
    finish(workshop.perform("unpack", workshop.receive_archive(file.name, file.read_bytes()), {}))


@pytest.mark.parametrize("kind", ARCHIVES)
def test_the_worker_that_nobody_warned_refuses_an_archive_in_which_an_entry_(
    kind: str, files: Files, home: Path
) -> None:
    said, make = ARCHIVES[kind]
    workshop, folder = Workshop(), home / "luggage" / ("0" * 16)
    home.mkdir()
    before = tree(home)
    folder.mkdir(parents=True)
    (folder / "evil.storybook").write_bytes(make(files))
    plain(refusal(lambda: finish(workshop.perform("unpack", folder.name, {}))), said, "'evil.storybook'")
    assert tree(home) == before and workshop.books() == ()


@pytest.mark.parametrize("id", ["../books", "..", "", "/etc", "0" * 15, "0" * 16])
def test_the_worker_unpacks_nothing_that_was_not_dropped(id: str, workshop: Workshop) -> None:
    plain(refusal(lambda: finish(workshop.perform("unpack", id, {}))), "is not here any more")


FEW = [
    kind for kind in ARCHIVES if "hundred thousand" not in kind
]  # a set may have as many pictures, and takes its time


@pytest.mark.parametrize("kind", FEW)
def test_given_as_a_set_of_pictures_nothing_is_written_beside_its_folder(
    kind: str, files: Files, workshop: Workshop
) -> None:
    def prepared() -> None:
        id = workshop.receive_dataset("Mine", [("set.zip", raw)])
        incoming = workshop.settings.datasets / id / "incoming"
        assert all(path.is_file() and not path.is_symlink() for path in incoming.iterdir())
        finish(workshop.perform("prepare", id, {"clothes": 0}))

    raw = ARCHIVES[kind][1](files)
    plain(refusal(prepared))  # if for nothing else, for a caption that is none: the record of the book
    assert {path.split("/")[0] for path in tree(workshop.settings.home)} <= {"datasets"}
    assert {path.split("/")[1] for path in tree(workshop.settings.home)} <= {"mine"}


def test_a_book_keeps_its_own_names() -> None:
    assert NAME.fullmatch("pictures/01-aa.png") and NAME.fullmatch("pictures/console.png")
