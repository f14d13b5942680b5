"""Which addresses may be spoken to. A server on this computer or in the house is what many people have; a form of address that
hides where it leads, a name that leads back into this computer, and the places where clouds keep their keys are not. Whoever keeps a
studio for others may name the only ones: STUDIO_LLM_ALLOWED="127.0.0.1:11434, api.example.org", each perhaps with a port.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from ...errors import NoAnswer, NotReady

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
NAME = re.compile(
    rf"(?:{LABEL}\.)*(?![0-9]+$)(?!0x[0-9a-f]*$){LABEL}", re.IGNORECASE
)  # 2130706433 is no name, nor 127.1
SIGNED = re.compile(r"[A-Za-z0-9_-]*(?::[^@.]*)?")  # no name that could be taken for that of the server
HIDDEN = [ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")]  # IPv4 in other words
HERE = "localhost"
ALLOWED = "STUDIO_LLM_ALLOWED"


def split(address: str) -> SplitResult | None:
    """The parts of an address that says plainly where it leads; none for any other. A name and password in it stay away."""
    with suppress(ValueError):  # a bracket without the other, a port that is no number
        parts = urlsplit(address)
        signed, _, place = parts.netloc.rpartition("@")
        known = parts.scheme in ("http", "https") and (parts.port is None or parts.port > 0)
        plain = address.isascii() and address.isprintable() and not re.search(r"[\s\\%]", parts.netloc)
        if known and plain and SIGNED.fullmatch(signed) and is_plain(parts.hostname or ""):
            return parts._replace(netloc=place)
    return None


def is_plain(host: str) -> bool:
    """Whether a host is a name, or the number of a place that a server can stand at, written in the usual way."""
    number = numbered(host)
    if number is None:
        return len(host) <= 253 and NAME.fullmatch(host) is not None
    return not _nowhere(number)


def numbered(host: str) -> Address | None:
    """The address that a host says in numbers; none for a name."""
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    return None


def _nowhere(number: Address) -> bool:
    """Whether no language model can be there: nobody's, everybody's or a cloud's own address, or one inside another."""
    if isinstance(number, ipaddress.IPv6Address):
        inside = number.ipv4_mapped or number.sixtofour or number.teredo or number.scope_id
        if inside or (any(number in hidden for hidden in HIDDEN) and not number.is_loopback):
            return True
    reserved = number.is_reserved and not number.is_loopback  # ::1 counts as both
    return number.is_link_local or number.is_multicast or number.is_unspecified or reserved


def allowed() -> tuple[str, ...] | None:
    """The only hosts that may be spoken to, as they were named; None where nobody limits them. A list that names nobody closes all."""
    said = os.environ.get(ALLOWED, "").strip()
    return tuple(filter(None, map(str.strip, said.split(",")))) if said else None


def check_allowed(address: str) -> None:
    """Raises NotReady for an address that is not among those that are allowed here."""
    known, parts = allowed(), urlsplit(address)
    if known is not None and not any(_is_named(one, parts) for one in known):
        raise NotReady(
            "The language model at '{host}' is not among those that may be used in this studio ({known}), so nothing was sent "
            "there. Choose one of these, or ask an administrator to add it to STUDIO_LLM_ALLOWED. Your story and its pages are "
            "as they were.",
            host=parts.netloc.rpartition("@")[2],
            known=", ".join(known) or "-",
        )


def _is_named(one: str, parts: SplitResult) -> bool:
    """Whether an entry of the list means this address; one that nobody can read means none."""
    with suppress(ValueError):
        named = urlsplit(one if "//" in one else f"//{one}")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return bool(named.hostname) and named.hostname == parts.hostname and named.port in (None, port)
    return False


def places(host: str, port: int) -> tuple[str, ...]:
    """The numbers behind a name, to be spoken to without asking again; empty for one that says its number itself.

    Raises NoAnswer for a name that leads into this computer or nowhere, OSError for one that nobody knows.
    """
    if host == HERE or numbered(host) is not None:
        return ()
    seen = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return checked(host, [str(one[4][0]) for one in seen])


def checked(host: str, numbers: Iterable[str]) -> tuple[str, ...]:
    """The places that a name leads to. Raises NoAnswer when one of them is inside this computer or nowhere."""
    found = [ipaddress.ip_address(number) for number in dict.fromkeys(numbers)]
    if any(number.is_loopback or _nowhere(number) for number in found):
        raise NoAnswer(
            "The name '{host}' leads into this computer or to where no language model can be, so nothing was sent there. "
            "Write http://127.0.0.1 for a server on this computer. Your story and its pages are as they were.",
            host=host,
        )
    return tuple(map(str, found))
