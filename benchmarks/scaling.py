"""How the queue carries several workers: `python -m benchmarks.scaling [--books 4] [--pages 60] [--workers 1 2 4 8]`.

The pages of the books only wait a second each, so that cores do not limit; the server is a real Postgres of its own. Told are
the speed beside one page a second and worker, what the queue adds to a page, how soon the pages of a killed worker are
finished elsewhere, and how long the lists of a house with many finished jobs take, on Postgres and on SQLite.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy

from studio.jobs.board import open_engine
from studio.jobs.database import PIECE, WORKFLOW
from studio.settings import ROOT, Settings
from studio.workshop import Workshop
from tests.postgres import Postgres, running_postgres

PAINTER = ROOT / "tests" / "jobs" / "painting_worker.py"
PAGE_S = 1.0
KILLS = 3
PATIENCE_S = 300.0
LISTS = 20  # times that each list is asked for
COPY = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, numbers WHERE {key} = :id
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=4)
    parser.add_argument("--pages", type=int, default=60, help="of each book")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4, 8])
    parser.add_argument("--jobs", type=int, default=10_000, help="that are over, when the lists are asked for")
    given = parser.parse_args()
    with running_postgres() as server:
        for count in given.workers:
            _tell(_speed(server, count, given.books, given.pages))
        for _ in range(KILLS if given.workers else 0):
            _tell({"finished elsewhere after a kill, s": _kill(server)})
        for place in (server.new_database(), "") if given.jobs else ():
            with _studio(place) as workshop:
                _tell({"lists in": "Postgres" if place else "SQLite"} | _lists(workshop, given.jobs))


def _tell(row: dict[str, Any]) -> None:
    """One line as soon as it is known."""
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


@contextmanager
def _studio(database_url: str) -> Iterator[Workshop]:
    """A workshop in a home of its own, whose workers find it by the environment."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        url = database_url or f"sqlite:///{home.as_posix()}/jobs.sqlite"
        os.environ |= {"STUDIO_HOME": str(home), "STUDIO_DATABASE_URL": url}
        workshop = Workshop(Settings(home, url))
        yield workshop
        workshop._queue.close()


@contextmanager
def _workers(workshop: Workshop, count: int, seconds: float) -> Iterator[list[subprocess.Popen[bytes]]]:
    with ExitStack() as house:
        command = [sys.executable, str(PAINTER), str(seconds)]
        crew = [house.enter_context(subprocess.Popen(command)) for _ in range(count)]
        house.callback(lambda: [one.kill() for one in crew])
        _wait(lambda: len(workshop.workers()) == count or any(one.poll() is not None for one in crew))
        time.sleep(2)  # what they still do after their first sign is not the queue's
        yield crew


def _wait(true: Callable[[], object], pause_s: float = 0.05) -> float:
    began = time.perf_counter()
    while not true():
        if time.perf_counter() > began + PATIENCE_S:
            raise TimeoutError("waited in vain")
        time.sleep(pause_s)
    return time.perf_counter() - began


def _draw(workshop: Workshop, pages: int) -> str:
    return workshop.submit_drawing(_book(workshop, pages))


def _book(workshop: Workshop, pages: int) -> str:
    story = " ".join(f"On day {day} May went to the forest with her dog Rex." for day in range(pages))
    return workshop.begin_book(workshop.read_story(story, "Many days"), pages).id


def _speed(server: Postgres, count: int, books: int, pages: int) -> dict[str, float]:
    """From asking for the first book until the last is done."""
    with _studio(server.new_database()) as workshop, _workers(workshop, count, PAGE_S):
        waiting = [_book(workshop, pages) for _ in range(books)]
        began = time.perf_counter()
        jobs = [workshop.submit_drawing(book) for book in waiting]
        _wait(lambda: all(workshop.job(job).over for job in jobs))
        took = time.perf_counter() - began
    pages *= books
    return {
        "workers": count,
        "seconds": round(took, 2),
        "of linear": round(pages * PAGE_S / count / took, 3),
        "added to a page, ms": round(1000 * (took * count / pages - PAGE_S), 1),
    }


def _kill(server: Postgres) -> float:
    """Of two workers one is killed in the middle of a page: until all that it had begun is done by the other."""
    with _studio(server.new_database()) as workshop, _workers(workshop, 2, PAGE_S) as crew:
        engine = open_engine(workshop.settings.database_url)
        asked = sqlalchemy.text("SELECT workflow_uuid, status FROM dbos.workflow_status WHERE name = :name")

        def states() -> dict[str, str]:
            with engine.connect() as connection:
                return {row.workflow_uuid: row.status for row in connection.execute(asked, {"name": PIECE})}

        _draw(workshop, 12)
        _wait(lambda: list(states().values()).count("SUCCESS") >= 3)
        crew[0].kill()
        begun = [id for id, state in states().items() if state == "PENDING"]
        took = _wait(lambda: all(states()[id] == "SUCCESS" for id in begun))
        engine.dispose()
    return round(took, 2)


def _lists(workshop: Workshop, count: int) -> dict[str, Any]:
    """The longest that each list took in ms, with so many finished jobs in the database."""
    with _workers(workshop, 1, 0.0):
        job = _draw(workshop, 4)
        _wait(lambda: workshop.job(job).over)
    engine = open_engine(workshop.settings.database_url)
    with engine.begin() as connection:
        _multiply(connection, job, count)
    engine.dispose()
    questions: dict[str, Callable[[], object]] = {
        "the latest 50": workshop.jobs,
        "the latest 1000": lambda: workshop.jobs(1000),
        "one": lambda: workshop.job(job),
        "workers": workshop.workers,
    }
    told = {name: round(1000 * max(_times(ask)), 1) for name, ask in questions.items()}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "studio", "jobs", "list"], cwd=ROOT, check=True, capture_output=True)
    return told | {"jobs": count, "all of `jobs list`": round(1000 * (time.perf_counter() - began))}


def _times(ask: Callable[[], object]) -> Sequence[float]:
    times = []
    for _ in range(LISTS):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return times


def _multiply(connection: sqlalchemy.Connection, job: str, count: int) -> None:
    """Copies of a finished job and its pages, as they lie in the tables of DBOS and of the studio."""
    schema = None if connection.dialect.name == "sqlite" else "dbos"
    table = sqlalchemy.Table("workflow_status", sqlalchemy.MetaData(), autoload_with=connection, schema=schema)
    columns = [column.name for column in table.columns]
    own = {
        "workflow_uuid": "workflow_uuid || '-copy-' || n",
        "deduplication_id": "NULL",
        "created_at": "created_at + n",
    }
    words = {"columns": ", ".join(columns), "values": ", ".join(own.get(name, name) for name in columns)}
    ids = connection.execute(
        sqlalchemy.select(table.c.workflow_uuid).where(table.c.name.in_([WORKFLOW, PIECE]))
    ).scalars()
    for id in list(ids):
        text = COPY.format(table=str(table), key="workflow_uuid", **words)
        connection.execute(sqlalchemy.text(text), {"count": count, "id": id})


if __name__ == "__main__":
    main()
