"""Plans of stories measured against keys made by hand: the measure itself, the corpus, and what the plain writer reaches."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import pytest

from studio.evaluation.keys import KeyedStory, Passage, Person, keyed_stories
from studio.evaluation.passages import evidence, learnt
from studio.evaluation.planning import Score, evaluate_plans, score
from studio.pocket.world.description import PLACES, SUBJECTS
from studio.progress import finish
from studio.story.scene import Cast, Role, Scene
from studio.story.story import Story
from studio.story.writer import find_cast, write_scenes
from tests.commands import answer

FIRST, SECOND = "May ran to the river with her dog.", "At home an old king read a book."
KEYED = KeyedStory(
    id="small",
    story=Story(f"{FIRST}\n\n{SECOND}", "en"),
    pages=2,
    shape="prose",
    people=(Person("May", "girl", frozenset({"may"})), Person("Rex", "dog", frozenset({"rex", "her dog"})), Person("king", "man", frozenset({"king", "an old king"}))),
    passages=(Passage(FIRST, ("May", "Rex"), ("river",)), Passage(SECOND, ("king",), ("castle", "bedroom"))),
)  # fmt: skip
CAST = Cast((Role("May", "girl"), Role("dog", "dog"), Role("old king", "man")))
PLAN = (Scene(FIRST, ("May", "dog"), place="river"), Scene(SECOND, ("old king",), place="bedroom"))


def scored(*scenes: Scene) -> Score:
    return score(KEYED, CAST, scenes)


def test_a_plan_that_is_the_key_is_all_right() -> None:
    assert (scored(*PLAN).cast_f1, scored(*PLAN).place, scored(*PLAN).damaged) == (1.0, 1.0, 0)


def test_somebody_too_many_or_too_few_costs() -> None:
    crowd = scored(replace(PLAN[0], who=("May", "dog", "old king")), PLAN[1])
    alone = scored(replace(PLAN[0], who=("May",)), PLAN[1])
    assert (crowd.right, crowd.wrong, crowd.missing) == (3, 1, 0)
    assert (alone.right, alone.wrong, alone.missing) == (2, 0, 1)


def test_a_place_counts_by_the_nearest_that_pocket_knows() -> None:
    assert scored(replace(PLAN[0], place="riverbank"), PLAN[1]).place == 1.0
    assert scored(replace(PLAN[0], place="forest"), PLAN[1]).place == 0.5


@pytest.mark.parametrize(
    "texts", [(FIRST,), (FIRST, FIRST), (SECOND, FIRST), (FIRST, SECOND + " More."), (FIRST, ""), (FIRST, SECOND[:9])]
)
def test_lost_doubled_moved_and_added_words_are_damage(texts: tuple[str, ...]) -> None:
    assert scored(*(Scene(text) for text in texts)).damaged > 0


def test_the_corpus_is_what_its_readme_says() -> None:
    stories = keyed_stories()
    assert [one.story.language for one in stories] == ["en"] * 10 + ["vi"] * 10
    assert {one.shape for one in stories} == {"prose", "dialogue", "rhyme", "list"}
    sizes = sorted(len(one.story.text.split()) for one in stories)
    assert sizes[0] <= 90 and sizes[-1] >= 2000
    for one in stories:
        names = {person.name for person in one.people}
        assert {person.kind for person in one.people} <= set(SUBJECTS)
        assert unicodedata.is_normalized("NFC", one.story.text)
        for passage in one.passages:
            assert set(passage.who) <= names and passage.where and set(passage.where) <= set(PLACES)


def test_the_plain_writer_loses_nothing_and_finds_most() -> None:
    scores = finish(
        evaluate_plans(lambda one: (cast := find_cast(one.story), write_scenes(one.story, cast, one.pages)))
    )
    total = sum(scores.values(), Score())
    assert (total.damaged, total.uneven) == (0, 0)
    assert total.cast_f1 > 0.75 and total.place > 0.62
    assert max(one.seconds for one in scores.values()) < 10  # 0.2 s on a quiet machine


def test_the_command_tells_the_same(home: object) -> None:
    told = answer("evaluate", "writer")
    assert told["all"]["pages"] == 225 and set(told) == {"all", "en", "vi", "stories"} and len(told["stories"]) == 20


def test_a_word_counts_as_much_as_it_was_right() -> None:
    rows = [("kitchen", "She stirred the pan with a ladle.")] * 8 + [("garden", "The pan lay there.")]
    weights = learnt("en", rows)
    assert weights["kitchen"]["ladle"] > weights["kitchen"]["pan"] > evidence(0.5)
    assert json.dumps(weights)
