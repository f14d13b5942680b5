"""Style transfer on small pictures, with an eye of random weights: those tell textures apart, too."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import pytest
import torch

from studio.errors import BadInput
from studio.lab.features import PLANS, Eye, brought_eye, named
from studio.lab.transfer import Task, Weights, gram, manner, mixed, repainted, with_colour_of

PX = 48


@pytest.fixture(scope="module")
def eye() -> Eye:
    torch.manual_seed(0)
    return Eye(PLANS["own"]).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def house() -> torch.Tensor:
    """A pale square on a blue ground."""
    picture = torch.tensor([0.2, 0.4, 0.8]).view(1, 3, 1, 1).repeat(1, 1, PX, PX)
    picture[..., 16:40, 14:34] = torch.tensor([0.9, 0.85, 0.7]).view(1, 3, 1, 1)
    return picture


@pytest.fixture(scope="module")
def stripes() -> torch.Tensor:
    """Red and black."""
    picture = torch.zeros(1, 3, PX, PX)
    picture[:, 0, ::4] = picture[:, 0, 1::4] = 0.9
    return picture


def _last(eye: Eye, task: Task):
    return deque(repainted(eye, task), maxlen=1)[0]


def test_a_gram_matrix_knows_what_comes_together_and_not_where() -> None:
    features = torch.rand(1, 5, 6, 6)
    moved = features.roll((2, 3), (2, 3))
    assert torch.allclose(gram(features), gram(moved), atol=1e-6)
    assert not torch.allclose(gram(features), gram(features.roll(1, 1)), atol=1e-3)


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_the_manner_comes_nearer_and_the_picture_is_still_there(eye, house, stripes, optimizer) -> None:
    told = manner(eye, stripes)
    task = Task(house, told, Weights(style=100.0, smooth=0.0), optimizer)
    steps = [losses for _, losses in repainted(eye, task)]
    painted, _ = _last(eye, task)
    assert steps[-1].style < 0.3 * steps[0].style
    assert painted.shape == house.shape and painted.min() >= 0 and painted.max() <= 1
    inside, outside = painted[..., 20:36, 18:30].mean().item(), painted[..., :10, :].mean().item()
    assert inside != pytest.approx(outside, abs=0.01), "the house is still to be seen"


def test_the_colour_of_the_content_can_be_kept(eye, house, stripes) -> None:
    painted, _ = _last(eye, Task(house, manner(eye, stripes), keep_colour=True))
    blue = painted[..., :10, :].mean((0, 2, 3))
    assert blue[2] > blue[0], "still blue under red stripes"
    assert torch.allclose(with_colour_of(house, house), house, atol=1e-3)


def test_where_the_mask_is_black_nothing_changes(eye, house, stripes) -> None:
    mask = torch.zeros(1, 1, PX, PX)
    mask[..., : PX // 2] = 1
    painted, _ = _last(eye, Task(house, manner(eye, stripes), mask=mask))
    assert torch.allclose(painted[..., -8:], house[..., -8:], atol=1e-6)
    assert (painted[..., :8] - house[..., :8]).abs().mean() > 0.02


def test_two_manners_are_mixed_by_their_weights(eye, house, stripes) -> None:
    one, other = manner(eye, stripes), manner(eye, house)
    assert all(torch.equal(mixed([one, other], [1, 0])[name], one[name]) for name in one)
    half = mixed([one, other], [2, 2])
    assert all(torch.allclose(half[name], (one[name] + other[name]) / 2) for name in one)


def test_the_weights_of_vgg19_are_taken_and_those_of_another_network_refused() -> None:
    torch.manual_seed(0)
    eye, place = Eye(PLANS["vgg19"]), 0
    tensors, block = {}, 1
    for name, _ in named(PLANS["vgg19"].widths):
        if int(name[4]) != block:
            block, place = int(name[4]), place + 1
        for part, tensor in eye.convolutions[name].state_dict().items():
            tensors[f"features.{place}.{part}"] = tensor
        place += 2
    assert place == 36, "torchvision's list of features up to conv5_4 and its ReLU"
    taken, picture = brought_eye(tensors | {"classifier.0.weight": torch.zeros(2)}), torch.rand(1, 3, 32, 32)
    assert torch.equal(taken(picture, ["conv5_1"])["conv5_1"], eye.eval()(picture, ["conv5_1"])["conv5_1"])
    with pytest.raises(BadInput, match=r"not the weights of VGG-19.*features\.2\.weight"):
        brought_eye({name: tensor for name, tensor in tensors.items() if name != "features.2.weight"})


def test_a_task_can_be_asked_for_again_with_another_weight(eye, house, stripes) -> None:
    task = Task(house, manner(eye, stripes))
    weak, _ = _last(eye, replace(task, weights=replace(task.weights, style=1e-3)))
    strong, _ = _last(eye, task)
    assert (strong - house).abs().mean() > (weak - house).abs().mean()
