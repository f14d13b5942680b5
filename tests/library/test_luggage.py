"""A packed book that is dropped on the shelf: the worker takes it in, once, whenever it is stopped or killed meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.errors import BadInput
from studio.progress import finish
from studio.settings import Settings
from studio.workshop import Workshop
from tests.hostile.photos import noise
from tests.jobs.test_worker import over, worker
from tests.travelling import a_book, lay

KILLED = 77
KILLING = f"""
import os, sys
from studio.progress import finish
from studio.workshop import Workshop
sys.addaudithook(lambda event, _: event == sys.argv[2] and os._exit({KILLED}))
finish(Workshop().perform("unpack", sys.argv[1], {{}}))
"""


@pytest.fixture(scope="module")
def kite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A book of another computer, packed; a style that it wears is not here."""
    room = tmp_path_factory.mktemp("there")
    there = Workshop(Settings(room / "home", "sqlite:///:memory:"))
    lay(there._library.pictures(there._library.add(a_book()).id))
    return finish(there.export_archive("con-dieu-do", room / "kite.storybook")).read_bytes()


def left(home: Path) -> list[str]:
    """What of the package lies in the home, wherever."""
    return [
        path.name
        for path in home.rglob("*")
        if path.suffix == ".storybook" or path.name == "luggage" and path.is_file()
    ]


def test_the_worker_stands_it_on_the_shelf_and_tells_what_is_otherwise_here(workshop: Workshop, kite: bytes) -> None:
    id = workshop.receive_archive("kite.storybook", kite)
    assert workshop.arrived(id) is None and workshop.books() == ()
    finish(workshop.perform("unpack", id, {}))
    arrived = workshop.arrived(id)
    assert arrived and arrived.book == workshop.book("con-dieu-do")
    assert "Who played 'Mây' is not on this computer." in " ".join(map(str, arrived.remarks))
    assert left(workshop.settings.home) == []


def test_stopped_in_the_middle_nothing_is_there_and_asked_again_all_of_it(workshop: Workshop, kite: bytes) -> None:
    id = workshop.receive_archive("kite.storybook", kite)
    work = workshop.perform("unpack", id, {})
    seen = [next(work) for _ in range(2)]
    work.close()
    assert seen[1].total > seen[1].done == 1 and workshop.books() == ()
    assert [*(workshop.settings.home / "arriving").iterdir()] == []
    finish(workshop.perform("unpack", id, {}))
    assert [book.id for book in workshop.books()] == ["con-dieu-do"]


@pytest.mark.parametrize(
    "moment", ["studio.archive.taken_out", "studio.book.arrived", "studio.luggage.stood", "studio.luggage.noted"]
)
def test_a_worker_killed_at_any_moment_leaves_one_book_when_it_is_done_again(
    moment: str, workshop: Workshop, kite: bytes
) -> None:
    id = workshop.receive_archive("kite.storybook", kite)
    killed = subprocess.run([sys.executable, "-c", KILLING, id, moment], env=os.environ)
    assert killed.returncode == KILLED
    finish(workshop.perform("unpack", id, {}))
    arrived = workshop.arrived(id)
    assert [book.id for book in workshop.books()] == ["con-dieu-do"] and arrived and left(workshop.settings.home) == []


def test_what_cannot_be_a_book_is_refused_at_once_and_not_kept(workshop: Workshop, kite: bytes) -> None:
    with pytest.raises(BadInput, match="'book.storybook' is damaged"):
        workshop.receive_archive("..storybook", b"no archive")
    with pytest.raises(BadInput, match="'arrived.json.storybook' is damaged"):
        workshop.receive_archive("x/arrived.json", kite[:-30])
    assert left(workshop.settings.home) == []


def test_it_goes_when_somebody_is_erased_and_after_a_day(workshop: Workshop, kite: bytes) -> None:
    old, new = (workshop.receive_archive(f"{name}.storybook", kite) for name in ("old", "new"))
    for path in (*(workshop.settings.home / "luggage" / old).iterdir(), workshop.settings.home / "luggage" / old):
        os.utime(path, (1e9, 1e9))
    finish(workshop.tidy())
    assert left(workshop.settings.home) == ["new.storybook"]
    begun = workshop.begin_character("Bo", "toy", [("bo.png", noise())])
    workshop.erase_character(begun.character.id)
    assert left(workshop.settings.home) == [] and workshop.arrived(new) is None


@pytest.mark.slow
def test_a_real_worker_takes_in_what_waits_and_tells_why_it_does_not(workshop: Workshop, kite: bytes) -> None:
    torn = workshop.settings.home / "luggage" / ("0" * 16) / "torn.storybook"
    torn.parent.mkdir(parents=True)
    torn.write_bytes(kite[:-30])
    jobs = [
        workshop.submit_unpacking(id) for id in (workshop.receive_archive("kite.storybook", kite), torn.parent.name)
    ]
    with worker():
        done, failed = (over(workshop, job) for job in jobs)
    assert (
        done.state == "done"
        and done.done == done.total > 0
        and [book.id for book in workshop.books()] == ["con-dieu-do"]
    )
    assert (
        failed.state == "failed"
        and "'torn.storybook' is damaged" in str(failed.error)
        and left(workshop.settings.home) == []
    )
