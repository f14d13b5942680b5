from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard
from studio.adapters.tensors import read_adapter
from studio.errors import BadInput, BadPhoto
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.progress import finish
from studio.settings import load_settings
from studio.training import recipe
from studio.training.subject import called, train_subject, without

pytestmark = pytest.mark.usefixtures("tiny_pocket", "home")
POCKET = base_model("pocket")


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts of six steps."""
    monkeypatch.setitem(recipe.STEPS, "draft", 8)  # × 0.75, because there are four photos


def train(photos: tuple[Path, ...], card: AdapterCard, folder: Path, **options: object):
    return train_subject(photos, card, POCKET, load_settings(), folder, effort="draft", **options)


def test_a_character_is_learnt_and_its_file_fits_the_model(
    photos: tuple[Path, ...], may: AdapterCard, tmp_path: Path
) -> None:
    seen = []
    path = finish(train(photos, may, tmp_path / "adapter"), seen.append)
    layers = read_adapter(path, load_pipeline(POCKET, load_settings()).unet)
    assert seen[-1].done == seen[-1].total == 6 and "left" in seen[-1].note
    assert {name.rsplit(".", 1)[-1] for name in layers} >= {"to_q", "conv1", "proj"}
    assert all(layer.scale == 1.0 for layer in layers.values())
    assert any(layer.up.abs().sum() > 0 for layer in layers.values())


def test_the_report_tells_the_run_and_no_photo(photos: tuple[Path, ...], may: AdapterCard, tmp_path: Path) -> None:
    folder = finish(train(photos, may, tmp_path / "adapter")).parent
    report = json.loads((folder / "report.json").read_text())
    assert len(report["losses"]) == report["steps"] == 6
    assert report["recipe"]["flip"] is False and report["peak_memory_mb"] > 0
    assert "photos" not in json.dumps(report) and ".png" not in json.dumps(report)


def test_a_stopped_training_goes_on_to_the_very_same_numbers(
    photos: tuple[Path, ...], may: AdapterCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(recipe.STEPS, "draft", 27)  # twenty, saved after every second
    monkeypatch.setitem(recipe.LOOKS, "draft", 10)
    whole = finish(train(photos, may, tmp_path / "whole"))
    work = train(photos, may, tmp_path / "stopped")
    next(step for step in work if step.done == 7)
    work.close()
    assert sorted(place.name for place in (tmp_path / "stopped").iterdir()) == [
        "checkpoint-000004",
        "checkpoint-000006",
    ]
    steps = []
    resumed = finish(train(photos, may, tmp_path / "stopped", resume=True), steps.append)
    assert next(step.done for step in steps if step.done) == 7
    assert resumed.read_bytes() == whole.read_bytes()


def test_a_training_does_not_go_on_with_other_photos(
    photos: tuple[Path, ...], may: AdapterCard, tmp_path: Path
) -> None:
    work = train(photos, may, tmp_path / "adapter")
    next(step for step in work if step.done == 3)
    work.close()
    with pytest.raises(BadInput, match="the photos"):
        next(train(tuple(reversed(photos)), may, tmp_path / "adapter", resume=True))


def test_no_photos_and_a_damaged_photo_are_told(may: AdapterCard, photos: tuple[Path, ...], tmp_path: Path) -> None:
    with pytest.raises(BadPhoto, match="no photos of 'May'"):
        next(train((), may, tmp_path / "adapter"))
    photos[1].write_bytes(photos[1].read_bytes()[:60])
    with pytest.raises(BadPhoto, match="'1.png'"):
        finish(train(photos, may, tmp_path / "adapter"))


def test_an_unknown_effort_names_the_known_ones(photos: tuple[Path, ...], may: AdapterCard, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="draft, good, best"):
        next(train_subject(photos, may, POCKET, load_settings(), tmp_path, effort="perfect"))


def test_two_seeds_give_two_adapters(photos: tuple[Path, ...], may: AdapterCard, tmp_path: Path) -> None:
    first = finish(train(photos[:1], may, tmp_path / "one", seed=1))
    second = finish(train(photos[:1], replace(may), tmp_path / "two", seed=2))
    assert first.read_bytes() != second.read_bytes()


def test_the_trigger_stands_before_the_class_word() -> None:
    assert called("a happy girl and a girl", "girl", "may") == "a happy may girl and a girl"
    assert called("a may girl on the beach", "girl", "may") == "a may girl on the beach"
    assert called("an elephant in space", "elephant", "bobo") == "a bobo elephant in space"
    assert called("on the beach", "girl", "may") == "a may girl, on the beach"


def test_the_class_alone_is_plain_english() -> None:
    assert without("a happy may girl", "may") == "a happy girl"
    assert without("a bobo elephant standing", "bobo") == "an elephant standing"
