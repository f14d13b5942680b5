"""Everything that a person can mend.

StudioError
├── BadInput            a file, text or number that was given cannot be used
│   ├── BadStory        the story is empty, too short or asks for too many pages
│   ├── BadPhoto        a photo cannot be opened, is too small or is no picture
│   └── BadAdapter      a LoRA file does not fit the base model or is damaged
├── NotFound            a name or id that nothing here has
├── NotAllowed          what this person may not do here: their role, their room, or no longer let in
├── NotReady            a step was asked for before the one it needs
├── NoConsent           nobody agreed that somebody's photos are used so, or no more
├── NoAnswer            a language model or a site cannot be reached, or says nothing that can be used
├── NoRoom              the disk is full or not writable
├── NoDatabase          the list of jobs is locked, damaged, away or from a newer studio
├── ChildBlock          a wish or a picture is not for a book with a child in it
├── Leaking             a finished file gives away what should stay here, so it is not written
└── Cancelled           the person stopped the work; what is done is kept

A message says what (with the value in quotes), why, and what to do; it never holds a path of the machine. It is a
whole sentence with {blanks}, never an f-string, so that the catalogues in assets/locale can say it in every language.
Programmer mistakes are built-in errors and are not caught.
"""

from __future__ import annotations

from collections.abc import Callable


def N_(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is shown."""
    return message


class StudioError(Exception):
    """What the person who uses the studio can mend: `BadStory("'{word}' is too short. Write more.", word=word)`.

    `values` fill the blanks of `message`; numbers and texts only, because a job's error is stored as JSON.
    """

    def __init__(self, message: str, **values: str | int | float) -> None:
        super().__init__(message)
        self.values = values

    def __str__(self) -> str:
        return self.said()

    @property
    def message(self) -> str:
        """The sentence with its blanks, as the catalogues know it."""
        return str(self.args[0])

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The sentence with its blanks filled, in the language that `translate` gives."""
        return translate(self.message).format(**self.values) if self.values else translate(self.message)


class BadInput(StudioError):
    """A file, text or number that was given cannot be used."""


class BadStory(BadInput):
    """The story is empty, too short or asks for too many pages."""


class BadPhoto(BadInput):
    """A photo cannot be opened, is too small or is no picture."""


class BadAdapter(BadInput):
    """A LoRA file does not fit the base model or is damaged."""


class NotFound(StudioError):
    """A name or id that nothing here has."""


class NotAllowed(StudioError):
    """What this person may not do here: their role does not, their room is full, or they are no longer let in."""


class NotReady(StudioError):
    """A step was asked for before the one it needs."""


class NoConsent(StudioError):
    """Nobody agreed that somebody's photos are used so, or the word was taken back or ran out."""


class NoAnswer(StudioError):
    """A language model or a site cannot be reached, or says nothing that can be used."""


class NoRoom(StudioError):
    """The disk is full or not writable."""


class NoDatabase(StudioError):
    """The list of jobs is locked, damaged, away or from a newer studio; books and pictures are safe."""


class ChildBlock(StudioError):
    """A wish, a text or a picture is not for a book with a child in it; what was written is kept."""

    code = "CHILD-BLOCK"


class Leaking(StudioError):
    """A finished file gives away what should stay here, so it is not written."""


class Cancelled(StudioError):
    """The person stopped the work; what is done is kept."""
