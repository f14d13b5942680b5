"""One question to a language model server and its answer as it comes, bounded in silence, slowness and size.

The generator has the word several times a second even while the server says nothing, so that whoever drives it can stop;
stopping closes the connection. The network runs in an event loop of its own inside the generator: no thread outlives it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .address import check_allowed, places
from .ledger import Ledger
from .server import Server
from .trouble import TooLong, TooMuch, told

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

Message = Mapping[str, str]
Format = Mapping[str, Any] | None

BEAT_S = 0.25
CONNECT_S = 5.0
LONGEST_ANSWER = 400_000  # letters; the plan of a long book has a tenth of it
SLOW_AFTER_S = 60.0  # from the first word; then an answer must have come at one letter a second


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked in one request."""

    task: str
    messages: Sequence[Message]
    format: Format
    most_tokens: int
    streamed: bool = True


@dataclass(slots=True)
class Answer:
    """What has come so far; `sent` and `received` are tokens as the server counts them, 0 if it does not."""

    text: str = ""
    finish: str = ""
    sent: int = 0
    received: int = 0
    spoke: bool = False  # whether anything came that a language model would send
    began: float = 0.0
    last: float = field(default_factory=monotonic)

    def add(self, letters: str) -> None:
        self.last = monotonic()
        self.began = self.began or self.last
        self.spoke = True
        self.text += letters

    def check(self, patience_s: float) -> None:
        """Raises TooLong when nothing came for `patience_s` seconds, or next to nothing for a minute."""
        now = monotonic()
        slow = self.began and now - self.began > SLOW_AFTER_S and len(self.text) < now - self.began
        if now - self.last > patience_s or slow:
            raise TooLong


def exchange(server: Server, question: Question, ledger: Ledger, patience_s: float) -> Generator[str, None, Answer]:
    """Yields the text so far; gives the whole answer. Raises what `trouble` knows, and NotReady for a server that is not allowed."""
    check_allowed(server.address)
    answer, loop = Answer(), asyncio.new_event_loop()
    talk = loop.create_task(_talk(server, question, ledger, answer))
    try:
        while not talk.done():
            loop.run_until_complete(asyncio.wait({talk}, timeout=BEAT_S))
            yield answer.text
            if not talk.done():
                answer.check(patience_s)
        with told(server, question, answer):
            talk.result()
        if len(answer.text) > LONGEST_ANSWER:
            raise TooMuch
        return answer
    finally:
        talk.cancel()
        loop.run_until_complete(asyncio.wait({talk}))
        if not talk.cancelled():
            talk.exception()  # told already; asking keeps asyncio from logging it
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _talk(server: Server, question: Question, ledger: Ledger, answer: Answer) -> None:
    async with _client(server, question.task, ledger, await _numbers(server)) as client:
        asked: dict[str, Any] = {"model": server.model, "messages": list(question.messages)}
        limit = "max_completion_tokens" if server.host.endswith("openai.com") else "max_tokens"
        asked[limit] = question.most_tokens
        if question.format:
            asked["response_format"] = question.format
        if question.streamed:
            await _streamed(client, asked, answer)
        else:
            _whole(await client.chat.completions.create(**asked), answer)


async def _streamed(client: AsyncOpenAI, asked: dict[str, Any], answer: Answer) -> None:
    chunks = await client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    async for chunk in chunks:
        _count(chunk, answer)
        for choice in (chunk.choices or [])[:1]:
            answer.add(choice.delta.content or "" if choice.delta else "")
            answer.finish = choice.finish_reason or answer.finish
        if len(answer.text) > LONGEST_ANSWER:
            break
    await chunks.close()


def _whole(completion: Any, answer: Answer) -> None:
    _count(completion, answer)
    for choice in (getattr(completion, "choices", None) or [])[:1]:
        answer.add(choice.message.content or "")
        answer.finish = choice.finish_reason or ""


def _count(said: Any, answer: Answer) -> None:
    usage = getattr(said, "usage", None)
    if usage:
        answer.sent, answer.received = usage.prompt_tokens or 0, usage.completion_tokens or 0


async def _numbers(server: Server) -> tuple[str, ...]:
    """Where the server's name leads, looked at once; none for one that says it itself, that nobody knows, or behind a proxy."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(server.address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if server.here or ({parts.scheme, "all"} & getproxies().keys() and not proxy_bypass(host)):
        return ()
    with suppress(OSError):  # told when it is asked
        return await asyncio.get_running_loop().run_in_executor(None, places, host, port)
    return ()


def _client(server: Server, task: str, ledger: Ledger, numbers: Sequence[str]) -> AsyncOpenAI:
    """A client that writes down what it sends, follows nobody elsewhere, and leaves trying again to us."""
    import httpx2
    from openai import AsyncOpenAI

    from .pinning import Pinned

    async def note(request: httpx2.Request) -> None:
        for name in [name for name in request.headers if name.lower().startswith("x-stainless")]:
            del request.headers[name]  # the client library would tell of this machine and its Python
        request.headers["user-agent"] = "storybook-studio"
        headers = {name: value for name, value in request.headers.items()}
        ledger.note(server.host, server.here, task, request.method, request.url.path, headers, request.content)

    timeout = httpx2.Timeout(CONNECT_S, read=server.patience_s + CONNECT_S)
    through = httpx2.AsyncClient(
        timeout=timeout,
        follow_redirects=False,  # a story goes where the person said and nowhere else
        trust_env=not server.here,  # a proxy is for the world outside
        verify=server.address.startswith("https:"),  # certificates take time to load, and plain http has none
        transport=Pinned(numbers) if numbers else None,
        event_hooks={"request": [note]},
    )
    return AsyncOpenAI(
        base_url=server.address, api_key=server.key or "none", max_retries=0, timeout=timeout, http_client=through
    )
