"""When the database of the jobs cannot be used: one sentence that says so, and a damaged file set aside.

Books, characters and pictures do not depend on it; only the list of what waits and what was done is in there.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

from ..errors import NoDatabase, NoRoom, StudioError
from ..files import private_folder
from ..settings import Settings

READ = "-read"  # in the name of a damaged list of which all that could be read was asked for again
PATIENCE_S = 2  # with another program that keeps the file locked, and with a server that does not answer
SQLITE, POSTGRES = "sqlite:///", ("postgresql://", "postgresql+psycopg://", "postgres://")
DAMAGE = ("malformed", "not a database", "Could not decode")
# Without these a machine whose power went is noticed by TCP only after hours, and an answer awaited as long.
NOTICE = {
    "connect_timeout": PATIENCE_S,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

NO_FILE = (0, 0)
YOUNG_NS = 20_000_000  # several ticks of the clock by which a file system tells when a file was written
SPARED_S = 2.0
SILENT: dict[str, tuple[float, StudioError]] = {}  # when each database was last found away, and what was said

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Reader(Protocol):
    """Who reads and writes the database of these settings, and opens it again after `close`."""

    @property
    def settings(self) -> Settings: ...

    @property
    def file(self) -> tuple[int, int] | None:
        """What `opened` told of the file when it was opened; none before."""
        ...

    def close(self) -> None: ...


Asking = TypeVar("Asking", bound=Reader)


def plainly(ask: Callable[Concatenate[Asking, Given], Answer]) -> Callable[Concatenate[Asking, Given], Answer]:
    """A question to the database whose trouble is told in words. A file that is damaged, or whose place another has taken, is
    opened anew, and the question asked once more."""

    @wraps(ask)
    def asked(reader: Asking, /, *given: Given.args, **named: Given.kwargs) -> Answer:
        _spare_waiting(reader.settings)
        if reader.file not in (None, opened(reader.settings)):
            reader.close()
        try:
            with in_words(reader.settings):
                return ask(reader, *given, **named)
        except NoDatabase as error:
            if not damaged(error.__cause__):
                SILENT[reader.settings.database_url] = time.monotonic(), error
                raise
        found = reader.file
        reader.close()
        _give_up(reader.settings, found)
        with in_words(reader.settings):
            return ask(reader, *given, **named)

    return asked


def _spare_waiting(settings: Settings) -> None:
    """Raises at once what a server was just found to be: a screen asks ten times, and its person waits for one answer."""
    since, error = SILENT.get(settings.database_url, (-math.inf, None))
    if error and time.monotonic() < since + SPARED_S and not settings.database_url.startswith(SQLITE):
        raise NoDatabase(error.message, **error.values)


def reachable(url: str) -> str:
    """The address, with the patience that a server is asked with; what a person wrote into it holds."""
    if url.startswith(SQLITE):
        return url
    from sqlalchemy import make_url

    address = make_url(url).set(drivername="postgresql")
    asked = {name: str(value) for name, value in NOTICE.items() if name not in address.query}
    return address.update_query_dict(asked).render_as_string(hide_password=False)


def check_database(settings: Settings) -> None:
    """Returns when the database can be used. A damaged file is set aside first, for a new one to be begun.

    Raises NoDatabase when it is locked, away, not writable or from a newer studio.
    """
    with in_words(settings):
        if settings.database_url.startswith(SQLITE):
            _check_file(_file(settings))
        elif settings.database_url.startswith(POSTGRES):
            _check_server(settings.database_url)
        else:
            raise NoDatabase(
                "The address in STUDIO_DATABASE_URL begins with '{scheme}', which the studio does not know. Give one such as "
                "postgresql://studio@server/studio, or none, to keep the list of jobs in the studio's own folder.",
                scheme=settings.database_url.partition(":")[0],
            )


def check_free(settings: Settings) -> None:
    """Returns when the database can be written to now. Raises NoDatabase when another program keeps it locked.

    DBOS itself would wait for it without an end, and the person before a screen that stands still.
    """
    path = _file(settings)
    if settings.database_url.startswith(SQLITE) and opened(settings) != NO_FILE:
        with in_words(settings), closing(sqlite3.connect(path, timeout=PATIENCE_S)) as connection:
            connection.execute("BEGIN IMMEDIATE")


def _check_file(path: Path) -> None:
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # a writer's lock: what comes next will write
            whole = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            _refuse_newer(*_versions(connection))
    except UnicodeDecodeError:  # in the names that it complains of
        whole = False
    except sqlite3.DatabaseError as error:
        if not damaged(error):
            raise
        whole = False
    if not whole:
        set_aside(path)


def _versions(connection: sqlite3.Connection) -> tuple[int, int]:
    """The version of the tables in a file, 0 when it has none; and the one that this studio knows."""
    from dbos._migration import sqlite_migrations  # no public name of DBOS says it

    named = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'dbos_migrations'"
    found = (
        connection.execute(named).fetchone() and connection.execute("SELECT version FROM dbos_migrations").fetchone()
    )
    return found[0] if found else 0, len(sqlite_migrations)


def _check_server(url: str) -> None:
    from dbos._migration import get_migration_versions
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.exc import OperationalError

    engine = create_engine(make_url(reachable(url)).set(drivername="postgresql+psycopg"))
    try:
        _refuse_newer(*get_migration_versions(engine, "dbos", use_listen_notify=True))
    except OperationalError as error:
        if not re.search('database ".*" does not exist', str(error.orig)):  # one that is missing is made
            raise
    finally:
        engine.dispose()


def _refuse_newer(found: int, known: int) -> None:
    if found > known:
        raise NoDatabase(
            "The list of jobs was last used by a newer studio, so this one does not touch it. Update the studio on this "
            "computer and start it again; books and waiting jobs are safe."
        )


def _give_up(settings: Settings, file: tuple[int, int] | None) -> None:
    """Sets the file aside that was found damaged, unless somebody else has done so meanwhile."""
    from filelock import FileLock

    with FileLock(private_folder(settings.house / "locks") / "jobs.lock"):
        if settings.database_url.startswith(SQLITE) and file == opened(settings) != NO_FILE:
            set_aside(_file(settings))


def set_aside(path: Path) -> Path:
    """Moves a damaged file out of the way, with what belongs to it; gives its new place, beside the old one."""
    aside = path.with_name(f"{path.stem}-damaged-{time.strftime('%Y%m%d-%H%M%S')}{path.suffix}")
    for part in ("-wal", "-shm", ""):  # the file last: were this cut off, the rest would still be found damaged
        piece = path.with_name(path.name + part)
        if piece.exists():
            piece.rename(aside.with_name(aside.name + part))
    return aside


def left_waiting(settings: Settings, workflow: str) -> Iterator[tuple[str, str, list[Any]]]:
    """Id, person and arguments of what waited or ran in lists that were set aside, as far as it can be read. Each list is read once."""
    for name in damaged_before(settings):
        aside = settings.house / name
        if not aside.stem.endswith(READ):
            yield from _readable(aside, workflow)
            aside.rename(aside.with_stem(aside.stem + READ))


def _readable(aside: Path, workflow: str) -> Iterator[tuple[str, str, list[Any]]]:
    asked = (
        "SELECT job.workflow_uuid, job.authenticated_user, asked.inputs FROM workflow_status AS job NOT INDEXED"  # it may be whole where its
        " JOIN workflow_input AS asked NOT INDEXED ON asked.workflow_uuid = job.workflow_uuid"  # indexes are not
        " WHERE job.name = ? AND job.status IN ('ENQUEUED', 'PENDING')"
    )
    with TemporaryDirectory() as room, suppress(sqlite3.Error, ValueError, KeyError, TypeError):
        for piece in aside.parent.glob(f"{aside.name}*"):  # a copy, since SQLite writes into what it opens
            shutil.copy(piece, room)
        with closing(sqlite3.connect(Path(room) / aside.name)) as connection:
            for id, person, inputs in connection.execute(asked, (workflow,)):
                yield id, person or "", json.loads(inputs)["args"]


def damaged_before(settings: Settings) -> tuple[str, ...]:
    """The names of the files that were set aside, newest first."""
    found = settings.house.glob("jobs-damaged-*.sqlite")
    return tuple(sorted((path.name for path in found), reverse=True))


def opened(settings: Settings) -> tuple[int, int]:
    """What tells the file of the database from another in its place; (0, 0) for a server or a file that is gone."""
    try:
        state = _file(settings).stat()
    except OSError:
        return NO_FILE
    return state.st_dev, state.st_ino


def stamp(settings: Settings) -> tuple[int, ...]:
    """What is another after each write to the file of the database; empty for a server, whose writes cannot be seen, and for a
    file that was written a moment ago: a second write in the same tick of the clock would leave the same marks."""
    path = _file(settings)
    with suppress(OSError):
        states = [os.stat(one) for one in (path, f"{path}-wal")]
        if time.time_ns() - max(state.st_mtime_ns for state in states) > YOUNG_NS:
            return tuple(mark for state in states for mark in (state.st_ino, state.st_mtime_ns, state.st_size))
    return ()


def _file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix(SQLITE))


@contextmanager
def in_words(settings: Settings) -> Iterator[None]:
    """Turns what a database says when it cannot be used into NoDatabase, or NoRoom on a full disk; other errors pass."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as Exhausted

    try:
        yield
    except (DBAPIError, Exhausted, sqlite3.Error) as error:
        raise _no_database(str(getattr(error, "orig", error)), settings) from error


def _no_database(said: str, settings: Settings) -> StudioError:
    if not settings.database_url.startswith(SQLITE):
        host = urlsplit(settings.database_url).hostname or "this computer"
        if "authentication" in said or "role" in said:
            return NoDatabase(
                "The database of the jobs on '{host}' does not let the studio in. Correct the name and password in "
                "STUDIO_DATABASE_URL and start again; books and waiting jobs are safe.",
                host=host,
            )
        return NoDatabase(
            "The database of the jobs on '{host}' does not answer. Books and waiting jobs are safe; as soon as it runs and "
            "can be reached, work goes on by itself.",
            host=host,
        )
    if "locked" in said or "busy" in said:
        return NoDatabase(
            "The list of jobs is locked by another program, perhaps a backup. Nothing was changed; wait until that "
            "program is done and try again."
        )
    if "is full" in said:
        return NoRoom(
            "'{name}' could not be saved: the disk is full or not writable. "
            "Free some space and try again; everything saved before is safe.",
            name="jobs.sqlite",
        )
    if damaged(said):
        return NoDatabase(
            "The list of jobs is damaged. Close the studio and start it again: the damaged list is kept and a new one begun. "
            "Books and pictures are safe."
        )
    return NoDatabase(
        "The list of jobs cannot be opened for writing. See that the studio's folder belongs to you and is not "
        "write-protected, and try again; nothing was changed."
    )


def damaged(said: object) -> bool:
    """Whether this is what a database says of a file that is damaged."""
    return any(word in str(said) for word in DAMAGE)
