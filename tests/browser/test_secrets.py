"""A key that a person gave stays where it was put: it is in nothing that a browser is sent, in no log, no list and no finished file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import launch
from studio.progress import finish
from studio.settings import load_settings
from studio.story.llm.server import Server
from studio.vault import key_of, keys_of
from studio.workshop import Workshop
from tests.browser.demonstrations import free_port
from tests.guard.somebody import Somebody
from tests.machine import quiet_chromium
from tests.painter import plain_painter

KEY = "sk-canary-8c1f5d0e7ab94263"
SCREENS = (
    "bookshelf",
    "story",
    "characters",
    "styles",
    "pages",
    "print",
    "picture",
    "dataset",
    "lab",
    "jobs",
    "settings",
)


def test_a_key_reaches_no_browser_no_log_no_list_and_no_file(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    workshop, zora = Workshop(illustrator=plain_painter()), Somebody()
    workshop.choose_language_model(Server("http://127.0.0.1:9/v1", "storyteller", key=KEY))
    book = zora.move_in(workshop)
    finish(workshop.export_book(book.id, suffix=".epub", accept_red=True))
    frames: list[bytes] = []
    port = free_port()
    with launch.web_studio(port) as web:
        launch.wait_until_it_answers(web, port)
        with quiet_chromium() as browser:
            page = browser.new_page(locale="en-GB")
            page.on("websocket", lambda line: line.on("framereceived", lambda said: frames.append(_raw(said))))
            for screen in SCREENS:
                page.goto(f"http://{launch.HOST}:{port}/{screen}")
                page.locator("h1").first.wait_for()
                page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")
    out, err = capfd.readouterr()
    sealed = (keys_of(home) / key_of(load_settings().characters / zora.id)).read_bytes()
    everywhere = b"".join(frames) + out.encode() + err.encode()
    assert len(frames) > len(SCREENS) and KEY.encode() not in everywhere and sealed not in everywhere
    assert not set(zora.marks.values()) & {mark for mark in zora.marks.values() if mark in out.encode() + err.encode()}
    holding = [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert [(path.name, oct(os.stat(path).st_mode)[-3:]) for path in holding] == [("language_model.key", "600")]


def _raw(said: str | bytes) -> bytes:
    return said.encode() if isinstance(said, str) else said
