"""A language model may do anything: the book is as it was, the person is told in a sentence, and it is over soon."""

from __future__ import annotations

import time

import pytest

from studio.errors import BadInput, NoAnswer
from studio.progress import finish
from studio.publishing.book import Book
from studio.story.llm.server import Server
from studio.workshop import Workshop
from tests.story.llm.behaviours import BEHAVIOURS
from tests.story.llm.conftest import KEY, NAME, PAGES, Serving

MENDED = ("well", "fenced", "chatty", "chatty_braces", "schema_refused", "format_refused", "stream_refused")
HOPELESS = {
    "rate_limited": "asks to wait 1 s",
    "rate_limited_long": "asks to wait 3600 s",
    "server_error": "error 500",
    "overloaded": "error 503",
    "silent": "said next to nothing",
    "slow_drip": "said next to nothing",
    "cut_stream": "broke off",
    "cut_length": "could not finish",
    "half_json": "never had the asked form",
    "prose": "never had the asked form",
    "missing_field": "never had the asked form",
    "wrong_types": "never had the asked form",
    "huge": "talks without end",
    "empty": "do not fit the story",
    "null_content": "do not fit the story",
    "no_choices": "no language model",
    "zero_pages": "there are 0",
    "five_hundred_pages": "never had the asked form",
    "model_missing": "no model 'storyteller'",
    "key_wrong": "refuses the key",
    "not_openai": "no language model",
    "content_filter": "declined",
    "disconnect": "cannot be reached",
    "redirect": "another address",
    "bad_utf8": "broke off",
    "extra_keys": "never had the asked form",
    "invented_character": "'GHOST' on page 1 is not in the cast",
    "altered_texts": "last_sentence must rise",
    "sentences_overlap": "last_sentence must rise",
    "sentences_skip": "last_sentence must rise",
    "sentences_exceed": "last_sentence must rise",
    "obeys_injection": "never had the asked form",
    "obeys_quietly": "never had the asked form",
}


def test_every_known_misbehaviour_is_tried() -> None:
    assert set(BEHAVIOURS) == {*MENDED, *HOPELESS}


@pytest.mark.parametrize("behaviour", MENDED)
def test_a_model_that_answers_in_its_own_way_is_understood(
    workshop: Workshop, book: Book, serving: Serving, behaviour: str
) -> None:
    server = serving(behaviour)
    written = finish(workshop.write_book(book.id, "keep", pages=PAGES))
    assert written.writer == "storyteller"
    assert " ".join(page.scene.text for page in written.pages).split() == book.story.text.split()
    assert sum(request.method == "POST" for request in server.requests) <= 3


@pytest.mark.parametrize("behaviour", HOPELESS)
def test_misbehaviour_ends_in_a_clear_sentence_and_the_draft_is_untouched(
    workshop: Workshop, book: Book, serving: Serving, behaviour: str
) -> None:
    server, started = serving(behaviour), time.monotonic()
    with pytest.raises(NoAnswer, match=HOPELESS[behaviour]) as refused:
        finish(workshop.write_book(book.id, "keep", pages=PAGES))
    assert "as they were" in str(refused.value)
    assert KEY not in str(refused.value) and NAME not in str(refused.value)
    assert sum(request.method == "POST" for request in server.requests) <= 3
    assert time.monotonic() - started < 90
    assert workshop.book(book.id) == book
    assert workshop.draft(book.id) == ()
    assert not workshop.can_undo(book.id)


@pytest.mark.parametrize(
    "behaviours",
    [("rate_limited", "well"), ("server_error", "well"), ("half_json", "well"), ("zero_pages", "prose", "well")],
)
def test_one_good_answer_among_three_is_enough(
    workshop: Workshop, book: Book, serving: Serving, behaviours: tuple[str, ...]
) -> None:
    serving(*behaviours)
    assert finish(workshop.write_book(book.id, "keep", pages=PAGES)).writer == "storyteller"


def test_a_repair_quotes_what_was_wrong(workshop: Workshop, book: Book, serving: Serving) -> None:
    server = serving("zero_pages", "well")
    finish(workshop.write_book(book.id, "keep", pages=PAGES))
    assert "exactly 4 pages; there are 0" in server.requests[1].json["messages"][-1]["content"]


@pytest.mark.parametrize("behaviour", ["silent", "slow_drip", "rate_limited"])
def test_cancelling_waits_for_no_server_and_closes_the_connection(
    workshop: Workshop, book: Book, serving: Serving, behaviour: str
) -> None:
    serving(behaviour)
    work = workshop.write_book(book.id, "keep", pages=PAGES)
    next(work)
    started = time.monotonic()
    next(work)
    work.close()
    assert time.monotonic() - started < 10  # a quarter of a second; a server that is silent has sixty
    assert workshop.book(book.id) == book


def test_words_that_were_changed_meanwhile_are_kept(workshop: Workshop, book: Book, serving: Serving) -> None:
    serving("well")
    work = workshop.write_book(book.id, "keep", pages=PAGES)
    next(work)
    workshop.edit_page(book.id, 1, text="Other words.")
    with pytest.raises(BadInput, match="Your words are kept"):
        finish(work)
    assert workshop.book(book.id).pages[0].scene.text == "Other words." and workshop.book(book.id).writer == "plain"


def test_the_key_of_the_corpus_scores_a_model_too(workshop: Workshop, serving: Serving) -> None:
    serving("well")
    told = finish(workshop.evaluate_writer("llm"))
    assert told["all"]["pages"] == 225 and told["all"]["damaged_pages"] == 0 and 0 < told["all"]["cast_f1"] < 1


def test_pages_appear_while_they_are_written(workshop: Workshop, book: Book, serving: Serving) -> None:
    serving("well")
    work = workshop.write_book(book.id, "keep", pages=PAGES)
    seen = [(step.done, len(workshop.draft(book.id))) for step in work]
    assert max(done for done, _ in seen[:-1]) > 0
    assert all(done == drafted for done, drafted in seen[:-1])


def test_nobody_at_the_address_is_told(workshop: Workshop, book: Book) -> None:
    workshop.choose_language_model(Server("http://127.0.0.1:9/v1", "storyteller"))
    with pytest.raises(NoAnswer, match="cannot be reached"):
        finish(workshop.write_book(book.id, "keep", pages=PAGES))


@pytest.mark.slow
@pytest.mark.soak
def test_a_minute_of_silence_is_waited_for_but_not_more(workshop: Workshop, book: Book, serving: Serving) -> None:
    from dataclasses import replace

    from tests.story.llm.behaviours import silent

    serving(silent(300.0))
    workshop.choose_language_model(replace(workshop.language_model(), patience_s=75.0))
    started = time.monotonic()
    with pytest.raises(NoAnswer, match="said next to nothing for 75 s"):
        finish(workshop.write_book(book.id, "keep", pages=PAGES))
    assert 74 < time.monotonic() - started < 90
