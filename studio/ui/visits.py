"""Which browser was told which address: pictures, voices and files lie at addresses that Streamlit gives to whoever asks. They are
given only to the browser to which a screen that is open now spoke of them, as long as its person is signed in.

A browser is known by a random cookie of its own and, where people sign in, by the cookie of their account; of both only a sum is kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.cookies import _unquote as unquoted  # private, but what Starlette reads with
from pathlib import Path

from ..files import atomic_write
from ..settings import PEOPLE, Settings, load_settings

VISIT = "studio_visit"  # the cookie of a browser
ACCOUNT = re.compile(r"_streamlit_user(__\d+)?")  # Streamlit's, and its parts where it is long
KEPT_S = 120.0  # that a browser whose line broke may come back in, as Streamlit lets it
FORGOTTEN_S = 31 * 86_400.0  # Streamlit's account cookies live for thirty days

Key = tuple[str, str]  # sums of the visit and the account


def cookies_in(header: str) -> dict[str, str]:
    """The cookies of a request, by name, exactly as Starlette reads them: what the two read differently would be a way around."""
    found = {}
    for part in header.split(";"):
        name, value = part.split("=", 1) if "=" in part else ("", part)
        if name.strip() or value.strip():
            found[name.strip()] = unquoted(value.strip())
    return found


def account_in(cookies: Mapping[str, str]) -> tuple[str, ...]:
    """A sum of each cookie of the account, in the order of their names; none for who is not signed in."""
    return tuple(_sum(cookies[name]) for name in sorted(cookies) if ACCOUNT.fullmatch(name))


def key_of(cookies: Mapping[str, str]) -> Key:
    """What tells one browser and its person from all others; its first part is empty for a browser without a visit."""
    return _sum(cookies.get(VISIT, "")), " ".join(account_in(cookies))


def without_account(header: str) -> str:
    """The cookies of a request but those of the account."""
    parts = header.split(";")
    return ";".join(part for part in parts if not ACCOUNT.fullmatch(part.split("=", 1)[0].strip()))


def _sum(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


class Visits:
    """All browsers of one web process; safe to use from several threads."""

    def __init__(self) -> None:
        self._lines: dict[Key, list[set[str]]] = {}
        self._broken: dict[Key, tuple[float, set[str]]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def line(self, key: Key) -> Iterator[set[str]]:
        """A screen that is open: what it speaks of is to be put into the set."""
        with self._lock:
            since, before = self._broken.pop(key, (0.0, set()))
            told = set(before) if time.monotonic() - since < KEPT_S else set()
            self._lines.setdefault(key, []).append(told)
        try:
            yield told
        finally:
            self._end(key, told)

    def may_have(self, key: Key, file: str) -> bool:
        """Whether a screen of this browser that is open now spoke of the file."""
        with self._lock:
            return bool(key[0]) and any(file in told for told in self._lines.get(key, ()))

    def forget(self, account: tuple[str, ...]) -> None:
        """Lets go of all that this account was told."""
        with self._lock:
            for kept in (self._lines, self._broken):
                for key in [key for key in kept if key[1] == " ".join(account)]:
                    del kept[key]

    def _end(self, key: Key, told: set[str]) -> None:
        now = time.monotonic()
        with self._lock:
            lines = self._lines.get(key)
            if lines is None:  # signed out meanwhile
                return
            lines[:] = [one for one in lines if one is not told]
            if not lines:
                del self._lines[key]
            self._broken = {one: kept for one, kept in self._broken.items() if now - kept[0] < KEPT_S}
            self._broken[key] = now, told


class SignedOut:
    """The accounts' cookies that somebody signed out with: a copy of one, and a window that was left open, are worth nothing after
    that. Kept in the house as sums, so that the next start knows them too."""

    def __init__(self, settings: Settings) -> None:
        self._file = settings.house / PEOPLE / "signed-out.json"
        self._known = self._read()
        self._lock = threading.Lock()

    def add(self, account: tuple[str, ...]) -> None:
        """Nobody comes in with these cookies any more. Raises NoRoom, but it holds for this process all the same."""
        now = time.time()
        with self._lock:
            young = {one: at for one, at in self._known.items() if now - at < FORGOTTEN_S}
            self._known = young | dict.fromkeys(account, now)
            atomic_write(self._file, json.dumps(self._known))

    def has(self, account: tuple[str, ...]) -> bool:
        """Whether one of the cookies was signed out with: others beside it change nothing."""
        return any(one in self._known for one in account)

    def _read(self) -> dict[str, float]:
        try:
            return {str(one): float(at) for one, at in json.loads(Path(self._file).read_bytes()).items()}
        except (FileNotFoundError, ValueError, AttributeError, TypeError):
            return {}


@cache
def signed_out() -> SignedOut:
    """Those of this process's house."""
    return SignedOut(load_settings())
