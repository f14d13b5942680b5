"""Several workers on one database and one home: pages of a book spread over them, and a dead one's are finished elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from studio.errors import NoDatabase
from studio.jobs.database import PIECE
from studio.jobs.job import Job
from studio.publishing.book import Book
from studio.settings import load_settings
from studio.workshop import Workshop
from tests.postgres import Postgres

PAINTER = Path(__file__).with_name("painting_worker.py")
Worker = subprocess.Popen[bytes]


@contextmanager
def workers(workshop: Workshop, count: int, seconds: float) -> Iterator[list[Worker]]:
    """So many workers, all ready, whose pages take so long."""
    command = [sys.executable, str(PAINTER), str(seconds)]
    with ExitStack() as house:
        crew = [house.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL)) for _ in range(count)]
        house.callback(lambda: [one.kill() for one in crew])
        wait(lambda: len(workshop.workers()) == count)
        yield crew


def wait(true: Callable[[], object], seconds: float = 60.0) -> float:
    """Until it is true; how many seconds that took."""
    begin = time.monotonic()
    while not true():
        assert time.monotonic() < begin + seconds, "waited in vain"
        time.sleep(0.05)
    return time.monotonic() - begin


@pytest.fixture
def atelier(shared_home: Path) -> Iterator[Workshop]:
    workshop = Workshop()
    yield workshop
    workshop._queue.close()


def begin(workshop: Workshop, pages: int) -> Book:
    story = " ".join(f"On day {day} May went to the forest with her dog Rex." for day in range(pages))
    return workshop.begin_book(workshop.read_story(story, "Many days"), pages)


def over(workshop: Workshop, id: str) -> Job:
    wait(lambda: workshop.job(id).over)
    return workshop.job(id)


def pieces() -> dict[str, tuple[str, str]]:
    """State and worker of every page that was asked for, by the id of its job."""
    asked = "SELECT workflow_uuid, status, executor_id FROM dbos.workflow_status WHERE name = %s"
    with psycopg.connect(load_settings().database_url) as database:
        return {id: (state, worker) for id, state, worker in database.execute(asked, (PIECE,))}


def claimed() -> dict[str, str]:
    """The pages that somebody is at, each with its worker."""
    return {id: worker for id, (state, worker) in pieces().items() if state == "PENDING"}


def pictures(workshop: Workshop, book: Book) -> dict[str, int]:
    """The pages' files; whoever writes one anew gives it another number."""
    return {
        path.name: path.stat().st_ino for path in (workshop.settings.books / book.id / "pictures").glob("[0-9]*.png")
    }


def test_pages_of_a_book_spread_over_workers_and_each_is_drawn_once(atelier: Workshop) -> None:
    book, seen = begin(atelier, 12), {}
    with workers(atelier, 3, 0.5):
        job = atelier.submit_drawing(book.id)
        while not atelier.job(job).over:
            seen = pictures(atelier, book) | seen
            time.sleep(0.02)
    assert atelier.job(job).state == "done" and seen == pictures(atelier, book) and len(seen) == 12
    shares = Counter(worker for _, worker in pieces().values())
    assert len(shares) == 3 and min(shares.values()) >= 2


def test_pages_of_a_killed_worker_are_finished_elsewhere_at_once(atelier: Workshop) -> None:
    book = begin(atelier, 10)
    with workers(atelier, 2, 0.5) as crew:
        job = atelier.submit_drawing(book.id)
        wait(lambda: len(pictures(atelier, book)) >= 2 and len(set(claimed().values())) == 2)
        crew[0].kill()
        theirs = claimed()
        assert (
            wait(lambda: all(pieces()[id][0] == "SUCCESS" for id in theirs)) < 9
        )  # one to three; a worker that is only silent has ten
        assert over(atelier, job).state == "done" and len(pictures(atelier, book)) == 10


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot stop a process for a while")
@pytest.mark.soak  # a connection that is only silent is ended after ten seconds
def test_a_worker_that_wakes_up_writes_nothing_wrong(atelier: Workshop) -> None:
    book = begin(atelier, 8)
    with workers(atelier, 2, 0.5) as crew:
        job = atelier.submit_drawing(book.id)
        wait(lambda: len(pictures(atelier, book)) >= 2)
        crew[0].send_signal(signal.SIGSTOP)
        assert over(atelier, job).state == "done"
        finished = pictures(atelier, book)
        crew[0].send_signal(signal.SIGCONT)
        time.sleep(3)
        assert len(finished) == 8 and pictures(atelier, book) == finished
        assert {state for state, _ in pieces().values()} == {"SUCCESS"}
        wait(lambda: len(atelier.workers()) == 2)  # it began anew, under a name of its own


@pytest.mark.soak
def test_workers_go_on_by_themselves_when_the_server_is_back(atelier: Workshop, postgres: Postgres) -> None:
    book = begin(atelier, 12)
    with workers(atelier, 2, 0.5) as crew:
        job = atelier.submit_drawing(book.id)
        wait(lambda: len(pictures(atelier, book)) >= 2)
        postgres.stop()
        with pytest.raises(NoDatabase, match="goes on by itself"):
            atelier.jobs()
        time.sleep(20)
        postgres.start()
        assert over(atelier, job).state == "done" and len(pictures(atelier, book)) == 12
        assert all(one.poll() is None for one in crew)
