"""The two networks that paint from words and judge: shapes, losses, and that both can learn."""

from __future__ import annotations

import copy

import torch

from studio.lab.gan import NOISE, SIDE_PX, Critic, Generator, Shape, begin, critic_loss, follow, generator_loss

SHAPE = Shape(text=16, squeezed=8, width=8)


def _networks() -> tuple[Generator, Critic]:
    torch.manual_seed(0)
    generator, critic = Generator(SHAPE), Critic(SHAPE)
    begin(generator)
    begin(critic)
    return generator, critic


def test_noise_and_words_become_pictures_and_each_of_both_matters() -> None:
    generator = _networks()[0].eval()
    noise, text = torch.randn(2, NOISE), torch.randn(2, SHAPE.text)
    painted = generator(noise, text)
    assert painted.shape == (2, 3, SIDE_PX, SIDE_PX) and painted.abs().max() <= 1
    assert not torch.equal(painted, generator(noise, text.flip(0)))
    assert not torch.equal(painted, generator(noise.flip(0), text))


def test_the_shipped_size_stays_under_five_megabytes_in_half_precision() -> None:
    numbers = sum(tensor.numel() for tensor in Generator(Shape(text=128)).state_dict().values())
    assert 2 * numbers < 5_000_000


def test_a_critic_learns_which_words_belong_to_a_picture() -> None:
    _, critic = _networks()
    red, blue = torch.zeros(4, 3, SIDE_PX, SIDE_PX), torch.zeros(4, 3, SIDE_PX, SIDE_PX)
    red[:, 0], blue[:, 2] = 1, 1
    words = torch.randn(2, SHAPE.text).repeat_interleave(4, 0)
    real, noise = torch.cat([red, blue]), torch.rand(8, 3, SIDE_PX, SIDE_PX) * 2 - 1
    optimizer = torch.optim.Adam(critic.parameters(), 2e-3)
    for _ in range(60):
        optimizer.zero_grad()
        critic_loss(critic, real, noise, words, words.roll(4, 0)).backward()
        optimizer.step()
    critic.eval()
    assert (critic(real, words)[0] > critic(real, words.roll(4, 0))[0]).all()


def test_each_further_term_of_the_loss_adds_to_it() -> None:
    generator, critic = _networks()
    text, real = torch.randn(4, SHAPE.text), torch.rand(4, 3, SIDE_PX, SIDE_PX)
    painted = generator(torch.randn(4, NOISE), text)
    bare = generator_loss(critic, real, painted, text, {})
    assert generator_loss(critic, real, painted, text, {"l1": 1.0}) > bare
    assert generator_loss(critic, real, painted, text, {"features": 1.0}) > bare


def test_the_average_follows_slowly() -> None:
    generator, _ = _networks()
    average = copy.deepcopy(generator)
    with torch.no_grad():
        generator.paint[4].bias.add_(1.0)
    follow(average, generator, 1000, decay=0.9)
    assert torch.allclose(average.paint[4].bias, generator.paint[4].bias - 0.9, atol=1e-6)
