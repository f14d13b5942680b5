"""A picture becomes one clean JPEG, large enough for paper, and is cut where nothing is lost."""

import io

import pytest
from PIL import Image

from studio.errors import NotReady
from studio.publishing.geometry import Box
from studio.publishing.plate import cover_fit, make_plate


def test_a_small_picture_is_enlarged_to_a_jpeg_without_metadata(pictures):
    plate = make_plate(pictures / "01.png", 1)
    with Image.open(io.BytesIO(plate.jpeg)) as jpeg:
        assert (jpeg.format, jpeg.mode, jpeg.size) == ("JPEG", "RGB", (1024, 1024))
        assert not {"exif", "comment", "icc_profile", "Software"} & jpeg.info.keys()
        assert [layer[1:3] for layer in jpeg.layer] == [(1, 1)] * 3  # 4:4:4


def test_a_large_picture_keeps_its_size(tmp_path):
    Image.new("RGB", (1200, 800), "teal").save(tmp_path / "large.png")
    plate = make_plate(tmp_path / "large.png", 1)
    assert (plate.width, plate.height) == (1200, 800)


def test_a_damaged_picture_is_told_with_its_page(tmp_path):
    (tmp_path / "03.png").write_bytes(b"no picture")
    with pytest.raises(NotReady, match="page 3"):
        make_plate(tmp_path / "03.png", 3)


@pytest.mark.parametrize("box", [Box(0, 180, 612, 432), Box(10, 10, 300, 500), Box(5, 5, 80, 80)])
def test_a_picture_fills_its_box_and_keeps_its_shape(box):
    at = cover_fit(1024, 1024, box)
    assert at.holds(box) and at.width == pytest.approx(at.height)
    assert min(at.width - box.width, at.height - box.height) == pytest.approx(0, abs=1e-6)
