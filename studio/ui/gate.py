"""What stands before Streamlit and looks at every request: who may have a picture, whose question it is, what a browser may do.

Streamlit gives what lies at /media/… to whoever knows the address, without a cookie, and after its screen was closed too. Here an
address opens only for the browser to which an open screen spoke of it (`visits`). The rest are the headers that a proxy would send,
and refusals of what no screen of ours asks.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import NoRoom
from .account import guarded
from .visits import VISIT, Visits, account_in, cookies_in, key_of, signed_out, without_account

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

FILE = re.compile(r"/media/([0-9a-f]{32,})")
SPOKEN = re.compile(rb"/media/([0-9a-f]{32,})")  # in what a screen is sent
HEALTH = "/_stcore/health"  # says "ok" to whoever asks: the health check of a container knows no name
CLOSED = ("/_stcore/metrics", "/_stcore/agent")  # counts of what people do; a way in for programs
KEPT_NOWHERE = (b"cache-control", b"private, no-store")  # a picture stays on no disk of a computer that others use too
VISITS = Visits()
STANDING: list[bool] = []  # holds one as soon as a gate was built in this process


def stands() -> bool:
    """Whether the requests of this process come through a gate."""
    return bool(STANDING)


@cache
def policy() -> str:
    """Nothing comes from elsewhere, and no other site may show the studio inside its own. The screens bring small scripts as blobs
    and set styles in place; the sums are of the scripts in Streamlit's first page."""
    import streamlit

    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    sums = [hashlib.sha256(one.encode()).digest() for one in re.findall(r"<script>(.*?)</script>", page, re.S)]
    scripts = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in sums)
    return (
        f"default-src 'self'; script-src 'self' blob: {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob: data:; "
        "worker-src 'self' blob:; frame-src 'self' blob: data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    )


class Gate:
    """ASGI middleware; `app` is all of Streamlit."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app
        STANDING[:] = [True]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._line(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, headers = _path(scope), _headers(scope)
        cookies = cookies_in(headers.get("cookie", ""))
        sending = _dressed(send, "" if cookies.get(VISIT) else secrets.token_urlsafe(24))
        if path != HEALTH and not _known_host(headers):
            return await _refuse(sending, 403)
        if path.startswith(CLOSED):
            return await _refuse(sending, 404)
        if signed_out().has(account_in(cookies)):
            scope, cookies = _without_account(scope)
        if path.startswith("/media/"):
            file = FILE.match(path)
            if not (file and VISITS.may_have(key_of(cookies), file[1])):
                return await _refuse(sending, 404)
            sending = _dressed(send, "", KEPT_NOWHERE)
        if path == "/auth/logout" and (account := account_in(cookies)):
            VISITS.forget(account)
            with suppress(NoRoom):
                signed_out().add(account)
        await self._app(scope, receive, sending)

    async def _line(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The line of one screen, over which all that it shows is told."""
        headers = _headers(scope)
        if not (_known_host(headers) and _own_origin(headers)) or _path(scope).startswith(CLOSED):
            return await send({"type": "websocket.close", "code": 1008})
        cookies = cookies_in(headers.get("cookie", ""))
        if signed_out().has(account_in(cookies)):
            scope, cookies = _without_account(scope)
        with VISITS.line(key_of(cookies)) as told:

            async def listening(message: Message) -> None:
                if message["type"] == "websocket.send" and (raw := message.get("bytes")):
                    told.update(found.decode() for found in SPOKEN.findall(raw))
                await send(message)

            await self._app(scope, receive, listening)


def _path(scope: Scope) -> str:
    """What is asked for, without the folder in which the studio may stand."""
    from streamlit import config

    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return str(scope["path"]).removeprefix(f"/{base}") if base else str(scope["path"])


def _headers(scope: Scope) -> dict[str, str]:
    """The first of each header, by its name in small letters; of cookies, all."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, words = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}; {words}" if key == "cookie" and key in found else found.get(key, words)
    return found


def _known_host(headers: dict[str, str]) -> bool:
    """Whether the studio was asked by a name of its own: another site whose name was made to lead here is turned away."""
    from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

    return is_host_allowed(headers.get("host"))


def _own_origin(headers: dict[str, str]) -> bool:
    """Whether a page of this studio asks, and none of another site. Programs say no origin; where people sign in they are refused."""
    origin = headers.get("origin")
    return not guarded() if origin is None else urlsplit(origin).netloc == headers.get("host")


def _without_account(scope: Scope) -> tuple[Scope, dict[str, str]]:
    """The request as of somebody who is not signed in, and its cookies."""
    left = without_account(_headers(scope).get("cookie", ""))
    others = [(name, value) for name, value in scope["headers"] if name.lower() != b"cookie"]
    return {**scope, "headers": [*others, (b"cookie", left.encode("latin-1"))]}, cookies_in(left)


def _dressed(send: Send, visit: str, more_careful: tuple[bytes, bytes] | None = None) -> Send:
    """Adds to each answer what keeps browsers careful; to a page, the cookie of a browser that has none yet."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = {name.lower(): value for name, value in message.get("headers", ())}
            more = [(name, value.encode()) for name, value in _careful().items() if name not in known]
            more += [more_careful] if more_careful else []
            if visit and known.get(b"content-type", b"").startswith(b"text/html"):
                # Lax, not strict: who comes from the sign-in page or from a link in a letter would else be given another.
                more.append((b"set-cookie", f"{VISIT}={visit}; Path=/; HttpOnly; SameSite=Lax".encode()))
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await send(message)

    return sending


@cache
def _careful() -> dict[bytes, str]:
    return {
        b"content-security-policy": policy(),
        b"x-content-type-options": "nosniff",
        b"x-frame-options": "SAMEORIGIN",
        b"referrer-policy": "same-origin",
        b"permissions-policy": "geolocation=(), payment=(), usb=(), microphone=(self), camera=(self)",
    }


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
