"""The lab's own eye: what it learns from, that folding and evening change nothing but scale, and that the shipped one can see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.lab.features import PLANS, own_eye
from studio.lab.sight import CROP_PX, QUESTIONS, Pupil, evened, lessons
from studio.lab.textures import TEXTURES
from studio.lab.transfer import away, manner
from studio.progress import finish
from studio.settings import ASSETS

EYE = ASSETS / "lab" / "eye.safetensors"


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    return torch.rand(6, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def test_batch_statistics_fold_into_the_weights(pictures: torch.Tensor) -> None:
    torch.manual_seed(0)
    pupil = Pupil()
    pupil(pictures)
    pupil.eval()
    eye = pupil.folded()
    eye.pool = pupil.eye.pool
    x, block = (pictures - eye.mean) / eye.deviation, 1
    for name, layer in pupil.eye.convolutions.items():
        if int(name[4]) != block:
            x, block = pupil.eye.pool(x), int(name[4])
        x = torch.relu(pupil.norms[name](layer(x)))
    assert torch.allclose(eye(pictures, ["conv5_1"])["conv5_1"], x, atol=1e-4)


def test_no_filter_outshouts_the_others(pictures: torch.Tensor) -> None:
    seen = evened(own_eye(EYE), pictures)(pictures, ["conv1_1", "conv2_2"])
    for features in seen.values():
        means = features.mean((0, 2, 3))
        assert means.max() <= 1.001 and (means > 0.9).float().mean() > 0.5


def test_it_learns_from_all_manners_and_textures(tmp_path: Path) -> None:
    pictures, answers = finish(lessons(tmp_path, 2, len(TEXTURES)))
    assert pictures.shape == (2 + len(TEXTURES), 256, 256, 3)
    assert {QUESTIONS["manner"][one] for one in answers[:, 0]} == {"plain", "watercolour", *TEXTURES}
    assert (answers[2:, 1:] == -100).all() and CROP_PX < 256


def test_the_shipped_eye_tells_one_manner_from_another() -> None:
    """Two pictures by the same hand are nearer to one another than to any other hand's."""
    eye, rng = own_eye(EYE), np.random.default_rng
    kinds = ("stripes", "dots", "swirls", "mosaic")
    told = {}
    for kind in kinds:
        for half in (0, 1):
            grey = TEXTURES[kind](rng(5))[:, 128 * half : 128 * half + 128].mean(2, keepdims=True).repeat(3, 2)
            told[kind, half] = manner(eye, torch.from_numpy(grey).permute(2, 0, 1)[None].float() / 255)

    def far(one: str, other: str) -> float:
        layers = eye.plan.style
        return sum(away(told[one, 0][name], told[other, 1][name]).item() for name in layers)

    assert all(far(kind, kind) < min(far(kind, other) for other in kinds if other != kind) for kind in kinds)


def test_the_shipped_eye_is_small_and_of_the_plan() -> None:
    assert EYE.stat().st_size <= 5_000_000
    assert own_eye(EYE)(torch.rand(1, 3, 64, 64), PLANS["own"].style)["conv5_1"].shape[1] == PLANS["own"].widths[-1]
