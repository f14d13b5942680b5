"""Each screen opens alone, empty and with a book, in both languages."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from studio.workshop import Workshop

TITLES = {
    "bookshelf": ("Bookshelf", "Tủ sách"),
    "story": ("Story", "Câu chuyện"),
    "characters": ("Characters", "Nhân vật"),
    "styles": ("Styles", "Phong cách"),
    "pages": ("Pages", "Trang sách"),
    "print": ("Print", "In sách"),
    "picture": ("Picture", "Bức tranh"),
    "jobs": ("Jobs", "Công việc"),
    "settings": ("Settings", "Cài đặt"),
}
LOCALES = {"en-GB": 0, "vi-VN": 1}
SAYS = "Mai & Jerry <b>x</b> *ran* :red[home]. They slept in the garden at night. In the morning the sun came."


def opened(app: AppTest, title: str) -> bool:
    return not app.exception and not app.error and [found.value for found in app.title] == [title]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("screen", TITLES)
def test_a_screen_opens_in_an_empty_home(studio, screen: str, locale: str) -> None:
    assert opened(studio(screen, locale), TITLES[screen][LOCALES[locale]])


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("screen", TITLES)
def test_a_screen_opens_with_a_book(studio, workshop: Workshop, screen: str, locale: str) -> None:
    workshop.begin_book(workshop.read_story(SAYS, "Mai & <b>Jerry</b>"), pages=3)
    assert opened(studio(screen, locale), TITLES[screen][LOCALES[locale]])


def test_words_of_a_story_are_never_markup(studio, workshop: Workshop) -> None:
    book = workshop.begin_book(workshop.read_story(SAYS, "A <b>title</b> with *stars*"), pages=1)
    app = studio("pages")
    assert book.pages[0].scene.text in [text.value for text in app.text]
    assert any(r"\<b\>title\</b\> with \*stars\*" in found.value for found in app.markdown)


def test_the_browsers_language_is_taken_until_the_person_chooses(studio) -> None:
    app = studio(locale="vi-VN")
    app.button(key="frame_other_language").click().run()
    assert app.title[0].value == "Bookshelf"
    assert studio(locale="vi-VN").title[0].value == "Bookshelf"
