"""The name under which a worker works, which nobody else may bear meanwhile, and how the dead are noticed.

DBOS gives unfinished work back to the worker of the same name. On SQLite there is one worker a home, and a lock on a file,
which the system frees even after kill -9, keeps it alone. On Postgres there may be many, on many machines: each holds an
advisory lock for its name as long as its connection lives. Who can take the lock of another knows that the other is gone
and may give its work to all.
"""

from __future__ import annotations

import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Protocol

from ..errors import NotReady
from ..files import private_folder
from ..settings import Settings
from .board import open_engine
from .rescue import opened

if TYPE_CHECKING:
    from sqlalchemy import Connection

HERE = "here-gpu0"  # a SQLite file belongs to one machine, whose own name may change with the network
GONE_S = 10  # of silence, after which the database itself ends the connection of a worker that was stopped or cut off
# So that a machine without power is noticed within seconds: nobody says goodbye for it.
ALIVE = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3, "connect_timeout": 5}
SERVER = "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"


class Seat(Protocol):
    """A worker's place. To be used from one thread."""

    name: str

    def kept(self) -> bool:
        """Whether the place is still this worker's; one that lost it must not go on."""
        ...

    def gone(self, other: str) -> bool:
        """Whether the worker of that name is dead."""
        ...


@contextmanager
def take_seat(settings: Settings) -> Iterator[Seat]:
    """A free place at the queue of this home. Raises NotReady when a home on SQLite has its worker already."""
    if settings.database_url.startswith("sqlite"):
        with _alone(settings):
            yield _OnlySeat(settings)
    else:
        engine = open_engine(
            settings.database_url, isolation_level="AUTOCOMMIT", connect_args={**ALIVE, "options": SERVER}
        )
        with engine.connect() as connection:
            yield _SharedSeat(connection)


class _OnlySeat:
    name = HERE

    def __init__(self, settings: Settings) -> None:
        self._settings, self._file = settings, opened(settings)

    def kept(self) -> bool:
        """Not when another file has taken the place of the one that was opened, because that was damaged or deleted."""
        return opened(self._settings) == self._file

    def gone(self, other: str) -> bool:
        return other != HERE  # a name of a former version


class _SharedSeat:
    def __init__(self, connection: Connection) -> None:
        from sqlalchemy import text

        self._connection = connection
        connection.execute(text(f"SET idle_session_timeout = '{GONE_S}s'"))
        host = socket.gethostname()
        self.name = next(name for number in count() if self._lock(name := f"{host}-{number}"))

    def kept(self) -> bool:
        from sqlalchemy import text
        from sqlalchemy.exc import DBAPIError

        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True

    def gone(self, other: str) -> bool:
        """Takes the lock of the other and gives it back: between two such looks of different workers nothing is lost, since
        work is given back only where it still bears the dead worker's name."""
        if other == self.name or not self._lock(other):
            return False
        self._call("pg_advisory_unlock", other)
        return True

    def _lock(self, name: str) -> bool:
        return self._call("pg_try_advisory_lock", name)

    def _call(self, function: str, name: str) -> bool:
        from sqlalchemy import text

        key = zlib.crc32(f"studio-{name}".encode())
        return bool(self._connection.execute(text(f"SELECT {function}(:key)"), {"key": key}).scalar())


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(private_folder(settings.house / "locks") / f"{HERE}.lock", timeout=0):
            yield
    except Timeout:
        raise NotReady("A worker is already at work for this studio. Nothing needs to be started.") from None
