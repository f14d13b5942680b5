"""What a model's words lack or carry too much is mended or asked for again before a reader sees it; so are its settings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.errors import NoAnswer
from studio.progress import finish
from studio.publishing.book import Book
from studio.story.llm.mask import mask_for
from studio.story.llm.server import SETTINGS, Server
from studio.workshop import Workshop
from tests.story.llm.behaviours import transformed
from tests.story.llm.conftest import PAGES, Serving

ORDER = {"pages": 3, "age": "4-6", "language": "en"}
NOBODY = "the first snow of the year"
MARKS = "\u202e\u2066\u200b\x07\u0000"  # turn the reading direction, hide, ring


def begun(workshop: Workshop, idea: str) -> Book:
    return workshop.begin_book(workshop.read_story(idea, language="en"), 1)


def texts(book: Book) -> list[str]:
    return [page.scene.text for page in book.pages]


def changed(change: Any) -> Any:
    """The honest model with other texts."""

    def transform(plan: Any) -> Any:
        return {**plan, "pages": [{**page, "text": change(page["text"])} for page in plan["pages"]]}

    return transformed(transform)


# A hero without a name


@pytest.mark.parametrize("hero", ["{HERO}", "HERO"])
def test_a_hero_whom_the_idea_gives_no_name_stands_where_the_model_wrote_its_token(
    workshop: Workshop, serving: Serving, hero: str
) -> None:
    book = begun(workshop, "a shy dragon who is afraid of the dark")
    serving(changed(lambda text: text.replace("{HERO}", hero)))
    written = finish(workshop.write_book(book.id, "invent", **ORDER))
    assert [text.split(",")[0] for text in texts(written)] == [
        "dragon walks on through the quiet wood and looks for what was lost"
    ] * 3
    assert not set("{}") & set("".join(texts(written)))


def test_a_model_that_names_nobody_is_asked_again_for_a_name(workshop: Workshop, serving: Serving) -> None:
    book = begun(workshop, NOBODY)
    server = serving("well", changed(lambda text: text.replace("{HERO}", "Mimi")))
    written = finish(workshop.write_book(book.id, "invent", **ORDER))
    assert len(server.requests) == 2 and "give the hero a name" in server.requests[1].json["messages"][-1]["content"]
    assert len(written.pages) == 3 and all(text.startswith("Mimi walks on") for text in texts(written))


@pytest.mark.parametrize("hero", ["{HERO}", "HERO", "{HEROB}"])
def test_a_story_with_a_hole_for_a_name_never_becomes_a_book(workshop: Workshop, serving: Serving, hero: str) -> None:
    book = begun(workshop, NOBODY)
    serving(changed(lambda text: text.replace("{HERO}", hero)))
    with pytest.raises(NoAnswer, match="{HERO} stands for nobody"):
        finish(workshop.write_book(book.id, "invent", **ORDER))
    assert workshop.book(book.id) == book


def test_a_hero_in_capitals_of_the_story_itself_is_no_token() -> None:
    assert not mask_for("", [], "").speaks_of_nobody("A SUPERHERO and a hero.")


# Marks that print as nothing


@pytest.mark.parametrize(("task", "order"), [("relevel", {"age": "0-3"}), ("translate", {"language": "vi"})])
def test_words_of_a_model_come_without_marks_that_hide_or_turn_them(
    workshop: Workshop, book: Book, serving: Serving, task: str, order: dict[str, Any]
) -> None:
    def told() -> list[str]:
        after = finish(workshop.write_book(book.id, task, **order))
        return [page.translation or page.scene.text for page in after.pages]

    serving("well")
    honest = told()
    workshop.undo(book.id)
    serving(changed(lambda text: f" {MARKS}{text.replace(' ', f'{MARKS}  ')}\n\n{MARKS}é."))
    assert told() == [f"{text}\né." for text in honest] and len(honest) == PAGES


# Settings that were damaged


def test_a_price_or_patience_that_is_no_number_is_passed_over(workshop: Workshop) -> None:
    kept = {
        "address": "http://127.0.0.1:9/v1",
        "model": "storyteller",
        "price_in": "cheap",
        "price_out": 3,
        "patience_s": [],
    }
    workshop.settings.home.mkdir(parents=True, exist_ok=True)
    (workshop.settings.home / SETTINGS).write_text(json.dumps(kept), encoding="utf-8")
    assert workshop.language_model() == Server(kept["address"], kept["model"], price_in=0.0, price_out=3.0)
