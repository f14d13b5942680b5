"""Several manners out of one style picture, each another than the rest."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from studio.lab.textures import TEXTURES
from studio.lab.transfer import away
from studio.lab.variants import clusters, grouped, toned, turned, variants


@pytest.fixture(scope="module")
def stripes() -> torch.Tensor:
    drawn = TEXTURES["stripes"](np.random.default_rng(4))[:96, :128]
    return torch.from_numpy(drawn.copy()).permute(2, 0, 1)[None].float() / 255


def test_every_variant_is_a_manner_of_its_own(eye, stripes) -> None:
    found = {one.name: one for one in variants(eye, stripes)}
    assert {"upright", "turned 90", "mirrored", "coarse", "fine", "warmer", "paler", "cluster 1"} <= found.keys()
    upright = found.pop("upright")
    for name, one in found.items():
        apart = torch.stack([away(one.manner[layer], upright.manner[layer]) for layer in upright.manner]).max()
        assert apart > 1e-3, name
        assert one.picture.min() >= 0 and one.picture.max() <= 1
        assert one.manner.keys() == upright.manner.keys()


def test_colours_change_as_they_are_called(stripes) -> None:
    warmer, paler = toned(stripes, warm=0.12), toned(stripes, vivid=0.45)
    assert (warmer[:, 0] - warmer[:, 2]).mean() > (stripes[:, 0] - stripes[:, 2]).mean() + 0.1
    assert (paler.amax(1) - paler.amin(1)).mean() < 0.6 * (stripes.amax(1) - stripes.amin(1)).mean()
    assert torch.allclose(toned(stripes), stripes, atol=1e-4)


def test_a_picture_that_is_turned_has_no_empty_corner() -> None:
    white = torch.ones(1, 3, 60, 90)
    assert torch.allclose(turned(white, 45), torch.ones(1), atol=1e-5)
    left = torch.zeros(1, 3, 64, 64)
    left[..., :32] = 1
    assert turned(left, 180)[..., -8:].min() > 0.99, "what was left is right"


def test_clusters_find_the_places_that_are_alike(eye) -> None:
    picture = torch.full((1, 3, 64, 96), 0.1)
    picture[..., 64:] = torch.tensor([0.9, 0.8, 0.2]).view(1, 3, 1, 1)
    large, small = clusters(eye, picture, 2, seed=0)
    assert torch.equal(large + small, torch.ones(1, 1, 64, 96))
    assert large[..., :56].all() and small[..., 72:].all()


def test_grouping_is_the_same_for_the_same_seed_and_finds_heaps_that_lie_apart() -> None:
    torch.manual_seed(0)
    heaps = torch.cat([torch.randn(30, 4) * 0.1 + place for place in (-3.0, 0.0, 3.0)])
    kinds = grouped(heaps, 3, seed=7)
    assert torch.equal(kinds, grouped(heaps, 3, seed=7))
    assert [len(set(part.tolist())) for part in kinds.split(30)] == [1, 1, 1] and len(set(kinds.tolist())) == 3
