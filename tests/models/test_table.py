"""The table names every base model once."""

from __future__ import annotations

import pytest

from studio.errors import NotFound
from studio.models.table import BASE_MODELS, base_model


def test_keys_are_unique_and_found():
    assert [base_model(model.key) for model in BASE_MODELS] == list(BASE_MODELS)


def test_the_embedded_model_comes_first_and_alone():
    assert [model.key for model in BASE_MODELS if model.embedded] == ["pocket"]
    assert BASE_MODELS[0].embedded


@pytest.mark.parametrize("model", BASE_MODELS, ids=lambda model: model.key)
def test_every_model_can_draw_at_its_own_size_with_its_own_sampler(model):
    from studio.rendering.samplers import check_sampler

    assert model.native_size_px % model.size_unit_px == 0
    assert check_sampler(model.sampler) == model.sampler


def test_an_unknown_model_is_told_the_known_ones():
    with pytest.raises(NotFound, match=r"'dalle'. Choose one of: pocket, sd15, sdxl"):
        base_model("dalle")
