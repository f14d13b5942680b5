"""How the words of a person, a computer or an account are known in a text. Nothing here opens a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import quote

from .leak import Kind, Leak, Piece, Secrets, masked

# Each with a piece that must be there first: looking for plain text is a hundred times as fast as for a pattern.
PATHS = (
    ("/home/", r"(?<![\w.])/home/[\w.@-]{2,}"),
    ("/Users/", r"(?<![\w.])/Users/[\w.@-]{2,}"),
    ("Users", r"\b[A-Za-z]:[\\/]{1,4}Users[\\/]{1,4}[\w.@-]{2,}"),
    ("Settings", r"\b[A-Za-z]:[\\/]{1,4}Documents and Settings[\\/]{1,4}[\w.@-]{2,}"),
    ("/tmp/", r"(?<![\w.])/tmp/[\w.-]{3,}"),
    ("/folders/", r"(?<![\w.])/var/folders/[\w.-]{2,}"),
    ("/root/", r"(?<![\w.])/root/[\w.-]{2,}"),
)
# Neither before nor behind a key stands what goes on in Base64: of 60 MB of it one piece in three looks like a key of Google.
OPEN, SHUT = r"(?<![A-Za-z0-9+/=_-])", r"(?![A-Za-z0-9+/=_-])"
KEYS = (
    ("sk-", OPEN + r"sk-(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{20,}" + SHUT),
    ("hf_", OPEN + r"hf_[A-Za-z0-9]{30,}" + SHUT),
    *((f"gh{kind}_", OPEN + rf"gh{kind}_[A-Za-z0-9]{{36,}}" + SHUT) for kind in "pousr"),
    ("github_pat_", OPEN + r"github_pat_[A-Za-z0-9_]{40,}" + SHUT),
    ("AKIA", OPEN + r"AKIA[0-9A-Z]{16}" + SHUT),
    ("ASIA", OPEN + r"ASIA[0-9A-Z]{16}" + SHUT),
    ("AIza", OPEN + r"AIza[A-Za-z0-9_-]{35}" + SHUT),
    ("-----BEGIN", r"-----BEGIN [A-Z ]*PRIVATE KEY"),
)
QUOTE = 3  # words in a row that are taken from what was said; a single one may be there by chance
# Where a telephone was when it recorded a voice (ISO 6709, in the boxes of QuickTime and MP4 files).
PLACE = re.compile(r"[+-]\d{1,2}\.\d{2,}[+-]\d{1,3}\.\d{2,}")
PLACED = ("\xa9xyz", "com.apple.quicktime.location")
EMAIL = re.compile(r"[\w.%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


class Traces:
    """What of these secrets stands in a piece."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._said = _plain("\n".join(secrets.said))

    def of(self, piece: Piece) -> Iterator[Leak]:
        """The leaks of one piece, each kind once or more. In raw bytes nothing is sought that chance could write."""
        about = piece.sort in ("note", "name")
        yield from self._leaks("path", self._paths(piece.text), piece)
        yield from self._leaks("key", self._keys(piece.text), piece)
        if piece.sort == "raw":
            yield from self._leaks("gps", _places(piece.text), piece)
            return
        yield from self._leaks("prompt", self._prompts(piece.text), piece)
        if about:
            yield from self._leaks("email", (found[0] for found in EMAIL.finditer(piece.text)), piece)
            yield from self._names(piece)

    def _leaks(self, kind: Kind, found: Iterator[str], piece: Piece) -> Iterator[Leak]:
        for text in found:
            if _plain(text) not in self._said:
                yield Leak(kind, piece.where, masked(text))

    def _paths(self, text: str) -> Iterator[str]:
        for first, pattern in PATHS:
            if first in text:
                yield from (found[0] for found in re.finditer(pattern, text, re.ASCII))
        for folder in self._folders:
            if folder in text:
                yield from (found[0] for found in re.finditer(rf"(?<![\w.]){re.escape(folder)}(?!\w)", text))
        if self._secrets.user and self._secrets.user in text:
            yield from (found[0] for found in self._user_folder.finditer(text))

    def _keys(self, text: str) -> Iterator[str]:
        for first, pattern in KEYS:
            if first in text:
                yield from (found[0] for found in re.finditer(pattern, text))
        yield from (key for key in self._secrets.keys if key in text)

    def _prompts(self, text: str) -> Iterator[str]:
        if self._secrets.prompts:
            plain = _plain(text)
            yield from (prompt for prompt in self._secrets.prompts if _plain(prompt) in plain)

    def _names(self, piece: Piece) -> Iterator[Leak]:
        """Names as whole words in what the person did not write: a title may well be called like the computer."""
        left = self._unsaid(piece)
        sought: list[tuple[Kind, str]] = [("user", self._secrets.user), ("host", self._secrets.host)]
        sought += [("trigger", trigger) for trigger in self._secrets.triggers]
        for kind, name in sought:
            if name and re.search(rf"(?<![^\W_]){re.escape(_plain(name))}(?![^\W_])", left):
                yield Leak(kind, piece.where, masked(name))

    def _unsaid(self, piece: Piece) -> str:
        """The text without what the person said: all of it in a note, word by word in a name, which is cut and has no accents."""
        left = _plain(piece.text)
        if piece.sort == "name":
            return re.sub(r"[^\W_]+", lambda word: "" if word[0] in self._words else word[0], left)
        if left.count(" ") >= QUOTE - 1 and left in self._said:
            return ""
        for said in self._sayings:
            if said in left:
                left = re.sub(rf"(?<![^\W_]){re.escape(said)}(?![^\W_])", " ", left)
        return left

    @cached_property
    def _sayings(self) -> tuple[str, ...]:
        """What was said, in pieces of which one may stand in a note, the longest first."""
        lines = (_plain(said) for said in self._secrets.said)
        return tuple(sorted((line for line in lines if len(line) > 1), key=len, reverse=True))

    @cached_property
    def _words(self) -> frozenset[str]:
        """The single words that were said, with and without accents."""
        bare = unicodedata.normalize("NFD", self._said.replace("đ", "d")).encode("ascii", "ignore").decode()
        return frozenset(re.findall(r"[^\W_]+", f"{self._said} {bare}"))

    @cached_property
    def _folders(self) -> tuple[str, ...]:
        """The folders as they may be written: plainly, as a string of a program, as an address."""
        ways = (
            (folder, folder.replace("\\", "\\\\"), folder.replace("\\", "/"), quote(folder.replace("\\", "/")))
            for folder in self._secrets.folders
        )
        return tuple(dict.fromkeys(way for folder in ways for way in folder))

    @cached_property
    def _user_folder(self) -> re.Pattern[str]:
        return re.compile(rf"[\\/]{re.escape(self._secrets.user)}[\\/][\w.-]+")


def _places(text: str) -> Iterator[str]:
    if any(mark in text for mark in PLACED):
        yield from PLACE.findall(text)


def _plain(text: str) -> str:
    """In one spelling: composed, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
