"""A book is turned in a real browser with keys, clicks and fingers, and the words of a page are moved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.demonstrations import Finger, another_run, demonstration

APP = Path(__file__).with_name("leafing_app.py")

pytestmark = pytest.mark.slow


class Table:
    """The book on the table, in a browser."""

    def __init__(self, page, address: str, home: Path) -> None:
        self.page, self.address, self.home = page, address, home

    def open(self, wide: int) -> Table:
        self.page.set_viewport_size({"width": wide, "height": 900})
        self.page.goto(self.address)
        self.page.locator(".bench .sheet").first.wait_for()
        return self

    def lies_open(self) -> list[str]:
        return [words.strip() for words in self.page.locator(".bench .place .side").all_inner_texts()]

    def at(self, x: float) -> tuple[float, float]:
        """Where this share of the book's width is on the screen, in the middle of its height."""
        bench = self.page.locator(".bench").bounding_box()
        return bench["x"] + x * bench["width"], bench["y"] + bench["height"] / 2


@pytest.fixture(scope="module")
def table(visit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    home = tmp_path_factory.mktemp("leafing")
    with demonstration(APP, home) as address:
        yield Table(visit.page, address, home)
    visit.page.set_viewport_size({"width": 1280, "height": 1000})


def test_keys_turn_the_book_whose_cover_lies_alone(table: Table) -> None:
    table.open(1280)
    assert table.lies_open() == ["side 0"]
    table.page.locator(".bench").focus()
    table.page.keyboard.press("ArrowRight")
    assert table.lies_open() == ["side 1", "side 2"]
    assert table.page.locator(".way .says").inner_text() == "Endpaper · Half title"
    table.page.keyboard.press("End")
    assert table.lies_open() == ["side 5"]
    table.page.keyboard.press("ArrowLeft")
    assert table.lies_open() == ["side 3", "side 4"]


def test_a_click_turns_to_the_side_where_it_falls(table: Table) -> None:
    table.open(1280)
    for share, seen in ((0.9, ["side 1", "side 2"]), (0.9, ["side 3", "side 4"]), (0.1, ["side 1", "side 2"])):
        table.page.mouse.click(*table.at(share))
        assert table.lies_open() == seen
    table.page.get_by_label("Turn over").click()
    assert table.lies_open() == ["side 3", "side 4"]


def test_a_telephone_shows_one_side_that_a_finger_turns(table: Table) -> None:
    table.open(380)
    Finger(table.page).swipe(table.at(0.8), table.at(0.2))
    assert table.lies_open() == ["side 1"]
    Finger(table.page).swipe(table.at(0.2), table.at(0.8))
    assert table.lies_open() == ["side 0"]


def test_the_leaf_is_in_the_air_for_those_who_like_motion(table: Table) -> None:
    table.open(1280)
    table.page.emulate_media(reduced_motion="no-preference")
    table.page.locator(".bench").focus()
    table.page.keyboard.press("ArrowRight")
    assert table.page.locator(".leaf").count() == 1
    table.page.locator(".leaf").wait_for(state="detached")
    table.page.emulate_media(reduced_motion="reduce")
    assert table.lies_open() == ["side 1", "side 2"]


def test_the_words_of_a_page_are_moved_with_keys_and_with_a_mouse(table: Table) -> None:
    table.open(1280)
    box = table.page.locator(".boxes .box")
    box.focus()
    table.page.keyboard.press("ArrowUp")
    table.page.wait_for_timeout(900)  # the pause after the last key
    another_run(table.page)
    kept = table.home / "place.json"
    assert json.loads(kept.read_text()) == pytest.approx([0.1, 0.58, 0.9, 0.88], abs=0.001)
    place, ground = box.bounding_box(), table.page.locator(".side-ground").bounding_box()
    table.page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    table.page.mouse.down()
    table.page.mouse.move(place["x"] + place["width"] / 2, place["y"] - ground["height"], steps=4)
    table.page.mouse.up()
    another_run(table.page)
    assert json.loads(kept.read_text()) == pytest.approx([0.1, 0.0, 0.9, 0.3], abs=0.005)
