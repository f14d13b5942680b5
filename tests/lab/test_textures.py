"""Textures: many kinds, the same for the same seed, told apart at a look."""

from __future__ import annotations

import numpy as np
import pytest

from studio.lab.textures import SIDE_PX, TEXTURES, palette


@pytest.mark.parametrize("kind", TEXTURES)
def test_a_texture_is_a_picture_with_something_on_it_and_the_same_for_the_same_seed(kind: str) -> None:
    one, again, other = (TEXTURES[kind](np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.shape == (SIDE_PX, SIDE_PX, 3) and one.dtype == np.uint8
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert one.reshape(-1, 3).std(0).max() > 8


def test_a_palette_has_paintings_and_all_kinds_in_turn() -> None:
    painting = np.full((300, 400, 3), (10, 20, 30), np.uint8)
    mixed, plain = palette(4, 1, [painting]), palette(3, 1)
    assert mixed.shape == (4, 3, SIDE_PX, SIDE_PX) and mixed.dtype == np.uint8
    assert (mixed[1::2] == np.array([10, 20, 30], np.uint8)[:, None, None]).all()
    assert np.array_equal(plain[0].transpose(1, 2, 0), TEXTURES["stripes"](np.random.default_rng([1, 0])))
