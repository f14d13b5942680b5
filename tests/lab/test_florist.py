"""Flowers from words by the painter that comes with the studio, and what the flower judge reads back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.errors import BadInput
from studio.lab.botanist import QUESTIONS, agreement, load_botanist, pictures_of, read_back
from studio.lab.embedding import pocket_reader
from studio.lab.florist import OWN, Florist, between, grid, keep_generator, load_generator, noise
from studio.lab.flowers import captions, flowers
from studio.lab.gan import Generator, Shape

TOLD = 2  # which caption tells everything
UNSEEN = 150


@pytest.fixture(scope="module")
def florist() -> Florist:
    return Florist()


def test_the_judge_reads_drawn_flowers_that_it_never_saw() -> None:
    grown = [*flowers(4242, 60), *flowers(4242, 40, held_out=True)]
    read = agreement(read_back(load_botanist(), pictures_of(grown)), grown)
    assert all(share >= 0.97 for share in read.values()), read


def test_combinations_of_words_that_training_never_saw_are_painted_as_told(florist: Florist) -> None:
    grown = [*flowers(777, UNSEEN, held_out=True)]
    text = florist.read([captions(flower)[TOLD] for flower in grown])
    read = agreement(read_back(load_botanist(), florist.painted(text, noise(UNSEEN, 1))), grown)
    assert read["colour"] >= 0.9 and read["centre"] >= 0.8 and read["ground"] >= 0.9, read


def test_vietnamese_words_are_painted_too(florist: Florist) -> None:
    seen = read_back(
        load_botanist(), _tensor(florist.paint("bông hoa màu đỏ với nhụy vàng trên nền xanh dương", 12, 3))
    )
    assert sum(one["colour"] == "red" and one["ground"] == "blue" for one in seen) >= 10


def test_the_same_words_and_seed_paint_the_same_and_another_seed_another(florist: Florist) -> None:
    first, again, other = (florist.paint("a pink flower", 2, seed) for seed in (5, 5, 6))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_a_film_begins_with_one_flower_and_ends_with_the_other(florist: Florist) -> None:
    frames = florist.film("a red flower on a blue background", "a white flower on a dark background", 7, 1)
    ends = florist.paint("a red flower on a blue background", 1, 1) + florist.paint(
        "a white flower on a dark background", 1, 1
    )
    near = [np.abs(frames[at].astype(int) - ends[at]).max() for at in (0, -1)]
    assert max(near) <= 1 and np.abs(frames[3].astype(int) - ends[0]).mean() > 5


def test_between_two_noises_the_film_stays_as_loud_as_noise() -> None:
    first, last = noise(2, 9)
    assert all(0.8 < between(first, last, share).std() < 1.25 for share in (0.25, 0.5, 0.75))


def test_no_words_are_no_flower(florist: Florist) -> None:
    with pytest.raises(BadInput, match="no words to paint from"):
        florist.paint("  ", 1, 1)


def test_what_ships_is_small(tmp_path: Path) -> None:
    assert OWN.stat().st_size <= 5_000_000


def test_a_painter_that_was_kept_opens_and_any_other_file_is_refused(tmp_path: Path) -> None:
    shape = Shape(text=8, squeezed=4, width=4)
    generator = Generator(shape).eval()
    kept = load_generator(keep_generator(tmp_path / "painter.safetensors", generator, shape))
    some, words = noise(2, 1), torch.ones(2, 8)
    assert torch.allclose(kept(some, words), generator(some, words), atol=0.02)
    (tmp_path / "other.safetensors").write_bytes(b"no weights")
    with pytest.raises(BadInput, match="'other.safetensors' is no painter"):
        load_generator(tmp_path / "other.safetensors")


def test_pictures_stand_in_rows_on_paper() -> None:
    sheet = grid([[np.zeros((64, 64, 3), np.uint8)] * 3, [np.zeros((64, 64, 3), np.uint8)]], 32, 4)
    assert sheet.shape == (4 + 2 * 36, 4 + 3 * 36, 3) and (sheet[-10, -10] == (251, 246, 236)).all()


def test_words_in_another_order_are_read_as_other_words() -> None:
    one, other, same = pocket_reader()(
        ["a red flower with a yellow centre", "a yellow flower with a red centre", "a red flower with a yellow centre"]
    )
    assert np.allclose(one, same) and not np.allclose(one, other, atol=0.1)
    assert np.linalg.norm(one) == pytest.approx(16.0, rel=1e-3)


def _tensor(pictures: list[np.ndarray]) -> torch.Tensor:
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def test_the_judge_is_asked_for_what_the_words_can_tell() -> None:
    assert [*QUESTIONS] == ["colour", "centre", "ground"]
