"""The people of a studio that several share: `people/<id>/person.json` says who somebody is, what they may do and how much room they
have. Everything they make lies beside it, in a home of their own. Administrators work in the house itself, so that what was made
before anybody had to sign in stays theirs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

from ..errors import NotAllowed, NotFound, StudioError
from ..files import private_folder
from ..settings import PEOPLE, Settings
from .record import read_record, write_record

Role = Literal["parent", "teacher", "administrator"]
RECORD = "person.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who signs in. `id` is a short sum of issuer and subject of their account; `name` is as their account says it, for the
    administrator, who has to know whom to let go."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    id: str
    name: str = ""
    role: Role = "parent"
    most_books: int = 200
    most_characters: int = 40
    most_bytes: int = 20_000_000_000
    most_jobs: int = 50  # that wait or run at the same time
    term_ends: str = ""  # ISO 8601, of a teacher: on the day after it the heroes of the class are erased
    revoked: bool = False
    version: int = 1

    @property
    def administrator(self) -> bool:
        return self.role == "administrator"


def member(settings: Settings, id: str) -> Member:
    """What is known of somebody; who never came in is a parent with the usual room. Raises NotFound for what is nobody's id, BadInput
    for a damaged record."""
    path = _record(settings, id)
    try:
        return read_record(path, Member, "person")
    except NotFound:
        return Member(id=id)


def members(settings: Settings) -> tuple[Member, ...]:
    """Everybody who ever came in and whose record can be read."""
    found = []
    for path in sorted((settings.house / PEOPLE).glob(f"*/{RECORD}")):
        with suppress(StudioError):
            found.append(member(settings, path.parent.name))
    return tuple(found)


def arrive(settings: Settings, id: str, name: str, role: Role) -> Member:
    """Notes that somebody signed in, with what their account and the studio's secrets say of them today. Who was let go stays so.
    Raises NoRoom."""
    here = _record(settings, id)
    known = member(settings, id)
    now = replace(known, name=name, role=role)
    if now != known or not here.is_file():
        sys.audit("studio.person.record")
        private_folder(here.parent)
        write_record(here, now)
    return now


def change(settings: Settings, id: str, **changes: Any) -> Member:
    """Writes other fields into the record of somebody who came in before. Raises NotFound."""
    known = read_record(_record(settings, id), Member, "person")
    changed = replace(known, **changes)
    sys.audit("studio.person.record")
    write_record(_record(settings, id), changed)
    return changed


def admit(settings: Settings, id: str) -> Member:
    """What is known of somebody who may come in. Raises NotAllowed for who was let go, and where their record is damaged, which may
    have said so."""
    found = member(settings, id)
    if found.revoked:
        raise NotAllowed(
            "You are signed in, but an administrator has closed this studio for you. Nothing was changed; what you made is "
            "kept until they decide. Ask them."
        )
    return found


def home_of(settings: Settings, found: Member) -> Settings:
    """Where somebody works."""
    house = replace(settings, home=settings.house, owner="")
    return house if found.administrator else house.of(found.id)


@contextmanager
def room_for_one(settings: Settings, kind: Literal["books", "characters"], place: Path) -> Iterator[None]:
    """To make one more of a kind in, while nobody else does. Where nobody signs in there is no limit. Raises NotAllowed."""
    if not settings.owner:
        yield
        return
    from filelock import FileLock

    mine = member(settings, settings.owner)
    with FileLock(private_folder(settings.home / "locks") / "room.lock"):
        _check_number(kind, mine, place)
        check_bytes(settings, mine)
        yield


def _check_number(kind: Literal["books", "characters"], mine: Member, place: Path) -> None:
    here = sum(1 for folder in place.glob("[!.]*") if folder.is_dir())
    if kind == "books" and here >= mine.most_books:
        raise NotAllowed(
            "There is room for {most} books here, and all of it is taken. Throw one away that you do not need, or ask an "
            "administrator for more room; nothing was changed.",
            most=mine.most_books,
        )
    if kind == "characters" and here >= mine.most_characters:
        raise NotAllowed(
            "There is room for {most} characters here, and all of it is taken. Erase one that you do not need, or ask an "
            "administrator for more room; nothing was changed.",
            most=mine.most_characters,
        )


def check_bytes(settings: Settings, mine: Member) -> None:
    """Raises NotAllowed when all that somebody may have of the disk is taken."""
    if used(settings) >= mine.most_bytes:
        raise NotAllowed(
            "Your {most} MB of the studio's disk are full. Throw away what you do not need and empty the trash, or ask an "
            "administrator for more room; nothing was changed.",
            most=mine.most_bytes // 1_000_000,
        )


def used(settings: Settings) -> int:
    """Bytes of all files in a home."""
    total = 0
    for path in settings.home.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.lstat().st_size if path.is_file() else 0
    return total


def _record(settings: Settings, id: str) -> Path:
    return settings.of(id).home / RECORD
