"""Words changed in two places become one text, and where both changed the same words, neither is lost."""

from __future__ import annotations

import random

import pytest

from studio.story.merge import Chosen, Clash, Typed, differences, merge, nearest, settled
from tests.machine import computing_at_most

BASE = "The red fox ran over the hill. At night it slept."
WORDS = ["An", "mây", "gió", "trăng", "Thỏ", "chạy,", "ngủ.", "mưa!", "đêm", "khẽ\n"]


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ("The blue fox ran over the hill. At night it slept.", BASE, "The blue fox ran over the hill. At night it slept."),
        (BASE, "The red fox ran.", "The red fox ran."),
        (
            "The blue fox ran over the hill. At night it slept.",
            "The red fox ran over the hill. At night it sang.",
            "The blue fox ran over the hill. At night it sang.",
        ),
        ("The blue fox ran over the hill.", "The red cat ran over the hill. At night it slept.", "The blue cat ran over the hill."),
        ("Once, " + BASE, BASE + " The end.", "Once, " + BASE + " The end."),
        ("The blue fox ran.", "The blue fox ran.", "The blue fox ran."),
        ("", BASE, ""),
        (BASE + "  ", BASE + "\n", BASE),
    ],
)  # fmt: skip
def test_changes_in_different_places_become_one_text(mine: str, theirs: str, merged: str) -> None:
    found = merge(BASE, mine, theirs)
    assert (found.mine, found.theirs, found.both) == (merged, merged, merged) and not found.clash


def test_the_same_words_changed_twice_give_both_versions() -> None:
    found = merge(
        BASE, "A blue fox ran over the hill. It slept.", "The green fox ran over the hill. At night it slept well."
    )
    assert found.clash
    assert found.mine == "A blue fox ran over the hill. It slept well."
    assert found.theirs == "A green fox ran over the hill. It slept well."
    assert found.both == "A green blue fox ran over the hill. It slept well."


@pytest.mark.parametrize("base", ["", "Once"])
def test_two_different_ends_are_a_clash_and_the_other_one_comes_first_in_both(base: str) -> None:
    found = merge(base, base + " mine", base + " theirs")
    assert (found.mine, found.theirs, found.both) == (base + " mine", base + " theirs", base + " theirs mine")


def test_words_taken_away_here_and_changed_there_are_a_clash() -> None:
    found = merge("one two three", "one three", "one two! three")
    assert found.clash and found.theirs == "one two! three"


@pytest.mark.parametrize("hundred", range(3))
def test_no_word_that_one_side_wrote_is_ever_missing(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        _merge_at_random(random.Random(seed))


def _merge_at_random(dice: random.Random) -> None:
    base = [dice.choice(WORDS) for _ in range(dice.randint(0, 30))]
    sides = []
    for side in ("m", "t"):
        words = list(base)
        for count in range(dice.randint(0, 4)):
            at = dice.randint(0, len(words))
            words[at : at + dice.randint(0, 3)] = [f"{side}{count}"]
        sides.append(words)
    found = merge(" ".join(base), *(" ".join(words) for words in sides))
    assert {own for words in sides for own in words if own[0] in "mt" and own[1:].isdigit()} <= set(found.both.split())
    assert merge(" ".join(base), " ".join(sides[1]), " ".join(sides[0])).theirs == found.mine
    if not found.clash:
        assert found.mine == found.both


def test_typed_words_are_kept_as_they_are_when_nobody_else_wrote() -> None:
    assert Typed("The fox  sat ", "The fox ").onto("The fox") == "The fox  sat "
    assert settled("as a program says", "whatever") == "as a program says"


def test_typed_words_join_what_was_written_meanwhile_or_are_refused() -> None:
    assert Typed("The fox sat.", "The fox.").onto("The red fox.") == "The red fox sat."
    with pytest.raises(Clash) as refused:
        Typed("The old fox.", "The fox.").onto("The red fox.")
    assert (refused.value.merged.mine, refused.value.merged.theirs) == ("The old fox.", "The red fox.")


def test_the_version_that_somebody_went_on_from_is_found() -> None:
    assert nearest("A B c", ("A X B", "A B")) == "A B"
    assert nearest("A X B c", ("A X B", "A B")) == "A X B"


def test_differences_are_told_piece_by_piece() -> None:
    pieces = [piece for piece in differences("the blue fox", "the red fox") if piece[0]]
    assert pieces == [("the ", False), ("blue", True), (" fox", False)]


def test_a_very_long_story_is_merged_in_a_blink() -> None:
    base = " ".join(f"word{number % 977}" for number in range(14_000))  # about 100,000 letters
    with computing_at_most(3):
        found = merge(base, base.replace("word5 ", "mine "), base + " end")
    assert not found.clash and found.mine.endswith("end") and "mine" in found.mine


def test_names_chosen_in_two_windows_join() -> None:
    assert Chosen(("May",), ("May", "Tom")).onto(("May", "Tom", "An")) == ("May", "An")
    assert Chosen(("May", "Bo"), ("May",)).onto(("An", "May")) == ("An", "May", "Bo")
    assert Chosen(("Tom", "May"), ("May", "Tom")).onto(("May", "Tom")) == ("Tom", "May")
