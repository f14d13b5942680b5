"""Two parts of the Story screen in a real browser: fields that are kept as they are typed, and page breaks that move."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.demonstrations import Finger, another_run, demonstration

APP = Path(__file__).with_name("writing_app.py")
KEY_MS = 60
SENTENCE = "Đêm ấy mưa rơi rất khẽ, An thì thầm: “Ngủ nhé!” "

pytestmark = pytest.mark.slow


class Parts:
    """The demonstration in a browser, and what it noted in its files."""

    def __init__(self, page, address: str, home: Path) -> None:
        self.page, self.address, self.home, self.visits = page, address, home, 0
        self.devtools, self.finger = page.context.new_cdp_session(page), Finger(page)

    def open(self, screen: str, part: str):
        """This part of a screen, from the start and with nothing noted."""
        if self.page.url == f"{self.address}/{screen}":
            self.page.get_by_role("button", name="Anew").click()
            self.visits += 1
        else:
            self.page.goto(f"{self.address}/{screen}")
            self.visits = 0
        self.part(part).wait_for()
        for file in self.home.iterdir():
            file.unlink()
        return self.part(part)

    def part(self, name: str):
        """What has this name on the screen that was opened last."""
        return self.page.locator(f".st-key-{name}_{self.visits}")

    def noted(self, name: str) -> list[tuple[float, str]]:
        """Each time and value that reached Python."""
        file = self.home / name
        return [tuple(json.loads(line)) for line in file.read_text("utf-8").splitlines()] if file.exists() else []

    def kept(self, field: str, words: str, within_s: float = 3) -> bool:
        """Whether the last that reached Python from this field is `words`, now or soon."""
        until = time.monotonic() + within_s
        while (late := time.monotonic() < until) and [one for _, one in self.noted(field)][-1:] != [words]:
            self.page.wait_for_timeout(20)
        return late

    def moves(self) -> list[list[int]]:
        """The moves that reached Python by the end of another run."""
        another_run(self.page)
        return [move for _, move in self.noted("moves")]

    def pages(self) -> list[int]:
        """How many sentences each page shows."""
        return [words.locator("p").count() for words in self.part("breaks").locator(".words").all()]

    def handle(self, page: int) -> tuple[float, float]:
        """The middle of the handle below this page."""
        box = self.part("breaks").locator(".grip").nth(page - 1).bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, page: int, *ways: float) -> None:
        """Takes a handle and moves the mouse by these ways, in px downwards, one after the other."""
        x, y = self.handle(page)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for way in ways:
            y += way
            self.page.mouse.move(x, y, steps=4)
        self.page.mouse.up()

    def swipe(self, page: int, way: float) -> None:
        """The same with a finger."""
        x, y = self.handle(page)
        self.finger.swipe((x, y), *((x, y + way * step / 4) for step in range(1, 5)))

    def listeners(self) -> int:
        """How many ears the document has for typing."""
        document = self.devtools.send("Runtime.evaluate", {"expression": "document"})["result"]["objectId"]
        heard = self.devtools.send("DOMDebugger.getEventListeners", {"objectId": document})["listeners"]
        return sum(one["type"] == "input" for one in heard)


@pytest.fixture(scope="module")
def parts(visit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    home = tmp_path_factory.mktemp("writing")
    with demonstration(APP, home) as address:
        yield Parts(visit.page, address, home)


@pytest.fixture
def text(parts: Parts):
    """The large field, empty and with the cursor in it."""
    field = parts.open("", "text").locator("textarea")
    field.click()
    return field


@pytest.fixture
def story(parts: Parts):
    """The three pages with three, two and three sentences."""
    column = parts.open("lay", "breaks")
    column.locator(".break").first.wait_for()
    return column


@pytest.fixture
def small(parts: Parts):
    """The same on a small screen."""
    parts.page.set_viewport_size({"width": 380, "height": 800})
    parts.page.goto("about:blank")
    yield parts.open("lay", "breaks")
    parts.page.set_viewport_size({"width": 1280, "height": 1000})


def test_at_most_two_seconds_of_typing_can_be_lost(parts: Parts, text) -> None:
    struck = []
    for letter in SENTENCE:
        struck.append(time.time())
        parts.page.keyboard.type(letter)
        parts.page.wait_for_timeout(KEY_MS)
    assert parts.kept("text", SENTENCE)
    noted = parts.noted("text")
    lags = [next(when for when, words in noted if len(words) > nth) - struck[nth] for nth in range(len(SENTENCE))]
    assert max(lags) <= 2
    assert all(SENTENCE.startswith(words) for _, words in noted)


def test_typing_in_the_middle_of_the_words_while_the_screen_runs_is_exact(parts: Parts, text) -> None:
    parts.page.keyboard.type("Mây bay về.")
    for _ in "về.":
        parts.page.keyboard.press("ArrowLeft")
    parts.page.keyboard.type("trắng và xốp lững lờ ", delay=KEY_MS)
    parts.page.keyboard.press("ArrowLeft")
    parts.page.keyboard.press("Backspace")
    parts.page.keyboard.type("ờ,", delay=KEY_MS)
    assert parts.kept("text", "Mây bay trắng và xốp lững lờ, về.")
    assert text.input_value() == "Mây bay trắng và xốp lững lờ, về."
    assert text.evaluate("it => [document.activeElement === it, it.selectionStart]") == [True, 29]


def test_what_is_pasted_is_kept_at_once(parts: Parts, text) -> None:
    parts.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    parts.page.evaluate("words => navigator.clipboard.writeText(words)", SENTENCE)
    pasted = time.time()
    parts.page.keyboard.press("Control+V")
    assert parts.kept("text", SENTENCE)
    assert parts.noted("text")[0][0] - pasted <= 0.3


def test_words_that_an_input_method_composes_are_left_alone_until_they_are_done(parts: Parts, text) -> None:
    parts.page.keyboard.type("Nghe ")
    for words in ("m", "mư", "mưa"):
        composed = {"text": words, "selectionStart": len(words), "selectionEnd": len(words)}
        parts.devtools.send("Input.imeSetComposition", composed)
        parts.page.wait_for_timeout(450)
    assert not parts.noted("text")
    parts.devtools.send("Input.insertText", {"text": "mưa"})
    assert parts.kept("text", "Nghe mưa")
    assert text.input_value() == "Nghe mưa"


def test_a_line_is_kept_as_typed_and_a_form_waits_for_its_button(parts: Parts, text) -> None:
    parts.part("formed").locator("textarea").fill("Chưa gửi")
    parts.part("title").locator("input").click()
    parts.page.keyboard.type("Mưa đêm")
    assert parts.kept("title", "Mưa đêm")
    assert not parts.noted("formed")


def test_coming_back_to_a_screen_does_not_double_its_ears(parts: Parts, text) -> None:
    assert parts.listeners() == 1
    parts.page.get_by_role("link", name="lay").click()
    parts.page.locator(".break").first.wait_for()
    parts.page.locator("textarea").first.wait_for(state="detached")
    assert parts.listeners() == 0
    parts.page.get_by_role("link", name="write").click()
    parts.page.locator(".st-key-keep_as_typed style").wait_for(state="attached")
    parts.page.wait_for_timeout(100)
    assert parts.listeners() == 1


@pytest.mark.parametrize(
    ("page", "way", "move", "pages"),
    [
        (1, 27, [1, 1], [4, 1, 3]),
        (2, -900, [2, -1], [3, 1, 4]),  # it stops there: each page keeps a sentence
    ],
)
def test_a_handle_that_is_dragged_moves_its_sentences_once(parts: Parts, story, page, way, move, pages) -> None:
    parts.drag(page, way)
    assert parts.moves() == [move]
    assert parts.pages() == pages
    assert parts.moves() == [move]


def test_a_handle_moves_under_a_finger_on_a_small_screen(parts: Parts, small) -> None:
    parts.swipe(1, -30)
    assert parts.moves() == [[1, -1]]
    assert parts.page.evaluate("document.documentElement.scrollWidth") <= 380


@pytest.mark.parametrize(
    ("keys", "moves"),
    [
        ("ArrowUp pause ArrowDown Enter", [[2, -1], [2, 1]]),
        ("Home Enter End Enter", [[2, -1], [2, 3]]),
        ("ArrowDown ArrowUp Enter ArrowDown Escape", []),
    ],
)
def test_a_handle_moves_by_keys(parts: Parts, story, keys: str, moves: list[list[int]]) -> None:
    handle = story.get_by_role("separator", name="End of page 2; arrow keys move it")
    handle.focus()
    for key in keys.split():
        if key == "pause":
            parts.page.wait_for_timeout(650)
        else:
            parts.page.keyboard.press(key)
    assert handle.evaluate("it => it.matches(':focus-visible') && !it.parentNode.querySelector('.moved')")
    assert parts.moves() == moves


def test_a_handle_that_is_dragged_back_moves_nothing(parts: Parts, story) -> None:
    parts.drag(1, 60, -60)
    parts.drag(2)
    assert parts.moves() == []
    assert parts.pages() == [3, 2, 3]


def test_a_move_that_was_refused_goes_back_with_the_next_run(parts: Parts, story) -> None:
    parts.part("refuse").get_by_text("Refuse").click()
    parts.drag(1, 27)
    assert parts.pages() == [4, 1, 3]
    assert parts.moves() == [[1, 1]]
    parts.page.wait_for_timeout(100)
    assert parts.pages() == [3, 2, 3]


def test_screen_readers_hear_how_many_sentences_a_page_has(story) -> None:
    marks = ("aria-valuemin", "aria-valuenow", "aria-valuemax", "aria-orientation", "tabindex")
    handle = story.get_by_role("separator", name="End of page 1; arrow keys move it")
    assert [handle.get_attribute(mark) for mark in marks] == ["1", "3", "4", "horizontal", "0"]


def test_sentences_are_never_markup(story) -> None:
    assert story.locator(".words p").nth(1).inner_text() == "An loved <b>rain</b> & *stars*."
