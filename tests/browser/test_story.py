"""The Story screen in a real browser, as the launcher starts it: nothing typed is lost, and pages end where a hand puts it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import launch
from studio.publishing.book import Book
from studio.ui.memory import recall, remember
from studio.workshop import Workshop
from tests.browser.demonstrations import WebStudio, free_port

KEY_MS = 60
LOST_S = 2.0  # of typing, at most
TYPED = "Đêm ấy mưa rơi rất khẽ. An thì thầm: “Ngủ nhé!”"
STORY = (
    "A girl named May ran in the forest. She saw a cat named Tom. The cat slept in the garden. "
    "At night they went home. May was happy. Tom jumped over the moon."
)
MOVED = 6  # words in the first sentence of page 2
NARROW, WIDE = {"width": 380, "height": 800}, {"width": 1280, "height": 1000}

pytestmark = pytest.mark.slow


class Desk(WebStudio):
    """The web studio alone, and a person's browser."""

    def __init__(self, visit, home: Path) -> None:
        self.page, self.visit, self.home, self.port = visit.page, visit, home, free_port()
        self.start()

    def open(self, screen: str = "story") -> Any:
        self.page.goto(f"http://{launch.HOST}:{self.port}/{screen}")
        with self.visit.told():
            self.page.get_by_role("heading", level=1).wait_for(timeout=30_000)
        return self.page

    def story_field(self) -> Any:
        field = self.open().get_by_role("textbox", name="Your story")
        field.wait_for()
        return field

    def breaks(self) -> Any:
        """The handles between the pages of the book at hand."""
        self.open().get_by_text("Where pages end").click()
        handles = self.page.locator(".break")
        handles.first.wait_for()
        return handles

    def lengths(self, id: str) -> list[int]:
        """How many words each page has on disk."""
        book = json.loads((self.home / "books" / id / "book.json").read_bytes())
        return [len(page["scene"]["text"].split()) for page in book["pages"]]

    def becomes(self, id: str, lengths: list[int]) -> bool:
        """Whether the pages on disk have these lengths, now or soon."""
        until = time.monotonic() + 5
        while self.lengths(id) != lengths and time.monotonic() < until:
            self.page.wait_for_timeout(50)
        return self.lengths(id) == lengths


@pytest.fixture(scope="module")
def desk(visit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("story") / "home"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STUDIO_HOME", str(home))
        environment.delenv("STUDIO_DATABASE_URL", raising=False)
        desk = Desk(visit, home)
        yield desk
        desk.web.__exit__()


@pytest.fixture
def book(desk: Desk) -> Iterator[Book]:
    """Three pages of two sentences each, in place of all books before."""
    workshop = Workshop()
    book = workshop.begin_book(workshop.read_story(STORY, "The cat"), 3)
    yield book
    workshop.trash_book(book.id)


def test_a_story_outlives_the_studio_two_seconds_after_the_last_key(desk: Desk) -> None:
    field = desk.story_field()
    field.press_sequentially(TYPED, delay=KEY_MS)
    desk.page.wait_for_timeout(1000 * LOST_S)
    desk.kill()
    assert recall("draft_text") == TYPED
    desk.start()
    assert desk.story_field().input_value() == TYPED


def test_a_studio_killed_in_the_middle_of_typing_loses_two_seconds_at_most(desk: Desk) -> None:
    remember(draft_text="")
    desk.story_field().click()
    struck = []
    for letter in TYPED:
        struck.append(time.monotonic())
        desk.page.keyboard.type(letter)
        desk.page.wait_for_timeout(KEY_MS)
    desk.kill()
    killed = time.monotonic()
    kept = recall("draft_text")
    assert TYPED.startswith(kept) and len(kept) >= sum(killed - at > LOST_S for at in struck) > 10
    desk.start()


def test_a_break_dragged_by_mouse_changes_both_pages_on_disk(desk: Desk, book: Book) -> None:
    before = desk.lengths(book.id)
    grip = desk.breaks().nth(0).locator(".grip").bounding_box()
    below = desk.page.locator(".words").nth(1).locator("p").first.bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    desk.page.mouse.move(x, y)
    desk.page.mouse.down()
    desk.page.mouse.move(x, y + below["height"], steps=5)
    desk.page.mouse.up()
    assert desk.becomes(book.id, [before[0] + MOVED, before[1] - MOVED, before[2]])
    desk.page.get_by_role("button", name="Undo").click()
    assert desk.becomes(book.id, before)


def test_tab_reaches_a_handle_and_arrow_keys_move_it(desk: Desk, book: Book) -> None:
    before, handles = desk.lengths(book.id), desk.breaks()
    desk.page.get_by_role("button", name="Undo").focus()
    for _ in range(20):
        desk.page.keyboard.press("Tab")
        if handles.nth(0).evaluate("it => it.getRootNode().activeElement === it"):
            break
    assert handles.nth(0).evaluate("it => it.matches(':focus-visible')")
    desk.page.keyboard.press("ArrowDown")
    assert handles.nth(0).get_attribute("aria-valuenow") == "3"
    assert desk.becomes(book.id, [before[0] + MOVED, before[1] - MOVED, before[2]])
    assert handles.nth(0).evaluate("it => it.getRootNode().activeElement === it")


def test_what_is_typed_in_a_page_opened_large_stays_there(desk: Desk, book: Book) -> None:
    desk.open("pages").locator(".st-key-pages_open_3 button").click()
    field = desk.page.get_by_role("textbox", name="Words on this page")
    field.fill("May slept.")
    desk.page.keyboard.press("Tab")
    assert desk.becomes(book.id, [14, 11, 2]) and field.input_value() == "May slept."
    desk.page.wait_for_timeout(500)
    assert field.input_value() == "May slept."


def test_nothing_is_wider_than_a_phone(desk: Desk, book: Book) -> None:
    remember(language="vi")  # whose words are the longer ones
    desk.page.set_viewport_size(NARROW)
    page, widths = desk.open(), {}
    page.locator(".st-key-story_change_1 button").click()
    page.locator(".st-key-story_scene_1 summary").click()
    page.locator(".st-key-story_scene_1 input").last.wait_for()
    widths["page"] = width(page)
    page.locator(".st-key-story_view button").last.click()
    page.locator(".break").first.wait_for()
    widths["breaks"] = width(page)
    desk.open("settings").locator(".st-key-settings_llm_address summary").click()
    page.get_by_test_id("stForm").locator("input").last.wait_for()
    widths["settings"] = width(page)
    page.set_viewport_size(WIDE)
    remember(language="en")
    assert set(widths.values()) == {NARROW["width"]}, widths


def width(page) -> int:
    """What the widest part of the screen takes, in px."""
    script = (
        "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"
    )
    return page.evaluate(script)
