"""The check of everything that is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from studio.library.characters import Characters
from studio.library.library import Library
from studio.library.verification import Report, verify
from studio.progress import finish
from studio.publishing.book import Book, Look, Page
from studio.settings import Settings, load_settings
from studio.story.prompt import Prompt
from studio.story.scene import Cast, Scene
from studio.story.story import Story


@pytest.fixture
def settings(home: Path) -> Settings:
    """A home with a book of one drawn page and a character with an adapter."""
    settings = load_settings()
    page = Page(Scene("Hello."), Prompt("a cat"), 1, "01-key.png")
    story = Story("Hello.", "en", "Hello")
    library, characters = Library(settings), Characters(settings)
    book = library.add(Book(id="", title="Hello", story=story, cast=Cast(), look=Look(), pages=(page,), created="2026"))
    Image.new("RGB", (8, 8)).save(library.pictures(book.id) / page.picture)
    characters.add("May", "drawn", [(library.pictures(book.id) / page.picture).read_bytes()])
    adapter = characters.folder("may") / "adapter"
    adapter.mkdir()
    (adapter / "adapter.safetensors").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (adapter / "adapter.json").write_text(json.dumps({"sha256": empty}))
    return settings


def test_a_healthy_home_has_no_complaint(settings: Settings) -> None:
    assert finish(verify(settings)) == Report(5, ())


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("books/hello/book.json", b"{", "The file of book 'hello' is damaged"),
        ("books/hello/pictures/01-key.png", b"x", "01-key.png of book 'hello' is damaged."),
        ("characters/may/photos/01.png", b"x", "01.png of character 'may' is damaged."),
        ("characters/may/adapter/adapter.safetensors", b"x", "adapter.safetensors of character 'may' is damaged."),
    ],
)
def test_each_damage_is_told_in_one_sentence(settings: Settings, file: str, content: bytes, complaint: str) -> None:
    (settings.home / file).write_bytes(content)
    (told,) = finish(verify(settings)).damaged
    assert told.startswith(complaint)


def test_a_missing_picture_is_told(settings: Settings) -> None:
    (settings.books / "hello" / "pictures" / "01-key.png").unlink()
    assert finish(verify(settings)).damaged == ("01-key.png of book 'hello' is missing.",)


def test_an_empty_home_is_healthy(home: Path) -> None:
    assert finish(verify(load_settings())) == Report(0, ())
