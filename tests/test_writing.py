"""A book changed by hand: what moves, what stays, what is refused, and that every change can be taken back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.adapters.card import AdapterCard, Worn
from studio.adapters.shelf import Shelf
from studio.errors import BadInput, NotFound
from studio.library.characters import Characters
from studio.library.library import Library
from studio.progress import finish
from studio.publishing.book import Book
from studio.story.llm.server import Server
from studio.story.scene import Bearing, Role
from studio.workshop import Workshop
from tests.elder import as_of_old
from tests.story.llm.server import FakeServer
from tests.story.llm.storyteller import storyteller

TEXT = (
    "May had a red balloon in the garden. A dog named Rex ran to her. They went to the forest together. "
    "It began to rain in the city. At night they slept in the bedroom. May was happy."
)
OTHER = "A cat named Tom slept on the beach. He dreamt of a boat. The boat came in the morning."
PAGES = 3

Change = Callable[[Workshop, str], Any]
CHANGES: dict[str, Change] = {
    "split": lambda workshop, id: workshop.split_book(id, workshop.read_story(OTHER), 2),
    "title": lambda workshop, id: workshop.rename_book(id, "Quả bóng"),
    "author": lambda workshop, id: workshop.sign_book(id, "Bà Tư", "Cho Mây"),
    "words": lambda workshop, id: workshop.edit_page(id, 2, text="Mưa."),
    "scene": lambda workshop, id: workshop.edit_page(id, 1, place="space", things=("kite",), without=("dogs",)),
    "clothes": lambda workshop, id: workshop.edit_page(id, 1, bearings=(Bearing("May", clothes="blue dress"),)),
    "second language": lambda workshop, id: workshop.speak_second(id, "vi"),
    "translation": lambda workshop, id: workshop.edit_translation(id, 3, "Đêm ấy."),
    "break": lambda workshop, id: workshop.move_break(id, 1, 1),
    "join": lambda workshop, id: workshop.join_pages(id, 2),
    "cut": lambda workshop, id: workshop.cut_page(id, 1),
    "role": lambda workshop, id: workshop.describe_role(id, "May", kind="boy", clothes="green shirt"),
    "nobody": lambda workshop, id: workshop.describe_role(id, "Rex", drawn=False),
    "character": lambda workshop, id: workshop.bind_role(id, "May", "lan"),
    "look": lambda workshop, id: workshop.change_look(id, seed=7, characters=(Worn("lan", 0.8),)),
}


@pytest.fixture
def book(workshop: Workshop) -> Book:
    """Three pages of two sentences each."""
    return workshop.begin_book(workshop.read_story(TEXT, "The balloon"), PAGES)


@pytest.fixture
def lan(workshop: Workshop) -> str:
    """A character with photos, and a card without usable tensors: enough to be chosen and named."""
    begun = Characters(workshop.settings).add("Lan", "drawn", [b"a photo"], class_word="girl")
    id = as_of_old(workshop.settings, begun)
    tensors = workshop.settings.home / "empty.safetensors"
    tensors.write_bytes(b"lan")
    card = AdapterCard(
        id=id, title="Lan", kind="subject", base_model="pocket", rank=4, alpha=4, trigger="lan", class_word="girl"
    )
    Shelf(workshop.settings).put(card, tensors)
    return id


def record(workshop: Workshop, id: str) -> bytes:
    return (workshop.settings.books / id / "book.json").read_bytes()


def grow_old(workshop: Workshop, id: str) -> None:
    """What was changed so far was changed long ago."""
    for path in (workshop.settings.books / id).glob("history/*"):
        os.utime(path, (then := time.time() - 3600, then))


def texts(book: Book) -> list[str]:
    return [page.scene.text for page in book.pages]


def prompts(book: Book) -> list[str]:
    return [page.prompt.positive for page in book.pages]


def scenes(book: Book) -> list[Any]:
    return [(page.scene.who, page.scene.action, page.scene.place, page.scene.time) for page in book.pages]


# Undo


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_can_be_taken_back_to_the_letter(workshop: Workshop, book: Book, lan: str, change: Change) -> None:
    before = record(workshop, book.id)
    change(workshop, book.id)
    assert record(workshop, book.id) != before
    assert workshop.undo(book.id) == book
    assert record(workshop, book.id) == before and not workshop.can_undo(book.id)


def test_all_changes_are_taken_back_one_after_the_other(workshop: Workshop, book: Book, lan: str) -> None:
    known = []
    for name in ("break", "cut", "join", "role", "words", "character", "split"):
        known.append(record(workshop, book.id))
        CHANGES[name](workshop, book.id)
    for before in reversed(known):
        workshop.undo(book.id)
        assert record(workshop, book.id) == before


def test_what_a_language_model_wrote_is_taken_back(workshop: Workshop, book: Book) -> None:
    before = record(workshop, book.id)
    with FakeServer(storyteller) as server:
        workshop.choose_language_model(Server(server.url, "storyteller"))
        finish(workshop.write_book(book.id, "retell", pages=2, age="4-6", language="vi"))
    assert len(workshop.book(book.id).pages) == 2
    workshop.undo(book.id)
    assert record(workshop, book.id) == before


def test_pictures_that_fit_are_found_again(workshop: Workshop, book: Book) -> None:
    workshop.edit_page(book.id, 1, place="space")
    put_pictures(workshop, book)
    back = workshop.undo(book.id)
    assert all(page.picture for page in back.pages) and workshop.page_states(back) == ("drawn",) * PAGES


def test_a_change_taken_back_keeps_pictures_that_were_drawn_since(workshop: Workshop, book: Book) -> None:
    changed = workshop.edit_page(book.id, 1, place="space")
    put_pictures(workshop, book)
    put_pictures(workshop, changed)
    assert workshop.page_states(workshop.undo(book.id)) == ("drawn",) * PAGES
    assert workshop.page_states(workshop.edit_page(book.id, 1, place="space")) == ("drawn",) * PAGES


def put_pictures(workshop: Workshop, book: Book) -> None:
    """Files under the names of the pictures that the book asks for."""
    folder = Library(workshop.settings).pictures(book.id)
    for number, drawing in enumerate(workshop._easel.drawings(book), 1):
        (folder / drawing.file_name(number)).write_bytes(b"a picture")


def test_no_step_takes_nothing_back(workshop: Workshop, book: Book) -> None:
    workshop.speak_second(book.id, "vi")
    workshop.speak_second(book.id, None)
    assert not workshop.can_undo(book.id)


# Page breaks


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("sentences", [1, -1])
def test_a_moved_break_keeps_every_word_and_all_other_pages(workshop: Workshop, language: Any, sentences: int) -> None:
    book = workshop.begin_book(workshop.sample_story(language), 5)
    for number in range(1, 5):
        after = workshop.move_break(book.id, number, sentences)
        assert " ".join(texts(after)).split() == book.story.text.split()
        assert texts(after)[number - 1] != texts(book)[number - 1] and texts(after)[number] != texts(book)[number]
        assert (
            after.pages[: number - 1] + after.pages[number + 1 :] == book.pages[: number - 1] + book.pages[number + 1 :]
        )
        assert workshop.undo(book.id) == book


def test_scenes_follow_their_words_over_the_break(workshop: Workshop, book: Book) -> None:
    before, after = book.pages[1], workshop.move_break(book.id, 2, 1).pages[1]
    assert after.scene.text.endswith("At night they slept in the bedroom.")
    assert (before.scene.time, after.scene.time) == ("day", "night")
    assert "by day" in before.prompt.positive and "at night" in after.prompt.positive


def test_a_scene_made_by_hand_stays_when_its_words_move(workshop: Workshop, book: Book) -> None:
    workshop.edit_page(book.id, 2, place="space", action="flying")
    after = workshop.move_break(book.id, 1, 1)
    assert scenes(after)[1][1:3] == ("flying", "space") and "space" in prompts(after)[1]
    assert texts(after)[1] == "It began to rain in the city."


@pytest.mark.parametrize(
    ("number", "sentences", "error"),
    [(1, 2, BadInput), (1, -2, BadInput), (2, 99, BadInput), (3, -1, NotFound), (0, 1, NotFound), (9, 1, NotFound)],
)
def test_a_break_that_would_empty_a_page_is_refused_and_nothing_changes(
    workshop: Workshop, book: Book, number: int, sentences: int, error: type[Exception]
) -> None:
    before = record(workshop, book.id)
    with pytest.raises(error):
        workshop.move_break(book.id, number, sentences)
    assert record(workshop, book.id) == before and not workshop.can_undo(book.id)


def test_a_break_moved_there_and_back_leaves_the_words_as_they_were(workshop: Workshop, book: Book) -> None:
    workshop.move_break(book.id, 1, 1)
    assert texts(workshop.move_break(book.id, 1, -1)) == texts(book)


def test_joined_pages_hold_the_words_of_both_in_both_languages(workshop: Workshop, book: Book) -> None:
    for number, words in ((1, "Bóng đỏ."), (2, "Vào rừng.")):
        workshop.edit_translation(book.id, number, words)
    after = workshop.join_pages(book.id, 1)
    assert len(after.pages) == PAGES - 1 and after.pages[0].translation == "Bóng đỏ.\nVào rừng."
    assert texts(after)[0].split() == " ".join(texts(book)[:2]).split() and texts(after)[1] == texts(book)[2]


def test_a_cut_page_becomes_two_with_seeds_of_their_own(workshop: Workshop, book: Book) -> None:
    after = workshop.cut_page(book.id, 2)
    assert texts(after)[1:3] == ["They went to the forest together.", "It began to rain in the city."]
    assert " ".join(texts(after)).split() == TEXT.split()
    assert len({page.seed for page in after.pages}) == PAGES + 1


def test_what_cannot_be_cut_or_joined_is_told_and_nothing_changes(workshop: Workshop, book: Book) -> None:
    workshop.edit_page(book.id, 2, text="They went to the forest together.")
    before = record(workshop, book.id)
    with pytest.raises(BadInput, match="Page 2 is one sentence"):
        workshop.cut_page(book.id, 2)
    for number in (0, PAGES):
        with pytest.raises(NotFound):
            workshop.join_pages(book.id, number)
    assert record(workshop, book.id) == before


# The cast


def test_who_is_not_in_the_pictures_leaves_all_prompts_and_stays_in_the_words(workshop: Workshop, book: Book) -> None:
    assert any("dog" in prompt for prompt in prompts(book))
    after = workshop.describe_role(book.id, "Rex", drawn=False)
    assert not any("dog" in prompt for prompt in prompts(after)) and texts(after) == texts(book)
    assert prompts(workshop.describe_role(book.id, "Rex")) == prompts(book)


def test_a_described_role_changes_on_all_its_pages(workshop: Workshop, book: Book) -> None:
    after = workshop.describe_role(book.id, "May", kind="boy", clothes="green shirt")
    with_may = [number for number, page in enumerate(book.pages) if "May" in page.scene.who]
    assert with_may and all("boy in a green shirt" in prompts(after)[number] for number in with_may)
    assert not any("girl" in prompt for prompt in prompts(after))


def test_a_character_plays_one_role_and_can_leave_it(workshop: Workshop, book: Book, lan: str) -> None:
    assert any("lan girl" in prompt for prompt in prompts(workshop.bind_role(book.id, "May", lan)))
    after = workshop.bind_role(book.id, "Rex", lan)
    assert {role.name: role.character for role in after.cast.roles} == {"May": "", "Rex": lan}
    assert workshop.describe_role(book.id, "Rex") == book


def test_a_role_that_is_not_in_the_story_is_told_with_those_that_are(workshop: Workshop, book: Book) -> None:
    with pytest.raises(NotFound, match="nobody called 'Tom'.*'May', 'Rex'"):
        workshop.describe_role(book.id, "Tom", drawn=False)
    with pytest.raises(NotFound, match="no character 'nobody'"):
        workshop.bind_role(book.id, "May", "nobody")
    assert workshop.book(book.id) == book and not workshop.can_undo(book.id)


def test_a_role_described_by_hand_keeps_its_looks_when_the_look_changes(workshop: Workshop, book: Book) -> None:
    workshop.describe_role(book.id, "May", kind="boy", clothes="green shirt")
    after = workshop.change_look(book.id, seed=7)
    assert after.cast.hero == Role("May", "boy", clothes="green shirt")
    assert "boy in a green shirt" in prompts(after)[0]


def test_a_role_that_the_story_only_writes_with_a_capital_can_be_played(workshop: Workshop, lan: str) -> None:
    book = workshop.begin_book(workshop.read_story("Mèo con tìm chó con. Mèo con buồn.", language="vi"), 1)
    after = workshop.bind_role(book.id, "mèo con", lan)
    assert played(after) == {"mèo con": (lan, True), "chó con": ("", True)}


# A new plan


def chosen(workshop: Workshop, id: str, character: str) -> Book:
    """The book as its person has made it: in two languages, with Rex played by somebody and May in no picture."""
    workshop.speak_second(id, "vi")
    workshop.describe_role(id, "May", drawn=False)
    return workshop.bind_role(id, "Rex", character)


def played(book: Book) -> dict[str, tuple[str, bool]]:
    return {role.name: (role.character, role.drawn) for role in book.cast.roles}


def told_anew(workshop: Workshop, id: str, task: str, language: str) -> Book:
    with FakeServer(storyteller) as server:
        workshop.choose_language_model(Server(server.url, "storyteller"))
        return finish(workshop.write_book(id, task, pages=2, age="4-6", language=language))


def test_a_story_split_anew_keeps_its_second_language_and_who_plays_whom(
    workshop: Workshop, book: Book, lan: str
) -> None:
    before = chosen(workshop, book.id, lan)
    after = workshop.split_book(book.id, workshop.read_story(f"{TEXT} A cat named Tom came."), 2)
    assert len(after.pages) == 2 and after.second_language == "vi"
    assert played(after) == played(before) | {"Tom": ("", True)} and played(before)["Rex"] == (lan, True)
    assert any("lan girl" in prompt for prompt in prompts(after))


@pytest.mark.parametrize(
    ("task", "language", "second"), [("retell", "en", "vi"), ("retell", "vi", None), ("invent", "en", "vi")]
)
def test_a_story_told_anew_keeps_who_plays_whom_and_a_second_language_that_is_not_its_first(
    workshop: Workshop, book: Book, lan: str, task: str, language: str, second: str | None
) -> None:
    before = chosen(workshop, book.id, lan)
    after = told_anew(workshop, book.id, task, language)
    assert played(after) == played(before) == {"May": ("", False), "Rex": (lan, True)}
    assert (after.story.language, after.second_language) == (language, second)
    assert (after.id, after.title, after.created) == (before.id, before.title, before.created)


def test_a_role_without_a_name_is_played_in_another_language_too(workshop: Workshop, lan: str) -> None:
    book = workshop.begin_book(workshop.read_story("Mèo con tìm chó con. Mèo con buồn.", language="vi"), 1)
    before = workshop.bind_role(book.id, "chó con", lan)
    assert played(told_anew(workshop, book.id, "retell", "en")) == played(before)


# An erased character


def test_an_erased_character_is_not_brought_back_by_undo(workshop: Workshop, book: Book, lan: str) -> None:
    workshop.bind_role(book.id, "May", lan)
    workshop.erase_character(lan)
    assert not workshop.can_undo(book.id)
    assert workshop.undo(book.id).look.characters == () and not traces(workshop, book.id)


@pytest.mark.parametrize("thrown", [False, True], ids=["left", "thrown away"])
def test_an_erased_character_is_in_no_former_state(workshop: Workshop, book: Book, lan: str, thrown: bool) -> None:
    workshop.bind_role(book.id, "May", lan)
    grow_old(workshop, book.id)
    workshop.describe_role(book.id, "May")
    if thrown:
        workshop.trash_book(book.id)
    workshop.erase_character(lan)
    if thrown:
        workshop.restore_book(book.id)
    assert not traces(workshop, book.id)


def traces(workshop: Workshop, id: str) -> list[Path]:
    """The files of a book in which the character is named."""
    files = (path for path in (workshop.settings.books / id).rglob("*.json") if path.is_file())
    return [path for path in files if b'"lan"' in path.read_bytes()]


# The second language


def test_a_second_language_stands_beside_the_first_and_its_words_outlive_it(workshop: Workshop, book: Book) -> None:
    workshop.speak_second(book.id, "vi")
    workshop.edit_translation(book.id, 1, "Mây có quả bóng đỏ.")
    off = workshop.speak_second(book.id, None)
    assert off.second_language is None and off.pages[0].translation == "Mây có quả bóng đỏ."
    on = workshop.speak_second(book.id, "vi")
    assert (on.second_language, on.pages[0].translation) == ("vi", "Mây có quả bóng đỏ.")
    assert texts(on) == texts(book) and prompts(on) == prompts(book)


def test_a_translation_of_a_page_that_is_not_there_is_refused(workshop: Workshop, book: Book) -> None:
    with pytest.raises(NotFound, match="Choose 1 to 3"):
        workshop.edit_translation(book.id, 4, "Đêm ấy.")


def test_a_translation_by_the_model_stands_beside_the_words(workshop: Workshop, book: Book) -> None:
    with FakeServer(storyteller) as server:
        workshop.choose_language_model(Server(server.url, "storyteller"))
        after = finish(workshop.write_book(book.id, "translate", language="vi"))
    assert after.second_language == "vi" and all("May" in page.translation for page in after.pages)
    assert texts(after) == texts(book) and after.writer == book.writer
