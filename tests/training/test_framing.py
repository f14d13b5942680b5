from __future__ import annotations

import pytest
from PIL import Image

from studio.training.framing import cut
from studio.training.recipe import Recipe


def picture(width: int, height: int) -> Image.Image:
    """Red on the left half, blue on the right."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    return image


def test_an_even_cut_holds_the_whole_picture_unstretched() -> None:
    square = cut(picture(200, 100), 64, 0, flip=False, seed=1)
    red = sum(square.getpixel((x, 32))[0] > 128 for x in range(64))
    assert square.size == (64, 64) and 24 < red < 40


def test_cuts_differ_and_come_back_the_same() -> None:
    cuts = [cut(picture(200, 150), 64, variant, flip=True, seed=1).tobytes() for variant in range(6)]
    assert len(set(cuts)) > 3
    assert cuts[3] == cut(picture(200, 150), 64, 3, flip=True, seed=1).tobytes()


@pytest.mark.parametrize(("flip", "sides"), [(False, {True}), (True, {True, False})])
def test_only_what_may_be_mirrored_is_mirrored(flip: bool, sides: set[bool]) -> None:
    lefts = {cut(picture(100, 100), 32, 0, flip, seed).getpixel((0, 16))[0] > 128 for seed in range(12)}
    assert lefts == sides


def test_the_rate_rises_and_falls_to_its_floor() -> None:
    recipe = Recipe(
        steps=100,
        batch=1,
        rate=1.0,
        targets=(),
        prior=0,
        prior_weight=1.0,
        answers=256,
        looks=10,
        variants=1,
        flip=False,
    )
    rates = [recipe.rate_at(step) for step in range(100)]
    assert rates[0] == pytest.approx(0.2) and max(rates) == 1.0 and rates[-1] == pytest.approx(0.1, abs=0.01)
