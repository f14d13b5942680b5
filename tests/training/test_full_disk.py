"""A disk that is full ends a training with a clear sentence, and what was saved before is enough to go on.

The system itself refuses to write more than so many bytes in a file, as it does on a full disk: half a file is there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard
from studio.errors import NoRoom
from studio.files import atomic_write
from studio.models.table import base_model
from studio.progress import Work, finish
from studio.settings import load_settings
from studio.training import recipe
from studio.training.subject import train_subject
from tests.machine import room_for_files_of

pytestmark = pytest.mark.usefixtures("tiny_pocket", "home")


def train(photos: tuple[Path, ...], card: AdapterCard, folder: Path, resume: bool = False) -> Work[Path]:
    model = base_model("pocket")
    return train_subject(photos, card, model, load_settings(), folder, effort="draft", resume=resume)


@pytest.mark.parametrize("name", ["adapter.safetensors", "optimizer.safetensors"])
def test_a_training_that_finds_no_room_goes_on_from_the_checkpoint_before(
    photos: tuple[Path, ...], may: AdapterCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(recipe.LOOKS, "draft", 10)
    monkeypatch.setitem(recipe.STEPS, "draft", 27)  # twenty, because there are four photos; saved after every second
    whole, folder = finish(train(photos, may, tmp_path / "whole")), tmp_path / "full"
    work = train(photos, may, folder)
    next(step for step in work if step.done == 7)
    size = (folder / "checkpoint-000006" / name).stat().st_size
    with room_for_files_of(size // 2), pytest.raises(NoRoom, match="Free some space and try again"):
        finish(work)
    assert sorted(place.name for place in folder.iterdir()) == ["checkpoint-000004", "checkpoint-000006"]
    steps = []
    assert finish(train(photos, may, folder, resume=True), steps.append).read_bytes() == whole.read_bytes()
    assert next(step.done for step in steps if step.done) == 7


def test_a_file_that_finds_no_room_is_as_it_was(tmp_path: Path) -> None:
    path = atomic_write(tmp_path / "book.json", "the old words")
    with room_for_files_of(100), pytest.raises(NoRoom, match="'book.json'"):
        atomic_write(path, "new words " * 100)
    assert path.read_text() == "the old words" and list(tmp_path.iterdir()) == [path]
