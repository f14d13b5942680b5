"""Two windows on the same words: neither writes over the other, and where both changed the same words, both are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.ui.field import words_of
from studio.workshop import Workshop

STORY = "A red fox ran. It saw a cat. At night they went home. The moon was up."
PAGE = "A red fox ran. It saw a cat."


@pytest.fixture
def book(workshop: Workshop):
    return workshop.begin_book(workshop.read_story(STORY, "The fox"), pages=2)


@pytest.fixture
def two(studio, book):
    """Two windows with page 1 open to change."""
    return [studio("story").button(key="story_change_1").click().run() for _window in range(2)]


def field(app, book, name: str = "text"):
    key = f"page_{name}_{book.id}_1"
    return app.text_area(key=key) if name == "text" else app.text_input(key=key)


def clash(app, book, choice: str):
    return app.button(key=f"clash_{choice}_now_page_text_{book.id}_1")


def words(workshop: Workshop, book) -> str:
    return workshop.book(book.id).pages[0].scene.text


def differ(two, book) -> None:
    """Both windows change the same word."""
    field(two[0], book).set_value(PAGE.replace("red", "blue")).run()
    field(two[1], book).set_value(PAGE.replace("red", "green")).run()


def test_changes_in_different_places_join_and_reach_the_other_window(two, book, workshop: Workshop) -> None:
    field(two[0], book).set_value(PAGE.replace("red", "blue")).run()
    assert field(two[1], book).set_value(PAGE.replace("a cat", "a dog")).run()
    both = "A blue fox ran. It saw a dog."
    assert words(workshop, book) == both == field(two[1], book).value == field(two[0].run(), book).value


def test_words_that_were_typed_before_the_window_was_refreshed_join_too(two, book, workshop: Workshop) -> None:
    workshop.edit_page(book.id, 1, text=PAGE.replace("red", "blue"))
    assert "blue" in field(two[0].run(), book).value
    field(two[0], book).set_value(PAGE + " And a dog.").run()  # its browser went on from what it still showed
    assert words(workshop, book) == PAGE.replace("red", "blue") + " And a dog."


def test_what_a_slow_browser_still_shows_is_no_change(two, book, workshop: Workshop) -> None:
    workshop.edit_page(book.id, 1, text=PAGE.replace("red", "blue"))
    two[0].run()
    field(two[0], book).set_value(PAGE).run()
    assert "blue" in words(workshop, book) and "blue" in field(two[0], book).value


@pytest.mark.parametrize(
    ("choice", "kept", "undone"),
    [
        ("mine", "A green fox ran. It saw a cat.", "A blue fox ran. It saw a cat."),
        ("theirs", "A blue fox ran. It saw a cat.", "A green fox ran. It saw a cat."),
        ("both", "A blue green fox ran. It saw a cat.", "A blue fox ran. It saw a cat."),
    ],
)
def test_the_same_words_are_not_written_over_but_chosen(
    two, book, workshop, choice: str, kept: str, undone: str
) -> None:
    differ(two, book)
    assert "blue" in words(workshop, book) and "green" in field(two[1], book).value
    assert any("Both versions are safe" in one.value for one in two[1].markdown)
    clash(two[1], book, choice).click().run()
    assert words(workshop, book) == kept == field(two[1], book).value and not two[1].exception
    assert not [one for one in two[1].button if one.key.startswith("clash_")]
    assert workshop.undo(book.id).pages[0].scene.text == undone


def test_both_versions_outlive_a_closed_window(studio, two, book, workshop: Workshop) -> None:
    differ(two, book)
    again = studio("story").button(key="story_change_1").click().run()
    assert "green" in field(again, book).value and "blue" in words(workshop, book)
    clash(again, book, "mine").click().run()
    assert "green" in words(workshop, book)


def test_a_version_that_is_mended_by_hand_needs_no_choice(two, book, workshop: Workshop) -> None:
    differ(two, book)
    field(two[1], book).set_value(PAGE + " The end.").run()
    assert words(workshop, book) == PAGE.replace("red", "blue") + " The end."
    assert not [one for one in two[1].button if one.key.startswith("clash_")]


def test_an_author_typed_here_leaves_a_title_typed_there(two, book, workshop: Workshop) -> None:
    two[0].text_input(key="story_title_1").set_value("The blue fox").run()
    two[1].text_input(key="story_author_1").set_value("May").run()
    now = workshop.book(book.id)
    assert (now.title, now.story.author) == ("The blue fox", "May")
    assert two[1].text_input(key="story_title_1").value == "The blue fox"


def test_a_draft_is_typed_in_two_windows(studio) -> None:
    one, other = studio("story"), studio("story")
    one.text_area(key="story_text_1").set_value(STORY).run()
    other.run()
    one.text_area(key="story_text_1").set_value(STORY + " The end.").run()
    other.text_area(key="story_text_1").set_value("Once. " + STORY).run()
    assert studio("story").text_area(key="story_text_1").value == f"Once. {STORY} The end."


def test_nothing_is_split_while_two_versions_stand(studio, workshop: Workshop) -> None:
    one, other = studio("story"), studio("story")
    one.text_area(key="story_text_1").set_value("A cat slept in the garden.").run()
    other.text_area(key="story_text_1").set_value("Two dogs ran in the forest.").run()
    other.button(key="story_split").click().run()
    assert "two windows" in other.error[0].value and not workshop.books()


def test_a_story_split_there_leaves_what_is_typed_here_for_it(two, book, workshop: Workshop) -> None:
    two[0].text_area(key="story_text_1").set_value(STORY + " The end.").run()
    two[1].run().slider(key="story_pages_1").set_value(3).run()
    two[1].button(key="story_split").click().run()
    assert "The end." in workshop.book(book.id).story.text and len(workshop.book(book.id).pages) == 3


def test_what_must_not_be_there_is_not_written_over_either(two, book, workshop: Workshop) -> None:
    field(two[0], book, "without").set_value("rain, snow").run()
    field(two[1], book, "without").set_value("fog,").run()
    assert workshop.book(book.id).pages[0].scene.without == ("rain", "snow", "fog")


def test_who_is_chosen_in_two_windows_joins(two, book, workshop: Workshop) -> None:
    fox, cat = workshop.book(book.id).pages[0].scene.who
    two[0].multiselect(key=f"page_who_{book.id}_1").set_value([fox]).run()
    two[1].multiselect(key=f"page_who_{book.id}_1").set_value([cat]).run()
    assert workshop.book(book.id).pages[0].scene.who == ()


def test_a_window_sees_when_another_changed_words_but_not_when_a_picture_came(book, workshop: Workshop, studio) -> None:
    studio()  # the same home
    before = words_of(book.id)
    workshop._library.change(
        book.id, lambda one: replace(one, pages=(replace(one.pages[0], picture="a.png"), *one.pages[1:]))
    )
    assert words_of(book.id) == before
    workshop.rename_book(book.id, "Other")
    assert words_of(book.id) != before


def test_typing_in_two_windows_is_taken_back_window_by_window(two, book, workshop: Workshop) -> None:
    field(two[0], book).set_value(PAGE.replace("red", "blue")).run()
    field(two[1], book).set_value(PAGE.replace("a cat", "a dog")).run()
    assert workshop.undo(book.id).pages[0].scene.text == PAGE.replace("red", "blue")
    assert workshop.undo(book.id).pages[0].scene.text == PAGE
