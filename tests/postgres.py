"""A Postgres server of the tests' own: the real one, on a folder and a port of its own, gone when they end.

Nothing of it touches a server that the computer may run besides.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

import launch
from tests.browser.demonstrations import free_port

OWNER = "postgres"  # the user that Debian's package makes; as root the server refuses to run
START_S = 20.0


class Postgres:
    """A server on 127.0.0.1; its data lies in `folder`, which its user owns."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self._run("initdb", "--no-sync", "--auth=trust", "--username=studio", "--encoding=UTF8", "--locale=C")

    def start(self) -> None:
        """Returns when it takes connections; fsync is on, as it is for people."""
        listen = ["-c", "listen_addresses=127.0.0.1", "-p", str(self._port), "-c", "unix_socket_directories="]
        quiet: Mapping[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        command = [programs() / "postgres", "-D", self._folder, *listen]
        self._process = subprocess.Popen(command, cwd=self._folder, **quiet, **_somebody())
        give_up = time.monotonic() + START_S
        while not self._answers():
            assert time.monotonic() < give_up and self._process.poll() is None, "Postgres did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        """Cuts every connection at once, as when the machine's power goes."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"studio_{uuid.uuid4().hex}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://studio@127.0.0.1:{self._port}/{name}"

    def _connect(self) -> psycopg.Connection[Any]:
        address = f"postgresql://studio@127.0.0.1:{self._port}/postgres"
        return psycopg.connect(address, autocommit=True, connect_timeout=2)

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *words: str) -> None:
        command = [programs() / program, "-D", self._folder, *words]
        subprocess.run(command, cwd=self._folder, check=True, capture_output=True, **_somebody())


def programs() -> Path:
    """The folder of the newest server's programs; Debian keeps them off the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return debian[-1] if debian else Path(shutil.which("postgres") or "").parent


def _somebody() -> dict[str, Any]:
    """As whom the server runs: oneself, unless that is root."""
    if os.geteuid():
        return {}
    return {"user": OWNER, "group": OWNER, "extra_groups": []}


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server that runs, without databases of the studio."""
    if not launch.program("postgresql"):  # where CI is set, tests/unskipped.py makes a failure of this
        pytest.skip("This needs Postgres, and there is none on this computer.")
    # Not pytest's own folder, into which only the user of the tests can look.
    folder = Path(tempfile.mkdtemp(prefix="studio-postgres-"))
    if not os.geteuid():
        os.chown(folder, pwd.getpwnam(OWNER).pw_uid, pwd.getpwnam(OWNER).pw_gid)
    try:
        server = Postgres(folder)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder)
