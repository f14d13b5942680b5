"""Which moment of a training is taken, and what its light says."""

from __future__ import annotations

import pytest

from studio.training.moment import PATIENCE, Moment, best, hopeless


def moment(step: int, likeness: float, match: float = 1.0, copy: float = 0.2) -> Moment:
    return Moment(step=step, likeness=likeness, match=match, copy=copy)


def test_the_likest_moment_is_taken_and_of_equals_the_latest() -> None:
    assert best([moment(10, 0.5), moment(20, 0.825), moment(30, 0.82), moment(40, 0.7)]).step == 30


def test_a_hero_who_no_longer_listens_or_repeats_a_photo_is_not_taken() -> None:
    good = moment(10, 0.8)
    assert best([good, moment(20, 0.9, match=0.6)]) == good
    assert best([good, moment(20, 0.85, copy=1.0)]) == good
    assert best([good, Moment(step=20, likeness=0.85, match=1.0, copy=0.2, leak=0.5)]) == good


def test_obedience_beyond_the_bare_models_counts_for_nothing() -> None:
    assert moment(10, 0.8, match=1.3).score == moment(10, 0.8).score


@pytest.mark.parametrize(
    ("seen", "light"),
    [
        (moment(10, 0.6), "more"),
        (moment(10, 0.85), "ready"),
        (moment(10, 0.85, match=0.7), "much"),
        (moment(10, 0.85, copy=0.9), "much"),
        (Moment(step=10, likeness=0.85, match=1.0, copy=0.2, leak=0.9), "much"),
    ],
)
def test_the_light_says_whether_to_go_on(seen: Moment, light: str) -> None:
    assert seen.light == light


def test_a_training_ends_early_only_when_it_keeps_getting_worse() -> None:
    rising = [moment(10 * at, 0.5 + 0.05 * at) for at in range(1, 6)]
    falling = [moment(100 + at, 0.5) for at in range(PATIENCE)]
    assert not hopeless([], 100) and not hopeless(rising, 50) and not hopeless([*rising, *falling[:-1]], 100)
    assert hopeless([*rising, *falling], 100) and not hopeless([*rising, *falling], 200)
    assert not hopeless([*rising, *falling[:-1], moment(200, 0.76)], 100)
