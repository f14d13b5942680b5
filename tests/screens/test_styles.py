"""The Styles screen: looks of three origins, nine strengths to choose from, and styles that come from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.adapters.card import Worn
from studio.progress import finish
from studio.settings import SHIPPED_ADAPTERS
from studio.workshop import Workshop
from studio.workshop.mixing import ALONE, HEROES, STYLES, best

STORY = "A girl ran in the forest. She saw a cat."
WATERCOLOUR = SHIPPED_ADAPTERS / "watercolour" / "adapter.safetensors"


@pytest.fixture
def book(workshop: Workshop) -> str:
    return workshop.begin_book(workshop.read_story(STORY), pages=2, styles=(Worn("watercolour", 0.6),)).id


def buttons(app, start: str) -> list[str]:
    return [one.key for one in app.button if one.key and one.key.startswith(start)]


def test_all_looks_that_ship_can_be_chosen(studio, workshop: Workshop, book: str) -> None:
    app = studio("styles")
    assert len(buttons(app, f"styles_choice_{book}_shipped_")) == 1 + len(workshop.styles())


def test_nine_strengths_are_asked_for_once(studio, workshop: Workshop, book: str) -> None:
    app = studio("styles")
    app.button(key="styles_try").click().run()
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("try", book)]
    assert app.button(key="running_cancel_try") and not buttons(app, "styles_try")


@pytest.mark.usefixtures("tiny_styles")
def test_one_click_keeps_a_strength_and_moves_the_sliders(studio, workshop: Workshop, book: str) -> None:
    trials = finish(workshop.try_style(book, "watercolour"))
    assert [trial.style for trial in trials] == list(ALONE) and all(trial.likeness is None for trial in trials)
    app = studio("styles")
    app.button(key="styles_keep_1").click().run()
    assert not app.exception
    assert workshop.book(book).look.styles == (Worn("watercolour", ALONE[1]),)
    assert app.slider(key="styles_strength").value == ALONE[1]
    assert best(trials) is None


@pytest.mark.usefixtures("tiny_styles")
def test_trials_of_a_book_that_changed_are_not_shown(workshop: Workshop, book: str) -> None:
    finish(workshop.try_style(book, "watercolour"))
    assert len(workshop.trials(workshop.book(book), "watercolour")) == len(ALONE)
    workshop.edit_page(book, 1, place="beach")
    assert workshop.trials(workshop.book(book), "watercolour") == ()


def test_a_style_from_elsewhere_is_looked_at_and_asked_for(studio, workshop: Workshop, book: str) -> None:
    app = studio("styles")
    app.text_input(key="styles_bring_title").set_value("Wet").run()
    app.file_uploader(key="styles_bring_file").set_value(("wet.safetensors", WATERCOLOUR.read_bytes(), "")).run()
    app.button(key="styles_bring_now").click().run()
    assert not app.error and not app.exception
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("bring", "wet")]
    finish(workshop.perform("bring", "wet", {}))
    assert workshop.adapter_sample("wet") and workshop.adapter_origin(workshop.styles()[-1])
    (card,) = [one for one in workshop.styles() if one.id == "wet"]
    assert workshop.adapter_origin(card) == "imported" and card.trigger == "watercolour painting"
    assert buttons(studio("styles"), f"styles_choice_{book}_imported_")


def test_a_file_that_is_no_style_is_refused_in_words_and_nothing_is_kept(studio, home: Path, book: str) -> None:
    app = studio("styles")
    app.text_input(key="styles_bring_title").set_value("Junk").run()
    app.file_uploader(key="styles_bring_file").set_value(("junk.pt", b"PK\x03\x04 something", "")).run()
    app.button(key="styles_bring_now").click().run()
    assert "can carry programs" in app.error[0].value
    assert not list((home / "arrivals").glob("*"))


def test_own_styles_can_be_renamed_and_taken_away(studio, workshop: Workshop, book: str) -> None:
    workshop.receive_adapter("wet.safetensors", WATERCOLOUR.read_bytes(), "Wet")
    finish(workshop.perform("bring", "wet", {}))
    app = studio("styles")
    app.text_input(key="styles_title_wet").set_value("Very wet").run()
    assert "Very wet" in [card.title for card in workshop.styles()]
    app.button(key="styles_remove_wet").click().run()
    assert "wet" not in [card.id for card in workshop.styles()]


def test_the_grid_holds_three_strengths_of_each() -> None:
    assert len(HEROES) == len(STYLES) == 3 and 1.0 in HEROES and 0.6 in STYLES and len(ALONE) == 9


def test_hero_and_style_may_be_worn_in_turn_and_the_sliders_still_tell_the_strength(
    studio, workshop: Workshop, taught: str
) -> None:
    book = workshop.begin_book(
        workshop.read_story(STORY), pages=2, characters=(Worn(taught),), styles=(Worn("watercolour", 0.6),)
    )
    app = studio("styles")
    app.toggle(key="styles_in_turn").set_value(True).run()
    app.button(key="styles_use").click().run()
    look = workshop.book(book.id).look
    assert look.styles[0].weight < 0.6 < look.styles[0].late
    assert look.characters[0].late < 1.0 < look.characters[0].weight
    app = studio("styles")
    assert app.slider(key="styles_strength").value == 0.6 and app.slider(key="styles_hero_strength").value == 1.0
    assert app.toggle(key="styles_in_turn").value
