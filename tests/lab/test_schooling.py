"""A GAN that learns two colours from their names, stops in between, goes wrong, and goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.errors import BadInput, NotReady
from studio.lab import schooling
from studio.lab.schooling import Lessons, School, Timetable, schooled
from studio.progress import finish

TABLE = Timetable(steps=8, batch=8, width=8)


@pytest.fixture(autouse=True)
def saved_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schooling, "SAVE_STEPS", 4)


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    """Red pictures and blue ones, and a text for each colour."""
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 40, (32, 3, 64, 64), np.uint8)
    pictures[:16, 0] += 200
    pictures[16:, 2] += 200
    texts = np.zeros((32, 2, 4), np.float32)
    texts[:16, :, 0] = texts[16:, :, 1] = 1
    return Lessons(pictures, texts)


def same(one: School, other: School) -> bool:
    return all(
        torch.equal(a, b)
        for a, b in zip(one.average.state_dict().values(), other.average.state_dict().values(), strict=True)
    )


def test_a_schooling_that_was_stopped_ends_as_if_it_had_not_been(tmp_path: Path, lessons: Lessons) -> None:
    whole = finish(schooled(lessons, TABLE, tmp_path / "whole"))
    work = schooled(lessons, TABLE, tmp_path / "stopped")
    for _ in range(6):
        next(work)
    work.close()
    again = finish(schooled(lessons, TABLE, tmp_path / "stopped"))
    assert same(whole, again) and whole.losses == again.losses and whole.step == 8


def test_another_schooling_does_not_go_on_from_it(tmp_path: Path, lessons: Lessons) -> None:
    finish(schooled(lessons, TABLE, tmp_path))
    with pytest.raises(BadInput, match="cannot go on"):
        finish(schooled(lessons, Timetable(steps=8, batch=8, width=8, seed=1), tmp_path))


def test_numbers_beyond_all_bounds_stop_it_and_the_last_good_checkpoint_stays(tmp_path: Path, lessons: Lessons) -> None:
    texts = lessons.texts.copy()
    work = schooled(Lessons(lessons.pictures, texts), TABLE, tmp_path)
    for _ in range(6):  # it learns to listen first
        next(work)
    texts[:] = np.nan
    with pytest.raises(NotReady, match=r"step 6.*saved at step 4 is whole"):
        next(work)
    assert [place.name for place in tmp_path.glob("checkpoint-*")] == ["checkpoint-000004"]


def test_red_is_painted_red_and_blue_blue(tmp_path: Path, lessons: Lessons) -> None:
    table = Timetable(steps=60, batch=16, rate=1e-3, width=8, terms={"features": 1.0})
    school = finish(schooled(lessons, table, tmp_path))
    text = torch.eye(4)[:2].repeat_interleave(8, 0)
    with torch.no_grad():
        painted = school.generator.eval()(torch.randn(16, 64), text).mean((2, 3))
    assert (painted[:8, 0] > painted[:8, 2]).all() and (painted[8:, 2] > painted[8:, 0]).all()


def test_it_hears_at_once_what_sentences_say_of_pictures(lessons: Lessons) -> None:
    """Before the first step, red and blue are far apart in what both networks hear."""
    school = School(lessons.texts.shape[-1], TABLE)
    school.listen(lessons)
    red, blue = (school.generator.hear(torch.eye(4)[which : which + 1]) for which in (0, 1))
    assert torch.nn.functional.cosine_similarity(red, blue).item() < 0.7
    assert torch.equal(school.critic.hear(torch.eye(4)), school.generator.hear(torch.eye(4)))
