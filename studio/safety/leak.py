"""What must not leave this computer in a file, and what was found of it."""

from __future__ import annotations

import getpass
import socket
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..publishing.book import Book
from ..settings import Settings

Kind = Literal["gps", "exif", "note", "path", "user", "host", "key", "prompt", "trigger", "email", "closed"]
Sort = Literal["words", "note", "name", "raw"]
NOTES = "metadata"
SHORT_NAME = 3  # letters; a user called "an" or "may" would be found in half of all words
SHORT_PROMPT = 20
SHORT_KEY = 12  # a local server takes any word as its key
# Names that computers and users bear by the thousand, and those that the studio writes itself: they give nobody away.
COMMON = {
    "admin", "administrator", "book", "computer", "debian", "default", "desktop", "docker", "family", "fedora", "guest", "home",
    "laptop", "linux", "local", "localhost", "macbook", "nobody", "owner", "parents", "root", "runner", "school", "storybook", "studio", "teacher",
    "ubuntu", "user", "users", "vscode", "windows",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What is looked for; `said` are the words of the person, in which nothing is a leak."""

    folders: tuple[str, ...] = ()  # the person's home, the studio's, and that of temporary files
    user: str = ""
    host: str = ""
    prompts: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()  # words that call what was learnt of somebody
    keys: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leak:
    """One thing that a file gives away: in which part of it, and a piece of it, masked."""

    kind: Kind
    where: str
    piece: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in a file: `words` to read or run, a `note` about the file, the `name` of a part, or `raw` bytes as Latin-1."""

    where: str
    text: str
    sort: Sort = "words"


def gather(
    settings: Settings, book: Book, keys: Sequence[str] = (), triggers: Sequence[str] = (), said: Sequence[str] = ()
) -> Secrets:
    """What a file of this book must not hold on this computer; `said` are more words that the person wrote."""
    prompts = (words for page in book.pages for words in (page.prompt.positive, page.prompt.negative))
    folders = (str(Path.home()), str(settings.house), tempfile.gettempdir())
    return Secrets(
        folders=_kept(folders, SHORT_NAME),
        user=_telling(_user()),
        host=_telling(socket.gethostname().partition(".")[0]),
        prompts=_kept(prompts, SHORT_PROMPT),
        triggers=_kept(triggers, SHORT_NAME - 1),
        keys=_kept(keys, SHORT_KEY - 1),
        said=_kept((*_written(book), *said), 0),
    )


def at(where: str, part: str) -> str:
    """The part of a part: 'book.epub, page 3'; of the file itself only its own."""
    return f"{where}, {part}" if where else part


def masked(text: str) -> str:
    """Enough to find it again, too little to use it: 'sk-4…9f'."""
    plain = " ".join(text.split())
    return f"{plain[:4]}…{plain[-2:]}" if len(plain) > 10 else f"{plain[:2]}…"


def _written(book: Book) -> Iterable[str]:
    """What the person wrote in the book, and what the book calls those in it."""
    story = book.story
    yield from (book.title, story.title, story.author, story.dedication, story.text)
    yield from (words for page in book.pages for words in (page.scene.text, page.translation))
    yield from (role.name for role in book.cast.roles)


def _kept(words: Iterable[str], longer_than: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words if len(word.strip()) > longer_than))


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without users, a Windows without the variable
        return ""


def _telling(name: str) -> str:
    """The name if it says whose computer this is."""
    return name if len(name) > SHORT_NAME and name.casefold() not in COMMON else ""
