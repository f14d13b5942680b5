"""Making the embedded model, in its smallest form: every part learns, is saved, and goes on after an interruption."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.pocket.autoencoder import LATENT_CHANNELS, train_autoencoder
from studio.pocket.dataset import render_world
from studio.pocket.denoiser import SIDE, encode_world, train_denoiser
from studio.pocket.reader import load_reader, read, train_reader
from studio.pocket.shipping import ship
from studio.pocket.text import train_text_model
from studio.progress import finish

COUNT = 96


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build folder in which every part was trained for a moment."""
    folder = tmp_path_factory.mktemp("build")
    finish(render_world(folder, COUNT, workers=1))
    finish(train_autoencoder(folder / "world.npy", folder / "vae", seconds=2))
    finish(train_text_model(folder, seconds=1))
    finish(train_reader(folder / "world.npy", COUNT, folder / "reader" / "reader.safetensors", epochs=1, people=8))
    finish(encode_world(folder / "world.npy", folder / "vae", folder / "latents.npy"))
    finish(train_denoiser(folder, folder / "latents.npy", COUNT, seconds=2))
    return folder


def test_latents_have_the_shape_that_the_denoiser_expects(build: Path):
    assert np.load(build / "latents.npy").shape == (COUNT, LATENT_CHANNELS, SIDE, SIDE)


def test_the_denoiser_goes_on_where_it_stopped(build: Path):
    import torch

    before = torch.load(build / "denoiser.ckpt", weights_only=True)
    finish(train_denoiser(build, build / "latents.npy", COUNT, seconds=before["spent"] + 2))
    after = torch.load(build / "denoiser.ckpt", weights_only=True)
    assert after["step"] > before["step"] > 0
    assert after["spent"] > before["spent"]


def test_the_parts_ship_as_a_plain_diffusers_pipeline(build: Path, tmp_path: Path):
    from diffusers import StableDiffusionPipeline

    megabytes = ship(build, tmp_path / "pocket")
    pipeline = StableDiffusionPipeline.from_pretrained(tmp_path / "pocket", local_files_only=True)
    picture = pipeline("a cat in the forest", num_inference_steps=1).images[0]
    assert picture.size == (256, 256)
    assert megabytes <= 48


def test_the_reader_answers_every_question_for_every_picture(build: Path):
    pictures = np.load(build / "world.npy", mmap_mode="r")[:5]
    assert read(load_reader(build / "reader" / "reader.safetensors"), pictures).shape == (5, 3)
