"""Looks into a finished file before it leaves: nothing goes out with places, paths, names, keys or prompts in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from ..errors import N_, Leaking
from .leak import Kind, Leak, Piece, Secrets, gather
from .packages import pieces
from .traces import Traces

__all__ = ["Leak", "Secrets", "check_export", "gather", "scan"]

# The worst first: it is what a person is told.
TOLD: dict[Kind, str] = {
    "key": N_(
        "'{name}' was not written: in it ({where}) stands a secret key ('{piece}'). Whoever has the file could use it. "
        "Take the key out of the book's words and get a new one from whoever gave it; then make the file again."
    ),
    "gps": N_(
        "'{name}' was not written: a picture in it ({where}) tells the place where it was taken ('{piece}'). "
        "Draw that page again, or save the picture anew without its notes, and make the file again."
    ),
    "exif": N_(
        "'{name}' was not written: a picture in it ({where}) tells which camera took it and when ('{piece}'). "
        "Draw that page again, or save the picture anew without its notes, and make the file again."
    ),
    "path": N_(
        "'{name}' was not written: in it ({where}) stands the name of a folder of this computer ('{piece}'). "
        "Draw the page again or take those words out, and make the file again."
    ),
    "user": N_(
        "'{name}' was not written: in its notes ({where}) stands the name you have on this computer ('{piece}'). "
        "Write it as the author if it should be there, or take it out, and make the file again."
    ),
    "host": N_(
        "'{name}' was not written: in its notes ({where}) stands the name of this computer ('{piece}'). "
        "Take it out and make the file again."
    ),
    "prompt": N_(
        "'{name}' was not written: in it ({where}) stand the words from which a picture was drawn ('{piece}'). "
        "Draw the page again or take those words out, and make the file again."
    ),
    "trigger": N_(
        "'{name}' was not written: in its notes ({where}) stands the word that calls one of your characters ('{piece}'). "
        "Draw the page again or take the word out, and make the file again."
    ),
    "email": N_(
        "'{name}' was not written: in its notes ({where}) stands an e-mail address ('{piece}'). "
        "Write it in the story or beside the author if it should be there, or take it out, and make the file again."
    ),
    "note": N_(
        "'{name}' was not written: in it ({where}) stand notes that a book does not need ('{piece}'). "
        "Draw that page again, or save the picture anew without its notes, and make the file again."
    ),
    "closed": N_(
        "'{name}' was not written: a part of it ({where}) is damaged or locked, so nobody can tell what it gives away. "
        "Make the file again; if it stays so, leave that part out."
    ),
}


def scan(data: bytes, suffix: str, secrets: Secrets) -> tuple[Leak, ...]:
    """What a .pdf, .epub, .zip, .html, .jpg, .png or .webp file gives away, the worst first, each once."""
    found = dict.fromkeys(_leaks(data, suffix.lower(), Traces(secrets)))
    return tuple(sorted(found, key=lambda leak: list(TOLD).index(leak.kind)))


def check_export(data: bytes, name: str, secrets: Secrets) -> None:
    """Raises Leaking, which says what was found and where, for a file that gives something away; write it after this."""
    leaks = scan(data, PurePath(name).suffix, secrets)
    if leaks:
        worst = leaks[0]
        raise Leaking(TOLD[worst.kind], name=PurePath(name).name, where=worst.where, piece=worst.piece)


def _leaks(data: bytes, suffix: str, traces: Traces) -> Iterator[Leak]:
    for one in pieces(data, suffix):
        if isinstance(one, Piece):
            yield from traces.of(one)
        else:
            yield one
