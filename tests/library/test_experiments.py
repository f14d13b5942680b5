"""Experiments of the lab: begun whole, found again, taken away for good, and gone with whoever may be in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.errors import BadInput, NotFound
from studio.library.experiments import Experiments
from studio.progress import finish
from studio.settings import load_settings
from studio.workshop import Workshop
from tests.travelling import png


@pytest.fixture
def experiments(home) -> Experiments:
    return Experiments(load_settings())


def test_an_experiment_is_found_again_with_what_it_began_with(experiments: Experiments) -> None:
    one = experiments.begin("style", {"way": "quick", "title": "cat.png"}, {"content.png": png("red")})
    other = experiments.begin("flowers", {"text": "a red flower"})
    assert experiments.all() == (other, one) and experiments.all("style") == (one,)
    assert [path.name for path in experiments.given(one.id)] == ["content.png"] and not one.over
    assert (one.title, other.title) == ("cat.png", "a red flower")


def test_what_came_of_it_is_noted(experiments: Experiments) -> None:
    one = experiments.begin("flowers", {"text": "a red flower"})
    experiments.change(one.id, lambda now: replace(now, files=("result.png",), figures={"colour": "red"}))
    assert experiments.get(one.id).over and experiments.get(one.id).figures == {"colour": "red"}


def test_what_is_taken_away_is_gone(experiments: Experiments) -> None:
    one = experiments.begin("flowers", {"text": "a red flower"})
    experiments.remove(one.id)
    with pytest.raises(NotFound, match="no experiment"):
        experiments.get(one.id)
    assert experiments.ids() == ()


def test_a_damaged_record_is_told_and_hides_no_other(experiments: Experiments) -> None:
    one, other = (experiments.begin("flowers", {"text": text}) for text in ("a red flower", "a blue flower"))
    (experiments.folder(one.id) / "experiment.json").write_text('{"id": "x"')
    assert experiments.all() == (other,)
    assert [(id, type(error)) for id, error in experiments.damaged()] == [(one.id, BadInput)]
    report = finish(Workshop().verify())
    assert any(one.id in flaw for flaw in report.damaged)


def test_ids_that_are_no_ids_are_not_found(experiments: Experiments) -> None:
    for id in ("..", "../books", "", "20260101-000000000/..", "x"):
        with pytest.raises(NotFound):
            experiments.folder(id)


def test_erasing_somebody_takes_all_that_began_with_a_picture(experiments: Experiments) -> None:
    experiments.begin("style", {"way": "quick"}, {"content.png": png("red")})
    kept = experiments.begin("flowers", {"text": "a red flower"})
    workshop = Workshop()
    workshop._characters.add("May", "drawn", [png("red")])
    workshop.erase_character("may")
    assert experiments.all() == (kept,)
