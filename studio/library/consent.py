"""Who agreed that somebody's photos are used: for what, in what role, and until when. `characters/<id>/consent.json` holds every
word that was given, the newest last; nothing is ticked beforehand, and what is not agreed to is not done."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from ..errors import N_, BadInput, NoConsent
from ..settings import Settings
from .characters import Character, Characters
from .record import read_record, write_record

Purpose = Literal["train", "language model", "print", "share"]
Role = Literal["self", "parent", "guardian", "teacher", "other"]
CONSENT = "consent.json"
FORMER: tuple[Purpose, ...] = ("train", "print")  # what the one sentence of an older studio was asked for
PURPOSES: dict[Purpose, str] = {
    "train": N_("Learn from the photos and draw them"),
    "print": N_("Make books with them, on paper and as files"),
    "language model": N_("Send stories with them to a language model on the internet, without their name"),
    "share": N_("Give others what was learnt of them, with which they can be drawn"),
}
ROLES: dict[Role, str] = {
    "self": N_("The person in the photos"),
    "parent": N_("Their mother or father"),
    "guardian": N_("Their guardian"),
    "teacher": N_("Their teacher, for the parents"),
    "other": N_("Somebody else"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One word given. `until` is the last day, ISO 8601, empty for as long as the photos are kept; `withdrawn` is when it was
    taken back. The photos show a child unless somebody says that they show an `adult`."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    who: str
    purposes: tuple[Purpose, ...]
    role: Role = "other"
    adult: bool = False
    until: str = ""
    given: str = ""  # ISO 8601, UTC
    withdrawn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All words that were given for one person."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    entries: tuple[Consent, ...] = ()
    version: int = 1


class Consents:
    """What was agreed to in one home. Pets, toys and drawn heroes need nobody's word."""

    def __init__(self, settings: Settings) -> None:
        self._characters = Characters(settings)
        self._place = settings.characters

    def history(self, id: str) -> tuple[Consent, ...]:
        """Every word given, the newest last; for who was begun by an older studio, what was written then. Raises NotFound."""
        character = self._characters.get(id)
        if (self._place / character.id / CONSENT).is_file():
            return read_record(self._place / character.id / CONSENT, Ledger, "character").entries
        return (_former(character),) if character.consent.strip() else ()

    def current(self, id: str) -> Consent | None:
        """The word that holds, which may have run out; none when it was taken back or never given. Raises NotFound."""
        newest = next(reversed(self.history(id)), None)
        return None if newest is None or newest.withdrawn else newest

    def give(self, id: str, consent: Consent) -> Consent:
        """Notes a new word, which holds from now on in place of the former. Raises NotFound, BadInput, NoRoom."""
        check(consent)
        given = replace(consent, given=_now())
        self._write(id, (*self.history(id), given))
        return given

    def withdraw(self, id: str) -> None:
        """Notes that the word is taken back: from here on nothing is learnt, drawn or exported. Raises NotFound, NoRoom."""
        *former, newest = self.history(id) or (None,)
        if newest and not newest.withdrawn:
            self._write(id, (*(one for one in former if one), replace(newest, withdrawn=_now())))

    def require(self, ids: Iterable[str], purpose: Purpose) -> None:
        """Passes when everybody of these who is a person may be used so today. Raises NoConsent."""
        for id in dict.fromkeys(ids):
            if (self._place / id / "character.json").is_file():
                self._require(self._characters.get(id), purpose)

    def _require(self, character: Character, purpose: Purpose) -> None:
        if character.kind != "person":
            return
        held = self.current(character.id)
        if held is None:
            raise NoConsent(
                "Nobody agrees any more that the photos of '{name}' are used, so nothing is learnt, drawn or exported with "
                "them. Ask again and note who agreed on the screen Characters, or erase them. Your books and texts are safe.",
                name=character.name,
            )
        if held.until and held.until < date.today().isoformat():
            raise NoConsent(
                "What was agreed for '{name}' ended on {until}. Ask {who} again and note it on the screen Characters, or "
                "erase them. Your books and texts are safe.",
                name=character.name,
                until=held.until,
                who=held.who,
            )
        if purpose not in held.purposes:
            raise NoConsent(NOT_AGREED[purpose], name=character.name, who=held.who)

    def is_adult(self, id: str) -> bool:
        """Whether the newest word that holds says that the photos show an adult. Raises NotFound."""
        held = self.current(id)
        return held is not None and held.adult

    def _write(self, id: str, entries: tuple[Consent, ...]) -> None:
        sys.audit("studio.consent.write")
        write_record(self._file(id), Ledger(entries=entries))

    def _file(self, id: str) -> Path:
        return self._characters.folder(self._characters.get(id).id) / CONSENT


NOT_AGREED: dict[Purpose, str] = {
    "train": N_(
        "That the studio learns from the photos of '{name}' was not agreed (by {who}). Ask, and note it on the screen Characters. "
        "The photos are safe."
    ),
    "language model": N_(
        "That stories with '{name}' go to a language model on the internet was not agreed (by {who}). Choose the plain writer, a "
        "model on this computer, or ask and note it on the screen Characters. The story is safe."
    ),
    "print": N_(
        "That books with '{name}' are made was not agreed (by {who}). Ask, and note it on the screen Characters, or let another "
        "hero play. The book is safe."
    ),
    "share": N_(
        "That what was learnt of '{name}' is given to others was not agreed (by {who}). Give the book without it, or ask and note "
        "it on the screen Characters. Nothing was written."
    ),
}


def check(consent: Consent) -> None:
    """Raises BadInput for a word that says too little."""
    if not consent.who.strip():
        raise BadInput("Say who agreed, such as: Lan's mother. Nothing was changed.")
    if not consent.purposes:
        raise BadInput(
            "Say what for: tick at least one thing that '{who}' agreed to. Nothing was changed.", who=consent.who
        )
    try:
        ended = bool(consent.until) and date.fromisoformat(consent.until) < date.today()
    except ValueError:
        raise BadInput("'{day}' is no day. Give it as in 2027-06-30; nothing was changed.", day=consent.until) from None
    if ended:
        raise BadInput("'{day}' is over. Give a day that is still to come; nothing was changed.", day=consent.until)


def told(words: str) -> Consent:
    """The word of who said it in one sentence: who, and what for, in their own words."""
    return Consent(who=words.strip(), purposes=FORMER)


def _former(character: Character) -> Consent:
    return replace(told(character.consent), given=character.created)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
