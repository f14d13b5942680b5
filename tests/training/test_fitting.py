"""A recipe file says what it says, and what is wrong in it is told before anything begins."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from studio.errors import BadInput
from studio.models.table import base_model
from studio.training.fitting import parsed, preset_text, presets, read_fitting

FASHION = ("to_k", "to_q", "to_v", "to_out.0", "proj_in", "proj_out", "conv1", "conv2")
LEAST = 'steps = 10\nrank = 2\nalpha = 2.0\ntargets = ["to_q"]\n'


def test_the_preset_fashion_has_the_numbers_of_the_fashion_recipe() -> None:
    fashion = read_fitting("fashion")
    assert (fashion.rank, fashion.alpha, fashion.dropout) == (12, 24.0, 0.1)
    assert fashion.targets == FASHION
    assert (fashion.steps, fashion.validate_every, fashion.guidance) == (2000, 500, 12.0)
    assert fashion.cycles > 1 and fashion.warmup > 0 and fashion.quantised
    assert presets() == ("fashion",)


def test_a_copy_of_a_preset_is_the_same_recipe(tmp_path: Path) -> None:
    copy = tmp_path / "own.toml"
    copy.write_text(preset_text("fashion"), encoding="utf-8")
    assert read_fitting(copy) == read_fitting("fashion")


def test_what_is_left_out_is_as_usual() -> None:
    least = parsed(LEAST, "least.toml")
    assert least.recipe(base_model("pocket")).batch == 4 and least.recipe(base_model("sd15")).batch == 1
    assert not least.words and not least.quantised


def test_an_adapter_that_counts_twice_learns_slower_by_the_root() -> None:
    pocket = base_model("pocket")
    once, twice = (
        parsed(LEAST, "a").recipe(pocket),
        parsed(LEAST.replace("alpha = 2.0", "alpha = 4.0"), "b").recipe(pocket),
    )
    assert once.rate / twice.rate == pytest.approx(2**0.5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("steps = ", "is no TOML"),
        (LEAST + "speed = 3", "'speed'"),
        (LEAST.replace("rank = 2", "rank = 0"), "'rank'"),
        (LEAST.replace('["to_q"]', "[]"), "'targets'"),
        ("rank = 2", "'steps'"),
        (LEAST + "empty_share = 2.0", "'empty_share'"),
        (LEAST + "guidance = nan", "'guidance'"),
        (LEAST + 'rate = "fast"', "'rate'"),
    ],
)
def test_what_is_wrong_in_a_recipe_is_told_by_its_name(text: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        parsed(text, "own.toml")
    assert told in str(caught.value) and "'own.toml'" in str(caught.value)


@pytest.mark.parametrize("name", ["nothing", "../presets/fashion", "nothing.toml"])
def test_a_recipe_that_is_not_there_is_told_with_those_that_are(name: str) -> None:
    with pytest.raises(BadInput, match="fashion"):
        read_fitting(name)


def test_the_rate_rises_and_begins_anew_with_every_cycle() -> None:
    recipe = read_fitting("fashion").recipe(base_model("pocket"))
    rates = [recipe.rate_at(step) for step in range(recipe.steps)]
    assert rates[0] < rates[50] < rates[99] and max(rates) == pytest.approx(recipe.rate)
    jumps = [step for step in range(101, recipe.steps) if rates[step] > 2 * rates[step - 1]]
    assert len(jumps) == recipe.cycles - 1
    assert [recipe.cycles_done(step) for step in (0, 100, jumps[0], recipe.steps)] == [0, 0, 1, recipe.cycles]
    assert asdict(recipe)["dropout"] == 0.1
