"""Pages are drawn, opened large and mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from studio.progress import finish
from studio.publishing.book import Book
from studio.workshop import Workshop
from tests.test_workshop import put_adapter

STORY = "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home."


@pytest.fixture
def book(workshop: Workshop, tiny_pocket: Path) -> Book:
    """A drawn book of two pages, the second with three candidates."""
    book = workshop.begin_book(workshop.read_story(STORY), pages=2)
    finish(workshop.draw_book(workshop.change_look(book.id, steps=2).id))
    finish(workshop.draw_candidates(book.id, 2, 2))
    return workshop.book(book.id)


@pytest.fixture
def opened(studio, book: Book) -> AppTest:
    """Its second page, large."""
    return studio("pages").button(key="pages_open_2").click().run()


def keys(app: AppTest, begin: str) -> list[str]:
    return [button.key for button in app.button if button.key and button.key.startswith(begin)]


def jobs(workshop: Workshop) -> list[tuple[str, str]]:
    return [(job.kind, job.state) for job in workshop.jobs()]


def test_a_candidate_is_chosen_and_taken_back(opened: AppTest, workshop: Workshop, book: Book) -> None:
    candidates = keys(opened, "candidate_2_")
    assert len(candidates) == 3 and opened.button(key="page_more").label == "Draw four more"
    opened.button(key=candidates[1]).click().run()
    assert workshop.book(book.id).pages[1].seed != book.pages[1].seed
    assert opened.button(key="page_undo").help == "Brings the picture back that page 2 had before"
    opened.button(key="page_undo").click().run()
    assert workshop.book(book.id) == book and not opened.exception


def test_four_more_are_asked_for_once_and_shown_as_coming(opened: AppTest, workshop: Workshop) -> None:
    opened.button(key="page_more").click().run()
    assert jobs(workshop) == [("candidates", "waiting")] and not keys(opened, "page_more")
    assert opened.button(key="running_cancel_candidates") and not opened.exception


def test_a_wish_is_understood_and_drawn_with_the_same_seed(opened: AppTest, workshop: Workshop, book: Book) -> None:
    opened.text_input(key=f"page_wish_{book.id}_2").set_value("make it night, with a red kite").run()
    opened.button(key="page_wish_now_2").click().run()
    page = workshop.book(book.id).pages[1]
    assert (page.scene.time, page.scene.things, page.seed) == ("night", ("red kite",), book.pages[1].seed)
    assert jobs(workshop) == [("redo", "waiting")]
    assert any(one.value == "Understood: at night, with a red kite." for one in opened.caption)


def test_a_wish_that_names_nothing_gets_examples(opened: AppTest, workshop: Workshop, book: Book) -> None:
    opened.text_input(key=f"page_wish_{book.id}_2").set_value("nicer").run()
    opened.button(key="page_wish_now_2").click().run()
    assert "make it night" in opened.error[0].value and not workshop.jobs()


def test_the_seed_is_a_field_of_the_details(opened: AppTest, workshop: Workshop, book: Book) -> None:
    field = opened.number_input(key=f"page_seed_{book.id}_2_{book.pages[1].seed}")
    field.set_value(77).run()
    assert workshop.book(book.id).pages[1].seed == 77 and opened.button(key="page_draw").label == "Draw it as it is now"


def test_painting_takes_the_place_of_the_picture_and_can_be_left(opened: AppTest) -> None:
    opened.button(key="page_paint").click().run()
    assert keys(opened, "page_paint_close") and not keys(opened, "page_more")
    opened.button(key="page_paint_close").click().run()
    assert keys(opened, "page_more") and not opened.exception


def test_another_style_for_all_is_one_click(studio, workshop: Workshop, book: Book) -> None:
    put_adapter(workshop, "wool", "style")
    app = studio("pages")
    app.button(key="restyle_wool").click().run()
    assert [one.adapter for one in workshop.book(book.id).look.styles] == ["wool"]
    assert jobs(workshop) == [("draw", "waiting")] and not app.exception


def given_up() -> None:
    from studio.errors import BadInput
    from studio.jobs.job import Job
    from studio.ui.desk import workshop
    from studio.ui.spreads import drawn_or_not

    book = workshop().books()[0]
    job = Job(id="1", kind="draw", target=book.id, state="failed", error=BadInput("No picture came out."))
    drawn_or_not(book, 1, None, "missing", job, None)


def test_a_page_that_was_given_up_says_so_and_can_be_tried_another_way(workshop: Workshop, home: Path) -> None:
    workshop.begin_book(workshop.read_story(STORY), pages=2)
    app = AppTest.from_function(given_up, default_timeout=60).run()
    assert app.markdown[0].value == "This page could not be drawn."
    app.button(key="pages_otherwise_1").click().run()
    assert jobs(workshop) == [("redo", "waiting")] and not app.exception


def test_a_slow_browser_never_sends_an_empty_field_back(opened: AppTest, book: Book) -> None:
    scene = book.pages[1].scene
    place = opened.selectbox(key=f"page_place_{book.id}_2")
    assert opened.text_area(key=f"page_text_{book.id}_2").proto.default == scene.text
    assert place.proto.options[place.proto.default] == place.options[place.index] and scene.place == place.value
