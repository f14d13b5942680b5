"""Small copies of pictures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from studio.library.thumbnails import LIMIT_BYTES, LONG_SIDE_PX, thumbnail


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """The picture that compresses worst."""
    path = tmp_path / "07-key.png"
    Image.frombytes("RGB", (900, 600), os.urandom(900 * 600 * 3)).save(path)
    return path


def test_a_thumbnail_is_a_small_jpeg_even_of_noise(noise: Path, tmp_path: Path) -> None:
    small = thumbnail(noise, tmp_path / "thumbnails")
    assert small is not None and small.stat().st_size <= LIMIT_BYTES
    with Image.open(small) as picture:
        assert picture.format == "JPEG" and max(picture.size) == LONG_SIDE_PX


def test_a_thumbnail_is_made_once(noise: Path, tmp_path: Path) -> None:
    first = thumbnail(noise, tmp_path / "thumbnails")
    made = first.stat().st_mtime_ns
    assert thumbnail(noise, tmp_path / "thumbnails").stat().st_mtime_ns == made


def test_a_damaged_picture_has_no_thumbnail(noise: Path, tmp_path: Path) -> None:
    noise.write_bytes(noise.read_bytes()[:500])
    assert thumbnail(noise, tmp_path / "thumbnails") is None
