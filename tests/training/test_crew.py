"""Two processes that teach one adapter: on the processor as they would on two cards.

`accelerate launch` starts processes for cards by torch's own launcher, and for processors by MPI, which few have; so here
torch's launcher is called by its name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from studio.library.characters import Characters
from studio.settings import ROOT, SAMPLES, load_settings
from studio.training.checkpoint import Checkpoint, Checkpoints
from tests.training.crewman import learn
from tests.training.test_loop import IDENTITY

LAUNCH = "-m torch.distributed.run --standalone --nproc-per-node 2"


def launched(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *LAUNCH.split(), *map(str, words)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done


def last(folder: Path) -> Checkpoint:
    found = Checkpoints(folder, IDENTITY).latest()
    assert found
    return found


@pytest.mark.soak
def test_two_processes_learn_what_one_would(
    photos: tuple[Path, ...], home: Path, tiny_pocket: Path, tmp_path: Path
) -> None:
    launched("tests/training/crewman.py", tmp_path / "two", *photos)
    learn(tmp_path / "one", photos)
    two, one = last(tmp_path / "two"), last(tmp_path / "one")
    assert two.step == one.step
    assert two.losses == pytest.approx(one.losses, abs=1e-3)  # bf16 sums in another order
    for name, factor in one.factors.items():
        assert torch.cosine_similarity(two.factors[name].flatten(), factor.flatten(), 0) > 0.99, name
    assert (tmp_path / "two" / "follower").is_dir()
    assert not Checkpoints(tmp_path / "two" / "follower", IDENTITY).latest()  # who does not lead saves nothing


@pytest.mark.slow
@pytest.mark.soak
def test_a_character_is_taught_by_two_processes_and_told_of_once(home: Path, tiny_pocket: Path) -> None:
    words = "--name May --kind drawn --class-word girl --effort draft --steps 12 --json"
    done = launched("-m", "studio", "train", SAMPLES / "may", *words.split())
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["steps"] == 6  # of twice as many pictures
    assert Characters(load_settings()).get("may").ready
