"""Whose turn it is: a queue of many people, played through without a machine."""

from __future__ import annotations

import pytest

from studio.jobs.turns import Turn, cost, next_turn


def ask(turns: list[Turn], person: str, *kinds: str) -> list[Turn]:
    """The queue after this person asked for these pieces, one after another."""
    asked = list(turns)
    for kind in kinds:
        asked.append(Turn(person, next_turn(asked, person, kind), False))
    return asked


def order(turns: list[Turn]) -> str:
    """Who is served, in order; the sort keeps who asked first before the other where both have the same number."""
    return "".join(turn.person for turn in sorted(turns, key=lambda turn: turn.number))


def test_one_person_is_served_in_the_order_of_asking() -> None:
    turns = ask([], "a", "pages", "pages", "pages")
    assert [turn.number for turn in turns] == [1, 2, 3]


def test_two_people_take_turns_however_many_pages_the_first_asked_for() -> None:
    turns = ask([], "a", *["pages"] * 6)
    assert order(ask(turns, "b", "pages", "pages")) == "abab" + "aaaa"


def test_who_comes_while_another_is_being_served_comes_next() -> None:
    turns = ask([], "a", *["pages"] * 200)
    running = [Turn("a", turn.number, turn.number == 57) for turn in turns[56:]]
    assert order(ask(running, "b", "pages"))[:3] == "aab"


def test_a_page_need_not_wait_behind_a_training() -> None:
    turns = ask([Turn("c", 7, True)], "a", "train")
    assert order(ask(turns, "b", "pages")) == "cba"


def test_a_training_is_not_put_off_for_ever() -> None:
    turns = ask([], "a", "train")
    for served in range(cost("train") + 1):
        turns = ask([Turn("b", served + 1, True), *turns], "b", "pages")[1:]
    assert order(turns).index("a") <= cost("train")


def test_who_rested_has_saved_nothing_up_and_owes_nothing() -> None:
    turns = [Turn("a", number, number == 40) for number in range(40, 50)]
    assert next_turn(turns, "b", "pages") == 41


@pytest.mark.parametrize("people", [2, 4, 9])
def test_waits_of_people_are_alike(people: int) -> None:
    turns: list[Turn] = []
    for person in range(people):
        turns = ask(turns, chr(97 + person), *["pages"] * 20)
    served = order(turns)
    waits = [[at for at, who in enumerate(served) if who == chr(97 + person)] for person in range(people)]
    means = [sum(wait) / len(wait) for wait in waits]
    assert max(means) / min(means) < 1.5
