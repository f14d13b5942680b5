"""Where a person puts the frames of figures in a real browser is what Python gets: with a mouse, a finger and keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.demonstrations import Finger, another_run, demonstration

APP = Path(__file__).with_name("boxes_app.py")

pytestmark = pytest.mark.slow


class Stage:
    """The boxes in a browser, and what came of them."""

    def __init__(self, page, address: str, home: Path) -> None:
        self.page, self.address, self.home = page, address, home
        self.finger = Finger(page)

    def open(self) -> Stage:
        self.page.goto(self.address)
        self.page.locator(".ground img").wait_for()
        for file in self.home.iterdir():
            file.unlink()
        return self

    def box(self, name: str):
        return self.page.locator(".box").filter(has_text=name)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where this share of the picture is on the screen."""
        ground = self.page.locator(".ground").bounding_box()
        return ground["x"] + x * ground["width"], ground["y"] + y * ground["height"]

    def drag(self, here: tuple[float, float], there: tuple[float, float]) -> None:
        self.page.mouse.move(*self.at(*here))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(*there), steps=5)
        self.page.mouse.up()

    def swipe(self, here: tuple[float, float], there: tuple[float, float]) -> None:
        """The same with a finger."""
        self.finger.swipe(self.at(*here), self.at(*there))

    def told(self) -> list[dict[str, list[float]]]:
        """All that reached Python by the end of another run."""
        self.page.wait_for_timeout(900)  # the pause after the last key
        another_run(self.page)
        return [dict(json.loads(file.read_text())) for file in sorted(self.home.glob("*.json"))]


@pytest.fixture(scope="module")
def stage_(visit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    home = tmp_path_factory.mktemp("boxes")
    with demonstration(APP, home) as address:
        yield Stage(visit.page, address, home)


@pytest.fixture
def stage(stage_: Stage) -> Stage:
    return stage_.open()


def test_a_box_is_moved_by_its_middle_and_stays_inside_of_the_picture(stage: Stage) -> None:
    stage.drag((0.7, 0.6), (0.6, 0.95))
    (told,) = stage.told()
    assert told == {"May": [0.0, 0.0, 0.5, 1.0], "Rex": pytest.approx([0.4, 0.2, 0.8, 1.0], abs=0.01)}


def test_a_box_is_sized_by_its_corners_with_a_finger_too(stage: Stage) -> None:
    stage.swipe((0.52, 0.25), (0.62, 0.45))
    stage.drag((0.48, 0.96), (0.02, 0.02))
    told = stage.told()[-1]  # the first of two quick changes may have been passed over
    assert told["Rex"] == pytest.approx([0.6, 0.4, 0.9, 1.0], abs=0.01)
    assert told["May"] == pytest.approx([0.0, 0.0, 0.15, 0.15], abs=0.01)


def test_keys_move_and_size_a_box_and_escape_takes_it_back(stage: Stage) -> None:
    stage.box("Rex").focus()
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowUp"):
        stage.page.keyboard.press(key)
    assert "46 % from the left" in stage.page.locator(".says").inner_text()
    (told,) = stage.told()
    assert told["Rex"] == pytest.approx([0.46, 0.2, 0.86, 0.98], abs=0.001)
    stage.box("Rex").focus()
    for key in ("ArrowRight", "Escape"):
        stage.page.keyboard.press(key)
    assert len(stage.told()) == 1
