"""What is painted on a picture in a real browser is the mask that Python gets: with a mouse, a finger and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.browser.demonstrations import Finger, another_run, demonstration

APP = Path(__file__).with_name("painting_app.py")

pytestmark = pytest.mark.slow


class Easel:
    """The picture in a browser, and the masks that came of it."""

    def __init__(self, page, address: str, home: Path) -> None:
        self.page, self.address, self.home = page, address, home
        self.finger = Finger(page)

    def open(self) -> Easel:
        self.page.goto(self.address)
        self.page.locator(".stage img").wait_for()
        for file in self.home.iterdir():
            file.unlink()
        return self

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where this share of the picture is on the screen."""
        box = self.page.locator(".stage").bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def stroke(self, *shares: tuple[float, float]) -> None:
        self.page.mouse.move(*self.at(*shares[0]))
        self.page.mouse.down()
        for share in shares[1:]:
            self.page.mouse.move(*self.at(*share), steps=5)
        self.page.mouse.up()

    def swipe(self, *shares: tuple[float, float]) -> None:
        """The same with a finger."""
        self.finger.swipe(*(self.at(*share) for share in shares))

    def masks(self) -> list[np.ndarray]:
        """All masks that reached Python by the end of another run."""
        another_run(self.page)
        return [np.asarray(Image.open(file).convert("RGB")) for file in sorted(self.home.glob("*.png"))]

    def mask(self) -> np.ndarray:
        self.press("Use")
        (mask,) = self.masks()
        return mask[..., 0] == 255


@pytest.fixture(scope="module")
def easel_(visit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    home = tmp_path_factory.mktemp("painting")
    with demonstration(APP, home) as address:
        yield Easel(visit.page, address, home)


@pytest.fixture
def easel(easel_: Easel) -> Easel:
    return easel_.open()


def test_a_stroke_of_the_mouse_is_white_where_it_went_and_as_large_as_the_picture(easel: Easel) -> None:
    easel.stroke((0.2, 0.5), (0.6, 0.5))
    mask = easel.mask()
    assert mask.shape == (200, 400)
    assert mask[100, 80] and mask[100, 240] and mask[85, 160] and not mask[60, 160] and not mask[100, 320]


def test_a_finger_paints_too_and_a_mask_comes_once_for_each_press(easel: Easel) -> None:
    easel.swipe((0.3, 0.3), (0.5, 0.3), (0.5, 0.7))
    easel.press("Use")
    first = easel.masks()
    assert len(first) == 1 and (first[0][60, 160] == 255).all() and (first[0][190, 10] == 0).all()
    assert len(easel.masks()) == 1
    easel.press("Use")
    assert len(easel.masks()) == 2


def test_strokes_are_erased_and_taken_back(easel: Easel) -> None:
    easel.press("Box")
    easel.stroke((0.1, 0.1), (0.9, 0.9))
    easel.press("Eraser")
    easel.stroke((0.5, 0.5))
    easel.press("Clear")
    assert easel.page.get_by_role("button", name="Use", exact=True).is_disabled()
    easel.press("Undo stroke")
    mask = easel.mask()
    assert mask[100, 60] and not mask[100, 200] and not mask[5, 5] and mask.mean() > 0.55


def test_keys_place_a_shape(easel: Easel) -> None:
    easel.page.locator(".stage").focus()
    for key in ("ArrowLeft",) * 5 + ("Shift+ArrowUp",) * 2 + ("Enter",):
        easel.page.keyboard.press(key)
    assert "40 % from the left" in easel.page.locator(".says").inner_text()
    mask = easel.mask()
    rows, columns = np.nonzero(mask)
    assert abs(columns.mean() / 400 - 0.4) < 0.01 and abs(rows.mean() / 200 - 0.5) < 0.01
    assert abs(np.ptp(columns) / 400 - 0.3) < 0.02 and abs(np.ptp(rows) / 200 - 0.38) < 0.02
