"""A session of the web studio without a browser: speaks Streamlit's own protocol over its websocket, and hears all of it.

Moving parts are run as often as they ask, as a browser would. `watch` is told of errors, and of each bar of a book's progress.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

PATIENCE_S = 300.0
KEY = re.compile(r"^\$\$\w+-[0-9a-f]+-")  # what stands before it in the id of a widget
BOUNDARY = "a-photo-of-the-load-test"
TITLE = re.compile(r"Book \d+")
WHOLE, EARLY, PART = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN, 3

Watch = Callable[[str, str, bool], None]  # what kind, what was told, whether for the first time on this screen


class Visitor:
    """One session. `open` comes in, `go` opens another screen, `think` stays with it; the first two give seconds."""

    def __init__(self, address: str, watch: Watch) -> None:
        self._address, self._watch = address, watch
        self._screens: dict[str, str] = {}  # name → hash
        self._at, self._title, self._fresh = "", "", True
        self._parts: dict[str, asyncio.Task[None]] = {}
        self._whole: asyncio.Future[float] | None = None
        self.widgets: dict[str, WidgetState] = {}
        self.ids: dict[str, str] = {}  # key of a widget → its id, as the screen has it now
        self.session = ""
        self.urls: asyncio.Future[Any] | None = None

    async def __aenter__(self) -> Visitor:
        from websockets.asyncio.client import connect

        self._began = time.monotonic()
        self._line = await connect(self._address, subprotocols=["streamlit"], max_size=None, open_timeout=PATIENCE_S)
        self._ear = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leave_parts()
        self._ear.cancel()
        await self._line.close()

    async def open(self, screen: str) -> float:
        """Comes in at this screen; gives the seconds since the connection was asked for."""
        return await self._run(page_name=screen) - self._began

    async def go(self, screen: str) -> float:
        """Opens another screen, or the same once more."""
        began = time.monotonic()
        return await self._run(page_script_hash=self._screens[screen]) - began

    async def act(self, *changed: WidgetState) -> float:
        """Changes widgets; a button that is pressed is let go again."""
        began = time.monotonic()
        for state in changed:
            self.widgets[state.id] = state
        took = await self._run(page_script_hash=self._at) - began
        for state in changed:
            if state.trigger_value:
                del self.widgets[state.id]
        return took

    def press(self, key: str) -> WidgetState:
        """A button of the screen, pressed."""
        return WidgetState(id=self.ids[key], trigger_value=True)

    def says(self, key: str, words: str) -> WidgetState:
        """A field of words, filled."""
        return WidgetState(id=self.ids[key], string_value=words)

    def chooses(self, key: str, label: str) -> WidgetState:
        """A row of choices, of which one is pressed."""
        state = WidgetState(id=self.ids[key])
        state.string_array_value.data.append(label)
        return state

    async def drops(self, key: str, host: str, port: int, files: list[bytes]) -> WidgetState:
        """A field for files, with these sent to where the studio says."""
        names = [f"{number}.jpg" for number in range(len(files))]
        self.urls = asyncio.get_running_loop().create_future()
        message = BackMsg()
        message.file_urls_request.request_id = key
        message.file_urls_request.session_id = self.session
        message.file_urls_request.file_names.extend(names)
        await self.send(message)
        given = await asyncio.wait_for(self.urls, PATIENCE_S)
        state = WidgetState(id=self.ids[key])
        for name, raw, urls in zip(names, files, given.file_urls, strict=True):
            await asyncio.to_thread(_put, host, port, urls.upload_url, name, raw)
            info = state.file_uploader_state_value.uploaded_file_info.add(
                name=name, size=len(raw), file_id=urls.file_id
            )
            info.file_urls.CopyFrom(urls)
        return state

    async def think(self, seconds: float) -> None:
        """Stays with the screen."""
        await asyncio.sleep(seconds)
        self._listening()

    async def send(self, message: BackMsg) -> None:
        await self._line.send(message.SerializeToString())

    async def _run(self, **where: str) -> float:
        """Runs the screen; gives the moment at which it was there."""
        self._leave_parts()
        self._fresh, self.ids = True, {}
        self._whole = asyncio.get_running_loop().create_future()
        message = BackMsg()
        for name, value in where.items():
            setattr(message.rerun_script, name, value)
        message.rerun_script.widget_states.widgets.extend(self.widgets.values())
        message.rerun_script.context_info.locale = "en-GB"
        message.rerun_script.context_info.timezone = "UTC"
        await self.send(message)
        await asyncio.wait({self._whole, self._ear}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        self._listening()
        if not self._whole.done():
            raise TimeoutError(f"{where} did not come within {PATIENCE_S:.0f} s; heard last: {self.heard}")
        return self._whole.result()

    def _listening(self) -> None:
        """Raises what ended the listening, if it has."""
        if self._ear.done():
            self._ear.result()
            raise ConnectionError("the studio hung up")

    async def _listen(self) -> None:
        async for raw in self._line:
            message = ForwardMsg()
            message.ParseFromString(bytes(raw))
            self._hear(message)

    def _hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        self.heard = f"{kind} {message.script_finished if kind == 'script_finished' else ''}"
        if kind == "navigation":
            pages = message.navigation.app_pages
            self._screens = {page.url_pathname or "bookshelf": page.page_script_hash for page in pages}
            self._at = message.navigation.page_script_hash
        elif kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "auto_rerun":
            self._part(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "file_urls_response" and self.urls:
            self.urls.set_result(message.file_urls_response)
        elif kind == "script_finished":
            self._finished(message.script_finished)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._look(message.delta.new_element)

    def _finished(self, how: int) -> None:
        if how == WHOLE and self._whole and not self._whole.done():
            self._whole.set_result(time.monotonic())
        if how == PART and self._whole and self._whole.done():  # else a part of the screen before ended only now
            self._fresh = False
        if how not in (WHOLE, EARLY, PART):
            self._watch("error", "the screen could not be run", self._fresh)

    def _look(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        shown = getattr(element, kind)
        if kind == "exception":
            self._watch("error", f"{shown.type}: {shown.message}", self._fresh)
        elif kind == "alert" and shown.format == shown.ERROR:
            self._watch("error", shown.body, self._fresh)
        elif kind == "markdown" and (title := TITLE.search(shown.body)):
            self._title = title[0]
        elif kind == "progress" and self._title:
            self._watch("progress", f"{self._title}\n{shown.text}", self._fresh)
        if getattr(shown, "id", ""):
            self.ids[KEY.sub("", shown.id)] = shown.id

    def _part(self, fragment: str, interval_s: float) -> None:
        if fragment not in self._parts:
            self._parts[fragment] = asyncio.create_task(self._again(fragment, interval_s))

    async def _again(self, fragment: str, interval_s: float) -> None:
        while True:
            await asyncio.sleep(interval_s)
            message = BackMsg()
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
            message.rerun_script.page_script_hash = self._at
            message.rerun_script.widget_states.widgets.extend(self.widgets.values())
            await self.send(message)

    def _leave_parts(self) -> None:
        for part in self._parts.values():
            part.cancel()
        self._parts = {}


def _put(host: str, port: int, url: str, name: str, raw: bytes) -> None:
    """Sends one file as a form does."""
    import http.client

    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
    body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + raw + f"\r\n--{BOUNDARY}--\r\n".encode()
    line = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    line.request("GET", "/_stcore/health")
    healthy = line.getresponse()
    healthy.read()
    cookie = (healthy.getheader("Set-Cookie") or "=").split(";")[0]  # against forged requests
    secret = {"Cookie": cookie, "X-Xsrftoken": cookie.partition("=")[2]}
    line.request("PUT", url, body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"} | secret)
    answer = line.getresponse()
    answer.read()
    line.close()
    if answer.status >= 400:
        raise ConnectionError(f"the photo was refused: {answer.status}")
