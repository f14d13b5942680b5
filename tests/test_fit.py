"""From a folder of captioned pictures to an adapter and a row of pictures, on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from studio.adapters.card import STYLE_LATER, Worn, strength
from studio.cli.given import axis_from, look_from, worn_from
from studio.pocket.clothes.dataset import write_clothes
from studio.progress import finish
from studio.rendering.wish import Axis
from studio.workshop import Workshop
from tests.commands import answer, run

RECIPE = """steps = 6
rank = 2
alpha = 4.0
dropout = 0.1
targets = ["to_q", "to_v", "conv1"]
validate_every = 3
cycles = 2
flip = true
noise = 0.02
words = ["clothes"]
word_share = 0.5
empty_share = 0.1
"""


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    raw, out = tmp_path / "raw", tmp_path / "ready"
    finish(write_clothes(raw, 20))
    assert answer("dataset", "prepare", raw, "--captions", raw / "captions.jsonl", "--out", out)["taken"] == 20
    return out


@pytest.mark.usefixtures("home", "tiny_pocket")
def test_a_set_is_learnt_and_drawn_with_side_by_side(ready: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "own.toml"
    recipe.write_text(RECIPE)
    told = answer("fit", ready, "--name", "Clothes", "--recipe", recipe)
    assert (told["adapter"]["id"], told["adapter"]["rank"], told["adapter"]["alpha"]) == ("clothes", 2, 4.0)
    assert [one["step"] for one in told["checks"]] == [0, 3, 6] and told["pictures"] + told["kept_back"] == 20
    assert answer("adapters", "show", "clothes")["adapter"]["source"] == "taught"
    row = tmp_path / "row.png"
    told = answer(
        "draw", "a red dress on a bed", "--adapter", "clothes", "--guidance", "12", "--grid", "steps=2,3,4",
        "--out", row,
    )  # fmt: skip
    assert len(told["files"]) == 4
    with Image.open(row) as picture:
        assert picture.width > 3 * picture.height


@pytest.mark.usefixtures("home")
def test_what_cannot_be_learnt_from_is_told_in_one_sentence(tmp_path: Path) -> None:
    result = run("fit", tmp_path, "--name", "Clothes", "--recipe", "nothing")
    assert result.exit_code == 1 and "There is no recipe 'nothing'" in result.stderr
    result = run("fit", tmp_path, "--name", "Clothes")
    assert result.exit_code == 1 and "dataset prepare" in result.stderr
    result = run("draw", "a cat", "--out", tmp_path / "x.png", "--grid", "wings=1,2")
    assert result.exit_code == 1 and "'wings'" in result.stderr
    assert run("draw", "a cat", "--out", tmp_path / "x.png", "--grid", "steps=a").exit_code == 2


def test_weights_are_read_as_they_are_written(home: Path) -> None:
    assert worn_from(Workshop(), ["may"], 0.6) == worn_from(Workshop(), ["May"], 0.6) == (Worn("may", 0.6),)
    assert worn_from(Workshop(), ["may:1.2", "paint:0.3..0.9"]) == (Worn("may", 1.2), Worn("paint", 0.3, 0.9))
    assert worn_from(Workshop(), ["paint:0.8:blocks"]) == (Worn("paint", 0.8, None, True),)
    assert axis_from("steps=8,20,30") == Axis("steps", ("8", "20", "30"))
    assert axis_from("sampler=ddim,euler a") == Axis("sampler", ("ddim", "euler a"))
    assert axis_from("weight:paint=0.4,0.8") == Axis("weight", ("0.4", "0.8"), "paint")


def test_the_hero_comes_first_and_then_the_style_unless_weights_are_given(home: Path) -> None:
    assert look_from(Workshop(), ["may"], ["paint"]) == ((Worn("may", 1.1, 0.8),), (Worn("paint", 0.3, 0.99),))
    assert look_from(Workshop(), ["may:1"], ["paint"]) == ((Worn("may", 1.0),), (Worn("paint", 0.6),))
    assert look_from(Workshop(), None, ["paint"]) == ((), (Worn("paint", 0.6),))
    assert look_from(Workshop(), ["may"], None) == ((Worn("may", 1.0),), ())
    assert strength(Worn("paint", 0.3, 0.99), STYLE_LATER) == 0.6 and strength(Worn("paint", 0.6), STYLE_LATER) == 0.6


@pytest.mark.parametrize("given", ["paint:much", "paint:0.3..many", "paint:1:all", "paint:1:blocks:more"])
def test_a_weight_that_is_none_is_wrong_usage(given: str, home: Path, tmp_path: Path) -> None:
    assert run("draw", "a cat", "--out", tmp_path / "x.png", "--adapter", given).exit_code == 2
