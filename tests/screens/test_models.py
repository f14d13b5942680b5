"""Settings tells of every model what it takes and may be used for, downloads on request only, and removes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio.models.table import BASE_MODELS
from studio.workshop import Workshop


def words(app) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption)).replace("\\", "")


@pytest.mark.parametrize(
    ("locale", "said"), [("en-GB", "may not be sold"), pytest.param("vi-VN", "GB", marks=pytest.mark.soak)]
)
def test_every_model_is_told_with_its_size_and_licence(studio, tiny_pocket, locale, said):
    app = studio("settings", locale)
    assert not app.exception
    told = words(app)
    assert all(model.title in told and model.licence in told for model in BASE_MODELS)
    assert "57.7 GB" in told and said in told


def test_a_download_begins_when_it_is_asked_for_and_not_before(studio, workshop: Workshop, tiny_pocket):
    app = studio("settings")
    assert not workshop.jobs()
    app.button(key="settings_get_sdxl").click().run()
    (job,) = workshop.jobs()
    assert (job.kind, job.target, app.exception) == ("download", "sdxl", app.exception) and not app.exception


def test_a_model_that_is_here_can_be_removed(studio, workshop: Workshop, tiny_pocket, brought_models: Path):
    app = studio("settings")
    app.button(key="settings_remove_now_sdxl").click().run()
    assert not (brought_models / "sdxl").exists() and (brought_models / "sd15").is_dir()
    assert "Stable Diffusion XL is removed" in app.success[0].value


def test_half_a_model_is_offered_to_be_completed(studio, tiny_pocket, brought_models: Path):
    shutil.rmtree(brought_models / "sdxl" / "vae")
    button = studio("settings").button(key="settings_get_sdxl")
    assert button.label == "Download the rest"


def test_a_file_in_the_folder_of_the_models_is_offered(studio, workshop: Workshop, tiny_pocket):
    workshop.settings.models.mkdir(parents=True)
    (workshop.settings.models / "dreams.safetensors").write_bytes(b"x")
    app = studio("settings")
    assert app.text_input(key="settings_laid_name_0").value == "dreams"
    app.text_input(key="settings_laid_name_0").set_value("My dreams").run()
    app.button(key="settings_laid_now_0").click().run()
    (job,) = workshop.jobs()
    assert (job.kind, job.target) == ("import", "dreams.safetensors")
