"""When to end a training on captioned pictures: never because a restart made it worse for a while."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.models.table import base_model
from studio.training.fitting import read_fitting
from studio.training.validation import Check, best, exhausted

FASHION = replace(read_fitting("fashion"), steps=4000, cycles=8, validate_every=100, patience=3, min_delta=0.0)
RECIPE = FASHION.recipe(base_model("pocket"))
RISE, CYCLE = 200, 475  # steps before the first cycle, and of each


def checks(error) -> list[Check]:
    return [Check(step=step, mse=error(step), mae=0.1, std=0.1) for step in range(0, 4001, 100)]


def bumpy(step: int) -> float:
    """Falls from cycle to cycle, and jumps up after every restart."""
    way = max(0, step - RISE) % CYCLE
    return 0.2 - step * 1e-5 + (0.1 if 0 < way < 300 and step > RISE + CYCLE else 0.0)


def test_the_bump_after_a_restart_ends_nothing() -> None:
    found = checks(bumpy)
    assert any(later.mse > one.mse + 0.05 for one, later in zip(found, found[1:], strict=False))
    assert not any(exhausted(found[:count], RECIPE, FASHION) for count in range(len(found) + 1))


def test_a_training_that_only_gets_worse_ends_after_its_patience() -> None:
    found = checks(lambda step: 0.1 + step * 1e-5)
    ended = next(one.step for count, one in enumerate(found, 1) if exhausted(found[:count], RECIPE, FASHION))
    assert RISE + 4 * CYCLE <= ended <= RISE + 4 * CYCLE + 100


def test_a_gain_below_the_least_is_none() -> None:
    found = checks(lambda step: 0.2 - step * 1e-7)
    assert not exhausted(found, RECIPE, FASHION)
    assert exhausted(found, RECIPE, replace(FASHION, min_delta=0.01))


def test_the_best_is_the_smallest_error_after_something_was_learnt() -> None:
    found = [Check(step=step, mse=mse, mae=0, std=0) for step, mse in ((0, 0.1), (50, 0.3), (100, 0.2), (150, 0.25))]
    assert best(found).step == 100
    with pytest.raises(ValueError):
        best(found[:1])
