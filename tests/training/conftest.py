"""A character of four small drawings and a style of three, for the tiny model."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from studio.adapters.card import AdapterCard


@pytest.fixture
def photos(tmp_path: Path) -> tuple[Path, ...]:
    """Four drawings of a round red face on different grounds, one of them not square."""
    return tuple(
        _drawing(tmp_path / f"photos/{number}.png", size, ground)
        for number, (size, ground) in enumerate(
            [((96, 96), "white"), ((96, 80), "green"), ((96, 96), "navy"), ((96, 96), "pink")]
        )
    )


def _drawing(path: Path, size: tuple[int, int], ground: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    picture = Image.new("RGB", size, ground)
    ImageDraw.Draw(picture).ellipse((20, 20, 70, 70), fill="red")
    picture.save(path)
    return path


@pytest.fixture
def may() -> AdapterCard:
    return AdapterCard(
        id="may", title="May", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="may", class_word="girl"
    )
