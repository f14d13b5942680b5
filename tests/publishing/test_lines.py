"""Words become lines that fit, and no letter is lost on the way."""

import random

import pytest

from studio.publishing.lines import balance, clean, ends_of, fit, hung, wrap


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


@pytest.mark.parametrize("typed", ["- Con ơi!", "-Con ơi!", "— Con ơi!", "–Con ơi!", "-- Con ơi!"])
def test_a_vietnamese_paragraph_of_speech_begins_with_one_kind_of_dash(typed):
    assert clean(f"Mẹ gọi:\n{typed}", "vi") == "Mẹ gọi:\n– Con ơi!"


@pytest.mark.parametrize("text", ["-5 độ, lạnh quá!", "—", "Mẹ – con", "- 3 con vịt"])
def test_a_minus_or_a_dash_between_words_stays_what_it_is(text):
    assert clean(text, "vi") == text


def test_english_dashes_stay_as_they_were_typed():
    assert clean("-- Come!", "en") == "-- Come!"


def test_a_dash_of_speech_stays_with_its_first_word():
    assert wrap("– Everybody", 5, len)[0].startswith("– E")
    assert wrap("one two – three", 9, len) == ("one two –", "three")


def test_the_lines_that_end_a_paragraph_are_known():
    text = "One two three.\nFour.\nFive six seven eight."
    lines = wrap(text, 9, len)
    assert [lines[number] for number in sorted(ends_of(lines, text))] == ["three.", "Four.", "eight."]


def test_no_paragraph_ends_in_a_line_of_a_single_word_where_that_can_be_helped():
    text = "The fox walked on and on to\nsay that he was not afraid of the\ndark"
    for line in [balance(text, limit, len) for limit in range(12, 30)]:
        ends = sorted(ends_of(line, text))
        assert all(" " in line[end] for end in ends[:1] if end > 0)


def test_quotation_marks_hang_out_of_the_line_and_words_never_do():
    assert hung("“Con ơi!”") == ("“", "Con ơi!", "”")
    assert hung("…") == ("", "…", "")
    assert "".join(hung("“(Một)”.")) == "“(Một)”."
