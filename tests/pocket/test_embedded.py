"""The model that ships: it is small, loads without any code of ours, and draws what it is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.adapters.card import AdapterCard
from studio.adapters.shelf import Shelf
from studio.adapters.wearing import wearing
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.pocket.clip import match
from studio.pocket.evaluation import JUDGE, Way, evaluate_pocket, frechet, shares
from studio.pocket.judge import judge, load_judge
from studio.pocket.shipping import LIMIT_MB
from studio.pocket.styles import MANNERS, style_card
from studio.pocket.world.captions import canonical
from studio.pocket.world.grammar import held_out_scenes
from studio.pocket.world.picture import render
from studio.progress import finish
from studio.settings import ASSETS, SAMPLES, SHIPPED_ADAPTERS, load_settings
from studio.training.subject import train_subject

POCKET = ASSETS / "pocket"
MB = 1_000_000


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory):
    return load_pipeline(base_model("pocket"), load_settings())


def test_all_weights_together_fit_the_limit():
    assert sum(path.stat().st_size for path in POCKET.rglob("*.safetensors")) / 1e6 <= LIMIT_MB


def test_no_file_tells_in_which_folder_it_was_made():
    configs = list(POCKET.rglob("*.json"))
    assert configs and not [path.name for path in configs if '_name_or_path": "/' in path.read_text(encoding="utf-8")]


def test_plain_diffusers_loads_it_without_custom_code():
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(POCKET, local_files_only=True)
    assert type(pipeline.vae).__module__.startswith("diffusers.")
    assert pipeline("a cat in the garden by day", num_inference_steps=2).images[0].size == (256, 256)


def test_night_is_drawn_darker_than_day(pipeline):
    day, night = (_draw(pipeline, f"a happy dog standing in the village {time}") for time in ("by day", "at night"))
    assert night.mean() < 0.75 * day.mean()


def test_vietnamese_words_are_understood(pipeline):
    day, night = (_draw(pipeline, f"một cậu bé đang đứng ở làng {time}") for time in ("ban ngày", "ban đêm"))
    assert night.mean() < 0.75 * day.mean()


def test_the_judge_reads_held_out_renders_with_few_faults():
    scenes = list(held_out_scenes(3, 105))
    said = shares(scenes, judge(load_judge(JUDGE), [render(scene) for scene in scenes])[0])
    assert min(said["place"], said["time"], said["weather"]) >= 0.97
    assert min(said["subject"], said["colour"], said["pose"], said["mood"], said["prop"]) >= 0.92


@pytest.mark.soak  # the weights change with a training only; that they draw at all is tried above and in whole books
def test_pocket_draws_what_it_is_asked(home: Path):
    measured = finish(
        evaluate_pocket(load_settings(), count=30, way=Way(steps=12, guidance=base_model("pocket").guidance))
    )
    assert measured["subject"] >= 0.7
    assert min(measured["place"], measured["time"]) >= 0.85
    assert measured["colour"] >= 0.5  # 0.71 of a thousand; of the 21 here it may be a fifth less by chance
    # of so few pictures both are mostly chance, about 3.3 each; of a thousand they are 0.95 and 0.22
    assert measured["frechet"] > 0.8 * measured["frechet of renders"] > 0


def test_its_own_words_fit_a_picture_better_than_those_of_another():
    scenes = list(held_out_scenes(4, 35))
    pictures = np.stack([render(scene) for scene in scenes])
    own = match(POCKET, [canonical(scene) for scene in scenes], pictures)
    others = match(POCKET, [canonical(scene) for scene in scenes[1:] + scenes[:1]], pictures)
    assert (own > others).mean() >= 0.95


def test_the_same_features_are_no_distance_apart():
    features = np.random.default_rng(0).normal(size=(300, 8))
    assert frechet(features, features) == pytest.approx(0, abs=1e-6)
    assert frechet(features, features + 2.0) == pytest.approx(8 * 4.0)


@pytest.mark.parametrize("name", MANNERS)
def test_a_shipped_style_fits_and_changes_the_picture(name: str, home: Path, pipeline):
    shelf = Shelf(load_settings())
    card = shelf.card(name)
    assert card == replace(style_card(name), sha256=card.sha256)
    assert shelf.tensors_path(name).stat().st_size < MB and (SHIPPED_ADAPTERS / name / "sample.jpg").is_file()
    prompt = f"a happy rabbit standing in the garden by day, {card.trigger}"
    plain = _draw(pipeline, prompt)
    with wearing(pipeline.unet, [(shelf.tensors_path(name), 1.0)], card.base_model):
        painted = _draw(pipeline, prompt)
    assert np.abs(painted - plain).mean() > 0.03
    assert np.array_equal(_draw(pipeline, prompt), plain)  # the base is what it was


def test_a_few_steps_of_real_training_on_pocket_give_an_adapter_that_can_be_worn(home: Path, tmp_path: Path, pipeline):
    card = AdapterCard(
        id="may", title="May", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="may", class_word="girl"
    )
    photos = sorted((SAMPLES / "may").glob("*.png"))[:2]
    work = train_subject(photos, card, base_model("pocket"), load_settings(), tmp_path, effort="draft", flip=True)
    for progress in work:
        if progress.done >= 20:
            break
    work.close()
    resumed = train_subject(
        photos, card, base_model("pocket"), load_settings(), tmp_path, "draft", flip=True, resume=True
    )
    assert next(p.done for p in resumed if p.done) > 1  # it goes on, it does not begin again
    resumed.close()


def _draw(pipeline, prompt: str) -> np.ndarray:
    import torch

    generator = torch.Generator("cpu").manual_seed(5)
    return pipeline(prompt, num_inference_steps=5, guidance_scale=4.5, generator=generator, output_type="np").images[0]
