"""The fast way: statistics are exchanged, pictures come back in their size, the file is small."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.errors import BadInput
from studio.lab.fast import (
    Decoder,
    Look,
    look,
    mixed_looks,
    own_decoder,
    repainted_at_once,
    statistics,
    wearing,
    write_decoder,
)
from studio.lab.features import PLANS


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    torch.manual_seed(1)
    return Decoder(PLANS["own"]).eval().requires_grad_(False)


def test_features_wear_the_mean_and_deviation_of_another_look() -> None:
    torch.manual_seed(2)
    features, worn = torch.rand(1, 4, 9, 9), Look(torch.rand(1, 4, 1, 1), torch.rand(1, 4, 1, 1) + 0.5)
    dressed = statistics(wearing(features, worn))
    assert torch.allclose(dressed.mean, worn.mean, atol=1e-4) and torch.allclose(
        dressed.deviation, worn.deviation, atol=1e-3
    )
    assert torch.allclose(wearing(features, statistics(features)), features, atol=1e-4)


def test_looks_are_mixed_by_their_weights_as_the_features_would_be() -> None:
    torch.manual_seed(3)
    one, other, features = (
        statistics(torch.rand(1, 4, 5, 5)),
        statistics(torch.rand(1, 4, 5, 5) ** 2),
        torch.rand(1, 4, 8, 8),
    )
    half = 0.25 * wearing(features, one) + 0.75 * wearing(features, other)
    assert torch.allclose(wearing(features, mixed_looks([one, other], [1, 3])), half, atol=1e-4)


def test_a_picture_of_any_size_comes_back_in_its_size_and_untouched_where_the_mask_is_black(eye, decoder) -> None:
    torch.manual_seed(4)
    content, mask = torch.rand(1, 3, 45, 70), torch.zeros(1, 1, 45, 70)
    mask[..., :30] = 1
    painted = repainted_at_once(eye, decoder, content, look(eye, torch.rand(1, 3, 40, 40)), mask=mask)
    assert painted.shape == content.shape and painted.min() >= 0 and painted.max() <= 1
    assert torch.equal(painted[..., 40:], content[..., 40:]) and not torch.allclose(
        painted[..., :20], content[..., :20]
    )


def test_without_strength_every_look_paints_the_same(eye, decoder) -> None:
    content, looks = torch.rand(1, 3, 32, 32), [look(eye, torch.rand(1, 3, 32, 32) ** power) for power in (1, 4)]
    plain = [repainted_at_once(eye, decoder, content, worn, strength=0.0) for worn in looks]
    full = [repainted_at_once(eye, decoder, content, worn) for worn in looks]
    assert torch.equal(*plain) and not torch.equal(*full)


def test_the_file_is_small_and_one_of_another_eye_is_refused(decoder, tmp_path: Path) -> None:
    path = write_decoder(decoder, tmp_path / "decoder.safetensors")
    assert path.stat().st_size < 600_000
    again, features = own_decoder(path, PLANS["own"]), torch.rand(1, 96, 4, 4)
    assert torch.allclose(again(features), decoder(features), atol=5e-3)
    with pytest.raises(BadInput, match="does not fit this eye"):
        own_decoder(path, PLANS["vgg19"])
