"""The worker that the studio starts, `python -m studio jobs work`, with a tiny model: draw, die, draw on, bind, cancel."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studio.jobs.job import Job
from studio.publishing.book import Book
from studio.settings import ROOT
from studio.workshop import Workshop

PAGES = 10  # more than are drawn at once
TEXT = " ".join(f"On day {day} May went to the forest with her dog Rex." for day in range(PAGES))


@pytest.fixture
def book(workshop: Workshop, tiny_pocket: Path) -> Book:
    return workshop.begin_book(workshop.read_story(TEXT, "Ten days"), PAGES)


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "studio", "jobs", "work"], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait(true: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def over(workshop: Workshop, id: str) -> Job:
    wait(lambda: workshop.job(id).over)
    return workshop.job(id)


@pytest.mark.slow
def test_a_book_survives_its_worker_is_bound_and_stops_when_told(workshop: Workshop, book: Book) -> None:
    pictures = workshop.settings.books / book.id / "pictures"
    drawing = workshop.submit_drawing(book.id)
    with worker():
        wait(lambda: len(list(pictures.glob("0*.png"))) >= 2)
    kept = {path: path.stat().st_mtime_ns for path in pictures.glob("0*.png")}
    assert 2 <= len(kept) < PAGES and workshop.job(drawing).state == "running"
    with worker():
        job = over(workshop, drawing)
        assert (job.state, job.done, job.error) == ("done", PAGES, None)
        assert {path: path.stat().st_mtime_ns for path in kept} == kept
        assert workshop.page_states(workshop.book(book.id)) == ("drawn",) * PAGES
        assert over(workshop, workshop.submit_export(book.id)).result == "ten-days-screen.pdf"
        assert [path.name for path in workshop.exports(book.id)] == ["ten-days-screen.pdf"]
        redone = over(workshop, workshop.submit_redo(book.id, 3))
        assert redone.state == "done" and workshop.book(book.id).pages[2].seed == book.pages[2].seed + 100_000

        # Told to stop in the middle of a page, it keeps those that are whole.
        workshop.change_look(book.id, steps=150)
        drawing = workshop.submit_drawing(book.id)
        wait(lambda: workshop.job(drawing).done)
        assert workshop.cancel(drawing).state == "cancelled"
        wait(lambda: not workshop.worker().kind)
        assert 1 <= workshop.page_states(workshop.book(book.id)).count("drawn") < PAGES
