"""Sheets of pictures with captions in both languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageFont

from studio.lab.sheet import FONT, LETTERS, PAPER, laid, sheet, wrapped

RED = np.full((40, 80, 3), (200, 20, 20), np.uint8)


def test_a_sheet_is_a_png_with_every_picture_on_it(tmp_path: Path) -> None:
    path = sheet([(RED, "Nội dung"), (RED, "Phong cách"), (RED, "")], tmp_path / "sheet.png", columns=2, side_px=100)
    drawn = np.asarray(Image.open(path))
    assert path.read_bytes().startswith(b"\x89PNG")
    assert tuple(drawn[0, 0]) == PAPER
    assert (drawn == (200, 20, 20)).all(2).sum() == 3 * 100 * 50, "each scaled to its square, nothing cut"


def test_long_captions_are_wrapped_and_end_with_dots_within_their_width() -> None:
    font = ImageFont.truetype(str(FONT), LETTERS)
    lines = wrapped("Bức tranh sơn mài của cô bé đi dưới trăng rằm tháng tám ngoài đồng làng", font, 150)
    assert len(lines) == 2 and lines[1].endswith("…")
    assert all(font.getlength(line) <= 150 for line in (*lines, *wrapped("x" * 99, font, 150)))


def test_vietnamese_letters_are_drawn_and_not_boxes() -> None:
    drawn = {caption: laid([(RED, caption)], side_px=80).tobytes() for caption in ("ế", "ệ", "ữ", "đ", "\ue000")}
    assert len(set(drawn.values())) == len(drawn)
