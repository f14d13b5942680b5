"""Making the embedded model, in its smallest form: every part learns, is saved, and goes on after an interruption."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import load_file
from typer.testing import CliRunner

from studio.photos.spotter import look
from studio.pocket.autoencoder import LATENT_CHANNELS, encode_world, train_autoencoder
from studio.pocket.clip import match, train_clip
from studio.pocket.command import app
from studio.pocket.dataset import render_world
from studio.pocket.decoder import train_decoder
from studio.pocket.denoiser import SIDE, train_denoiser
from studio.pocket.drafts import train_drafts
from studio.pocket.judge import FEATURES, QUESTIONS, judge, load_judge, train_judge
from studio.pocket.recipe import RECIPES
from studio.pocket.shipping import ship
from studio.pocket.spotter import folded, new_spotter, spotted, train_spotter
from studio.progress import Work, finish

# Every part of the embedded model made anew takes half a minute, and only its makers do it.
pytestmark = pytest.mark.soak

COUNT = 96
TINY = replace(
    RECIPES["cpu"],
    scenes=COUNT,
    autoencoder_seconds=1,
    clip_seconds=1,
    clip_batch=16,
    decoder_seconds=1,
    drafts_seconds=1,
    drafts_batch=4,
    denoiser_seconds=2,
    denoiser_batch=4,
    judge_seconds=1,
    spotter_seconds=1,
)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build folder in which every part was trained for a moment."""
    folder = tmp_path_factory.mktemp("build")
    finish(render_world(folder, COUNT, workers=1))
    finish(train_autoencoder(folder, TINY))
    finish(encode_world(folder))
    finish(train_clip(folder, TINY))
    finish(train_denoiser(folder, TINY))
    finish(train_decoder(folder, TINY))
    finish(train_drafts(folder, TINY))
    finish(train_judge(folder, TINY))
    finish(train_spotter(folder, TINY))
    return folder


def test_an_interrupted_rendering_goes_on_and_ends_in_the_same_world(build: Path, tmp_path: Path):
    _stopped(render_world(tmp_path, COUNT, workers=1), after=1)
    assert not (tmp_path / "world.npy").exists()
    finish(render_world(tmp_path, COUNT, workers=1))
    assert np.array_equal(np.load(tmp_path / "world.npy"), np.load(build / "world.npy"))


def test_the_world_can_be_looked_at(build: Path):
    told = CliRunner().invoke(app, ["world", str(build)])
    with Image.open(told.stdout.strip()) as sheet:
        assert sheet.size == (6 * 256, 4 * 256)


def test_latents_have_the_shape_that_the_denoiser_expects(build: Path):
    assert np.load(build / "latents.npy").shape == (COUNT, LATENT_CHANNELS, SIDE, SIDE)


def test_the_denoiser_goes_on_where_it_stopped(build: Path, tmp_path: Path):
    import torch

    shutil.copytree(build, tmp_path / "build")
    before = torch.load(build / "denoiser.ckpt", weights_only=True)
    longer = replace(TINY, denoiser_seconds=before["spent"] + 2)
    finish(train_denoiser(tmp_path / "build", longer))
    after = torch.load(tmp_path / "build" / "denoiser.ckpt", weights_only=True)
    assert after["step"] > before["step"] > 0
    assert after["spent"] > before["spent"]


def test_a_training_without_a_checkpoint_begins_from_the_weights_that_are_there(build: Path, tmp_path: Path):
    again = Path(shutil.copytree(build, tmp_path / "build"))
    for name, train in (("denoiser", train_denoiser), ("judge", train_judge)):
        (again / f"{name}.ckpt").unlink()
        finish(train(again, replace(TINY, denoiser_seconds=0, judge_seconds=0)))
    for weights in ("unet/diffusion_pytorch_model.safetensors", "judge/judge.safetensors"):
        before, after = load_file(build / weights), load_file(again / weights)
        assert all(np.array_equal(before[name], after[name]) for name in before)


def test_every_training_writes_its_losses_down(build: Path):
    for name in ("autoencoder", "decoder", "clip", "denoiser", "drafts", "judge"):
        lines = [json.loads(line) for line in (build / "log" / f"{name}.jsonl").read_text().splitlines()]
        assert lines[-1]["pictures"] > 0
        assert {"step", "seconds", "at"} < set(lines[-1])


def test_the_parts_ship_as_a_plain_diffusers_pipeline(build: Path, tmp_path: Path):
    from diffusers import StableDiffusionPipeline

    megabytes = ship(build, tmp_path / "pocket")
    pipeline = StableDiffusionPipeline.from_pretrained(tmp_path / "pocket", local_files_only=True)
    picture = pipeline("a cat in the forest", num_inference_steps=1).images[0]
    assert picture.size == (256, 256)
    assert megabytes <= 64


def test_the_clip_pair_says_how_well_texts_fit_pictures(build: Path):
    cosines = match(build, ["a cat in the forest", "con mèo"], np.load(build / "world.npy", mmap_mode="r")[:2])
    assert cosines.shape == (2,)
    assert (abs(cosines) <= 1).all()


def test_the_judge_answers_every_question_for_every_picture(build: Path):
    pictures = np.load(build / "world.npy", mmap_mode="r")[:5]
    said, features = judge(load_judge(build / "judge" / "judge.safetensors"), pictures)
    assert said.shape == (5, len(QUESTIONS))
    assert features.shape == (5, FEATURES)


def _stopped(work: Work[Path], after: int) -> None:
    """Runs the work so far and no further, as a kill would."""
    for _ in range(after):
        next(work)
    work.close()


def test_the_spotter_sees_with_numpy_what_it_saw_with_torch(build: Path):
    model = new_spotter()
    for part in model.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.running_mean.uniform_(-0.1, 0.1)
            part.running_var.uniform_(0.5, 1.5)
    pixels = np.random.default_rng(0).random((128, 128, 3), np.float32)
    with torch.no_grad():
        said = spotted(model.eval(), torch.from_numpy(pixels).permute(2, 0, 1)[None])[0, 0].numpy()
    weights = {name: tensor.numpy() for name, tensor in folded(model).items()}
    assert np.abs(look(weights, pixels) - said).max() < 1e-4
    assert (build / "spotter" / "spotter.safetensors").stat().st_size < 1_000_000
