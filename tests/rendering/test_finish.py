"""Pixel art is pixel art to the last pixel, on the screen and on paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.rendering.enlarger import Enlarger
from studio.rendering.finish import COLOURS, PIXEL, finished, grid
from studio.settings import load_settings


@pytest.fixture
def picture() -> np.ndarray:
    rows, columns = np.mgrid[0:256, 0:256]
    waves = np.stack([columns, rows, 127 + 120 * np.sin(rows / 9.0)], 2)
    return waves.clip(0, 255).astype(np.uint8)


def test_squares_of_few_colours_are_left(picture: np.ndarray) -> None:
    done = finished(picture, "pixels")
    assert done.shape == picture.shape and grid(done) == PIXEL
    assert len(np.unique(done.reshape(-1, 3), axis=0)) <= COLOURS
    assert np.abs(done.astype(float) - picture).mean() < 25


def test_the_same_picture_gives_the_same_pixels(picture: np.ndarray) -> None:
    assert np.array_equal(finished(picture, "pixels"), finished(picture, "pixels"))


def test_no_finish_leaves_a_picture_alone_and_an_unknown_one_is_a_mistake(picture: np.ndarray) -> None:
    assert finished(picture, "") is picture
    with pytest.raises(ValueError):
        finished(picture, "gold")


def test_on_paper_the_squares_have_hard_edges_still(picture: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    Image.fromarray(finished(picture, "pixels")).save(path)
    large = np.asarray(Image.open(Enlarger(load_settings()).enlarged(path)))
    assert large.shape == (1024, 1024, 3)
    assert np.array_equal(large[::4, ::4], np.asarray(Image.open(path)))
    assert np.array_equal(large, large[::16, ::16].repeat(16, 0).repeat(16, 1))


def test_other_pictures_are_no_pixel_art(picture: np.ndarray) -> None:
    assert not grid(picture) and not grid(np.zeros((256, 256, 3), np.uint8)) and not grid(picture[:255])
