"""Two windows on the same words: what one writes reaches the other, nobody's words are written over, and none are lost."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import launch
from studio.publishing.book import Book
from studio.workshop import Workshop
from tests.browser.demonstrations import free_port
from tests.machine import quiet_chromium

STORY = "A red fox ran over the hill. It saw a cat in the garden. At night they went home. The moon was up."
FIRST = "A red fox ran over the hill. It saw a cat in the garden."
KEY_MS, LOST_S, SOON_S = 60, 2.0, 8.0


class Windows:
    """The web studio alone, which can be killed and started again on the same home, and two windows of one browser."""

    def __init__(self, browser: Any, home: Path) -> None:
        context = browser.new_context(locale="en-GB", reduced_motion="reduce", viewport={"width": 1280, "height": 1000})
        self.home, self.port, self.pages = home, free_port(), (context.new_page(), context.new_page())
        self.start()

    def start(self) -> None:
        self.web = launch.web_studio(self.port).__enter__()
        launch.wait_until_it_answers(self.web, self.port)

    def kill(self) -> None:
        """As a power cut would: no signal that could be answered."""
        self.web.process.kill()
        self.web.__exit__()

    def open_page_one(self, window: int) -> Any:
        """The field with the words of page 1 on the screen Story."""
        page = self.pages[window]
        page.goto(f"http://{launch.HOST}:{self.port}/story")
        page.locator(".st-key-story_change_1 button").click(timeout=30_000)
        field = page.get_by_role("textbox", name="Words on this page")
        field.wait_for()
        return field


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    home = tmp_path_factory.mktemp("tabs") / "home"
    with pytest.MonkeyPatch.context() as environment, quiet_chromium() as browser:
        environment.setenv("STUDIO_HOME", str(home))
        environment.delenv("STUDIO_DATABASE_URL", raising=False)
        opened = Windows(browser, home)
        yield opened
        opened.web.__exit__()


@pytest.fixture
def book(windows: Windows) -> Iterator[Book]:
    workshop = Workshop()
    book = workshop.begin_book(workshop.read_story(STORY, "The fox"), 2)
    yield book
    workshop.trash_book(book.id)


def words(book: Book) -> str:
    """The words of page 1 on disk."""
    return Workshop().book(book.id).pages[0].scene.text


def comes(told: Any, wanted: Any, within_s: float = SOON_S) -> bool:
    """Whether `told()` becomes what is wanted, now or soon."""
    until = time.monotonic() + within_s
    while (now := told()) != wanted and time.monotonic() < until:
        time.sleep(0.1)
    assert now == wanted
    return True


def write(field: Any, after: str, new: str) -> None:
    """Types behind the first place where `after` stands."""
    field.evaluate(
        "(it, at) => { it.focus(); it.setSelectionRange(at, at) }", field.input_value().index(after) + len(after)
    )
    field.page.keyboard.type(new, delay=KEY_MS)


def test_two_windows_write_in_one_page_and_both_are_kept(windows: Windows, book: Book) -> None:
    one, other = windows.open_page_one(0), windows.open_page_one(1)
    assert one.input_value() == FIRST
    write(one, "A red", " and old")
    write(other, "a cat", " and a dog")
    both = "A red and old fox ran over the hill. It saw a cat and a dog in the garden."
    assert comes(lambda: words(book), both)
    assert comes(one.input_value, both) and comes(other.input_value, both)
    write(other, "dog", "gy")
    assert comes(one.input_value, both.replace("dog", "doggy"))
    one.fill(FIRST.replace("red", "blue"))
    other.fill(FIRST.replace("red", "green"))
    panel = windows.pages[1].locator("[class*=st-key-clash_page_text]").first
    found = next(page for page in windows.pages if comes_up(page))
    assert "Both versions are safe" in found.inner_text("body")
    assert panel is not None and words(book) in (FIRST.replace("red", "blue"), FIRST.replace("red", "green"))
    found.get_by_role("button", name="Keep both").click()
    assert comes(lambda: {"blue", "green"} <= set(words(book).split()), True)


def comes_up(page: Any) -> bool:
    """Whether this window soon shows two versions."""
    until = time.monotonic() + 3
    while time.monotonic() < until:
        if page.get_by_role("button", name="Keep both").count():
            return True
        page.wait_for_timeout(100)
    return False
