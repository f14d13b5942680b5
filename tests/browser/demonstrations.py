"""Small screens that show one part of the studio to a real browser, and what a test does with all of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import launch

if TYPE_CHECKING:
    from playwright.sync_api import Page


class WebStudio:
    """The whole studio without its worker, at `port`; it can be killed and started again on the same home."""

    port: int

    def start(self) -> None:
        self.web = launch.web_studio(self.port).__enter__()
        launch.wait_until_it_answers(self.web, self.port)

    def kill(self) -> None:
        """As a power cut would: no signal that could be answered."""
        self.web.process.kill()
        self.web.__exit__()


@contextmanager
def demonstration(app: Path, home: Path) -> Iterator[str]:
    """The address of a small screen that runs, in a home of its own, as long as the block."""
    port = free_port()
    address = ["--server.address", launch.HOST, "--server.port", str(port), "--server.enableStaticServing", "false"]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STUDIO_HOME", str(home))
        with launch.Service("streamlit", "run", str(app), *address) as web:
            launch.wait_until_it_answers(web, port)
            yield f"http://{launch.HOST}:{port}"


def another_run(page: Page) -> None:
    """Has a demonstration run once more, and waits for the end of it."""
    run = int(page.get_by_text("run ").inner_text().split()[-1])
    page.get_by_role("button", name="Again", exact=True).click()
    page.get_by_text(f"run {run + 1}").wait_for()


class Finger:
    """A finger on the screen."""

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)

    def swipe(self, first: tuple[float, float], *others: tuple[float, float]) -> None:
        """Touches the first point, in px of the screen, goes over the others and lets go."""
        for kind, points in (("touchStart", [first]), ("touchMove", others)):
            for x, y in points:
                self._send(kind, [{"x": x, "y": y}])
        self._send("touchEnd", [])

    def _send(self, kind: str, points: list[dict[str, float]]) -> None:
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def free_port() -> int:
    with socket.create_server((launch.HOST, 0)) as any_port:
        return any_port.getsockname()[1]
