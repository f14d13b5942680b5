"""What the workshop does where several people share the studio: who is here, how much room each has, who is let go, and the end of a
school's term."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ..errors import BadInput, StudioError
from ..files import remove_folder
from ..library import members
from ..library.members import Member
from ..library.retention import Notice, is_steady
from .keeping import Keeping

TOLD_DAYS = 14  # before the heroes of a class go


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody with what they have."""

    member: Member
    books: int
    characters: int
    bytes: int


class Household(Keeping):
    """The part of the workshop that knows who lives here. All of it is for administrators, and for who sits at the computer itself."""

    def people(self) -> tuple[Resident, ...]:
        """Everybody who ever signed in; administrators work in the house itself and have nothing of their own."""
        return tuple(self._resident(one) for one in members.members(self.settings))

    def change_person(self, id: str, **changes: Any) -> Member:
        """Another measure of room, or another end of the term: fields of Member. Raises NotFound, BadInput."""
        if changes.get("term_ends"):
            _check_term(str(changes["term_ends"]))
        if wrong := next((name for name, value in changes.items() if name.startswith("most_") and value < 0), ""):
            raise BadInput(
                "'{number}' is no measure of room. Give 0 or more; nothing was changed.", number=changes[wrong]
            )
        return members.change(self.settings, id, **changes)

    def let_go(self, id: str) -> Member:
        """Closes the studio for somebody at once: their windows, their waiting work and what runs. What they made is kept. Raises
        NotFound."""
        gone = members.change(self.settings, id, revoked=True)
        self._stop_work_of(id)
        return gone

    def let_in(self, id: str) -> Member:
        """Opens it again. Raises NotFound."""
        return members.change(self.settings, id, revoked=False)

    def remove_person(self, id: str) -> Resident:
        """Closes the studio for somebody and erases all they have for good; gives what that was. That they were let go is kept, so
        that they do not come in again as a new person. Raises NotFound."""
        had = self._resident(self.let_go(id))
        theirs = next((one for one in self.everyone() if one.settings.owner == id), None)
        if theirs is None:  # an administrator, whose home is the house
            return had
        theirs._erase_heroes()
        sys.audit("studio.person.remove")
        for path in sorted(theirs.settings.home.iterdir()):
            if path.is_dir():
                remove_folder(path)
            elif path.name != members.RECORD:
                path.unlink(missing_ok=True)
        return had

    def _resident(self, one: Member) -> Resident:
        home = self.settings.of(one.id)
        books, heroes = (sum(path.is_dir() for path in place.glob("[!.]*")) for place in (home.books, home.characters))
        return Resident(one, books, heroes, members.used(home))

    def _stop_work_of(self, id: str) -> None:
        for job in self._queue.live():
            if job.person == id:
                self._queue.cancel(job.id)

    # The end of a term

    def notices(self, now: datetime | None = None) -> tuple[Notice, ...]:
        """Those whose time is over, and the heroes of a class whose term ends soon."""
        told, now = super().notices(now), now or datetime.now(UTC)
        ends = self._term_ends()
        if not ends or now.date() < ends - timedelta(days=TOLD_DAYS):
            return told
        goes = (ends + timedelta(days=1)).isoformat()
        told = tuple(one for one in told if not one.photos)  # they go with all the others
        known = {one.id for one in told}
        return *told, *(Notice(one.id, one.name, goes) for one in self._characters.all() if one.id not in known)

    def _erase_over(self, now: datetime) -> Iterator[str]:
        yield from super()._erase_over(now)
        ends = self._term_ends()
        if ends and now.date() > ends and is_steady(self.settings, now):  # no clock that jumped ends a term
            yield from self._erase_heroes()

    def _erase_heroes(self) -> tuple[str, ...]:
        """Erases everybody who was taught here, and what came from elsewhere and is somebody."""
        gone = []
        for id, name, folder in tuple(self._personal_all()):
            with suppress(StudioError):
                if folder.parent == self.settings.characters:
                    self.erase_character(id)
                else:
                    self.remove_adapter(id)
                gone.append(name)
        return tuple(gone)

    def _term_ends(self) -> date | None:
        """The last day of the term of whose home this is, if that is a teacher's."""
        if not self.settings.owner:
            return None
        found = members.member(self.settings, self.settings.owner)
        return date.fromisoformat(found.term_ends) if found.role == "teacher" and found.term_ends else None


def _check_term(day: str) -> None:
    """Raises BadInput for what is no day, and for one so near that nobody could be told before."""
    try:
        left = date.fromisoformat(day) - datetime.now(UTC).date()
    except ValueError:
        raise BadInput("'{day}' is no day. Write it like 2027-05-31; nothing was changed.", day=day) from None
    if left < timedelta(days=TOLD_DAYS):
        raise BadInput(
            "The term can end {days} days from today at the earliest, so that its teacher is told before the heroes of the class "
            "are erased. Nothing was changed.",
            days=TOLD_DAYS,
        )
