"""Style transfer on small pictures, with an eye of random weights: those tell textures apart, too."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np
import pytest
import torch

from studio.errors import BadInput, NotReady
from studio.lab.features import PLANS, Eye, brought_eye, named
from studio.lab.keeping import edges_kept
from studio.lab.transfer import Task, Weights, course, gram, manner, mixed, readable, repainted, with_colour_of

PX = 48
BOLD = Weights(smooth=0.0, edges=0.0)


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
    task = Task(house, told, replace(BOLD, style=100.0), optimizer)
    steps = []
    for now, losses in repainted(eye, task):
        painted = now
        steps.append(losses)
    assert steps[-1].style < 0.3 * steps[0].style
    assert painted.shape == house.shape and painted.min() >= 0 and painted.max() <= 1
    inside, outside = painted[..., 20:36, 18:30].mean((0, 2, 3)), painted[..., :10, :].mean((0, 2, 3))
    assert (inside - outside).abs().max() > 0.04, "the house is still to be seen"


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
    assert all(torch.allclose(half[name], (one[name] + other[name]) / 2, atol=1e-5) for name in one)


def test_a_manner_of_a_part_is_that_of_the_part_cut_out(house) -> None:
    share = torch.zeros(1, 1, PX, PX)
    share[..., :24] = 1
    assert torch.allclose(gram(house, share), gram(house[..., :24]), atol=1e-5)


def test_the_steps_that_are_told_before_are_those_that_are_taken(eye, house, stripes) -> None:
    task = Task(house, manner(eye, stripes))
    assert len(list(repainted(eye, task))) == sum(steps for _, steps in course(task))
    assert [side for side, _ in course(replace(task, content=torch.rand(1, 3, 300, 512)))] == [128, 256, 512]


def test_a_picture_in_its_own_manner_stays_as_it_is(eye, house) -> None:
    painted, losses = _last(eye, Task(house, manner(eye, house), BOLD))
    assert losses.style < 1e-4
    assert torch.allclose(painted, house, atol=0.01)


def test_numbers_that_grow_beyond_all_bounds_end_with_a_sentence(eye, house) -> None:
    broken = {name: torch.full_like(one, float("nan")) for name, one in manner(eye, house).items()}
    with pytest.raises(NotReady, match="beyond all bounds.*pictures? .*safe"):
        _last(eye, Task(house, broken))


def test_edges_are_kept_by_other_colours_and_lost_by_noise(house) -> None:
    torch.manual_seed(1)
    assert edges_kept(house, house) == pytest.approx(1.0)
    assert edges_kept(house, house.flip(1) * 0.9) > 0.3 > edges_kept(house, torch.rand_like(house))


def _flat(height: int, width: int, colour: int = 120) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def _speckled(height: int = 80, width: int = 100) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 255, (height, width, 3), np.uint8)


@pytest.mark.parametrize(
    ("content", "style", "said"),
    [
        (_flat(1, 1), _speckled(), "content picture is only 1 × 1 pixels"),
        (_speckled(), _flat(1, 1), "style picture is only 1 × 1 pixels"),
        (np.broadcast_to(np.uint8(9), (10_000, 10_000, 3)), _speckled(), "10000 × 10000 pixels: more than 40 million"),
        (_flat(64, 4000), _speckled(), "too long and narrow"),
        (_speckled(), _flat(80, 80), "all of one colour"),
        (_speckled(), _speckled(), "the same picture"),
        (np.full((80, 80, 3), np.nan), _speckled(), "whole numbers from 0 to 255"),
        (np.zeros((80, 80), np.uint8), _speckled(), "red, green and blue"),
    ],
)
def test_what_cannot_be_repainted_is_refused_with_a_sentence(content, style, said) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        readable(content, style)
    assert str(refused.value).endswith(("nothing was changed.", "your pictures are unchanged."))


def test_readable_pictures_come_in_at_the_size_they_are_painted() -> None:
    content, style = readable(_speckled(200, 400), _speckled(), side_px=100)
    assert content.shape == (1, 3, 50, 100) and style.shape == (1, 3, 80, 100)
    assert content.min() >= 0 and content.max() <= 1


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


def test_a_clear_sky_can_be_repainted(eye: Eye) -> None:
    """A page of one colour has no edges and hardly any features to hold on to."""
    style = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    *_, (picture, losses) = repainted(eye, Task(torch.full((1, 3, 64, 64), 0.6), manner(eye, style)))
    assert torch.isfinite(picture).all() and losses.style < 0.5
