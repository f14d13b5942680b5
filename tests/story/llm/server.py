"""A language-model server on this machine that answers in OpenAI's form, well or in each of the known bad ways.

    with FakeServer(answer, ["rate_limited", "well"]) as server:
        client = OpenAI(base_url=server.url, api_key="any")

`answer` is the honest model: from the messages and the wanted format to the words. A Behaviour spoils those words or
the way they travel. Every request uses up one behaviour, GET /v1/models too; the last one stays for all that follow.
Tokens are counted as words. Nothing leaves this machine.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from tests.story.llm.behaviours import BEHAVIOURS, Behaviour, Reply, as_error, as_json, flow

Messages = list[dict[str, Any]]
Answer = Callable[[Messages, dict[str, Any] | None], str]

CHAT = "/v1/chat/completions"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: `path` with its query, `headers` with small letters, `json` None when it is none."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    json: Any
    at: float = field(default_factory=time.monotonic)  # seconds


def three_pages(messages: Messages, response_format: dict[str, Any] | None) -> str:
    """The honest answer of a server that was given none: the same three pages to everyone."""
    who = {"id": "HERO", "action": "runs", "mood": "happy", "clothes": ""}
    scene = {"who": [who], "place": "garden", "time": "day", "weather": "sun", "things": ["red kite"]}
    scene |= {"relation": "beside", "view": "middle", "without": []}
    return json.dumps({"cast": [], "pages": [{"last_sentence": last, **scene} for last in (1, 2, 3)]})


class FakeServer:
    """The server, running between `with` and the end of its block; `url` is what a client takes as its base_url."""

    def __init__(self, answer: Answer = three_pages, behaviours: Sequence[Behaviour | str] = ("well",)) -> None:
        self.answer = answer
        self.models = ["storyteller"]
        self.requests: list[Request] = []
        self.abandoned: list[Request] = []  # those whose client went away before the end of the answer
        self._behaviours = [BEHAVIOURS[one] if isinstance(one, str) else one for one in behaviours]
        self._state = ServerState()
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="fake-server", daemon=True)

    def __enter__(self) -> FakeServer:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._thread.start()
        if not self._started.wait(10):
            raise RuntimeError("The server did not start within 10 s.")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        """uvicorn's connections without its Server, which takes 0.2 s and more to close."""
        config = uvicorn.Config(
            self._app, http="h11", ws="none", interface="asgi3", proxy_headers=False, log_config=None, access_log=False
        )
        config.load()
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        listener = await self._loop.create_server(
            lambda: H11Protocol(config=config, server_state=self._state, app_state={}), sock=self._socket
        )
        self._started.set()
        await self._ending.wait()
        listener.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # the aborted connections say to their tasks that nobody is there
        await asyncio.gather(*self._state.tasks)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        request = await _received(scope, receive)
        self.requests.append(request)
        behaviour = self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]
        reply = asyncio.create_task(self._send(self._reply(request, behaviour), behaviour, scope, send))
        gone = asyncio.create_task(_gone(receive))
        await asyncio.wait((reply, gone), return_when=asyncio.FIRST_COMPLETED)
        if reply.done():
            reply.result()  # what `answer` raises goes on to uvicorn, which logs it and answers with 500
        elif reply.cancel():
            self.abandoned.append(request)
        await asyncio.wait((reply, gone))

    async def _send(self, reply: Reply, behaviour: Behaviour, scope: Any, send: Any) -> None:
        headers = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
        start: Any = {"type": "http.response.start", "status": reply.status, "headers": headers}
        wire = behaviour.wire if behaviour.everywhere or scope["path"] == CHAT else flow
        async for piece in wire(reply.pieces):
            if piece is None:
                return self._hang_up(scope["client"])
            if start:
                await send(start)
                start = None
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _hang_up(self, client: Any) -> None:
        for connection in self._state.connections:
            if isinstance(connection, H11Protocol) and connection.client == client:
                connection.transport.close()

    def _reply(self, request: Request, behaviour: Behaviour) -> Reply:
        where = (request.method, request.path)
        chat = where == ("POST", CHAT)
        refused = behaviour.refuse(request.json) if chat or behaviour.everywhere else None
        if refused:
            return refused
        if chat:
            return _completion(request.json, behaviour, self.answer)
        if where == ("GET", "/v1/models"):
            models = [{"id": name, "object": "model", "created": 0, "owned_by": "nobody"} for name in self.models]
            return as_json(200, {"object": "list", "data": models})
        return as_error(404, f"Invalid URL ({request.method} {request.path})")


async def _received(scope: Any, receive: Any) -> Request:
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event.get("body", b""), event.get("more_body", False)
    path = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    asked = None
    with suppress(ValueError):
        asked = json.loads(body)
    return Request(scope["method"], path.decode("latin-1"), headers, body, asked)


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _completion(asked: Any, behaviour: Behaviour, answer: Answer) -> Reply:
    content = behaviour.alter(answer(asked["messages"], asked.get("response_format")))
    came, went = len(str(asked["messages"]).split()), len((content or "").split())
    usage = {"prompt_tokens": came, "completion_tokens": went, "total_tokens": came + went}
    head: dict[str, Any] = {"id": "chatcmpl-1", "created": 0, "model": asked.get("model", "")}
    if asked.get("stream"):
        counted = (asked.get("stream_options") or {}).get("include_usage")
        return _stream(content, behaviour, head, usage if counted else {})
    message = {"role": "assistant", "content": content, "refusal": behaviour.refusal}
    choices = [{"index": 0, "message": message, "logprobs": None, "finish_reason": behaviour.finish}]
    return as_json(200, {**head, "object": "chat.completion", "choices": choices * behaviour.choices, "usage": usage})


def _stream(content: str | None, behaviour: Behaviour, head: dict[str, Any], usage: dict[str, int]) -> Reply:
    size = behaviour.piece
    deltas: list[dict[str, str | None]] = [{"role": "assistant", "content": "" if content is not None else None}]
    deltas += [{"content": content[start : start + size]} for start in range(0, len(content or ""), size) if content]
    deltas += [{"refusal": behaviour.refusal}] if behaviour.refusal else []
    ends: list[tuple[dict[str, str | None], str | None]] = [(delta, None) for delta in deltas] + [
        ({}, behaviour.finish)
    ]
    choices = [[{"index": 0, "delta": delta, "finish_reason": end}] for delta, end in ends]
    head = head | {"object": "chat.completion.chunk"} | ({"usage": None} if usage else {})
    chunks = [{**head, "choices": choice * behaviour.choices} for choice in choices]
    chunks += [{**head, "choices": [], "usage": usage}] if usage else []
    lines = [json.dumps(chunk, ensure_ascii=False) for chunk in chunks] + ["[DONE]"]
    return Reply(200, {"content-type": "text/event-stream"}, [f"data: {line}\n\n".encode() for line in lines])
