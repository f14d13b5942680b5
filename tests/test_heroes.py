"""From photos to a hero who can be looked at, chosen anew, measured and let go: the workshop on the tiny model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.errors import BadInput, NotFound
from studio.models.table import base_model
from studio.photos.coach import opened
from studio.progress import finish
from studio.settings import SAMPLES
from studio.training import recipe
from studio.workshop import Workshop, teaching
from tests.elder import as_of_old

MAY = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))]

POCKET = base_model("pocket")


@pytest.fixture
def may(workshop: Workshop, tiny_pocket: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(recipe.STEPS, "draft", 27)  # twenty, looked at after every fifth
    monkeypatch.setitem(recipe.LOOKS, "draft", 4)
    monkeypatch.setitem(teaching.STAGES, "draft", 4)
    monkeypatch.setitem(teaching.KEPT, "draft", 4)
    return workshop.begin_character("May", "drawn", MAY[:3]).character.id


def test_a_person_comes_in_only_with_who_agreed(workshop: Workshop) -> None:
    with pytest.raises(BadInput, match="Say who agreed"):
        workshop.begin_character("Lan", "person", MAY[:1], consent="  ")
    assert workshop.characters() == ()
    begun = workshop.begin_character("Lan", "person", MAY[:1], consent="her mother, for a book for the family")
    assert workshop.character(begun.character.id).consent == "her mother, for a book for the family"


def test_a_part_of_a_photo_can_be_chosen_and_the_hero_is_found_in_it(workshop: Workshop, may: str) -> None:
    before = opened(workshop.cut_preview(may, "01.png"))
    changed = workshop.cut_photo(may, "01.png", (0.4, 0.1, 0.6, 0.5), whole=True)
    assert changed.album[0].subject == pytest.approx((0.4, 0.1, 0.6, 0.5), abs=0.01)
    assert np.abs(opened(workshop.cut_preview(may, "01.png")).astype(int) - before).mean() > 2
    found = workshop.cut_photo(may, "01.png", (0.2, 0.1, 0.9, 1.0)).album[0].subject
    assert found[0] >= 0.2 and found[1] >= 0.1 and found[2] <= 0.9
    for box in ((0.5, 0.5, 0.51, 0.9), (-0.1, 0, 1, 1), (0, 0.9, 1, 0.2)):
        with pytest.raises(BadInput, match="too small or lies outside"):
            workshop.cut_photo(may, "01.png", box)
    with pytest.raises(NotFound):
        workshop.cut_photo(may, "09.png", (0, 0, 1, 1))


def test_the_wish_follows_the_photos_that_are_kept(workshop: Workshop) -> None:
    character = workshop.begin_character("May", "drawn", MAY).character
    assert character.wish == "none"
    for number in range(1, 4):
        character = workshop.keep_photo(character.id, f"{number:02}.png", False)
    assert character.wish == "more"


def test_the_best_moment_is_worn_and_another_can_be_chosen(workshop: Workshop, may: str) -> None:
    finish(workshop.train_character(may, "draft"))
    moments, report = workshop.moments(may), workshop.training_report(may)
    assert [moment.step for moment in moments] == [5, 10, 15, 20] and report
    assert report["chosen"]["by"] == "studio" and len(report["moments"]) == len(moments)
    assert 0 < report["likeness_before"] < 1.2 and all(len(workshop.moment_pictures(may, m.step)) == 4 for m in moments)
    other = next(moment.step for moment in moments if moment.step != report["chosen"]["step"])
    portraits, before = workshop.portraits(may), workshop.adapters()
    workshop.choose_moment(may, other)
    assert workshop.adapters() != before
    assert workshop.training_report(may)["chosen"] | {"light": ""} == {
        **{name: report["moments"][other // 5 - 1][name] for name in ("step", "likeness", "match", "copy", "leak")},
        "by": "person",
        "light": "",
    }
    assert not set(finish(workshop.draw_portraits(may))) & set(portraits)
    with pytest.raises(NotFound, match="no moment after 3 steps"):
        workshop.choose_moment(may, 3)


def test_a_stopped_teaching_waits_to_go_on_or_is_let_go(workshop: Workshop, may: str) -> None:
    assert workshop.begun_training(may) == 0
    work = workshop.train_character(may, "draft")
    next(step for step in work if step.done == 11)
    work.close()
    assert workshop.begun_training(may) == 0.5 and len(workshop.moments(may)) == 2
    workshop.forget_training(may)
    assert workshop.begun_training(may) == 0


def test_a_specialist_changes_single_numbers_and_a_cat_called_cat_is_not_every_cat(
    workshop: Workshop, may: str
) -> None:
    begun = workshop.begin_character("Cat", "pet", MAY[:3], "cat").character
    assert "cat" not in begun.id
    cat = as_of_old(workshop.settings, begun)
    finish(workshop.train_character(cat, "draft", steps=10, rank=2, pace=50))
    assert next(card.trigger for card in workshop.adapters() if card.id == cat) == "tac"
    report = workshop.training_report(cat)
    assert report and (report["steps"], report["card"]["rank"]) == (10, 2)
    assert report["recipe"]["rate"] == pytest.approx(recipe.subject_recipe("draft", 3, POCKET, True).rate / 2)
    for wrong in ({"steps": 5}, {"rank": 999}, {"pace": 1}):
        with pytest.raises(BadInput, match="cannot be used for"):
            workshop.submit_training(may, **wrong)


def test_a_measured_machine_tells_how_long_it_will_take(workshop: Workshop, may: str) -> None:
    assert workshop.estimate_training(may, "good") is None
    finish(workshop.measure_machine())
    draft, best = (workshop.estimate_training(may, effort) for effort in ("draft", "best"))
    assert draft and best and 0 < draft.seconds < best.seconds and best.memory_mb > 100


@pytest.mark.slow
@pytest.mark.soak  # the same as on the command line, which test_cli tries
def test_a_hero_is_measured_again_against_the_photos(workshop: Workshop, may: str) -> None:
    finish(workshop.train_character(may, "draft"))
    numbers = finish(workshop.evaluate_adapter(may))
    assert numbers["adapter"] == may and numbers["light"] in ("more", "ready", "much")
    assert 0 < numbers["likeness_before"] < 1 and 0 < numbers["likeness_after"] < 1 and 0 <= numbers["copy"] <= 1
