from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.errors import BadInput
from studio.training.checkpoint import Checkpoint, Checkpoints

IDENTITY = {"model": "pocket", "recipe": {"targets": ("to_q",)}, "seed": 7}


def checkpoint(step: int) -> Checkpoint:
    return Checkpoint(step, (0.5,) * step, 1.5, {"a": torch.full((2,), float(step))}, {"a/step": torch.tensor(1.0)})


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    Checkpoints(tmp_path, IDENTITY).save(checkpoint(3))
    read = Checkpoints(tmp_path, IDENTITY).latest()
    assert (read.step, read.losses, read.seconds) == (3, (0.5, 0.5, 0.5), 1.5)
    assert torch.equal(read.factors["a"], torch.full((2,), 3.0)) and read.moments["a/step"] == 1


def test_only_the_last_two_stay_and_nothing_half_written(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path, IDENTITY)
    for step in (1, 2, 3):
        checkpoints.save(checkpoint(step))
    assert sorted(place.name for place in tmp_path.iterdir()) == ["checkpoint-000002", "checkpoint-000003"]


@pytest.mark.parametrize("name", ["adapter.safetensors", "optimizer.safetensors", "manifest.json"])
def test_a_damaged_one_is_passed_over(tmp_path: Path, name: str) -> None:
    checkpoints = Checkpoints(tmp_path, IDENTITY)
    checkpoints.save(checkpoint(1))
    checkpoints.save(checkpoint(2))
    (tmp_path / "checkpoint-000002" / name).write_bytes(b"half")
    assert checkpoints.latest().step == 1
    checkpoints.save(checkpoint(2))
    assert checkpoints.latest().step == 2


def test_another_training_is_refused_with_what_changed(tmp_path: Path) -> None:
    Checkpoints(tmp_path, IDENTITY).save(checkpoint(1))
    with pytest.raises(BadInput, match="the effort, the seed"):
        Checkpoints(tmp_path, {**IDENTITY, "recipe": {}, "seed": 8}).latest()


def test_clearing_leaves_no_trace_of_a_killed_save(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path, IDENTITY)
    checkpoints.save(checkpoint(1))
    (tmp_path / ".abc.tmp").mkdir()
    (tmp_path / ".def.tmp.safetensors").touch()
    checkpoints.clear()
    assert not list(tmp_path.iterdir()) and checkpoints.latest() is None
