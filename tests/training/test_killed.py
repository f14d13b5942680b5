"""Killed at any moment, a training goes on, and in the end it is the same as if nothing had happened."""

from __future__ import annotations

import math
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from studio.settings import ROOT

PUPIL = Path(__file__).with_name("pupil.py")
MOST_REPEATED = 50  # steps


@contextmanager
def pupil(photos: tuple[Path, ...]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(PUPIL), *map(str, photos)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def one_life(process: subprocess.Popen[str], folder: Path, steps: float = math.inf, seconds: float = 0.0) -> list[int]:
    """The steps that one child did in the folder before it was done, or killed so many seconds after so many steps of its own."""
    process.stdin.write(f"{folder}\n")
    process.stdin.flush()
    number = int(process.stdout.readline().removeprefix("child"))
    done: list[int] = []
    for line in process.stdout:
        if line == "over\n":
            break
        done += [int(line)] if int(line) else []  # it counts nothing while it prepares
        if len(done) >= steps:
            steps = math.inf
            time.sleep(seconds)
            os.kill(number, signal.SIGKILL)
    return done


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_killed_at_random_moments_a_training_ends_bit_for_bit_as_if_it_never_was(
    photos: tuple[Path, ...], home: Path, tiny_pocket: Path, tmp_path: Path, kills: int
) -> None:
    chance, folder = random.Random(), tmp_path / "killed"
    with pupil(photos[:2]) as process:
        started = time.monotonic()
        total = one_life(process, tmp_path / "whole")[-1]
        step_s = (time.monotonic() - started) / total
        lives = [one_life(process, folder, chance.randrange(12), chance.uniform(0, step_s)) for _ in range(kills)]
        assert all(not life or life[-1] < total for life in lives), "it was done before it could be killed"
        lives.append(one_life(process, folder))
    lived = [life for life in lives if life]  # some were killed before their first step
    repeated = [last[-1] - (then[0] - 1) for last, then in pairwise(lived)]
    assert max(repeated) <= MOST_REPEATED and min(repeated) >= 0
    assert {step for life in lived for step in life} == set(range(1, total + 1))
    whole = {left.name: left for left in (tmp_path / "whole").iterdir()}
    assert (folder / "adapter.safetensors").read_bytes() == whole["adapter.safetensors"].read_bytes()
    assert {left.name for left in folder.iterdir()} == whole.keys()  # and nothing half written
