"""The table names every base model once."""

from __future__ import annotations

import json
import re

import pytest

from studio.errors import BadInput, NotFound
from studio.models.families import FAMILIES
from studio.models.table import BASE_MODELS, OWN, REFINER, any_model, base_model, known_models, teachable_model
from studio.settings import load_settings


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


@pytest.mark.parametrize("model", (*BASE_MODELS[1:], REFINER), ids=lambda model: model.key)
def test_every_model_that_is_downloaded_is_pinned_and_says_what_it_may_be_used_for(model):
    assert re.fullmatch("[0-9a-f]{40}", model.revision) and re.fullmatch(r"[\w.-]+/[\w.-]+", model.repo)
    assert model.licence and model.printing in ("yes", "limited", "no") and model.download_gb > 1
    assert not model.distilled or (4 <= model.steps <= 9 and model.guidance == 1.0 and model.draft_steps == model.steps)


@pytest.mark.parametrize("model", BASE_MODELS[1:], ids=lambda model: model.key)
def test_the_classes_of_every_family_are_there_and_its_pipeline_takes_them(model):
    import inspect
    from importlib import import_module

    import diffusers

    family = FAMILIES[model.family]
    taken = inspect.signature(getattr(diffusers, family.pipeline).__init__).parameters
    for part in family.parts:
        assert part.folder in taken and hasattr(import_module(part.library), part.class_name)
    assert family.network in taken and {name for name, _ in family.given} <= taken.keys()


def test_only_models_with_a_unet_are_taught():
    assert teachable_model("sdxl").key == "sdxl"
    with pytest.raises(BadInput, match=r"Z-Image Turbo can be drawn with, but not taught here.*pocket, sd15, sdxl"):
        teachable_model("z-image-turbo")


def test_the_refiner_is_known_and_draws_nothing_of_its_own():
    assert any_model("sdxl-refiner") is REFINER
    with pytest.raises(NotFound):
        base_model("sdxl-refiner")


@pytest.mark.parametrize("note", ["", "nonsense", "{}", '{"title": "x", "like": "dalle"}', "[1]"])
def test_a_note_that_says_nothing_makes_no_model(home, note):
    folder = load_settings().models / "mine"
    folder.mkdir(parents=True)
    (folder / OWN).write_text(note)
    assert known_models() == BASE_MODELS
    with pytest.raises(NotFound):
        base_model("mine")


@pytest.mark.parametrize("key", ["..", "../books", "/etc", ""])
def test_a_key_never_leads_out_of_the_folder(home, key):
    load_settings().models.mkdir(parents=True)
    (load_settings().home / OWN).write_text(json.dumps({"title": "x", "like": "sd15"}))
    with pytest.raises(NotFound):
        base_model(key)
