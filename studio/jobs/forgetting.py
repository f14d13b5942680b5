"""How somebody is forgotten in the list of jobs: every line that names them goes, and what a database keeps of deleted lines too."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import overwrite, shred
from ..settings import Settings
from .database import PIECE, WORKFLOW

if TYPE_CHECKING:
    from dbos import DBOSClient

PATIENCE_S = 5.0  # with others who write, and with readers whose look at the file is older


def naming(client: DBOSClient, words: Iterable[str], whose: Callable[[str], bool]) -> Iterator[str]:
    """The ids of all jobs and pieces that hold one of these words, in what was asked or in what came of it, and that belong to whom
    `whose` tells: others may have somebody of the same name."""
    sought = [json.dumps(word) for word in words if word]
    for name in (WORKFLOW, PIECE):
        for status in client.list_workflows(name=name, load_input=True, load_output=True):
            if not whose(status.authenticated_user or ""):
                continue
            held = json.dumps([status.input, status.output], default=str)
            if any(word in held or word.replace('"', '\\"') in held for word in sought):
                yield status.workflow_id


def scrub(settings: Settings) -> bool:
    """Has the database write itself anew without what was deleted; whether that could be done. SQLite overwrites deleted lines
    (secure_delete), rebuilds the file (VACUUM) and empties its journal (wal_checkpoint); Postgres rebuilds its tables."""
    if settings.database_url.startswith("sqlite:///"):
        return _scrub_file(settings.database_url.removeprefix("sqlite:///"))
    return _scrub_server(settings.database_url)


def forget_damaged(settings: Settings) -> int:
    """Shreds the lists that were damaged and set aside: nobody can say whom they name. Gives how many files."""
    aside = [path for path in settings.house.glob("jobs-damaged-*") if path.is_file()]
    for path in aside:
        shred(path)
    return len(aside)


def _scrub_file(path: str) -> bool:
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path, timeout=PATIENCE_S)) as connection:
        connection.isolation_level = None  # VACUUM cannot run inside a transaction
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("VACUUM")
        seen = _version(connection)
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        if not busy:
            _wipe_journal(connection, Path(f"{path}-wal"), seen)
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    return False


def _wipe_journal(connection: sqlite3.Connection, journal: Path, seen: int) -> None:
    """Overwrites the journal, which after RESTART holds nothing that is still wanted unless somebody wrote since `seen`, while
    nobody else can: cut off as it is, its lines would stay on the disk. After a crash in between SQLite finds no header in it, and
    takes it for empty (sqlite.org/walformat.html)."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) == seen and journal.is_file():
            overwrite(journal)
    finally:
        connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection writes."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _scrub_server(url: str) -> bool:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from .board import open_engine
    from .rescue import reachable

    engine: Any = open_engine(reachable(url), isolation_level="AUTOCOMMIT")
    with suppress(DBAPIError), engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{PATIENCE_S:g}s'"))
        connection.execute(text("VACUUM (FULL)"))
        engine.dispose()
        return True
    engine.dispose()
    return False
