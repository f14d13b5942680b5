"""The real studio, web process and worker as the launcher starts them, in a home of its own; and a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import launch
from tests.browser.demonstrations import free_port
from tests.machine import quiet_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Studio:
    """A studio that runs: where it is, and its two processes."""

    home: Path
    address: str
    web: launch.Service
    worker: launch.Service


@dataclass(frozen=True, slots=True)
class Visit:
    """A person's browser with one page, and every address it asked for."""

    page: Page
    asked: list[str]

    def press(self, key: str, within_s: float = 60) -> None:
        """Presses the button with this key as soon as it is there."""
        with self.told():
            self.page.locator(f".st-key-{key} button").click(timeout=1000 * within_s)

    @contextmanager
    def told(self) -> Iterator[None]:
        """When something does not come in time, what the person saw instead becomes part of the failure."""
        from playwright.sync_api import TimeoutError

        try:
            yield
        except (TimeoutError, AssertionError) as late:
            raise AssertionError(f"{late}\nThe screen said: {self.page.inner_text('body')}") from None


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Studio]:
    home = tmp_path_factory.mktemp("browser") / "home"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STUDIO_HOME", str(home))
        environment.delenv("STUDIO_DATABASE_URL", raising=False)
        if not (launch.ROOT / "assets" / "pocket" / "model_index.json").is_file():
            environment.setenv("STUDIO_POCKET", str(request.getfixturevalue("tiny_folder")))
        port = free_port()
        with launch.web_studio(port) as web, launch.worker() as worker:
            launch.wait_until_it_answers(web, port)
            yield Studio(home, f"http://{launch.HOST}:{port}", web, worker)


@pytest.fixture(scope="module")
def visit() -> Iterator[Visit]:
    with quiet_chromium() as browser:
        page = browser.new_page(locale="en-GB", reduced_motion="reduce", viewport={"width": 1280, "height": 1000})
        visit = Visit(page, asked=[])
        page.on("request", lambda request: visit.asked.append(request.url))
        page.on("websocket", lambda line: visit.asked.append(line.url))
        yield visit
