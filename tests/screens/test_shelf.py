"""The shelf: found by any word and by tags, doubled, kept in a file; and how long people are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from studio.library.clock import Clock, clock_of, keep
from studio.photos.photo import Photo
from studio.progress import finish
from studio.workshop import Workshop
from tests.travelling import png

STORY = "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home."


@pytest.fixture
def shelved(workshop: Workshop) -> Workshop:
    """Ten books, one of which tells of a dragon and has a tag."""
    for number in range(9):
        workshop.begin_book(workshop.read_story(STORY, f"Book {number}"), pages=1)
    dragon = workshop.begin_book(workshop.read_story(STORY.replace("cat", "dragon"), "Con rồng nhỏ"), pages=2)
    workshop.tag_book(dragon.id, ("for grandma",))
    return workshop


def titles(app: AppTest) -> list[str]:
    return [one.label for one in app.button if (one.key or "").startswith("bookshelf_open_")]


def menu(app: AppTest, id: str) -> AppTest:
    app.session_state[f"bookshelf_menu_{id}"] = True
    return app.run()


@pytest.mark.parametrize("words", ["dragon", "con rong", "RỒNG nhỏ", "grandma", "dragon garden"])
def test_a_book_is_found_by_any_of_its_words_with_or_without_marks(studio, shelved: Workshop, words: str):
    app = studio()
    assert len(titles(app)) == 10
    app.text_input(key="bookshelf_search").set_value(words).run()
    assert titles(app) == ["Con rồng nhỏ"]


def test_a_chip_sifts_the_shelf(studio, shelved: Workshop):
    app = studio()
    app.pills(key="bookshelf_chips").set_value(["for grandma"]).run()
    assert titles(app) == ["Con rồng nhỏ"]


def test_tags_are_written_in_the_menu(studio, shelved: Workshop):
    app = menu(studio(), "book-3")
    (field,) = [one for one in app.multiselect if one.key.startswith("bookshelf_tags_book-3")]
    field.set_value(["for grandma"]).run()
    assert shelved.book("book-3").tags == ("for grandma",) and shelved.tags() == ("for grandma",)


def test_a_copy_stands_beside_the_book_and_goes_with_one_click(studio, shelved: Workshop):
    app = menu(studio(), "book-3")
    app.button(key="bookshelf_double_book-3").click().run()
    assert "Book 3 (copy)" in [one.title for one in shelved.books()]
    app.button(key="bookshelf_undo_copy").click().run()
    assert len(shelved.books()) == 10 and not app.exception


def test_whose_time_is_over_is_told_on_the_shelf_and_kept_with_one_click(studio, workshop: Workshop):
    may = workshop._characters.add("May", "drawn", [png("red")]).id
    folder = workshop.settings.characters / may
    keep(folder, Clock(used=datetime.now(UTC) - timedelta(days=40)))
    assert finish(workshop.tidy()).notices
    app = studio()
    assert any("May" in one.value and "for a long time" in one.value for one in app.markdown)
    app.button(key=f"bookshelf_longer_{may}").click().run()
    assert not workshop.notices() and not clock_of(folder).told


def test_photos_that_were_left_out_are_told_of_and_kept_in_the_same_way(studio, workshop: Workshop):
    album = [Photo(file="01.png"), Photo(file="02.png", kept=False)]
    may = workshop._characters.add("May", "drawn", [png("red"), png("blue")], album=album).id
    place = workshop.settings.characters / may / "clocks" / "02"
    place.mkdir(parents=True)
    keep(place, Clock(used=datetime.now(UTC) - timedelta(days=40)))
    assert [one.photos for one in finish(workshop.tidy()).notices] == [1]
    app = studio()
    assert any("1 photo of" in one.value and "All else stays" in one.value for one in app.markdown)
    app.button(key=f"bookshelf_longer_{may}").click().run()
    assert not workshop.notices() and not clock_of(place).told
    app = app.switch_page("../pages/characters.py").run().button(key=f"characters_open_{may}").click().run()
    assert len([one.value for one in app.caption if "Left out: will be erased" in one.value]) == 1


def test_a_person_decides_in_settings_how_long_somebody_is_kept(studio, workshop: Workshop):
    may = workshop._characters.add("May", "drawn", [png("red")]).id
    app = studio("settings")
    app.selectbox(key=f"settings_kept_{may}").set_value(0).run()
    assert workshop.clock(may).days == 0
    assert "Kept until you erase them" in [one.value for one in studio("characters").caption]
