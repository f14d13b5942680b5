"""A job database that is damaged, locked, newer, away or write-protected: a clear sentence, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
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

NOBODY = 65534
PAGE = 4096


@contextmanager
def opened() -> Iterator[JobQueue]:
    queue = JobQueue(load_settings())
    try:
        yield queue
    finally:
        queue.close()


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
    assert time.monotonic() - began < 4
    with opened() as queue:
        assert queue.job(queue.submit("draw", "other")).state == "waiting"
        assert queue.job(waiting).state == "waiting"


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


@pytest.mark.skipif(os.name == "nt", reason="Windows protects folders in another way")
@pytest.mark.parametrize("begun", [False, True])
def test_a_write_protected_folder_is_told(home: Path, begun: bool) -> None:
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
    assert time.monotonic() - began < 4 and "secret" not in str(told.value)


def test_a_server_that_does_not_know_the_studio_is_told(home: Path, postgres: Postgres) -> None:
    stranger = postgres.new_database().replace("studio@", "stranger@")
    with pytest.raises(NoDatabase, match="does not let the studio in"):
        rescue.check_database(replace(load_settings(), database_url=stranger))


def test_what_a_person_wrote_into_an_address_holds() -> None:
    address = rescue.reachable("postgresql://studio:pass%40word@server/studio?connect_timeout=9")
    assert "connect_timeout=9" in address and "keepalives_idle=5" in address and "pass%40word" in address
    assert rescue.reachable("sqlite:////home/jobs.sqlite") == "sqlite:////home/jobs.sqlite"
