"""Bad files dropped on the real screens: one sentence beside the field, and the screen goes on."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from studio.workshop import Workshop

from .archives import crowd
from .photos import NAMES, REFUSED
from .routes import plain
from .test_pickles import carried
from .weights import TOLD


def one_sentence(app: AppTest, *words: str) -> None:
    assert not app.exception and len(app.error) == 1
    plain(app.error[0].value.replace("\\", ""), *words)


def test_photos_on_the_screen_of_a_new_hero(studio, workshop: Workshop) -> None:
    app = studio("characters")
    app.button(key="characters_begin").click().run()
    app.text_input(key="characters_name").set_value("Teddy").run()
    app.segmented_control(key="characters_kind").set_value("toy").run()
    bad = [(f"{name}.png", make(), "image/png") for name, (_, make) in list(REFUSED.items())[::5]]
    odd = [
        (name, b"no photo", "image/png") for name in NAMES if name[:-4] and name.isprintable()
    ]  # Streamlit stops others
    app.file_uploader(key="characters_photos").set_value([*bad, *odd]).run()
    assert not app.exception and app.error and not workshop.characters()
    for error in app.error:
        plain(error.value.replace("\\", ""))


@pytest.mark.parametrize("kind", ["os.mkdir", "bare, as .safetensors", "an archive behind tensors"])
def test_programs_on_the_screen_of_styles(studio, workshop: Workshop, tmp_path, kind: str) -> None:
    name, raw = carried(kind, tmp_path / "canary")
    one_sentence(_dropped(studio, workshop, name, raw))
    assert not (tmp_path / "canary").exists() and not workshop.jobs()
    assert not list((workshop.settings.home / "arrivals").glob("*"))


@pytest.mark.parametrize("kind", ["a thousand brackets", "made for SDXL", "metadata in metadata"])
def test_tensors_on_the_screen_of_styles(studio, workshop: Workshop, kind: str) -> None:
    said, make = TOLD[kind]
    one_sentence(_dropped(studio, workshop, "<img src=x onerror=alert(1)>.safetensors", make()), said)
    assert not workshop.jobs()


def _dropped(studio, workshop: Workshop, name: str, raw: bytes) -> AppTest:
    workshop.begin_book(workshop.sample_story("en"), 1)
    app = studio("styles")
    app.text_input(key="styles_bring_title").set_value("Mine").run()
    app.file_uploader(key="styles_bring_file").set_value((name, raw, "")).run()
    return app.button(key="styles_bring_now").click().run()


@pytest.mark.parametrize("name", ["\u202e<b>.storybook", "x" * 300 + ".storybook"])
def test_a_book_on_the_shelf(studio, workshop: Workshop, name: str) -> None:
    app = studio()
    app.file_uploader(key="bookshelf_bring_file").set_value((name, crowd(4000)({}), "")).run()
    one_sentence(app.button(key="bookshelf_bring_now").click().run(), "unfolds to far more than a book")
    assert workshop.books() == ()


@pytest.mark.parametrize("raw", [b"%PDF-1.7 no", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(100), b"{\\rtf1 x}"])
def test_a_document_on_the_screen_of_the_story(studio, workshop: Workshop, raw: bytes) -> None:
    app = studio("story")
    app.file_uploader(key="story_file").set_value(("\u202e<b>story.docx", raw, "")).run()
    one_sentence(app)
