"""Each family of base models is spoken to as it reads."""

from __future__ import annotations

import json

import pytest

from studio.models.table import BASE_MODELS, base_model
from studio.settings import ASSETS
from studio.story.composer import compose
from studio.story.guide import PARTS, guide_for
from studio.story.scene import Cast, Role, Scene

MARKS = 2


def test_every_base_model_has_a_guide() -> None:
    assert all(guide_for(model.family).negative for model in BASE_MODELS)


def test_pocket_reads_what_its_tokenizer_says() -> None:
    told = json.loads((ASSETS / "pocket" / "tokenizer" / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert guide_for("pocket").most_tokens == told["model_max_length"] - MARKS


def test_pocket_is_told_its_own_words_in_both_languages_and_no_style_of_its_own() -> None:
    pocket = guide_for("pocket")
    assert (pocket.vocabulary, pocket.languages, pocket.style, pocket.order) == ("world", ("en", "vi"), "", PARTS)


@pytest.mark.parametrize("key", ["sd15", "sdxl"])
def test_models_with_clip_read_75_tokens_of_free_english(key: str) -> None:
    guide = guide_for(base_model(key).family)
    assert (guide.vocabulary, guide.languages, guide.most_tokens) == ("any", ("en",), 75)
    assert guide.style and guide.order[0] == "who" and guide.order[-1] == "style"


@pytest.mark.parametrize("family", ["pocket", "sd", "sdxl"])
def test_a_guide_orders_all_that_its_models_are_told(family: str) -> None:
    scene = Scene("", ("May",), "running", "forest", "night", "rain", things=("kite",))
    told = compose(scene, Cast((Role("May", "girl"),)), {}, guide_for(family)).positive
    assert all(word in told for word in ("girl", "running", "forest", "night", "rain", "kite"))
