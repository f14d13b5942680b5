"""The job database that client and worker share: its schema, its names, and what may be written into it."""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import TYPE_CHECKING, Any

from ..files import private_folder, room_for
from ..settings import Settings
from .board import lay_out, open_engine
from .rescue import check_database

if TYPE_CHECKING:
    from dbos import Serializer

# Bumped only when the order of steps in a workflow changes: DBOS would else leave old jobs waiting for ever.
VERSION = "jobs-2"
FORMER = ("jobs-1",)  # what was left waiting by them is asked for again
APPLICATION = "storybook-studio"
WORKFLOW = "studio_job"
PIECE = "studio_piece"
# What the device does, one piece at a time.
DRAWN = (
    "draw",
    "pages",
    "sketch",
    "redo",
    "candidates",
    "assess",
    "train",
    "portraits",
    "picture",
    "measure",
    "try",
    "bring",
    "fit",
    "tryout",
    "lab",
    "import",
)
# A job that is done in pieces waits for them in `books`, where it takes no turn of its own at the device; what needs no
# device is done at the `desk`, and does not wait for it.
QUEUES = dict.fromkeys(DRAWN, "gpu") | dict.fromkeys(("export", "prepare", "write", "download", "unpack"), "desk")
QUEUES |= {"draw": "books"}


def prepare_database(settings: Settings) -> None:
    """Creates the database or brings it up to date, so that neither web process nor worker has to come first."""
    from dbos import DBOS
    from filelock import FileLock

    with room_for("jobs.sqlite"), FileLock(private_folder(settings.house / "locks") / "jobs.lock"):
        check_database(settings)
        if settings.database_url.startswith("sqlite:///"):
            _write_ahead(settings.database_url.removeprefix("sqlite:///"))
        sys.audit("studio.queue.migrate")
        DBOS.migrate(settings.database_url)
        sys.audit("studio.queue.migrated")
        engine = open_engine(settings.database_url)
        with engine.begin() as connection:
            lay_out(connection)
        engine.dispose()


def _write_ahead(path: str) -> None:
    """Sets the journal mode that lets readers go on while the worker writes: 4 ms a commit in place of 18. It stays."""
    connection = sqlite3.connect(path, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def json_serializer() -> Serializer:
    """Plain JSON in place of DBOS's pickle, with which writing to the database would be running code in the worker."""
    from dbos import Serializer

    class JsonSerializer(Serializer):
        def serialize(self, data: Any) -> str:
            return json.dumps(data, default=_error_as_text)

        def deserialize(self, serialized_data: str) -> Any:
            return json.loads(serialized_data, object_hook=_text_as_error)

        def name(self) -> str:
            return "studio_json"

    return JsonSerializer()


def _error_as_text(value: Any) -> dict[str, str]:
    if isinstance(value, BaseException):
        return {"__error__": f"{type(value).__name__}: {value}"}
    raise TypeError(f"jobs carry text, numbers and dicts, not {type(value).__name__}")


def _text_as_error(value: dict[str, Any]) -> Any:
    return RuntimeError(value["__error__"]) if set(value) == {"__error__"} else value
