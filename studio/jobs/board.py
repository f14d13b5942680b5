"""The studio's own notes in the job database, beside those of DBOS: how far each job is, which pieces were begun in vain,
and what each worker does. One short statement a note, in words that SQLite and Postgres both understand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..progress import Progress
from .job import WorkerState

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

STILL_ALIVE_S = 10.0
TABLES = (
    "CREATE TABLE IF NOT EXISTS studio_progress"
    " (job TEXT PRIMARY KEY, machine TEXT NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL, note TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS studio_strikes"
    " (piece TEXT PRIMARY KEY, strikes INTEGER NOT NULL, stood INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS studio_workers"
    " (name TEXT PRIMARY KEY, machine TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, done INTEGER NOT NULL,"
    " total INTEGER NOT NULL, note TEXT NOT NULL, beat DOUBLE PRECISION NOT NULL)",
)
# The database's own clock, so that machines whose clocks differ agree on who is alive.
NOW = {
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
    "postgresql": "extract(epoch from clock_timestamp())",
}


@dataclass(frozen=True, slots=True)
class Told:
    """How far a job was when somebody last told, and on which machine."""

    machine: str
    done: int
    total: int
    note: str


class Board:
    """The notes of one job database; safe to use from several threads and processes."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self._now = NOW[self._engine.dialect.name]

    def close(self) -> None:
        self._engine.dispose()

    # Jobs

    def tell(self, job: str, machine: str, step: Progress) -> None:
        """Notes how far a job is."""
        sys.audit("studio.queue.progress")
        self._write(
            "INSERT INTO studio_progress (job, machine, done, total, note) VALUES (:job, :machine, :done, :total, :note)"
            " ON CONFLICT (job) DO UPDATE SET"
            " machine = excluded.machine, done = excluded.done, total = excluded.total, note = excluded.note",
            job=job, machine=machine, done=step.done, total=step.total, note=step.note,
        )  # fmt: skip

    def told(self, jobs: Iterable[str]) -> dict[str, Told]:
        """What was told of these jobs; of those that nobody began yet, nothing."""
        from sqlalchemy import bindparam, text

        asked = text("SELECT job, machine, done, total, note FROM studio_progress WHERE job IN :jobs")
        with self._engine.connect() as connection:
            rows = connection.execute(asked.bindparams(bindparam("jobs", list(jobs) or [""], expanding=True)))
            return {row.job: Told(row.machine, row.done, row.total, row.note) for row in rows}

    def forget(self, jobs: Iterable[str]) -> None:
        """Lets go of what was told of jobs that nobody will ask for any more."""
        for job in jobs:
            self._write("DELETE FROM studio_progress WHERE job = :job", job=job)

    # Strikes

    def begin(self, piece: str) -> int:
        """How often this piece of work was begun since it last got further, this time included."""
        self._write(
            "INSERT INTO studio_strikes (piece, strikes, stood) VALUES (:piece, 1, -1)"
            " ON CONFLICT (piece) DO UPDATE SET strikes = studio_strikes.strikes + 1",
            piece=piece,
        )
        return int(self._one("SELECT strikes FROM studio_strikes WHERE piece = :piece", piece=piece) or 1)

    def begins_at(self, piece: str, done: int) -> None:
        """Takes the strikes back when the piece now goes on further than where it went on the last time."""
        self._write(
            "UPDATE studio_strikes SET strikes = CASE WHEN :done > stood THEN 1 ELSE strikes END, stood = :done"
            " WHERE piece = :piece",
            piece=piece, done=done,
        )  # fmt: skip

    def pardon(self, pieces: Iterable[str]) -> None:
        """Forgets the strikes of pieces that ended, or that were stopped through no fault of theirs."""
        for piece in pieces:
            self._write("DELETE FROM studio_strikes WHERE piece = :piece", piece=piece)

    # Workers

    def beat(self, name: str, state: WorkerState) -> None:
        """The sign of life of a worker."""
        sys.audit("studio.queue.beat")
        self._write(
            "INSERT INTO studio_workers (name, machine, kind, target, done, total, note, beat)"
            f" VALUES (:name, :machine, :kind, :target, :done, :total, :note, {self._now})"
            " ON CONFLICT (name) DO UPDATE SET machine = excluded.machine, kind = excluded.kind,"
            " target = excluded.target, done = excluded.done, total = excluded.total, note = excluded.note,"
            " beat = excluded.beat",
            name=name, machine=state.machine, kind=state.kind, target=state.target, done=state.done,
            total=state.total, note=state.note,
        )  # fmt: skip

    def leave(self, name: str) -> None:
        """Takes the sign of a worker away: it has stopped, or another has seen that it died."""
        self._write("DELETE FROM studio_workers WHERE name = :name", name=name)

    def workers(self) -> tuple[WorkerState, ...]:
        """The workers that gave a sign within ten seconds, who work before who rest. A clock that was put back makes no sign
        look younger than it is: each is given again every two seconds."""
        from sqlalchemy import text

        alive = text(
            "SELECT machine, kind, target, done, total, note FROM studio_workers"
            f" WHERE abs({self._now} - beat) < :still ORDER BY kind = '', name"
        )
        with self._engine.connect() as connection:
            rows = connection.execute(alive, {"still": STILL_ALIVE_S})
            return tuple(WorkerState(alive=True, **row._mapping) for row in rows)

    def _write(self, statement: str, **values: Any) -> None:
        from sqlalchemy import text

        with self._engine.begin() as connection:
            connection.execute(text(statement), values)

    def _one(self, statement: str, **values: Any) -> Any:
        from sqlalchemy import text

        with self._engine.connect() as connection:
            return connection.execute(text(statement), values).scalar()


def open_engine(url: str, **options: Any) -> Engine:
    """SQLAlchemy's way to the job database. On SQLite whoever comes second waits up to 30 s for who writes, as in DBOS."""
    from sqlalchemy import create_engine, make_url

    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        return create_engine(place, connect_args={"timeout": 30}, **options)
    return create_engine(place.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **options)


def lay_out(connection: Connection) -> None:
    """Makes the tables that are not there yet."""
    from sqlalchemy import text

    for table in TABLES:
        connection.execute(text(table))
