"""What a person does on the screens reaches the workshop."""

from __future__ import annotations

from pathlib import Path

from studio.progress import finish
from studio.safety.confirmations import Confirmations
from studio.workshop import Workshop

STORY = "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home."


def test_the_sample_book_is_one_click_and_asks_for_its_pictures(studio, workshop: Workshop) -> None:
    app = studio()
    app.button(key="bookshelf_sample").click().run()
    (book,) = workshop.books()
    assert not app.exception and book.story.language == "en"
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("draw", book.id)]


def test_the_sample_book_speaks_the_persons_language(studio, workshop: Workshop) -> None:
    studio(locale="vi-VN").button(key="bookshelf_sample").click().run()
    assert workshop.books()[0].story.language == "vi"


def test_a_pasted_story_becomes_pages(studio, workshop: Workshop) -> None:
    app = studio("story")
    app.text_input(key="story_title_1").set_value("The cat").run()
    app.text_area(key="story_text_1").set_value(STORY).run()
    app.slider(key="story_pages_1").set_value(2).run()
    app.button(key="story_split").click().run()
    (book,) = workshop.books()
    assert book.title == "The cat" and len(book.pages) == 2
    assert [text.value for text in app.text] == [page.scene.text for page in book.pages]


def test_splitting_again_changes_the_same_book(studio, workshop: Workshop) -> None:
    workshop.begin_book(workshop.read_story(STORY, "The cat"), pages=2)
    app = studio("story")
    app.slider(key="story_pages_1").set_value(4).run()
    app.button(key="story_split").click().run()
    (book,) = workshop.books()
    assert len(book.pages) == 4


def test_an_empty_story_gets_one_kind_sentence(studio, workshop: Workshop) -> None:
    app = studio("story")
    app.button(key="story_split").click().run()
    assert len(app.error) == 1 and not app.exception and not workshop.books()


def test_a_draft_survives_closing_the_browser(studio) -> None:
    studio("story").text_area(key="story_text_1").set_value(STORY).run()
    assert studio("story").text_area(key="story_text_1").value == STORY


def test_drawing_is_asked_for_once(studio, workshop: Workshop) -> None:
    book = workshop.begin_book(workshop.read_story(STORY), pages=2)
    app = studio("pages")
    app.button(key="pages_draw").click().run()
    assert [(job.kind, job.target, job.state) for job in workshop.jobs()] == [("draw", book.id, "waiting")]
    assert app.button(key="running_cancel_draw") and not [one for one in app.button if one.key == "pages_draw"]


def test_drawing_can_be_cancelled(studio, workshop: Workshop) -> None:
    workshop.submit_drawing(workshop.begin_book(workshop.read_story(STORY), pages=2).id)
    app = studio("pages")
    app.button(key="running_cancel_draw").click().run()
    assert workshop.jobs()[0].state == "cancelled" and app.button(key="pages_draw")


def test_a_page_says_quietly_what_did_not_come_into_its_picture(studio, workshop: Workshop, tiny_pocket: Path) -> None:
    book = workshop.begin_book(workshop.read_story(STORY), pages=2)
    workshop.edit_page(book.id, 1, place="<b>Atlantis*")
    finish(workshop.draw_book(book.id))
    for locale, words in (("en-GB", "Pocket does not know"), ("vi-VN", "Pocket không biết")):
        (note,) = [one.value for one in studio("pages", locale).caption if words in one.value]
        assert r"\<b\>Atlantis\*" in note


def test_a_book_goes_to_the_trash_and_comes_back(studio, workshop: Workshop) -> None:
    book = workshop.begin_book(workshop.read_story(STORY), pages=2)
    app = studio()
    app.session_state[f"bookshelf_menu_{book.id}"] = True
    app.run()
    app.button(key=f"bookshelf_trash_{book.id}").click().run()
    assert not workshop.books()
    app.button(key="bookshelf_undo").click().run()
    assert [one.id for one in workshop.books()] == [book.id]


def test_the_look_is_saved(studio, workshop: Workshop) -> None:
    book = workshop.begin_book(workshop.read_story(STORY), pages=2)
    app = studio("styles")
    app.number_input(key="styles_seed").set_value(7).run()
    app.button(key="styles_use").click().run()
    assert workshop.book(book.id).look.seed == 7


def test_erasing_asks_once_and_gives_a_receipt(
    studio, workshop: Workshop, photos: list[tuple[str, bytes, str]]
) -> None:
    id = workshop.begin_character("May", "drawn", [photo[:2] for photo in photos], "girl").character.id
    app = studio("settings")
    app.button(key=f"settings_erase_now_{id}").click().run()
    assert not workshop.characters() and "3 photos of May" in app.success[0].value


def test_receipts_can_be_read_and_saved_at_any_later_time(
    studio, workshop: Workshop, photos: list[tuple[str, bytes, str]]
) -> None:
    for name in ("Zora", "Lan"):
        workshop.begin_character(name, "drawn", [photo[:2] for photo in photos], "girl")
        workshop.erase_character(name.lower())
    one, other = workshop.receipts()
    (workshop.settings.home / "audit" / "receipts" / f"{other.number}.json").write_bytes(other.raw.replace(b"3", b"4"))
    app = studio("settings")
    assert not app.exception and [one.label for one in app.get("download_button")] == ["Save the receipt"] * 2
    told = " ".join(said.value for said in (*app.markdown, *app.caption))
    assert "Photos: **3**" in told and "The signature holds" in told and "Zora" not in told and "Lan" not in told
    assert "not as it was signed" in " ".join(said.value for said in app.warning)
    assert [kept.genuine for kept in workshop.receipts()] == [True, False] and workshop.receipts()[0] == one


def test_a_damaged_book_is_named_and_the_others_stay(studio, workshop: Workshop) -> None:
    for title in ("One", "Two"):
        workshop.begin_book(workshop.read_story(STORY, title), pages=2)
    (workshop.settings.books / "one" / "book.json").write_text("{")
    app = studio()
    assert "one" in app.warning[0].value and app.button(key="bookshelf_open_two") and not app.exception
    assert "bị hỏng" in studio(locale="vi-VN").warning[0].value


def test_a_thrown_book_gives_way_to_the_next(studio, workshop: Workshop) -> None:
    for title in ("One", "Two"):
        workshop.begin_book(workshop.read_story(STORY, title), pages=2)
    app = studio()
    app.button(key="bookshelf_open_two").click().run()
    workshop.trash_book("two")
    app.switch_page("../pages/pages.py").run()
    assert any("One" in found.value for found in app.markdown)


def test_a_grown_up_may_take_it_on_to_look_at_the_pictures_of_the_own_model_too(studio, workshop: Workshop) -> None:
    app = studio("settings")
    app.radio(key="settings_confirm_what").set_value("pictures").run()
    app.selectbox(key="settings_confirm_pictures").set_value("pocket")
    app.text_input(key="settings_confirm_by").set_value("Mai, her mother").run()
    app.button(key="settings_confirm_now").click().run()
    assert Confirmations(workshop.settings).confirmed("pictures", "pocket") and not app.exception
