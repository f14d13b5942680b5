"""Everything that a person can mend.

StudioError
├── BadInput            a file, text or number that was given cannot be used
│   ├── BadStory        the story is empty, too short or asks for too many pages
│   ├── BadPhoto        a photo cannot be opened, is too small or is no picture
│   └── BadAdapter      a LoRA file does not fit the base model or is damaged
├── NotFound            a name or id that nothing here has
├── NotReady            a step was asked for before the one it needs
├── NoRoom              the disk is full or not writable
└── Cancelled           the person stopped the work; what is done is kept

A message says what (with the value in quotes), why, and what to do; it never holds a path of the machine.
Programmer mistakes are built-in errors and are not caught.
"""

from __future__ import annotations


class StudioError(Exception):
    """What the person who uses the studio can mend; its text is shown as it is."""


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


class NotReady(StudioError):
    """A step was asked for before the one it needs."""


class NoRoom(StudioError):
    """The disk is full or not writable."""


class Cancelled(StudioError):
    """The person stopped the work; what is done is kept."""
