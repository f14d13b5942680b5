"""The Story screen as a person meets it: words become pages, pages and people are changed, and every change goes back."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from studio.publishing.book import Book
from studio.ui.memory import recall, recalled, remember
from studio.workshop import Workshop

STORY = (
    "A girl named May ran in the forest. She saw a cat named Tom. The cat slept in the garden. "
    "At night they went home. May was happy. Tom jumped."
)
PAGES = 3
SAME_FIELDS = "a browser keeps what a field with the same key held, so the fields of a book that changed need new keys"


@pytest.fixture
def book(workshop: Workshop) -> Book:
    return workshop.begin_book(workshop.read_story(STORY, "The cat"), PAGES)


@pytest.fixture
def opened(studio, book: Book) -> AppTest:
    """The screen with page 1 open."""
    return studio("story").button(key="story_change_1").click().run()


def labelled(found: Iterable[Any], label: str) -> Any:
    """The only one of these that is called so."""
    (one,) = [each for each in found if each.label == label]
    return one


def leaves(app: AppTest) -> list[str]:
    return [text.value for text in app.text]


def texts(book: Book) -> list[str]:
    return [page.scene.text for page in book.pages]


def prompts(workshop: Workshop, book: Book) -> str:
    return " | ".join(page.prompt.positive for page in workshop.book(book.id).pages)


def undo(app: AppTest) -> AppTest:
    return app.button(key="story_undo").click().run()


# A story before it is a book


def test_a_pasted_story_shows_its_pages_before_there_is_a_book(studio, workshop: Workshop) -> None:
    app = studio("story")
    app.text_area(key="story_text_1").set_value(STORY).run()
    app.slider(key="story_pages_1").set_value(PAGES).run()
    split = [scene.text for scene in workshop.plan(workshop.read_story(STORY), PAGES)[1]]
    assert leaves(app) == split and "May running in the forest" in app.caption[1].value
    assert not workshop.books() and not app.error


def test_what_is_too_short_to_be_split_shows_no_page_and_no_complaint(studio) -> None:
    app = studio("story")
    app.text_area(key="story_text_1").set_value("A girl").run()
    assert not leaves(app) and not app.error and not app.exception


def test_the_draft_of_a_book_and_the_draft_of_none_are_kept_apart(studio, workshop: Workshop, book: Book) -> None:
    remember(draft_text="Once there was a whale.")
    studio("story").text_area(key="story_text_1").set_value(f"{STORY} The end.").run()
    assert studio("story").text_area(key="story_text_1").value == f"{STORY} The end."
    assert workshop.book(book.id) == book
    workshop.trash_book(book.id)
    assert studio("story").text_area(key="story_text_1").value == "Once there was a whale."


def test_what_was_typed_for_a_book_is_forgotten_when_it_is_gone_for_good(
    studio, workshop: Workshop, home: Path, book: Book
) -> None:
    remember(draft_text="Once there was a whale.")
    studio("story").text_area(key="story_text_1").set_value(f"{STORY} The end.").run()
    remember(**{f"clash_pages_text_{book.id}_1": '["a", "b"]'})
    workshop.trash_book(book.id)
    studio("story")
    assert recalled(f"draft_{book.id}_") and recalled("clash_pages"), "the trash gives back"
    shutil.rmtree(home / "trash" / "books" / book.id)
    studio("story")
    assert not recalled(f"draft_{book.id}_") and not recalled("clash_") and recall("draft_text")


def test_a_story_that_was_split_leaves_no_draft_behind(studio, workshop: Workshop) -> None:
    app = studio("story")
    app.text_area(key="story_text_1").set_value(STORY).run()
    app.slider(key="story_pages_1").set_value(PAGES).run()
    app.button(key="story_split").click().run()
    assert len(workshop.books()[0].pages) == PAGES and recall("draft_text") == recall("draft_pages") == ""


def test_the_sample_taken_for_a_book_leaves_the_draft_of_none(studio, book: Book) -> None:
    remember(draft_text="Once there was a whale.")
    studio("story").button(key="story_sample").click().run()
    assert recall("draft_text") == "Once there was a whale."


def test_author_and_dedication_outlive_another_story(studio, workshop: Workshop, book: Book) -> None:
    workshop.sign_book(book.id, "Bà Tư", "Cho Mây")
    app = studio("story").button(key="story_sample").click().run()
    labelled(app.text_area, "Your story").set_value(f"{STORY} The end.").run()
    story = workshop.book(book.id).story
    assert (story.author, story.dedication) == ("Bà Tư", "Cho Mây")


def test_author_and_dedication_are_kept(studio, workshop: Workshop, book: Book) -> None:
    app = studio("story")
    labelled(app.text_input, "Author").set_value(" Bà  Tư").run()
    labelled(app.text_area, "Dedication").set_value("Cho Mây,\nvà cho mẹ").run()
    story = workshop.book(book.id).story
    assert (story.author, story.dedication) == ("Bà Tư", "Cho Mây,\nvà cho mẹ")
    assert labelled(studio("story").text_area, "Dedication").value == "Cho Mây,\nvà cho mẹ"


# A page


def test_the_words_of_a_page_are_saved_and_its_scene_stays(opened: AppTest, workshop: Workshop, book: Book) -> None:
    labelled(opened.text_area, "Words on this page").set_value("Once, <b>May</b> ran.").run()
    page = workshop.book(book.id).pages[0]
    assert page.scene.text == "Once, <b>May</b> ran." and page.prompt == book.pages[0].prompt
    assert not opened.exception


@pytest.mark.parametrize(
    ("kind", "label", "value", "words"),
    [
        ("selectbox", "Where", "space", "space"),
        ("selectbox", "With what", "kite", "kite"),
        ("multiselect", "Who", ["May", "Tom"], "cat"),
    ],
)
def test_a_field_of_the_scene_is_saved_and_the_prompt_follows(
    opened: AppTest, workshop: Workshop, book: Book, kind: str, label: str, value: Any, words: str
) -> None:
    assert words not in prompts(workshop, book).split(" | ")[0]
    labelled(getattr(opened, kind), label).set_value(value).run()
    prompt = workshop.book(book.id).pages[0].prompt
    details = labelled(opened.expander, "Details")
    assert words in prompt.positive and details.text[0].value == prompt.positive
    assert f"{prompt.tokens} of {prompt.limit} word pieces" in details.caption[0].value


def test_what_must_not_be_there_is_asked_for_as_such(opened: AppTest, workshop: Workshop, book: Book) -> None:
    opened.text_input(key=f"page_without_{book.id}_1").set_value("trees, , hats ").run()
    page = workshop.book(book.id).pages[0]
    assert page.scene.without == ("trees", "hats") and page.prompt.negative.endswith("trees, hats")
    assert page.prompt.positive == book.pages[0].prompt.positive


def test_clothes_that_nobody_can_draw_are_told_with_what_is_drawn_instead(
    opened: AppTest, workshop: Workshop, book: Book
) -> None:
    labelled(opened.text_input, "What May wears here").set_value("yellow raincoat").run()
    assert "in a yellow jacket" in prompts(workshop, book).split(" | ")[0]
    told = [caption.value for caption in labelled(opened.expander, "Details").caption]
    assert "“yellow raincoat” is drawn as “yellow jacket”." in told


# Undo


def test_undo_takes_the_last_change_back_and_the_one_before(opened: AppTest, workshop: Workshop, book: Book) -> None:
    labelled(opened.text_area, "Words on this page").set_value("May sang.").run()
    once = workshop.book(book.id)
    labelled(opened.selectbox, "Where").set_value("space").run()
    undo(opened)
    assert workshop.book(book.id) == once
    undo(opened)
    assert workshop.book(book.id) == book and opened.button(key="story_undo").disabled and not opened.exception


def test_an_open_page_shows_what_came_back(opened: AppTest, book: Book) -> None:
    labelled(opened.text_area, "Words on this page").set_value("May sang.").run()
    labelled(opened.selectbox, "Where").set_value("space").run()
    undo(undo(opened))
    assert labelled(opened.text_area, "Words on this page").value == texts(book)[0]
    assert labelled(opened.selectbox, "Where").value == "forest"


def test_a_title_taken_back_stands_in_its_field_again(studio, workshop: Workshop, book: Book) -> None:
    app = studio("story")
    app.text_input(key="story_title_1").set_value("The dog").run()
    assert workshop.book(book.id).title == "The dog"
    assert labelled(undo(app).text_input, "Title").value == "The cat"


def test_an_open_page_shows_its_words_after_another_split(opened: AppTest, workshop: Workshop, book: Book) -> None:
    labelled(opened.slider, "How many pages?").set_value(2).run()
    opened.button(key="story_split").click().run()
    assert len(workshop.book(book.id).pages) == 2
    assert labelled(opened.text_area, "Words on this page").value == texts(workshop.book(book.id))[0]


# Where pages end


def test_a_moved_break_changes_both_pages_and_nothing_else(studio, workshop: Workshop, book: Book) -> None:
    workshop.edit_page(book.id, 2, place="space")
    app = studio("story")
    workshop.move_break(book.id, 1, 1)
    assert leaves(app.run()) == texts(workshop.book(book.id))
    assert leaves(app)[0] != texts(book)[0] and leaves(app)[2] == texts(book)[2]
    assert workshop.book(book.id).pages[1].scene.place == "space"
    assert leaves(undo(app)) == texts(book)


def test_pages_are_joined_and_cut(opened: AppTest, workshop: Workshop, book: Book) -> None:
    opened.button(key="story_join_1").click().run()
    assert [leaf.split() for leaf in leaves(opened)] == [" ".join(texts(book)[:2]).split(), texts(book)[2].split()]
    opened.button(key="story_change_2").click().run()
    opened.button(key="story_cut_2").click().run()
    assert len(leaves(opened)) == 3 and " ".join(leaves(opened)).split() == STORY.split()


def test_the_last_page_joins_nothing_and_one_sentence_is_not_cut(studio, workshop: Workshop, book: Book) -> None:
    workshop.edit_page(book.id, 3, text="Tom jumped.")
    app = studio("story").button(key="story_change_3").click().run()
    assert not [one for one in app.button if one.key == "story_join_3"]
    app.button(key="story_cut_3").click().run()
    assert "one sentence" in app.error[0].value and len(workshop.book(book.id).pages) == PAGES


def test_sentences_are_shown_where_pages_end(studio, book: Book) -> None:
    app = studio("story")
    app.segmented_control(key="story_view").set_value("breaks").run()
    assert not leaves(app) and not app.exception and not app.error


# Who plays


def test_who_is_not_in_the_pictures_leaves_the_prompts_and_comes_back(studio, workshop: Workshop, book: Book) -> None:
    app = studio("story")
    labelled(app.segmented_control, "Who plays Tom?").set_value("-").run()
    assert "cat" not in prompts(workshop, book) and "girl" in prompts(workshop, book)
    assert texts(workshop.book(book.id)) == texts(book)
    labelled(app.segmented_control, "Who plays Tom?").set_value("").run()
    assert prompts(workshop, book).count("cat") == 2 and not app.exception


def test_a_described_role_is_drawn_so_on_all_pages(studio, workshop: Workshop, book: Book) -> None:
    app = studio("story")
    labelled(app.selectbox, "What May is").set_value("grandmother").run()
    for field, value in (("colour", "green"), ("garment", "sweater")):
        number = next(at for at, role in enumerate(book.cast.roles) if role.name == "May")
        key = f"story_{field}_{book.id}_{number}_"
        next(one for one in app.selectbox if (one.key or "").startswith(key)).set_value(value).run()
    said = prompts(workshop, book)
    assert said.count("grandmother in a green sweater") == 2 and "girl" not in said and "dress" not in said


def test_a_trained_character_speaks_in_the_prompts_of_its_role(
    studio, workshop: Workshop, book: Book, taught: str
) -> None:
    app = studio("story")
    labelled(app.segmented_control, "Who plays May?").set_value(taught).run()
    after = workshop.book(book.id)
    assert {role.name: role.character for role in after.cast.roles} == {"May": taught, "Tom": ""}
    assert prompts(workshop, book).count("may girl") == 2 and "red dress" not in prompts(workshop, book)
    labelled(app.segmented_control, "Who plays May?").set_value("").run()
    assert workshop.book(book.id) == book and not app.exception


@pytest.mark.parametrize("change", ["undo", "split"])
def test_the_cast_is_shown_as_it_is_now(studio, workshop: Workshop, book: Book, change: str) -> None:
    app = studio("story")
    labelled(app.selectbox, "What Tom is").set_value("dog").run()
    if change == "undo":
        undo(app)
    else:
        labelled(app.text_area, "Your story").set_value(
            "A rabbit named Tom ran home. Then Tom slept all night in the garden."
        ).run()
        app.button(key="story_split").click().run()
    roles = {role.name: role.kind for role in workshop.book(book.id).cast.roles}
    assert labelled(app.selectbox, "What Tom is").value == roles["Tom"]


# Two languages


def test_a_second_language_is_written_beside_the_first(opened: AppTest, workshop: Workshop, book: Book) -> None:
    labelled(opened.toggle, "In two languages, with Tiếng Việt").set_value(True).run()
    labelled(opened.text_area, "The same in Tiếng Việt").set_value("Mây chạy trong rừng.").run()
    after = workshop.book(book.id)
    assert (after.second_language, after.pages[0].translation) == ("vi", "Mây chạy trong rừng.")
    opened.button(key="story_close").click().run()
    assert r"Mây chạy trong rừng\." in [caption.value for caption in opened.caption] and texts(after) == texts(book)


@pytest.mark.parametrize("before", [None, "vi"], ids=["on", "off"])
def test_the_second_language_is_taken_back(studio, workshop: Workshop, book: Book, before: Any) -> None:
    workshop.speak_second(book.id, before)
    workshop._library.forget_history(book.id)
    app = studio("story")
    app.toggle[0].set_value(before is None).run()
    undo(app)
    assert workshop.book(book.id).second_language == before and app.toggle[0].value == bool(before)


# Both languages of the studio

ALIKE = {"The cat", "May", "Tom", "red dress", "English", "Tiếng Việt"}  # names, and what a test below is about


def said(app: AppTest) -> set[str]:
    """Every word that a screen shows or tells a screen reader: texts, labels, options, hints."""
    found: set[str] = set()
    for node in app.main:
        proto: Any = node.proto
        block = [getattr(proto, kind) for kind in ("popover", "expandable", "tab") if _has(proto, kind)]
        for one in (proto, *block):
            found.update(getattr(one, name, "") for name in ("label", "placeholder", "help", "body"))
        found.update(getattr(option, "content", option) for option in getattr(proto, "options", ()))
    return {words.replace("*", "") for words in found if isinstance(words, str) and words}


def _has(proto: Any, kind: str) -> bool:
    return proto is not None and kind in proto.DESCRIPTOR.fields_by_name and proto.HasField(kind)


@pytest.mark.parametrize("screen", ["empty", "pages", "page"])
def test_nothing_is_said_in_english_to_a_vietnamese(
    studio, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, screen: str
) -> None:
    alike, both = set(ALIKE), []
    if screen != "empty":
        book = workshop.begin_book(workshop.read_story(STORY, "The cat"), PAGES)
        alike |= {*texts(book), *(page.prompt.positive for page in book.pages)}
    for language, locale in (("en", "en-GB"), ("vi", "vi-VN")):
        monkeypatch.setitem(st.session_state, "language", language)  # AppTest words the choices outside of the session
        app = studio("story", locale)
        both.append(said(app.button(key="story_change_1").click().run() if screen == "page" else app))
    assert not (both[0] & both[1]) - alike and len(both[1]) > 10


def test_the_clothes_of_a_role_are_told_in_the_persons_language(
    studio, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(st.session_state, "language", "vi")
    app = studio("story", "vi-VN").button(key="story_change_1").click().run()
    assert labelled(app.text_input, "May mặc gì ở đây").placeholder != "red dress"
