"""Adapters come from other studios and go there: on the command line, with the pocket model and the style that ship."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.adapters.card import AdapterCard, Worn
from studio.adapters.shelf import Shelf
from studio.errors import BadInput, NoConsent
from studio.library.consent import Consent
from studio.pocket.styles import MANNERS
from studio.settings import SAMPLES, SHIPPED_ADAPTERS, load_settings
from studio.workshop import Workshop
from tests.commands import answer, run

WATERCOLOUR = SHIPPED_ADAPTERS / "watercolour" / "adapter.safetensors"
SCENE = "watercolour painting, a happy girl in a red dress standing in the garden by day"


def drawn(style: str, out: Path) -> np.ndarray:
    answer("draw", SCENE, "--out", out, "--adapter", style, "--draft", "--seed", "3")
    return np.asarray(Image.open(out))


@pytest.mark.parametrize("form", ["peft", "kohya"])
def test_what_is_given_away_comes_back_as_the_same_pictures(home: Path, tmp_path: Path, form: str) -> None:
    file = tmp_path / "given.safetensors"
    answer("adapters", "export", "watercolour", "--out", file, "--form", form)
    found = answer("adapters", "check", file)
    assert (found["verdict"], found["fits"], found["dialect"]) == ("fits", "pocket", form)
    assert found["matched"] == found["layers"]
    card = answer("adapters", "import", file, "--name", "Wet paint")["adapter"]
    assert (card["rank"], card["alpha"], card["trigger"]) == (5, 5.0, "watercolour painting")
    first, again = drawn("watercolour", tmp_path / "one.png"), drawn("wet-paint", tmp_path / "two.png")
    assert np.array_equal(first, again)


def test_a_useless_file_is_told_from_a_good_one(home: Path, tmp_path: Path) -> None:
    junk = tmp_path / "junk.safetensors"
    junk.write_bytes(b"nothing of the kind")
    result = run("adapters", "check", junk, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["verdict"] == "refused" and "'junk' is damaged" in told["why"]
    assert run("adapters", "import", junk, "--name", "Junk").exit_code == 1
    assert {card.id for card in Workshop().adapters()} == set(MANNERS)


def test_a_name_that_is_taken_is_not_taken_again(home: Path) -> None:
    result = run("adapters", "import", WATERCOLOUR, "--name", "Watercolour")
    assert result.exit_code == 1 and "There is an adapter 'watercolour' already" in result.stderr


def test_a_model_that_is_not_here_is_said_to_be_missing(home: Path) -> None:
    told = json.loads(run("adapters", "check", WATERCOLOUR, "--model", "sdxl", "--json").stdout)
    assert told["verdict"] == "refused" and "is not here yet" in told["reason"]


def test_one_baked_with_itself_is_worn_as_once(home: Path, tmp_path: Path) -> None:
    answer("adapters", "import", WATERCOLOUR, "--name", "Other")
    told = answer("adapters", "merge", "watercolour:0.5", "other:0.5", "--name", "Both")
    assert told["exact"] and told["adapter"]["rank"] == 10 and "watercolour at 0.5" in told["adapter"]["made"]
    limited = answer("adapters", "merge", "watercolour:0.5", "other:0.5", "--name", "Half", "--rank", "5")
    assert limited["adapter"]["rank"] == 5 and limited["lost"] < 1e-3  # the two are one
    one, both = drawn("watercolour:1", tmp_path / "one.png"), drawn("both:1", tmp_path / "both.png")
    assert np.abs(one.astype(int) - both).mean() < 2


def test_what_was_learnt_of_a_person_leaves_only_when_that_is_said(home: Path, tmp_path: Path) -> None:
    settings, out = load_settings(), tmp_path / "lan.safetensors"
    photo = SAMPLES / "may" / "01.png"
    id = (
        Workshop()
        .begin_character("Lan", "person", [(photo.name, photo.read_bytes())], "girl", "her mother, for a book")
        .character.id
    )
    card = AdapterCard(
        id=id, title="Lan", kind="subject", base_model="pocket", rank=8, alpha=8.0, trigger="lan", class_word="girl"
    )
    Shelf(settings).put(card, WATERCOLOUR)
    with pytest.raises(BadInput, match="'Lan' is a person"):
        Workshop().export_adapter(id, out)
    assert not out.exists()
    with pytest.raises(NoConsent, match="given to others was not agreed .by her mother"):
        Workshop().export_adapter(id, out, share=True)
    assert not out.exists()
    Workshop().give_consent(id, Consent(who="her mother", role="parent", purposes=("train", "share")))
    assert Workshop().export_adapter(id, out, share=True).is_file()
    assert b"01.png" not in out.read_bytes()
    worn = (Worn(id, 1.0), Worn("watercolour", 0.5))
    with pytest.raises(BadInput, match="is a person"):
        Workshop().bake_adapters(worn, "Both", out=tmp_path / "both.safetensors")
    both = Workshop().bake_adapters(worn, "Both").card
    with pytest.raises(BadInput, match="is a person"):
        Workshop().export_adapter(both.id, tmp_path / "both.safetensors")
    assert not (tmp_path / "both.safetensors").exists()
    Workshop().erase_character("lan")
    assert not {id, "both"} & {card.id for card in Workshop().adapters()}


def test_several_are_baked_into_a_file_in_place_of_the_shelf(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "two.safetensors"
    told = answer("adapters", "merge", "watercolour:0.5", "crayon:0.5", "--out", out)
    assert told["exact"] and told["file"] == str(out) and answer("adapters", "check", out)["fits"] == "pocket"
    assert "two" not in [card["id"] for card in answer("adapters", "list")["adapters"]]
    assert run("adapters", "merge", "watercolour", "crayon").exit_code == 2


def test_ones_own_can_be_called_otherwise_and_the_studios_not(home: Path) -> None:
    answer("adapters", "import", WATERCOLOUR, "--name", "Wet")
    assert answer("adapters", "rename", "wet", "Very wet")["adapter"]["title"] == "Very wet"
    assert answer("adapters", "show", "wet")["adapter"]["title"] == "Very wet"
    assert "belongs to the studio" in run("adapters", "rename", "watercolour", "Mine").stderr
    assert "not empty" in run("adapters", "rename", "wet", " ").stderr
