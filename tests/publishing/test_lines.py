"""Words become lines that fit, and no letter is lost on the way."""

import random

import pytest

from studio.publishing.lines import balance, clean, fit, wrap


def letters(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("limit", [1, 7, 20, 400])
def test_no_line_is_too_wide_and_no_letter_is_lost(limit):
    rng = random.Random(limit)
    text = " ".join("x" * rng.randint(1, 30) for _ in range(80))
    lines = wrap(text, limit, len)
    assert max(map(len, lines)) <= limit
    assert letters("".join(lines)) == letters(text)


def test_balanced_lines_are_as_many_but_more_alike():
    text = "one two three four five six seven eight nine ten eleven twelve"
    full, even = wrap(text, 25, len), balance(text, 25, len)
    assert " ".join(even) == text and len(even) == len(full)
    assert min(map(len, even)) > min(map(len, full))


def test_line_breaks_of_the_author_are_kept():
    assert wrap("Hello.\n– Good evening.", 100, len) == ("Hello.", "– Good evening.")


def test_a_mark_stays_with_its_letter():
    lines = wrap("q\u0301" * 6, 1, lambda line: sum(sign != "\u0301" for sign in line))
    assert lines == ("q\u0301",) * 6


def test_clean_text_is_composed_and_holds_no_invisible_signs():
    assert clean("Ma\u0302y\u200b  va\u0300\t\ufeffThỏ\r\n\r\nngủ") == "Mây và Thỏ\nngủ"


def test_the_largest_size_with_room_is_taken():
    lines, size = fit("a long title", 60, 40, (20, 10, 5), 1.0, 2, lambda line, size: len(line) * size)
    assert (lines, size) == (("a long", "title"), 10)


def test_a_title_without_room_at_any_size_gets_none():
    assert fit("word " * 90, 60, 40, (20, 10, 5), 1.0, 2, lambda line, size: len(line) * size) is None
