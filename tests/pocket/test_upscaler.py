"""The upscaler of pocket: it learns, ships small, and enlarges any picture without seams and without touching flat colour."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from studio.pocket.crispness import figures
from studio.pocket.pairs import render_pairs, shrunk
from studio.pocket.upscaler import load_upscaler, new_upscaler, train_upscaler, upscale
from studio.progress import finish
from studio.settings import ASSETS

SCENES = 2


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build folder in which the upscaler was trained for a moment, for pocket's own autoencoder."""
    folder = tmp_path_factory.mktemp("build")
    shutil.copytree(ASSETS / "pocket" / "vae", folder / "vae")
    finish(render_pairs(folder, SCENES, workers=1))
    finish(train_upscaler(folder, seconds=2, measured=1))
    return folder


@pytest.fixture(scope="module")
def model(build: Path):
    return load_upscaler(build / "upscaler" / "upscaler.safetensors")


@pytest.fixture(scope="module")
def small(build: Path) -> np.ndarray:
    """Crops as pocket draws them, uint8 [n, 64, 64, 3]."""
    return np.load(build / "pairs" / "small.npy")[:, 1]


def test_each_crop_is_there_large_and_small_in_the_same_place(build: Path):
    large, both = (np.load(build / "pairs" / name) for name in ("large.npy", "small.npy"))
    assert large.shape == (4 * SCENES, 256, 256, 3) and both.shape == (4 * SCENES, 2, 64, 64, 3)
    assert np.array_equal(shrunk(large), both[:, 0])
    assert np.abs(both[:, 1].astype(float) - both[:, 0]).mean() < 20


def test_training_brings_the_enlarged_nearer_to_the_large_render(build: Path, model, small: np.ndarray):
    large = np.load(build / "pairs" / "large.npy").astype(float)
    before, after = (np.abs(upscale(one, small) - large).mean() for one in (new_upscaler().eval(), model))
    assert after < before


def test_training_goes_on_where_it_stopped(build: Path):
    import torch

    before = torch.load(build / "upscaler.ckpt", weights_only=True)
    finish(train_upscaler(build, seconds=before["spent"] + 1, measured=1))
    after = torch.load(build / "upscaler.ckpt", weights_only=True)
    assert after["step"] > before["step"] > 0 and after["spent"] > before["spent"]


def test_what_ships_is_small_and_carries_its_figures(build: Path):
    card = json.loads((build / "upscaler" / "card.json").read_text(encoding="utf-8"))
    assert (build / "upscaler" / "upscaler.safetensors").stat().st_size <= 1_000_000
    assert set(card["measured"]) == {"clean", "redrawn"}
    for ways in card["measured"].values():
        assert set(ways) == {"ours", "bicubic", "lanczos", "sharpened"}
        assert set(ways["ours"]) == {"psnr", "edge_psnr", "crispness", "halo"}


def test_tiles_leave_no_seam(model, small: np.ndarray):
    whole, tiled = (upscale(model, small[:2], tile_px).astype(int) for tile_px in (64, 24))
    assert np.abs(whole - tiled).max() <= 1  # what rounding to bytes may do


def test_a_picture_of_any_size_is_enlarged(model, small: np.ndarray):
    odd = small[:1, :37, :53]
    assert upscale(model, odd).shape == (1, 148, 212, 3)
    assert np.abs(shrunk(upscale(model, odd)).astype(int) - odd).mean() < 6
    assert upscale(model, small[:0]).shape == (0, 256, 256, 3)


@pytest.mark.parametrize("colour", [(128, 128, 128), (0, 0, 0), (255, 255, 255), (200, 30, 90)])
def test_flat_colour_stays_flat(model, colour: tuple[int, int, int]):
    flat = np.full((1, 20, 20, 3), colour, np.uint8)
    assert np.abs(upscale(model, flat).astype(int) - colour).max() <= 1


def test_the_figures_tell_blur_and_halo_from_the_truth():
    truth = np.full((64, 64, 3), 60, np.uint8)
    truth[:, 32:] = 180
    blurred, ringing = truth.copy(), truth.copy()
    blurred[:, 32:33] = 120
    ringing[:, 32:34] = 200
    assert figures(truth, truth) == {"psnr": 99.0, "edge_psnr": 99.0, "crispness": 1.0, "halo": 0.0}
    assert figures(blurred, truth)["crispness"] == 0.5 and figures(blurred, truth)["halo"] == 0
    assert figures(ringing, truth)["crispness"] > 1 and figures(ringing, truth)["halo"] > 1
