"""A picture comes out for paper: what is seen of it, as fine as the press wants, nobody's head cut off."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import NotReady
from studio.publishing.geometry import Box, around
from studio.publishing.marks import PAPER, Picture, Veil
from studio.publishing.plate import cover_fit, make_plate, plate_ppi

INCH = 72


def whole(box: Box, *veils: Veil) -> Picture:
    return Picture(1, box, around(box), "a kite", veils)


def pixels(plate) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(plate.jpeg)))


@pytest.fixture
def red(tmp_path: Path) -> Path:
    Image.new("RGB", (256, 256), "#C02020").save(tmp_path / "red.png")
    return tmp_path / "red.png"


def test_a_picture_has_as_many_pixels_to_an_inch_as_the_press_wants(red):
    plate = make_plate(red, whole(Box(0, 0, 2 * INCH, 2 * INCH)), 300)
    assert (plate.width, plate.height) == (600, 600) and plate.ppi == pytest.approx(300)


def test_a_large_picture_is_made_no_larger_than_the_press_wants(tmp_path):
    Image.new("RGB", (3000, 1500)).save(tmp_path / "wide.png")
    plate = make_plate(tmp_path / "wide.png", whole(Box(0, 0, 4 * INCH, 2 * INCH)), 300)
    assert (plate.width, plate.height) == (1200, 600)


def test_a_small_picture_is_stretched_four_times_and_no_more(red):
    plate = make_plate(red, whole(Box(0, 0, 10 * INCH, 10 * INCH)), 300)
    assert plate.width == 1024
    assert plate.ppi == pytest.approx(102.4) == plate_ppi(256, 256, Box(0, 0, 720, 720), 300)


def test_only_what_is_seen_is_in_the_file(tmp_path):
    split = Image.new("RGB", (400, 400), "blue")
    split.paste("yellow", (0, 0, 200, 400))
    split.save(tmp_path / "split.png")
    box = Box(0, 0, INCH, INCH)
    left = Picture(1, box, around(Box(0, 0, INCH / 2 - 4, INCH)))
    seen = pixels(make_plate(tmp_path / "split.png", left, 300))
    assert seen.shape[1] == pytest.approx(seen.shape[0] * 32 / 72, abs=1)
    assert seen[..., 2].mean() < 40  # no blue


def test_a_veil_hides_what_lies_under_it_softly(red):
    veil = Veil(Box(36, 36, 72, 72), 1.0, 20)
    seen = pixels(make_plate(red, whole(Box(0, 0, 144, 144), veil), 150)).astype(int)
    paper = [int(PAPER[at : at + 2], 16) for at in (1, 3, 5)]
    assert np.abs(seen[150, 150] - paper).max() < 6
    assert np.abs(seen[10, 10] - [192, 32, 32]).max() < 6
    steps = np.abs(np.diff(seen[150, :, 1]))
    assert steps.max() < 20  # no edge


def test_a_veil_around_fades_every_edge_into_the_paper(red):
    box = Box(0, 0, 144, 144)
    seen = pixels(make_plate(red, whole(box, Veil(box.inset(12), 1.0, 24, around=True)), 150)).astype(int)
    for edge in (seen[0], seen[-1], seen[:, 0], seen[:, -1]):
        assert np.abs(edge - [251, 246, 236]).max() < 8
    assert np.abs(seen[150, 150] - [192, 32, 32]).max() < 6


def test_a_picture_keeps_no_notes_of_where_it_came_from(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    Image.new("RGB", (64, 64)).save(tmp_path / "p.jpg", exif=exif, comment=b"a secret")
    assert b"secret" not in make_plate(tmp_path / "p.jpg", whole(Box(0, 0, 72, 72)), 300).jpeg


@pytest.mark.parametrize("raw", [b"", b"\x89PNG\r\n\x1a\nrest", b"GIF89a"])
def test_a_damaged_picture_names_its_page(tmp_path, raw):
    (tmp_path / "broken.png").write_bytes(raw)
    with pytest.raises(NotReady, match="page 1"):
        make_plate(tmp_path / "broken.png", whole(Box(0, 0, 72, 72)), 300)


@pytest.mark.parametrize(("width", "height"), [(100, 100), (200, 100), (100, 300)])
def test_a_picture_fills_its_box_whatever_its_shape(width, height):
    box = Box(10, 20, 120, 100)
    laid = cover_fit(width, height, box)
    assert laid.holds(box) and laid.width / laid.height == pytest.approx(width / height)
