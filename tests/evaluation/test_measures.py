"""What is told of a picture is true: how many are there, who they are, what is missing, in which manner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.heroes import HEROES
from studio.evaluation.asking import Asked, Reading, asked, match, read
from studio.evaluation.figures import anybody, figures, within
from studio.evaluation.likeness import Eyes, likeness
from studio.evaluation.measures import HeroSeen, PageMeasures, Sight, judged, like, packed, summary, verdict
from studio.photos.spotter import spot
from studio.pocket.counter import counted, load_counter
from studio.pocket.evaluation import JUDGE
from studio.pocket.hand import load_hand, on_the_way, strokes
from studio.pocket.judge import load_judge, weighed
from studio.pocket.styles import redrawn
from studio.pocket.world.description import Description
from studio.pocket.world.grammar import held_out_scenes
from studio.pocket.world.picture import render
from studio.story.scene import Cast, Role, Scene

PX = (1024, 1024)
PPI = 120.0
BEACH = Description(
    (HEROES[0].figure(pose="standing", mood="happy"), HEROES[1].figure(pose="standing", mood="happy")), "beach", seed=2
)


def sight(page: int, **seen: object) -> Sight:
    return Sight(picture=f"{page:02d}-a.png", brief="b", print_px=PX, **seen)  # type: ignore[arg-type]


def measured(**seen: object) -> PageMeasures:
    return judged({1: sight(1, **seen)}, {1: PPI})[1]


def word(page: PageMeasures, name: str) -> str:
    return next(one.verdict for one in page.measures if one.name == name)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_so_many_figures_are_counted_as_there_are(count: int) -> None:
    pictures = [render(scene) for scene in held_out_scenes(31, 10, figures=count)]
    told, seen = weighed(load_judge(JUDGE), pictures)
    right = counted(load_counter(), told, seen).argmax(1) + 1 == count
    assert right.mean() >= 0.9, f"{right.mean():.2f} of scenes with {count}"


def test_a_picture_of_two_is_not_taken_for_one() -> None:
    page = measured(numbers=(0.0, 0.01, 0.98, 0.01), asked=1)
    assert word(page, "figures") == "weak" and page.figures == (2, 1) and page.measures[0].name == "figures"
    assert (
        word(measured(numbers=(0.0, 0.3, 0.7, 0.0), asked=1), "figures") == "so-so"
    )  # nobody is sure enough for a red mark


def test_of_two_heroes_each_is_found_and_likest_to_the_own_photos() -> None:
    eyes, picture = Eyes(), render(BEACH)
    parts = figures(spot(picture), 2)
    seen = eyes.look([picture] * 2, parts)
    left = int(np.argmin([np.nonzero(part)[1].mean() for part in parts]))
    for at, hero in ((left, HEROES[0]), (1 - left, HEROES[1])):
        alone = render(Description((hero.figure(pose="waving", mood="happy"),), "garden", seed=3))
        like = likeness(seen, eyes.look([alone]))
        assert like[at] > like[1 - at] + 0.05
    box = within(parts, (0.0, 0.0, 0.5, 1.0))
    assert box is not None and not box[:, 128:].any() and within(parts, (0.0, 0.0, 0.01, 0.01)) is None


def test_figures_that_hang_together_are_cut_apart_and_nobody_is_nobody() -> None:
    hands = render(replace(BEACH, relation="holding hands"))
    assert len(figures(spot(hands), 2)) == 2
    nobody = spot(np.full((256, 256, 3), 200, np.uint8))
    assert not anybody(nobody) and figures(nobody, 2) == []


def test_another_hero_is_as_unlike_as_a_stranger() -> None:
    assert like(0.85) == "good" and like(0.79) == "so-so" and like(0.7) == "weak"
    assert like(0.6, stranger=0.4) == "so-so"  # nobody else looks like that dragon
    assert like(0.74) == "weak" and like(0.74, styled=True) == "good"


def test_a_hero_who_looks_otherwise_on_one_page_is_told_there() -> None:
    rng = np.random.default_rng(0)
    usual, other = (
        np.concatenate([one / np.linalg.norm(one), np.full(600, 1 / 600)]) for one in rng.normal(size=(2, 256))
    )
    looks = {page: packed(usual if page < 4 else other) for page in range(1, 5)}
    sights = {
        page: sight(page, heroes=(HeroSeen(character="may", likeness=0.9, look=look),)) for page, look in looks.items()
    }
    pages = judged(sights, dict.fromkeys(sights, PPI))
    assert [word(pages[page], "steady") for page in range(1, 5)] == ["good", "good", "good", "weak"]
    assert summary(pages.values()).marked == (4,)


def test_what_a_page_asks_for_is_read_from_its_scene() -> None:
    cast = Cast((Role("May", "girl", character="may"), Role("Rex", "dog")))
    scene = Scene("", ("May",), "running", "beach", "night", "rain", "sad", ("red kite", "ball"), without=("kite",))
    page = asked(scene, cast, {})
    assert page.kinds == ("girl",) and dict(page.words) == {
        "place": "beach", "time": "night", "weather": "rain", "action": "running", "mood": "sad", "thing": "ball",
    }  # fmt: skip
    both = asked(replace(scene, who=("May", "Rex"), place="bedroom"), cast, {})
    assert both.kinds == ("girl", "dog") and dict(both.words) == {"place": "bedroom", "time": "night"}


def test_who_stands_left_does_not_matter_and_what_is_not_there_is_missing() -> None:
    page = Asked(("cat", "dog"), ("", ""), (("time", "night"),))
    seen = {"first": {"dog": 0.9, "cat": 0.1}, "second": {"cat": 0.8, "dog": 0.1}, "time": {"day": 0.95, "night": 0.05}}
    readings = read(page, seen)
    assert {(one.asked, one.chance) for one in readings if one.field == "kind"} == {("cat", 0.8), ("dog", 0.9)}
    assert [(one.asked, one.seen) for one in readings if one.missing] == [("night", "day")]
    assert match(readings) == pytest.approx((1.5 * 0.05 + 2 * 0.8 + 2 * 0.9) / 5.5) and match(()) == 1


def test_a_wrong_place_is_worse_than_a_missing_thing() -> None:
    asks = [("place", "sea"), ("time", "day"), ("action", "running"), ("thing", "kite"), ("mood", "happy")]

    def without(field: str) -> str:
        return verdict("match", match([Reading(one, said, float(one != field), said) for one, said in asks]))

    assert [without(field) for field in ("mood", "thing", "place")] == ["good", "so-so", "weak"]


@pytest.mark.parametrize("style", ["watercolour", "lacquer"])
def test_a_picture_in_a_style_is_further_on_the_way_to_it_than_a_plain_one(style: str) -> None:
    plain = [render(scene) for scene in held_out_scenes(4, 6)]
    styled = [redrawn(style, picture, at) for at, picture in enumerate(plain)]
    hand, (one, *others), (whole, *drawn) = load_hand(), *(strokes(load_judge(JUDGE), some) for some in (plain, styled))
    assert on_the_way(hand, np.stack(drawn), one, whole).min() > np.median(
        on_the_way(hand, np.stack(others), one, whole)
    )


def test_what_no_seed_mends_is_told_of_the_book_and_not_of_each_page() -> None:
    sights = {page: sight(page, heroes=(HeroSeen(character="may", likeness=0.7),)) for page in (1, 2)}
    whole = summary(judged(sights, dict.fromkeys(sights, 50.0)).values())
    assert [one.name for one in whole.faint] == ["likeness"] and whole.marked == ()
    assert next(one for one in whole.measures if one.name == "print").verdict == "weak"


def test_the_right_number_of_figures_counts_before_all_else() -> None:
    right = measured(numbers=(0.0, 1.0, 0.0, 0.0), asked=1, style=0.3)
    wrong = measured(numbers=(0.0, 0.0, 1.0, 0.0), asked=1, style=0.5)
    assert right.score > wrong.score and 0 <= wrong.score <= right.score <= 1
