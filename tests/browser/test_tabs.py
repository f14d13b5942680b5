"""Two windows on the same words: what one writes reaches the other, nobody's words are written over, and none are lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import launch
from studio.publishing.book import Book
from studio.story.merge import Typed
from studio.workshop import Workshop
from tests.browser.demonstrations import WebStudio, free_port
from tests.machine import quiet_chromium

pytestmark = pytest.mark.slow

STORY = "A red fox ran over the hill. It saw a cat in the garden. At night they went home. The moon was up."
FIRST = "A red fox ran over the hill. It saw a cat in the garden."
KEY_MS, LOST_S, SOON_S = 60, 2.0, 8.0


class Windows(WebStudio):
    """The web studio alone, and two windows of one browser."""

    def __init__(self, browser: Any, home: Path) -> None:
        context = browser.new_context(locale="en-GB", reduced_motion="reduce", viewport={"width": 1280, "height": 1000})
        self.home, self.port, self.pages = home, free_port(), (context.new_page(), context.new_page())
        self.start()

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
    write(one, "A red", " and old")
    write(other, "a cat", " and a dog")
    both = "A red and old fox ran over the hill. It saw a cat and a dog in the garden."
    assert comes(lambda: words(book), both)
    assert comes(one.input_value, both) and comes(other.input_value, both)


@pytest.mark.soak
def test_the_cursor_stays_between_its_words_when_others_come_before_it(windows: Windows, book: Book) -> None:
    one = windows.open_page_one(0)
    write(one, "A red fox", " (old)")
    Workshop().edit_page(book.id, 1, text=Typed("Once. " + FIRST, FIRST, "other"))
    assert comes(lambda: one.input_value().startswith("Once. "), True)
    one.page.keyboard.type("!", delay=KEY_MS)
    assert comes(lambda: words(book), "Once. A red fox (old)! ran over the hill. It saw a cat in the garden.")


@pytest.mark.soak
def test_nothing_is_lost_while_two_people_type_without_a_pause(windows: Windows, book: Book) -> None:
    one, other = windows.open_page_one(0), windows.open_page_one(1)
    for field, place in ((one, "hill"), (other, "garden")):
        at = FIRST.index(place) + len(place)
        field.evaluate("(it, at) => { it.focus(); it.setSelectionRange(at, at) }", at)
    for letter, sign in zip(" one two three four five six", " uno due tre quattro cinque!", strict=True):
        one.page.keyboard.type(letter)
        other.page.keyboard.type(sign)
        one.page.wait_for_timeout(40)
    whole = FIRST.replace("hill", "hill one two three four five six").replace(
        "garden", "garden uno due tre quattro cinque!"
    )
    assert comes(lambda: words(book), whole)
    assert comes(one.input_value, whole) and comes(other.input_value, whole)


@pytest.mark.soak
@pytest.mark.parametrize(("choice", "stays", "comes_back"), [("mine", 1, 0), ("theirs", 0, 1)])
def test_the_same_word_is_not_written_over_but_chosen(
    windows: Windows, book: Book, choice, stays: int, comes_back: int
) -> None:
    field = windows.open_page_one(1)
    versions = [FIRST.replace("red", colour) for colour in ("blue", "green")]
    field.fill(versions[1])  # is kept 0.6 s later, and by then
    Workshop().edit_page(book.id, 1, text=Typed(versions[0], FIRST, "other"))
    assert comes_up(windows.pages[1]) and words(book) == versions[0]
    windows.pages[1].locator(f"[class*=st-key-clash_{choice}_now] button").click()
    assert comes(lambda: words(book), versions[stays])
    windows.pages[1].locator(".st-key-story_undo button").click()
    assert comes(lambda: words(book), versions[comes_back])
    assert comes(field.input_value, versions[comes_back])


@pytest.mark.soak
def test_a_studio_killed_in_the_middle_of_typing_loses_two_seconds_of_a_page_at_most(
    windows: Windows, book: Book
) -> None:
    field = windows.open_page_one(0)
    field.evaluate("it => { it.focus(); it.setSelectionRange(it.value.length, it.value.length) }")
    typed, struck = " Then it rained all the long way home, softly, and nobody minded at all.", []
    for letter in typed:
        struck.append(time.monotonic())
        field.page.keyboard.type(letter)
        field.page.wait_for_timeout(KEY_MS)
    windows.kill()
    killed = time.monotonic()
    kept = words(book).removeprefix(FIRST)
    windows.start()
    assert typed.startswith(kept) and len(kept) >= sum(killed - at > LOST_S for at in struck) > 10


@pytest.mark.soak
def test_a_very_slow_browser_leaves_the_desk_as_it_is(windows: Windows, book: Book) -> None:
    page = windows.pages[0]
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 20})
    for screen in ("story", "bookshelf", "story", "pages", "story"):
        page.goto(f"http://{launch.HOST}:{windows.port}/{screen}")
        page.wait_for_timeout(700)
    page.locator("[class*=st-key-story_title_] input").wait_for(timeout=60_000)
    page.get_by_text("Where pages end").click(timeout=60_000)
    page.get_by_text("Author and dedication").click(timeout=60_000)
    page.wait_for_timeout(3000)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    now = Workshop().book(book.id)
    assert (now.title, now.story.text) == ("The fox", book.story.text) and not Workshop().can_undo(book.id)
    assert page.locator("[class*=st-key-story_title_] input").input_value() == "The fox"
    assert page.locator("[class*=st-key-story_text_] textarea").input_value() == STORY


def comes_up(page: Any) -> bool:
    """Whether this window soon shows two versions."""
    until = time.monotonic() + SOON_S
    while time.monotonic() < until:
        if page.locator("[class*=st-key-clash_both_now]").count():
            return True
        page.wait_for_timeout(100)
    return False
