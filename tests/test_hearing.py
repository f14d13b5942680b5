"""Whatever is asked for, a picture comes, and the person is told which words did not come into it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.models.table import base_model
from studio.pocket.vocabulary import CALM
from studio.progress import finish
from studio.publishing.book import Book
from studio.story.prompt import Prompt
from studio.workshop import Workshop
from studio.workshop.hearing import Drawn, Heard, hear, hear_page, page_remarks, remarks

STEPS = 2
STORY = "May ran in the forest. She saw a cat. The cat slept in the garden."


@pytest.fixture
def book(workshop: Workshop, tiny_pocket: Path) -> Book:
    return workshop.begin_book(workshop.read_story(STORY, "The cat"), pages=2)


def drawn(workshop: Workshop, prompt: str, out: Path, **options) -> Drawn:
    return finish(workshop.draw_picture(prompt, out, steps=STEPS, **options))


def told(drawn: Drawn) -> list[str]:
    return [remark.said() for remark in remarks(drawn, "pocket")]


def test_a_prompt_of_known_words_is_drawn_without_remark(workshop, tiny_pocket, tmp_path):
    made = drawn(workshop, "a happy cat in the garden", tmp_path / "cat.png")
    assert made == Drawn(tmp_path / "cat.png") and told(made) == []


def test_an_unknown_word_is_told_and_the_rest_is_drawn(workshop, tiny_pocket, tmp_path):
    made = drawn(workshop, "a kangaroo in the garden", tmp_path / "kangaroo.png")
    assert (made.unknown_words, made.cut_words, made.calmed) == (("kangaroo",), (), False)
    assert told(made) == ["Pocket does not know: 'kangaroo'. It drew the rest."]


@pytest.mark.parametrize(
    "prompt", ["", "  \n", "kangaroo", "中文 العربية 🦘", "xylophone " * 2000], ids=lambda p: p[:20]
)
def test_what_pocket_cannot_follow_becomes_the_same_calm_scene(workshop, tiny_pocket, tmp_path, prompt):
    calm = drawn(workshop, CALM, tmp_path / "calm.png")
    made = drawn(workshop, prompt, tmp_path / "made.png")
    assert made.calmed and made.unknown_words == tuple(dict.fromkeys(prompt.split()))
    assert made.path.read_bytes() == calm.path.read_bytes()


def test_two_thousand_words_are_drawn_in_silence_with_the_cut_ones_told(workshop, tiny_pocket, tmp_path, capfd, caplog):
    made = drawn(workshop, "a cat in the garden " * 400, tmp_path / "long.png")
    assert made.path.is_file() and not made.calmed
    assert len(made.cut_words) == 1938 and made.unknown_words == ()
    assert capfd.readouterr() == ("", "") and not caplog.records
    assert told(made) == [
        "The text is too long for Pocket. It did not read: 'in', 'the', 'garden', 'a', 'cat' … (+1933)."
    ]


def test_known_words_past_the_limit_do_not_count_as_heard(workshop, tiny_pocket, tmp_path):
    made = drawn(workshop, "qzx " * 90 + "a cat", tmp_path / "late.png")
    assert made.calmed and made.cut_words[-2:] == ("a", "cat") and made.unknown_words == ("qzx",)


def test_a_picture_drawn_before_is_told_about_all_the_same(workshop, tiny_pocket, tmp_path):
    first, second = (drawn(workshop, "a kangaroo at night", tmp_path / f"{n}.png") for n in (1, 2))
    assert first.unknown_words == second.unknown_words == ("kangaroo",)


def test_an_endless_word_is_shortened_in_the_sentence_and_whole_in_the_result():
    made = Drawn(Path("x.png"), unknown_words=("猫" * 500,))
    assert told(made) == [f"Pocket does not know: '{'猫' * 40}…'. It drew the rest."]


@pytest.mark.parametrize("prompt", ["", "a kangaroo", "中文"])
def test_of_other_models_no_word_is_called_unknown_and_nothing_is_exchanged(workshop, prompt):
    folder = workshop.settings.models / "sd15"
    (folder / "unet").mkdir(parents=True)
    (folder / "model_index.json").write_text("{}")
    (folder / "unet" / "x.safetensors").write_bytes(b"")
    assert hear(prompt, base_model("sd15"), workshop.settings) == Heard(prompt)


def test_a_worn_trigger_is_no_unknown_word(workshop, tiny_pocket):
    heard = hear("zorb", base_model("pocket"), workshop.settings, ("zorb", "girl"))
    assert heard == Heard("zorb")


def test_a_page_keeps_what_did_not_come_into_its_picture(workshop, book):
    workshop.edit_page(book.id, 1, place="Atlantis")
    workshop.edit_page(book.id, 2, things=("ball", "kite"))
    assert workshop.book(book.id).pages[0].unknown_words == ()  # told with the picture
    finish(workshop.draw_book(book.id))
    first, second = workshop.book(book.id).pages
    assert first.unknown_words == ("Atlantis",) and second.unknown_words == ()
    assert second.cut_words == ("kite",)
    assert [remark.said() for remark in page_remarks(first, "pocket")] == [
        "Pocket does not know: 'Atlantis'. It drew the rest."
    ]
    assert [remark.said() for remark in page_remarks(second, "pocket")] == ["Left out of the picture: 'kite'."]


def test_drawing_a_page_again_notes_what_is_true_of_the_new_picture(workshop, book):
    workshop.edit_page(book.id, 1, place="Atlantis")
    finish(workshop.draw_book(book.id))
    workshop.edit_page(book.id, 1, place="forest")
    assert workshop.book(book.id).pages[0].unknown_words == ("Atlantis",)  # still the old picture
    finish(workshop.redo_page(book.id, 1))
    assert workshop.book(book.id).pages[0].unknown_words == ()


def test_the_same_story_goes_on_with_its_book_though_words_were_noted(workshop, book):
    workshop.edit_page(book.id, 1, place="Atlantis")
    finish(workshop.draw_book(book.id))
    edited = workshop.book(book.id)
    again = workshop.begin_book(edited.story, pages=2, reuse=True)
    assert again.id != book.id  # edited: another wish
    finish(workshop.draw_book(again.id))
    assert workshop.begin_book(edited.story, pages=2, reuse=True).id == again.id


def test_a_page_of_which_nothing_can_be_said_is_the_calm_scene(workshop, book):
    page = replace(
        book.pages[0], prompt=Prompt("", "", ("Atlantis", "May")), scene=replace(book.pages[0].scene, who=("May",))
    )
    heard = hear_page(page, base_model("pocket"), workshop.settings)
    assert heard == Heard(CALM, ("Atlantis",), ("May",), calmed=True)
    shown = replace(page, unknown_words=heard.unknown_words)
    assert [remark.said() for remark in page_remarks(shown, "pocket")] == [
        "Pocket does not know: 'Atlantis'. It drew a calm scene instead."
    ]
    drawing = workshop._easel.drawings(replace(book, pages=(page,)))[0]
    assert drawing.prompt == CALM


def test_the_sample_stories_are_drawn_without_remark(workshop, tiny_pocket):
    for language in ("en", "vi"):
        book = workshop.begin_book(workshop.sample_story(language), pages=6)
        for page in book.pages:
            assert hear_page(page, base_model("pocket"), workshop.settings).unknown_words == ()
