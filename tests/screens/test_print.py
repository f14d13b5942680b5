"""Where a book goes, what its printer would say, and how it looks on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from studio.progress import finish
from studio.publishing.book import Book
from studio.ui.destinations import DESTINATIONS
from studio.ui.printing import made_for
from studio.ui.sheets import FACES
from studio.ui.takeaway import carried
from studio.workshop import Workshop

STORY = "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home."
STATIC = Path(__file__).resolve().parents[2] / "studio" / "static"


@pytest.fixture
def book(workshop: Workshop) -> Book:
    """A book of two pages with pictures of plain colours."""
    book = workshop.begin_book(workshop.read_story(STORY, "The <b>cat</b>"), pages=2)
    folder = workshop.settings.books / book.id / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for number in (1, 2):
        Image.new("RGB", (64, 64), (40 * number, 120, 90)).save(folder / f"{number}.png")
    pages = tuple(replace(page, picture=f"{number}.png") for number, page in enumerate(book.pages, 1))
    return workshop._library.save(replace(book, pages=pages))


@pytest.fixture
def screen(studio, book: Book) -> AppTest:
    return studio("print")


def place(app: AppTest, id: str) -> AppTest:
    """With this destination chosen."""
    number = [one.id for one in DESTINATIONS].index(id)
    return app.button(key=f"print_place_{number}").click().run()


@pytest.mark.parametrize("locale", ["en-GB", "vi-VN"])
def test_every_destination_opens_in_both_languages(studio, book: Book, locale: str) -> None:
    app = studio("print", locale)
    for one in DESTINATIONS:
        assert not place(app, one.id).exception and not app.error


def test_the_screen_needs_nothing_and_the_file_is_one_click(screen: AppTest, workshop: Workshop) -> None:
    screen.button(key="print_make").click().run()
    assert [(job.kind, job.state) for job in workshop.jobs()] == [("export", "waiting")] and not screen.exception


def test_a_red_light_asks_for_a_tick(screen: AppTest, book: Book) -> None:
    place(screen, "kdp")
    assert screen.button(key="print_make").disabled
    screen.checkbox(key=f"print_accept_{book.id}").check().run()
    assert not screen.button(key="print_make").disabled


def test_pages_that_lack_are_added_with_one_click(screen: AppTest, workshop: Workshop, book: Book) -> None:
    place(screen, "ingram").button(key="print_add_red").click().run()
    assert workshop.book(book.id).design.own_pages > 1
    assert not [one for one in screen.button if one.key == "print_add_red"] and not screen.exception
    screen.button(key="print_undo").click().run()
    assert workshop.book(book.id) == book


def test_the_looks_are_kept_as_they_are_chosen(screen: AppTest, workshop: Workshop, book: Book) -> None:
    screen.button(key="print_shape_2").click().run()
    screen.button(key="print_face_Quicksand-Medium").click().run()
    screen.toggle(key=f"print_drop_cap_{book.id}").set_value(True).run()
    design = workshop.book(book.id).design
    assert (design.trim, design.face, design.drop_cap) == ("10x8in", "Quicksand-Medium", True)


def test_the_words_of_the_cover_are_kept_as_they_are_typed(screen: AppTest, workshop: Workshop, book: Book) -> None:
    screen.text_input(key=f"print_title_{book.id}").set_value("Cats").run()
    screen.text_input(key=f"print_author_{book.id}").set_value("Lan").run()
    screen.text_area(key=f"print_blurb_{book.id}").set_value("Who sleeps here?").run()
    kept = workshop.book(book.id)
    assert (kept.title, kept.story.author, kept.design.blurb) == ("Cats", "Lan", "Who sleeps here?")


def test_a_title_too_long_for_the_cover_is_said_where_it_can_be_mended(screen: AppTest, book: Book) -> None:
    screen.text_input(key=f"print_title_{book.id}").set_value("Cats " * 600).run()
    assert not screen.exception and "too long for the cover" in screen.error[0].value
    screen.text_input(key=f"print_title_{book.id}").set_value("Cats").run()
    assert not screen.error


def test_a_page_is_laid_out_with_one_click_and_back(studio, workshop: Workshop, book: Book) -> None:
    app = studio("pages").button(key="pages_open_2").click().run()
    app.session_state[f"page_view_{book.id}_True"] = "As it prints"
    app.run().button(key="layout_1").click().run()
    assert workshop.book(book.id).pages[1].layout == "above" and not app.exception
    assert app.button(key="page_undo").help == "Lays page 2 out as it was before"
    app.button(key="layout_5").click().run()
    assert workshop.book(book.id).pages[1].layout is None


def test_the_words_go_back_where_they_read_best(studio, workshop: Workshop, book: Book) -> None:
    workshop.place_words(book.id, 1, (0.1, 0.6, 0.9, 0.95))
    app = studio("pages").button(key="pages_open_1").click().run()
    app.session_state[f"page_view_{book.id}_True"] = "As it prints"
    app.run().button(key="page_words_best").click().run()
    assert workshop.book(book.id).pages[0].text_box is None and not app.exception


def test_each_page_can_be_read_aloud_for_the_e_reader(screen: AppTest, book: Book) -> None:
    place(screen, "reader").session_state["print_voices"] = True
    screen.run()
    assert not screen.exception and book.pages[0].scene.text in [text.value for text in screen.text]
    assert any("0 of 2 pages have your voice." in one.value for one in screen.caption)


def test_what_is_shown_is_what_is_printed(workshop: Workshop, book: Book) -> None:
    leaves, sides = workshop.leaves(book, "kdp"), workshop.sides(book, "kdp")
    assert [leaf.part for leaf in leaves] == [side.part for side in sides]
    assert "The &lt;b&gt;cat&lt;/b&gt;" in "".join(leaf.html for leaf in leaves)
    assert not [leaf for leaf in leaves if "<b>" in leaf.html]


def test_plates_are_made_once_and_are_light(workshop: Workshop, book: Book) -> None:
    workshop.leaves(book)
    plates = {path: path.stat().st_mtime_ns for path in workshop._library.thumbnails(book.id).glob("plate-*.jpg")}
    workshop.leaves(book)
    assert plates and plates == {path: path.stat().st_mtime_ns for path in plates}
    assert max(path.stat().st_size for path in plates) < 120_000


def test_every_face_of_the_preview_is_served() -> None:
    assert not [name for name in FACES.values() if not (STATIC / f"{name}.woff2").is_file()]


def test_the_file_that_is_wanted_now_is_the_one_that_stands_out(studio, workshop: Workshop, book: Book) -> None:
    for name in ("cat-screen.html", "cat-kdp.pdf", "cat-kdp-cover.pdf"):
        (workshop._library.exports(book.id) / name).write_bytes(b"%PDF-1.7")
    app = place(studio("print"), "web")
    assert not app.exception and app.button(key="print_make")
    told = " ".join(one.value for one in app.markdown)
    assert all(words in told for words in ("The web page", "The cover, as PDF", "The book, as PDF", "Amazon KDP"))
    assert (
        made_for(workshop.exports(book.id), DESTINATIONS[1]) >= 0 > made_for(workshop.exports(book.id), DESTINATIONS[0])
    )


def test_a_book_goes_to_another_computer_and_stands_on_its_shelf(studio, workshop: Workshop, book: Book) -> None:
    app = place(studio("print"), "computer")
    app.button(key="print_make").click().run()
    assert [job.kind for job in workshop.jobs()] == ["export"]
    packed = finish(workshop.export_book(book.id, suffix=".storybook")).file
    app = studio("bookshelf")
    app.file_uploader(key="bookshelf_bring_file").set_value((packed.name, packed.read_bytes(), "")).run()
    app.button(key="bookshelf_bring_now").click().run()
    unpack = next(job for job in workshop.live_jobs() if job.kind == "unpack")
    finish(workshop.perform(unpack.kind, unpack.target, unpack.arguments))
    assert not app.run().exception and len(workshop.books()) == 2
    assert "The <b>cat</b>" in app.success[0].value.replace("\\", "")


def test_what_is_taken_away_is_called_after_the_title_whatever_the_studio_calls_it(book: Book) -> None:
    whale = replace(book, id="book-2", title="Lan và cá voi")
    assert carried(whale, "book-2-lulu-cover.pdf") == "lan-va-ca-voi-lulu-cover.pdf"
    assert carried(replace(whale, title="鯨"), "book-2-screen.pdf") == "book-2-screen.pdf"


def test_a_file_that_is_no_book_is_said_and_nothing_stands_on_the_shelf(studio, workshop: Workshop, book: Book) -> None:
    app = studio("bookshelf")
    app.file_uploader(key="bookshelf_bring_file").set_value(("x.storybook", b"PK no book", "")).run()
    app.button(key="bookshelf_bring_now").click().run()
    assert not app.exception and app.error and len(workshop.books()) == 1
