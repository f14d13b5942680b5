"""A real worker of a house with two people: each book is drawn at home, whoever asked for many pages holds nobody up, and what waits of
somebody who is let go is not done."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.settings import Settings
from studio.workshop import Workshop
from tests.guard.belongings import studio_for
from tests.jobs import test_machines

PAINTER = Path(test_machines.__file__).with_name("painting_worker.py")
LAN, MINH = "1a" * 8, "2b" * 8
PAGE_S = 0.4


@pytest.fixture
def shared(home: Path) -> Iterator[Workshop]:
    studio = studio_for(Settings(home, f"sqlite:///{home}/jobs.sqlite"), LAN, MINH)
    yield studio
    studio._queue.close()


def wait(true: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def begin(studio: Workshop, pages: int) -> str:
    story = " ".join(f"On day {day} May went to the forest with her dog Rex." for day in range(pages))
    return studio.begin_book(studio.read_story(story, "Many days"), pages).id


@pytest.mark.slow
def test_books_are_drawn_at_home_and_who_asks_for_little_does_not_wait_for_who_asked_for_much(shared: Workshop) -> None:
    lan, minh = shared.of(LAN), shared.of(MINH)
    books = begin(lan, 12), begin(minh, 1)
    mine = lan.submit_drawing(books[0])
    with subprocess.Popen([sys.executable, str(PAINTER), str(PAGE_S)], stderr=subprocess.DEVNULL) as worker:
        try:
            wait(lambda: lan.job(mine).done >= 1)
            theirs = minh.submit_drawing(books[1])
            wait(lambda: minh.job(theirs).state == "done")
            assert lan.job(mine).state == "running" and lan.job(mine).done <= 9
            assert minh.book(books[1]).drawn and minh.workers()[0].target == ""
            shared.let_go(LAN)
            wait(lambda: shared.job(mine).state == "cancelled")
            wait(lambda: not shared.worker().kind)
        finally:
            worker.kill()
    shared.let_in(LAN)
    drawn = list((lan.settings.books / books[0] / "pictures").glob("*.png"))
    assert 1 <= len(drawn) < 12 and not list(shared.settings.books.glob("*"))
