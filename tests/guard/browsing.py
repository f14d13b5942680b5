"""A browser without a face: keeps cookies, signs in at the provider of the tests, opens screens by Streamlit's own protocol, hears all
that is told over the line, and asks for addresses as it likes."""

from __future__ import annotations

import asyncio
import http.client
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.visitor import Visitor

MEDIA = re.compile(rb"/media/[0-9a-f]{32,}(?:\.\w+)?")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Browser:
    """`studio` is the address of a studio, as in "http://localhost:8501"."""

    studio: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.studio).netloc

    def get(self, path: str, **headers: str) -> Answer:
        """Asks the studio, with the cookies that it gave, and keeps what new ones it gives."""
        return self.ask(self.studio + path, **headers)

    def ask(self, address: str, **headers: str) -> Answer:
        parts, ours = urlsplit(address), address.startswith(self.studio)
        line = http.client.HTTPConnection(parts.netloc, timeout=20)
        sent = {"Cookie": self.jar(), **headers} if ours and self.cookies else headers
        line.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", headers=sent)
        answer = line.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or () if ours else ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies.pop(name, None)
            if value.strip('"'):
                self.cookies[name] = value
        found = Answer(answer.status, dict(answer.headers.items()), answer.read())
        line.close()
        return found

    def jar(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def sign_in(self) -> None:
        """At the provider, as whom it lets in just now."""
        await asyncio.to_thread(self.get, "/")
        await asyncio.to_thread(self.get, "/_stcore/health")
        async with self.screen() as screen:
            await screen.open("bookshelf")
            await screen.act(screen.press("entrance_sign_in"))
            way = await screen.sent_away()
        door = await asyncio.to_thread(self.get, way)
        page = await asyncio.to_thread(self.ask, door.headers["location"])
        let_in = re.search(rb'href="(/in[^"]+)"', page.body)[1].decode().replace("&amp;", "&")
        provider = door.headers["location"].split("/door")[0]
        back = await asyncio.to_thread(self.ask, provider + let_in)
        await asyncio.to_thread(self.ask, back.headers["location"])

    def sign_out(self) -> None:
        self.get("/auth/logout")

    @asynccontextmanager
    async def screen(self, **headers: str) -> AsyncIterator[Screen]:
        async with Screen(self, headers) as screen:
            yield screen


class Screen(Visitor):
    """One window of a browser; `told` is all that came over its line."""

    def __init__(self, browser: Browser, headers: dict[str, str]) -> None:
        super().__init__(f"ws://{browser.host}/_stcore/stream", lambda *_: None)
        self._browser, self._headers = browser, headers
        self.told = bytearray()
        self.way = ""

    async def __aenter__(self) -> Screen:
        from websockets.asyncio.client import connect

        self._began = asyncio.get_running_loop().time()
        sent = {"Cookie": self._browser.jar(), **self._headers}
        proof = self._browser.cookies.get("_streamlit_xsrf", "none")
        self._line = await connect(
            self._address,
            subprotocols=["streamlit", proof],
            additional_headers=sent,
            origin=self._browser.studio,
            max_size=None,
        )
        self._ear = asyncio.create_task(self._listen())
        return self

    async def sent_away(self) -> str:
        """The address to which the screen sends the browser, of the studio itself."""
        for _ in range(100):
            if self.way:
                return self.way if self.way.startswith("/") else "/" + self.way.partition("//")[2].partition("/")[2]
            await asyncio.sleep(0.05)
        raise TimeoutError("the screen sent nobody anywhere")

    def media(self) -> list[str]:
        """The addresses of files that it spoke of, each once."""
        return sorted({found.decode() for found in MEDIA.findall(bytes(self.told))})

    def _hear(self, message: ForwardMsg) -> Any:
        self.told += message.SerializeToString()
        if message.WhichOneof("type") == "auth_redirect":
            self.way = message.auth_redirect.url
        super()._hear(message)
