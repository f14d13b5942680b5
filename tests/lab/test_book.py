"""A book in one manner: one change of colours for all pages, the hero still himself."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from studio.lab.book import Repainted, between, repainted_pages, toning_of
from studio.lab.features import Eye
from studio.lab.transfer import COLOUR, gram, manner
from studio.progress import finish

PX = 48


def _page(ground: tuple[int, int, int], left: int) -> np.ndarray:
    """A red hero on some ground."""
    page = np.full((PX, PX, 3), ground, np.uint8)
    page[14:40, left : left + 14] = (200, 40, 30)
    return page


DAY, NIGHT = _page((200, 220, 240), 8), _page((20, 30, 70), 24)


@pytest.fixture(scope="module")
def ochre(eye: Eye) -> dict[str, torch.Tensor]:
    """Brown and yellow stripes."""
    style = torch.tensor([0.85, 0.7, 0.3]).view(1, 3, 1, 1).repeat(1, 1, PX, PX)
    style[..., ::4, :] = style[..., 1::4, :] = torch.tensor([0.35, 0.2, 0.1]).view(1, 3, 1, 1)
    return manner(eye, style)


def _tensor(page: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(page).permute(2, 0, 1)[None].float() / 255


def test_day_stays_day_beside_night_and_each_page_is_told_when_it_is_done(eye, ochre) -> None:
    told: list[Repainted] = []
    painted = finish(repainted_pages(eye, [DAY, NIGHT], ochre), told.append)
    assert [one.page for one in told if one.picture is not None] == [0, 1]
    assert told[-1].done == told[-1].total
    assert painted[0].mean() > painted[1].mean() + 40
    assert all(page.shape == (PX, PX, 3) and page.dtype == np.uint8 for page in painted.values())


def test_one_page_alone_comes_out_as_in_the_whole_book(eye, ochre) -> None:
    whole = finish(repainted_pages(eye, [DAY, NIGHT], ochre))
    alone = finish(repainted_pages(eye, [DAY, NIGHT], ochre, wanted=[1]))
    assert alone.keys() == {1} and np.array_equal(alone[1], whole[1])


def test_the_hero_is_kept_more_than_what_is_around(eye, ochre) -> None:
    hero = np.zeros((PX, PX), bool)
    hero[14:40, 8:22] = True
    kept = finish(repainted_pages(eye, [DAY], ochre, masks=[hero]))[0].astype(int)
    gone = finish(repainted_pages(eye, [DAY], ochre))[0].astype(int)
    inside = [np.abs(page - DAY)[18:36, 11:19].mean() for page in (kept, gone)]
    assert inside[0] < 0.8 * inside[1]


def test_the_colours_of_a_book_are_brought_to_those_of_the_manner(ochre) -> None:
    pages = [_tensor(DAY), _tensor(NIGHT)]
    toning = toning_of(pages, ochre)
    mean = torch.cat(
        [torch.einsum("ij,njhw->nihw", toning.matrix, page - toning.before.view(1, 3, 1, 1)) for page in pages]
    )
    assert torch.allclose(mean.mean((0, 2, 3)) + toning.after, ochre[COLOUR][0, :3, 3], atol=1e-4)


def test_a_change_between_the_same_colours_changes_nothing() -> None:
    picture = torch.rand(1, 3, 16, 16)
    matrix = gram(picture)[0].double()
    own = matrix[:3, 3], matrix[:3, :3] - torch.outer(matrix[:3, 3], matrix[:3, 3])
    assert torch.allclose(between(own, own)(picture), picture, atol=1e-4)
