from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard
from studio.adapters.tensors import read_adapter
from studio.errors import BadPhoto
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.progress import finish
from studio.settings import load_settings
from studio.training import recipe
from studio.training.style import train_style

pytestmark = pytest.mark.usefixtures("tiny_pocket", "home")


@pytest.fixture
def watercolour(may: AdapterCard) -> AdapterCard:
    return replace(
        may, id="watercolour", title="Watercolour", kind="style", trigger="watercolour painting", class_word=""
    )


def test_a_style_is_learnt_from_captioned_pictures(
    photos: tuple[Path, ...], watercolour: AdapterCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(recipe.STEPS, "draft", 2)
    pairs = [(photo, f"a happy girl number {number}") for number, photo in enumerate(photos)]
    path = finish(train_style(pairs, watercolour, base_model("pocket"), load_settings(), tmp_path, effort="draft"))
    assert read_adapter(path, load_pipeline(base_model("pocket"), load_settings()).unet)


def test_a_style_without_pictures_is_told(watercolour: AdapterCard, tmp_path: Path) -> None:
    with pytest.raises(BadPhoto, match="'Watercolour'"):
        next(train_style([], watercolour, base_model("pocket"), load_settings(), tmp_path))
