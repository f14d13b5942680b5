"""The language model that the person uses: its address, its name, its key and its price; found on this computer or given.

The key lies alone in a file that only its owner can read, or comes from the environment. It is nowhere else: not in the
settings beside it, no job, no log, no export.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import re
import socket
import ssl
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...errors import BadInput, NoAnswer, NotReady
from ...files import atomic_write
from ...settings import Settings
from .address import check_allowed, places, split

KNOWN = {  # where the usual programs listen
    "Ollama": "http://127.0.0.1:11434/v1",
    "LM Studio": "http://127.0.0.1:1234/v1",
    "llama.cpp": "http://127.0.0.1:8080/v1",
    "vLLM": "http://127.0.0.1:8000/v1",
}
PATIENCE_S = (
    75.0  # of silence; a large model on a processor reads a long story for about a minute before its first word
)
LOOK_S = 0.4  # for a server on this computer to list its models
LONGEST_LIST = 1_000_000  # bytes
SETTINGS, KEY = "language_model.json", "language_model.key"


@dataclass(frozen=True, slots=True)
class Server:
    """An OpenAI-compatible server and one of its models. Prices are in dollars per million tokens; 0 on one's own computer."""

    address: str  # "http://127.0.0.1:11434/v1"
    model: str
    price_in: float = 0.0
    price_out: float = 0.0
    key: str = ""
    patience_s: float = PATIENCE_S

    @property
    def host(self) -> str:
        """What a person is told of the address: "127.0.0.1:11434"."""
        return urlsplit(self.address).netloc.rpartition("@")[2]

    @property
    def here(self) -> bool:
        """Whether it runs on this computer, so that nothing leaves it."""
        return _is_loopback(urlsplit(self.address).hostname or "")

    def __repr__(self) -> str:
        return f"Server({self.host}, {self.model})"  # never the key


def load_server(settings: Settings) -> Server:
    """The server that the person chose; STUDIO_LLM_URL, STUDIO_LLM_MODEL and STUDIO_LLM_KEY come first. Raises NotReady."""
    kept = _read(settings.house / SETTINGS)
    address = os.environ.get("STUDIO_LLM_URL") or str(kept.get("address", ""))
    if not address:
        raise NotReady(
            "No language model is set up. Choose one in Settings, or begin the studio with STUDIO_LLM_URL; "
            "until then the plain writer does the work."
        )
    model = os.environ.get("STUDIO_LLM_MODEL") or str(kept.get("model", ""))
    given = ((name, kept.get(name)) for name in ("price_in", "price_out", "patience_s"))
    numbers = {name: float(one) for name, one in given if isinstance(one, int | float)}  # a damaged file may hold words
    return checked(Server(address, model, **numbers, key=os.environ.get("STUDIO_LLM_KEY") or _key(settings)))


def server_at_hand(settings: Settings) -> Server:
    """The server that the person chose, or else the first model that answers on this computer. Raises NotReady."""
    try:
        return load_server(settings)
    except NotReady:
        for address, models in find_servers().values():
            return Server(address, models[0])
        raise


def save_server(settings: Settings, server: Server) -> None:
    """Keeps the choice; the key apart from the rest. An empty key keeps the one that was given for the same host.

    Raises BadInput, NotReady, NoRoom.
    """
    server = checked(server)
    sys.audit("studio.settings.server")
    if Server(str(_read(settings.house / SETTINGS).get("address", "")), "").host != server.host:
        (settings.house / KEY).unlink(missing_ok=True)  # first of all: a key goes to nobody but whom it was given for
    kept = {name: getattr(server, name) for name in ("address", "model", "price_in", "price_out", "patience_s")}
    atomic_write(settings.house / SETTINGS, json.dumps(kept, indent=1) + "\n")
    sys.audit("studio.settings.key")
    if server.key:
        atomic_write(settings.house / KEY, server.key.strip() + "\n")


def forget_server(settings: Settings) -> None:
    """Lets go of the choice and of the key."""
    for name in (SETTINGS, KEY):
        (settings.house / name).unlink(missing_ok=True)


def checked(server: Server) -> Server:
    """The server with a tidy address. Raises BadInput for one that cannot be used, or that would send the key in the clear, and
    NotReady for one that is not allowed here."""
    parts = split(server.address.strip())
    if parts is None:
        raise BadInput(
            "'{address}' is no address of a language model. Write it like http://127.0.0.1:11434/v1",
            address=server.address[:80],
        )
    if parts.scheme == "http" and not _is_private(parts.hostname or ""):
        raise BadInput(
            "'{host}' would be spoken to without encryption, and others could read the story. "
            "Write the address with https://",
            host=parts.hostname or "",
        )
    check_allowed(server.address)
    key = server.key.strip()
    if not re.fullmatch(r"[!-~]*", key):
        raise BadInput(
            "The key of the language model has a sign in it that no key has, such as a space or a line end. "
            "Copy it once more, alone; nothing was changed."
        )
    bare = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    return replace(server, address=bare, key=key)


def find_servers() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """The programs that answer on this computer: name → address and models."""
    found = {}
    for name, address in KNOWN.items():
        models = models_at(address)
        if models:
            found[name] = (address, models)
    return found


def models_at(address: str, key: str = "", timeout_s: float = LOOK_S) -> tuple[str, ...]:
    """The models that a server lists; empty when nothing answers there or it lists none, or it may not be asked."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with (
        suppress(OSError, http.client.HTTPException, ValueError, NoAnswer, NotReady),
        closing(kind(parts.netloc, timeout=timeout_s)) as connection,
    ):
        check_allowed(address)
        _pin(connection, timeout_s)
        connection.request("GET", f"{parts.path.rstrip('/')}/models", headers=headers)
        return _listed(json.loads(connection.getresponse().read(LONGEST_LIST)))
    return ()


def _pin(connection: http.client.HTTPConnection, timeout_s: float) -> None:
    """Connects to the number behind a name that was looked at; a second question might give another. Raises NoAnswer, OSError."""
    numbers = places(connection.host, connection.port)
    if not numbers:
        return
    plain = socket.create_connection((numbers[0], connection.port), timeout_s)
    secret = isinstance(connection, http.client.HTTPSConnection)
    context = ssl.create_default_context() if secret else None
    connection.sock = context.wrap_socket(plain, server_hostname=connection.host) if context else plain


def _listed(answer: Any) -> tuple[str, ...]:
    rows = answer.get("data") if isinstance(answer, dict) else None
    names = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return tuple(name for name in names if isinstance(name, str))


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _is_private(host: str) -> bool:
    """Whether the address is of this computer or of the home it stands in."""
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        return address.is_loopback or address.is_private
    return host == "localhost" or host.endswith((".local", ".lan", ".home.arpa"))


def _key(settings: Settings) -> str:
    with suppress(FileNotFoundError):
        return (settings.house / KEY).read_text(encoding="utf-8").strip()
    return ""


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
