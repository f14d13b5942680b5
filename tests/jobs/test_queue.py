"""The queue and a real worker process: work is done once, survives kill -9, and stops when told."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from dbos import DBOSClient

from studio.errors import NotFound
from studio.jobs.database import FORMER, WORKFLOW, json_serializer, prepare_database
from studio.jobs.job import Job
from studio.jobs.queue import JobQueue
from studio.settings import load_settings

ERRANDS = Path(__file__).with_name("errands.py")


@pytest.fixture
def queue(home: Path) -> Iterator[JobQueue]:
    queue = JobQueue(load_settings())
    yield queue
    queue.close()


@contextmanager
def worker() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, str(ERRANDS)], stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait(true: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def over(queue: JobQueue, id: str) -> Job:
    wait(lambda: queue.job(id).over)
    return queue.job(id)


def test_a_job_waits_for_a_worker_that_never_ran(queue: JobQueue, home: Path) -> None:
    id = queue.submit("draw", "book", {"steps": 3})
    assert queue.job(id).state == "waiting" and not queue.worker_alive()
    assert [job.id for job in queue.jobs()] == [id]
    assert (home / "jobs.sqlite").read_bytes()[18:20] == b"\x02\x02"  # write-ahead log


def test_asking_twice_gives_the_same_job(queue: JobQueue) -> None:
    assert queue.submit("draw", "book") == queue.submit("draw", "book")
    assert queue.submit("redo", "book", {"number": 1}) != queue.submit("redo", "book", {"number": 2})


def test_a_waiting_job_can_be_cancelled_and_asked_for_again(queue: JobQueue) -> None:
    id = queue.submit("draw", "book")
    assert queue.cancel(id).state == "cancelled"
    assert queue.cancel(id).state == "cancelled"
    assert queue.submit("draw", "book") != id


def test_what_another_window_asks_for_is_seen_at_the_next_look(queue: JobQueue) -> None:
    other = JobQueue(load_settings())
    for number in range(12):  # looks in between, so that there is always an answer that was remembered
        before = len(queue.live())
        id = other.submit("export", f"book-{number}")
        assert len(queue.live()) == before + 1 and queue.jobs()[0].id == id
        time.sleep(0.03 * (number % 2))  # soon after the write, and when it is long over
        assert queue.live() == queue.live() == other.live()
    other.close()


def test_an_unknown_job_is_not_found(queue: JobQueue) -> None:
    with pytest.raises(NotFound, match="There is no job 'nobody'"):
        queue.job("nobody")


def test_the_client_imports_no_torch(home: Path) -> None:
    code = (
        "import sys; from studio.settings import load_settings; from studio.jobs.queue import JobQueue; "
        "q = JobQueue(load_settings()); q.submit('draw', 'book'); q.jobs(); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ERRANDS.parents[2]).returncode == 0


def test_the_worker_does_finishes_fails_and_rests(queue: JobQueue) -> None:
    drawn = queue.submit("draw", "book", {"steps": 5})
    unready, broken = queue.submit("redo", "unready"), queue.submit("redo", "broken")
    bound = queue.submit("export", "other", {"steps": 2})
    with worker():
        wait(lambda: queue.job(drawn).done)
        assert queue.job(drawn).total == 5 and queue.job(drawn).note.startswith("step")
        job = over(queue, drawn)
        assert (job.state, job.done, job.total, job.result) == ("done", 5, 5, "book.pdf")
        assert over(queue, bound).result == "other.pdf"
        assert str(over(queue, unready).error) == "The book 'unready' has no pages yet. Split the story first."
        job = over(queue, broken)
        said = str(job.error)
        assert job.state == "failed" and "safe" in said and "0x" not in said and "/" not in said
        wait(lambda: queue.worker().alive and not queue.worker().kind)


def test_a_killed_worker_goes_on_where_it_stood(queue: JobQueue, home: Path) -> None:
    id = queue.submit("draw", "book", {"steps": 8})
    with worker():
        wait(lambda: (home / "book-3").exists())
    assert queue.job(id).state == "running"
    with worker():
        assert over(queue, id).state == "done"
    assert (home / "done.txt").read_text().split() == [f"book-{step}" for step in range(8)]


def test_a_cancelled_job_stops_soon_and_the_next_begins(queue: JobQueue, home: Path) -> None:
    long = queue.submit("redo", "long", {"steps": 500})
    with worker() as process:
        wait(lambda: queue.job(long).done)
        short = queue.submit("picture", "short", {"steps": 1})
        assert queue.job(short).state == "waiting"  # one at a time on the device
        assert queue.cancel(long).state == "cancelled"
        wait((home / "short-0").exists, 2.0)
        over(queue, short)
        count = len(list(home.glob("long-*")))
        time.sleep(0.5)
        assert len(list(home.glob("long-*"))) == count and queue.job(long).state == "cancelled"
        process.terminate()
        assert process.wait(5) == 0 and "Traceback" not in process.stderr.read()
    assert not queue.worker_alive()


def test_a_paused_job_goes_on_where_it_stood(queue: JobQueue, home: Path) -> None:
    id = queue.submit("redo", "book", {"steps": 6})
    with worker():
        wait(lambda: (home / "book-1").exists())
        assert queue.pause(id).state == "paused"
        resumed = queue.resume(id)
        assert queue.job(id).state == "cancelled" and queue.resume(resumed.id).id == resumed.id
        assert over(queue, resumed.id).state == "done"
    assert (home / "done.txt").read_text().split() == [f"book-{step}" for step in range(6)]


def test_work_that_hears_nothing_is_left_within_two_seconds(queue: JobQueue, home: Path) -> None:
    deaf = queue.submit("redo", "deaf")
    with worker() as process:
        wait(lambda: queue.job(deaf).state == "running")
        next_one = queue.submit("picture", "next", {"steps": 1})
        queue.cancel(deaf)
        assert over(queue, next_one).state == "done"
        assert queue.job(deaf).state == "cancelled" and process.poll() is None


def test_what_stops_the_worker_three_times_is_set_aside_and_others_are_done(queue: JobQueue) -> None:
    hopeless, other = queue.submit("redo", "hopeless", {"steps": 1}), queue.submit("picture", "other", {"steps": 1})
    for _ in range(3):
        with worker() as process:
            assert process.wait(20) == -signal.SIGKILL
    with worker():
        assert over(queue, other).state == "done"
        job = over(queue, hopeless)
        assert job.state == "failed" and "several times" in str(job.error)


def test_what_gets_further_each_time_is_not_set_aside(queue: JobQueue) -> None:
    slow = queue.submit("redo", "deadly", {"steps": 4})
    for _ in range(4):
        with worker() as process:
            assert process.wait(20) == -signal.SIGKILL
    with worker():
        assert over(queue, slow).state == "done"


def test_a_worker_that_grew_begins_anew_between_two_pieces(queue: JobQueue, home: Path) -> None:
    with worker() as process:
        assert over(queue, queue.submit("redo", "first", {"steps": 1})).state == "done"  # what it takes at rest
        asked = [queue.submit("redo", target, {"steps": 1}) for target in ("hungry", "next", "last")]
        assert [over(queue, id).state for id in asked] == ["done"] * 3
        assert psutil.Process(process.pid).memory_info().rss < 200_000_000
    assert sorted((home / "done.txt").read_text().split()) == ["first-0", "hungry-0", "last-0", "next-0"]


def test_people_take_turns(queue: JobQueue, home: Path) -> None:
    mine = [queue.of("a").submit("redo", f"mine{number}", {"steps": 1}) for number in range(4)]
    theirs = queue.of("b").submit("redo", "theirs", {"steps": 1})
    with worker():
        for id in (*mine, theirs):
            over(queue, id)
    assert (home / "done.txt").read_text().split().index("theirs-0") <= 2
    assert (queue.job(theirs).person, queue.job(mine[0]).person) == ("b", "a")


def test_what_a_former_version_left_waiting_is_done(queue: JobQueue, home: Path) -> None:
    prepare_database(load_settings())
    client = DBOSClient(system_database_url=load_settings().database_url, serializer=json_serializer())
    left = {"queue_name": "books", "workflow_name": WORKFLOW, "app_version": FORMER[-1], "deduplication_id": "left"}
    old = client.enqueue(left, "export", "left", {"steps": 1}).get_workflow_id()
    client.destroy()
    with worker():
        wait((home / "left-0").exists)
    assert queue.job(old).state == "cancelled" and len(queue.jobs()) == 2


def test_only_one_worker_serves_a_home(queue: JobQueue) -> None:
    with worker():
        wait(queue.worker_alive)
        with worker() as second:
            assert second.wait(20) != 0 and "already at work" in second.stderr.read()
