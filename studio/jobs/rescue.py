"""When the database of the jobs cannot be used: one sentence that says so, and a damaged file set aside.

Books, characters and pictures do not depend on it; only the list of what waits and what was done is in there.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import NoDatabase
from ..settings import Settings

PATIENCE_S = 2  # with another program that keeps the file locked, and with a server that does not answer
SQLITE, POSTGRES = "sqlite:///", ("postgresql://", "postgresql+psycopg://", "postgres://")
DAMAGE = ("malformed", "not a database", "disk I/O error")
# Without these a machine whose power went is noticed by TCP only after hours, and an answer awaited as long.
NOTICE = {
    "connect_timeout": PATIENCE_S,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


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


def _check_file(path: Path) -> None:
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # a writer's lock: what comes next will write
            whole = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            _refuse_newer(*_versions(connection))
    except sqlite3.DatabaseError as error:
        if not _damaged(error):
            raise
        whole = str(error)
    if whole != "ok":
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


def set_aside(path: Path) -> Path:
    """Moves a damaged file out of the way, with what belongs to it; gives its new place, beside the old one."""
    aside = path.with_name(f"{path.stem}-damaged-{time.strftime('%Y%m%d-%H%M%S')}{path.suffix}")
    for part in ("-wal", "-shm", ""):  # the file last: were this cut off, the rest would still be found damaged
        piece = path.with_name(path.name + part)
        if piece.exists():
            piece.rename(aside.with_name(aside.name + part))
    return aside


def damaged_before(settings: Settings) -> tuple[str, ...]:
    """The names of the files that were set aside, newest first."""
    found = settings.home.glob("jobs-damaged-*.sqlite")
    return tuple(sorted((path.name for path in found), reverse=True))


def opened(settings: Settings) -> tuple[int, int]:
    """Tells the file of the database from another that takes its place; (0, 0) for a server or a file that is gone."""
    try:
        state = _file(settings).stat()
    except OSError:
        return 0, 0
    return state.st_dev, state.st_ino


def _file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix(SQLITE))


@contextmanager
def in_words(settings: Settings) -> Iterator[None]:
    """Turns what a database says when it cannot be used into NoDatabase; other errors pass."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as Exhausted

    try:
        yield
    except (DBAPIError, Exhausted, sqlite3.Error) as error:
        raise _no_database(str(getattr(error, "orig", error)), settings) from error


def _no_database(said: str, settings: Settings) -> NoDatabase:
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
    if _damaged(said):
        return NoDatabase(
            "The list of jobs is damaged. Close the studio and start it again: the damaged list is kept and a new one begun. "
            "Books and pictures are safe."
        )
    return NoDatabase(
        "The list of jobs cannot be opened for writing. See that the studio's folder belongs to you and is not "
        "write-protected, and try again; nothing was changed."
    )


def _damaged(said: object) -> bool:
    return any(word in str(said) for word in DAMAGE)
