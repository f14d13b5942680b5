"""The measured book on the screen: bars and words under the pictures, red marks with what mends them, all at a glance."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from studio.adapters.card import Worn
from studio.evaluation.asking import Reading
from studio.evaluation.measures import HeroSeen, Sight
from studio.publishing.book import Book
from studio.workshop import Workshop
from studio.workshop.sights import Sights

STORY = "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home."
GOOD = {"numbers": (0.0, 0.99, 0.01, 0.0), "asked": 1, "readings": (Reading("place", "forest", 0.97, "forest"),)}
WRONG = {"numbers": (0.0, 0.02, 0.98, 0.0), "asked": 1, "readings": (Reading("time", "night", 0.1, "day"),)}


@pytest.fixture
def book(workshop: Workshop) -> Book:
    """Two pages with plain pictures that nobody has looked at."""
    book = workshop.begin_book(workshop.read_story(STORY), pages=2)
    return draw(workshop, book)


def draw(workshop: Workshop, book: Book) -> Book:
    for number, drawing in enumerate(workshop._easel.drawings(book), 1):
        path = workshop.settings.books / book.id / "pictures" / drawing.file_name(number)
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (256, 256), (90, 120, 60)).save(path)
    return workshop._easel.settle(book.id)


def look(workshop: Workshop, book: Book, *seen: dict) -> None:
    """Notes what was seen in the pages, one after another."""
    kept, briefs = Sights(workshop.settings.books / book.id / "measures"), workshop._gauge.briefs(book)
    for number, what in enumerate(seen, 1):
        picture = book.pages[number - 1].picture
        kept.put(Sight(picture=picture, brief=briefs[number].key, print_px=(1024, 1024), **what))


def bars(app: AppTest) -> list[str]:
    return [one.proto.body for one in app.get("html") if 'class="measures' in one.proto.body]


def keys(app: AppTest) -> set[str]:
    return {one.key for one in app.button}


def test_a_measured_book_shows_bars_words_and_numbers(studio, workshop: Workshop, book: Book) -> None:
    look(workshop, book, GOOD, GOOD)
    app = studio("pages")
    whole, *pages = bars(app)
    assert not app.exception and len(pages) == 2 and whole.count("<li") == pages[0].count("<li") == 3
    assert "good" in pages[0] and "1 seen, 1 on the page" in pages[0] and "117 points to the inch" in pages[0]
    assert not keys(app) & {"pages_mend_1", "pages_mend_all", "pages_measure"}
    assert "tốt" in bars(studio("pages", "vi-VN"))[1]


def test_a_red_mark_comes_first_with_the_button_that_mends_it(studio, workshop: Workshop, book: Book) -> None:
    look(workshop, book, GOOD, WRONG)
    app = studio("pages")
    assert any("Figures in the picture: 2. On the page: 1." in one.value for one in app.markdown)
    assert any("Hard to find in the picture: at night" in one.value for one in app.markdown)
    assert any("Page 2 has a red mark" in one.value for one in app.markdown) and "pages_mend_1" not in keys(app)
    app.button(key="pages_mend_2").click().run()
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("redo", book.id)]


def test_pictures_that_nobody_looked_at_are_measured_on_demand(studio, workshop: Workshop, book: Book) -> None:
    app = studio("pages")
    assert not bars(app)
    app.button(key="pages_measure").click().run()
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("assess", book.id)] and not app.exception
    assert "pages_measure" not in keys(app)


def test_a_hero_who_hardly_shows_is_worn_more_strongly_and_then_taught(
    studio, workshop: Workshop, book: Book, taught: str
) -> None:
    hero = HeroSeen(character=taught, likeness=0.6)
    for weight, button in ((0.5, "pages_more_may"), (1.0, "pages_teach_may")):
        worn = draw(workshop, workshop.change_look(book.id, characters=(Worn(taught, weight),)))
        look(workshop, worn, GOOD | {"heroes": (hero,)}, GOOD | {"heroes": (replace(hero, likeness=0.62),)})
        app = studio("pages")
        assert button in keys(app) and not keys(app) & {"pages_mend_1", "pages_mend_2"}
        assert any("May is hardly like the photos in this book." in one.value for one in app.markdown)
        app.button(key=button).click().run()
        assert not app.exception
    assert any(job.kind == "draw" for job in workshop.jobs())
