"""A language model on the screens: set up and let go in Settings, asked on Story, and everything that left told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from studio.progress import finish
from studio.publishing.book import Book
from studio.story.llm import conversation
from studio.story.llm.server import KEY as KEY_FILE
from studio.story.llm.server import Server
from studio.workshop import Workshop
from tests.story.llm.server import FakeServer
from tests.story.llm.storyteller import storyteller

HERO, KEY = "Wilhelmina", "sk-canary-4711"
STORY = (
    f"{HERO} lived by the river. One day {HERO} found a red kite. The kite flew away. She ran after it into the forest. "
    f"A fox helped her. They walked home together. It was night. {HERO} slept in her bed."
)
PAGES = 3
TASKS = ["keep", "relevel", "retell", "translate"]


@pytest.fixture
def book(workshop: Workshop) -> Book:
    return workshop.begin_book(workshop.read_story(STORY, "The kite"), PAGES)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A server on this computer that nobody chose yet."""
    conversation.forget_refusals()
    with FakeServer(storyteller) as running:
        yield running


@pytest.fixture
def chosen(workshop: Workshop, server: FakeServer) -> FakeServer:
    workshop.choose_language_model(Server(server.url, "storyteller", key=KEY))
    return server


def labelled(found: Iterable[Any], label: str) -> Any:
    """The only one of these that is called so."""
    (one,) = [each for each in found if each.label == label]
    return one


def keys(app: AppTest, start: str) -> list[str]:
    return [one.key for one in app.button if (one.key or "").startswith(start)]


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def filled(app: AppTest, address: str, model: str, key: str = "", price: float = 0.0) -> AppTest:
    """The form of Settings, filled in and sent."""
    for label, words in (("Address", address), ("Model", model), ("Key", key)):
        labelled(app.text_input, label).set_value(words)
    labelled(app.number_input, "Back").set_value(price)
    return app.button(key="settings_llm_save").click().run()


# Story


def test_who_wrote_the_scenes_is_told(studio, workshop: Workshop, book: Book, chosen: FakeServer) -> None:
    assert "The plain writer found these scenes" in captions(studio("story"))
    finish(workshop.write_book(book.id, "keep", pages=PAGES))
    assert "storyteller wrote these scenes." in captions(studio("story"))


def test_without_a_model_nothing_is_offered_but_the_way_to_one(studio, book: Book) -> None:
    app = studio("story")
    assert not keys(app, "story_task_") and not app.exception
    assert "set up a language model in Settings" in app.info[0].value


def test_a_model_offers_its_tasks_and_tells_what_they_take(studio, book: Book, chosen: FakeServer) -> None:
    app = studio("story")
    assert keys(app, "story_task_") == [f"story_task_{task}" for task in TASKS]
    assert "tokens go there and" in captions(app) and "on your own computer" in captions(app)
    assert not chosen.requests


def test_a_model_elsewhere_tells_its_price(studio, workshop: Workshop, book: Book) -> None:
    workshop.choose_language_model(Server("https://models.example/v1", "far", price_in=10.0, price_out=30.0))
    assert "US dollars" in captions(studio("story"))


def test_a_click_asks_once_for_a_task_and_the_pages_wait(
    studio, workshop: Workshop, book: Book, chosen: FakeServer
) -> None:
    app = studio("story")
    app.button(key="story_task_relevel").click().run()
    app.button(key="story_task_relevel").click().run()
    assert [(job.kind, job.target, job.state) for job in workshop.jobs()] == [("write", book.id, "waiting")]
    assert not app.text and not keys(app, "story_change_") and not app.exception
    app.button(key="running_cancel_write").click().run()
    assert workshop.jobs()[0].state == "cancelled" and len(app.text) == PAGES


def test_a_wish_is_asked_for_with_its_page(studio, workshop: Workshop, book: Book, chosen: FakeServer) -> None:
    app = studio("story").button(key="story_change_2").click().run()
    assert app.button(key="page_rewrite_2").disabled
    labelled(app.text_input, "A wish for this page").set_value("make it night").run()
    app.button(key="page_rewrite_2").click().run()
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("write", book.id)] and not app.exception


def test_an_idea_begins_a_book_and_asks_for_its_pages(studio, workshop: Workshop, chosen: FakeServer) -> None:
    app = studio("story")
    labelled(app.text_area, "Your idea").set_value("A shy dragon who is afraid of the dark").run()
    app.button(key="idea_write").click().run()
    (book,) = workshop.books()
    assert book.story.text == "A shy dragon who is afraid of the dark"
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("write", book.id)] and not app.exception


def test_no_idea_begins_no_book(studio, workshop: Workshop, chosen: FakeServer) -> None:
    app = studio("story")
    app.button(key="idea_write").click().run()
    assert len(app.error) == 1 and not workshop.books() and not workshop.jobs()


def test_an_idea_is_kept_as_it_is_typed(studio, chosen: FakeServer) -> None:
    labelled(studio("story").text_area, "Your idea").set_value("A shy dragon").run()
    assert labelled(studio("story").text_area, "Your idea").value == "A shy dragon"


def test_what_was_written_stands_on_the_screen_when_it_is_done(
    studio, workshop: Workshop, book: Book, chosen: FakeServer
) -> None:
    app = studio("story")
    app.button(key="story_task_translate").click().run()
    workshop.cancel(workshop.jobs()[0].id)  # the worker's part is done here
    finish(workshop.write_book(book.id, "translate", language="vi"))
    app.run()
    assert workshop.book(book.id).second_language == "vi" and app.toggle[0].value
    assert f"{HERO} đi tiếp" in captions(app)


def test_a_story_told_anew_stands_on_the_desk(studio, workshop: Workshop, book: Book, chosen: FakeServer) -> None:
    app = studio("story")
    app.button(key="story_task_retell").click().run()
    workshop.cancel(workshop.jobs()[0].id)
    finish(workshop.write_book(book.id, "retell", pages=PAGES, age="4-6", language="en"))
    app.run()
    assert labelled(app.text_area, "Your story").value == workshop.book(book.id).story.text != STORY


# Settings


def test_a_model_is_chosen_by_address_and_tried(studio, workshop: Workshop, server: FakeServer) -> None:
    app = filled(studio("settings"), f" {server.url}/ ", "storyteller", KEY, price=2.5)
    assert not app.error and not app.exception
    chosen = workshop.language_model()
    assert (chosen.address, chosen.model, chosen.price_out) == (server.url, "storyteller", 2.5)
    app.button(key="settings_llm_try").click().run()
    assert "It answers: “Welcome”" in app.success[0].value
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("address", ["ollama", "http://models.example/v1"])
def test_an_address_that_cannot_be_used_gets_one_kind_sentence(studio, home: Path, address: str) -> None:
    app = filled(studio("settings"), address, "m", KEY)
    assert len(app.error) == 1 and not app.exception
    assert not (home / KEY_FILE).exists() and not (home / "language_model.json").exists()


def test_a_key_is_in_one_file_and_on_no_screen(
    studio, workshop: Workshop, book: Book, home: Path, server: FakeServer
) -> None:
    filled(studio("settings"), server.url, "storyteller", KEY)
    finish(workshop.write_book(book.id, "keep", pages=PAGES))
    files = [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert [path.name for path in files] == [KEY_FILE] and files[0].stat().st_mode & 0o077 == 0
    assert all(KEY not in repr(studio(screen).main) for screen in ("settings", "story"))


def test_an_empty_key_keeps_the_one_that_is_there(studio, workshop: Workshop, chosen: FakeServer) -> None:
    filled(studio("settings"), chosen.url, "another")
    assert (workshop.language_model().model, workshop.language_model().key) == ("another", KEY)


def test_a_key_goes_to_no_other_host_than_it_was_given_for(studio, workshop: Workshop, chosen: FakeServer) -> None:
    filled(studio("settings"), "https://models.example/v1", "far")
    assert workshop.language_model().key == ""


def test_a_password_in_an_address_is_not_kept(studio, home: Path, server: FakeServer) -> None:
    filled(studio("settings"), server.url.replace("//", "//me:hush@"), "storyteller")
    assert "hush" not in (home / "language_model.json").read_text()


def test_a_model_is_let_go_with_its_key(studio, workshop: Workshop, home: Path, chosen: FakeServer) -> None:
    app = studio("settings")
    app.button(key="settings_llm_forget").click().run()
    assert not keys(app, "settings_llm_try") and not app.exception
    assert not (home / KEY_FILE).exists() and not (home / "language_model.json").exists()


def test_a_model_that_refuses_is_told_in_one_sentence(studio, workshop: Workshop) -> None:
    with FakeServer(storyteller, ["key_wrong"]) as refusing:
        workshop.choose_language_model(Server(refusing.url, "storyteller", key=KEY))
        app = studio("settings").button(key="settings_llm_try").click().run()
    assert len(app.error) == 1 and KEY not in app.error[0].value and not app.success and not app.exception


def test_what_left_is_listed_word_by_word_without_names(
    studio, workshop: Workshop, book: Book, chosen: FakeServer
) -> None:
    assert "Nothing yet." in [one.value for one in studio("settings").markdown]
    finish(workshop.write_book(book.id, "keep", pages=PAGES))
    app = studio("settings")
    (sent,) = [code.value for code in app.code]
    assert "found a red kite" in sent and "{HERO}" in sent
    assert HERO not in sent and KEY not in sent
    app.button(key="settings_left_clear").click().run()
    assert not app.code and not workshop.what_left() and not app.exception


def test_settings_tell_which_addresses_the_keeper_of_the_studio_allows(
    studio, chosen: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_LLM_ALLOWED", "api.example.org")
    app = studio("settings")
    assert any(r"api\.example\.org" in one.value for one in app.caption) and not app.exception


# Both languages of the studio


def test_settings_say_nothing_in_english_to_a_vietnamese(
    studio, workshop: Workshop, book: Book, chosen: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(workshop.write_book(book.id, "keep", pages=PAGES))
    both = []
    for language, locale in (("en", "en-GB"), ("vi", "vi-VN")):
        monkeypatch.setitem(st.session_state, "language", language)  # AppTest words the choices outside of the session
        app = studio("settings", locale)
        found = (*app.button, *app.text_input, *app.number_input, *app.expander, *app.segmented_control)
        both.append({one.label for one in found} | {one.value for one in (*app.caption, *app.header, *app.title)})
    assert not both[0] & both[1] and len(both[1]) > 15
