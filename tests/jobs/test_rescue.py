"""A job database that is damaged, locked, newer, away or write-protected: a clear sentence, and nothing lost."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from studio.errors import NoDatabase, NoRoom
from studio.jobs import rescue
from studio.jobs.queue import JobQueue
from studio.settings import load_settings
from tests.postgres import Postgres

ERRANDS = Path(__file__).with_name("errands.py")
NOBODY = 65534
SOON_S = 15  # two seconds of patience, and a busy machine; without them a lock is waited for as long as it lasts
PAGE = 4096


@contextmanager
def opened() -> Iterator[JobQueue]:
    queue = JobQueue(load_settings())
    try:
        yield queue
    finally:
        queue.close()


@contextmanager
def working() -> Iterator[subprocess.Popen[bytes]]:
    """A worker, as long as the block."""
    worker = subprocess.Popen([sys.executable, str(ERRANDS)], stderr=subprocess.DEVNULL)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """As long as the block, another program writes into the database."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def write_protected(folder: Path) -> Iterator[None]:
    """As long as the block, nothing can be written there, not even by root."""
    former = os.geteuid()
    folder.chmod(0o555)
    try:
        if not former:
            os.seteuid(NOBODY)
        yield
    finally:
        os.seteuid(former)
        folder.chmod(0o700)


@pytest.fixture
def waiting(home: Path) -> str:
    """A job that waits in the list."""
    with opened() as queue:
        return queue.submit("draw", "book", {"steps": 1})


def soon(true: Callable[[], object], seconds: float = 20) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(true())


def flip(path: Path, at: int, count: int = 64) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        old = file.read(count)
        file.seek(at)
        file.write(bytes(255 - byte for byte in old))


@pytest.mark.parametrize("at", [0, 100, 3 * PAGE], ids=["heading", "first table", "a page"])
def test_a_damaged_list_is_kept_and_a_new_one_begun(home: Path, waiting: str, at: int) -> None:
    flip(home / "jobs.sqlite", at)
    damaged = (home / "jobs.sqlite").read_bytes()
    with opened() as queue:
        assert queue.job(queue.submit("draw", "other")).state == "waiting"
    (aside,) = rescue.damaged_before(load_settings())
    assert (home / aside).read_bytes() == damaged


def test_a_list_that_is_whole_stays_where_it_is(home: Path, waiting: str) -> None:
    with opened() as queue:
        assert queue.job(waiting).state == "waiting"
    assert rescue.damaged_before(load_settings()) == ()


def test_a_locked_list_is_told_soon_and_goes_on_when_it_is_free(home: Path, waiting: str) -> None:
    began = time.monotonic()
    with locked(home / "jobs.sqlite"), pytest.raises(NoDatabase, match="locked by another program"), opened() as queue:
        queue.submit("draw", "other")
    assert time.monotonic() - began < SOON_S
    with opened() as queue:
        assert queue.job(queue.submit("draw", "other")).state == "waiting"
        assert queue.job(waiting).state == "waiting"


def test_a_list_that_becomes_damaged_or_is_gone_is_begun_anew_by_itself(home: Path) -> None:
    with opened() as queue:
        first = queue.submit("draw", "book")
        flip(home / "jobs.sqlite", 0)
        (home / "jobs.sqlite-wal").write_bytes(b"")
        assert first not in {job.id for job in queue.jobs()} and rescue.damaged_before(load_settings())
        assert queue.job(queue.submit("draw", "book")).state == "waiting"
        for path in home.glob("jobs.sqlite*"):
            path.unlink()
        assert queue.jobs() == ()


def test_a_worker_whose_list_is_damaged_goes_on_with_a_new_one(home: Path) -> None:
    with opened() as queue, working() as worker:
        assert soon(queue.worker_alive)
        flip(home / "jobs.sqlite", 0)
        job = queue.submit("draw", "book", {"steps": 1})
        assert soon(lambda: queue.job(job).state == "done") and worker.poll() is None
    assert len(rescue.damaged_before(load_settings())) == 1


def test_what_waited_in_a_damaged_list_goes_on_as_far_as_it_can_be_read(home: Path) -> None:
    with opened() as queue:
        queue.submit("draw", "book", {"steps": 1})
    with closing(sqlite3.connect(home / "jobs.sqlite")) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'studio_workers'").fetchone()
    flip(home / "jobs.sqlite", (root - 1) * PAGE)
    with opened() as queue, working():
        assert soon((home / "book-0").exists)
        assert [job.target for job in queue.jobs()] == ["book"]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_damaged_the_list_is_used_or_begun_anew(home: Path, waiting: str, seed: int) -> None:
    raw, chance = bytearray((home / "jobs.sqlite").read_bytes()), random.Random(seed)
    for _ in range(chance.choice([1, 8, 64])):
        raw[chance.randrange(len(raw))] ^= chance.randrange(1, 256)
    (home / "jobs.sqlite").write_bytes(raw)
    with opened() as queue:
        queue.jobs()
        assert queue.cancel(queue.submit("draw", "other")).state == "cancelled"


def test_what_is_open_tells_of_a_lock_soon_and_shows_what_is_there(home: Path, waiting: str) -> None:
    with opened() as queue:
        assert queue.jobs()
        began = time.monotonic()
        with locked(home / "jobs.sqlite"):
            assert queue.job(waiting).state == "waiting"
            for ask in (lambda: queue.submit("draw", "other"), lambda: queue.cancel(waiting)):
                with pytest.raises(NoDatabase, match="locked by another program"):
                    ask()
        assert time.monotonic() - began < SOON_S
        assert queue.cancel(waiting).state == "cancelled"


def test_what_is_open_goes_on_when_the_server_is_back(shared_home: Path, postgres: Postgres) -> None:
    with opened() as queue:
        job = queue.submit("draw", "book")
        postgres.stop()
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(NoDatabase, match="goes on by itself"):
                queue.jobs()
        assert time.monotonic() - began < SOON_S
        postgres.start()
        time.sleep(rescue.SPARED_S)
        assert queue.job(job).state == "waiting"


def test_the_list_of_a_newer_studio_is_left_alone(home: Path, waiting: str) -> None:
    with closing(sqlite3.connect(home / "jobs.sqlite")) as newer, newer:
        newer.execute("UPDATE dbos_migrations SET version = 100000")
    before = (home / "jobs.sqlite").read_bytes()
    with pytest.raises(NoDatabase, match="newer studio"), opened() as queue:
        queue.jobs()
    assert (home / "jobs.sqlite").read_bytes() == before


def test_a_database_of_a_newer_studio_on_a_server_is_left_alone(shared_home: Path) -> None:
    with opened() as queue:
        queue.submit("draw", "book")
    with psycopg.connect(load_settings().database_url) as newer:
        newer.execute("UPDATE dbos.dbos_migrations SET version = 100000")
    with pytest.raises(NoDatabase, match="newer studio"), opened() as queue:
        queue.jobs()


def test_a_list_that_is_gone_begins_anew(home: Path, waiting: str) -> None:
    for path in home.glob("jobs.sqlite*"):
        path.unlink()
    with opened() as queue:
        assert queue.jobs() == ()


@pytest.fixture
def open_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home into which everybody may look, unlike into pytest's own folders."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        monkeypatch.setenv("STUDIO_HOME", f"{folder}/home")
        monkeypatch.delenv("STUDIO_DATABASE_URL", raising=False)
        yield Path(folder) / "home"


@pytest.mark.skipif(os.name == "nt", reason="Windows protects folders in another way")
@pytest.mark.parametrize("begun", [False, True])
def test_a_write_protected_folder_is_told(open_home: Path, begun: bool) -> None:
    home = open_home
    home.mkdir()
    if begun:
        with opened() as queue:
            queue.jobs()
    with write_protected(home), pytest.raises((NoRoom, NoDatabase), match="write-protected|not writable"):  # noqa: SIM117
        with opened() as queue:
            queue.submit("draw", "book")


def test_a_file_that_is_a_folder_is_no_database(home: Path) -> None:
    (home / "jobs.sqlite").mkdir(parents=True)
    with pytest.raises(NoDatabase, match="cannot be opened"), opened() as queue:
        queue.jobs()


@pytest.mark.parametrize("address", ["mysql://studio@server/studio", "studio.sqlite"])
def test_an_address_of_nothing_known_is_told(home: Path, address: str) -> None:
    with pytest.raises(NoDatabase, match="begins with '(mysql|studio.sqlite)'"):
        rescue.check_database(replace(load_settings(), database_url=address))


def test_a_server_that_is_away_is_told_soon(home: Path) -> None:
    began = time.monotonic()
    away = replace(load_settings(), database_url="postgresql://studio:secret@127.0.0.1:1/studio")
    with pytest.raises(NoDatabase, match="'127.0.0.1' does not answer") as told:
        rescue.check_database(away)
    assert time.monotonic() - began < SOON_S and "secret" not in str(told.value)


def test_a_server_that_does_not_know_the_studio_is_told(home: Path, postgres: Postgres) -> None:
    stranger = postgres.new_database().replace("studio@", "stranger@")
    with pytest.raises(NoDatabase, match="does not let the studio in"):
        rescue.check_database(replace(load_settings(), database_url=stranger))


def test_what_a_person_wrote_into_an_address_holds() -> None:
    address = rescue.reachable("postgresql://studio:pass%40word@server/studio?connect_timeout=9")
    assert "connect_timeout=9" in address and "keepalives_idle=5" in address and "pass%40word" in address
    assert rescue.reachable("sqlite:////home/jobs.sqlite") == "sqlite:////home/jobs.sqlite"
